/** What an exit says about the access that caused it. */
import { fromHalves, lowHalf } from '../base/u64.ts';
import type { Decoded } from '../isa/dsl/types.ts';
import { visitExpressions } from '../isa/dsl/walk.ts';
import type { TranslatedPage, Translation } from '../memory/translate.ts';
import type { HartExit, MmioExit } from './api.ts';

/** One access to memory, as far as an exit must describe it. */
export interface DataAccess {
  readonly store: boolean;
  readonly bytes: 1 | 2 | 4 | 8;
  /** The value of a store; only its low `bytes` count. */
  readonly value: bigint;
  readonly signed: boolean;
  readonly rd: number;
  readonly length: 2 | 4;
  /** Bits of the instruction. */
  readonly word: number;
  /** LR, SC, an AMO or a cache-block instruction. */
  readonly atomic: boolean;
}

/** What an instruction that loads or stores tells of its accesses. */
export type AccessWords = Pick<DataAccess, 'rd' | 'length' | 'signed' | 'word'>;

/** `rd` is 0 when no integer register is loaded. */
export function accessWords({ instruction, values, word }: Decoded): AccessWords {
  const { semantics, length } = instruction;
  const written = semantics.body.find((stmt) => stmt.op === 'setX');
  let signed = false;
  visitExpressions(semantics, (expr) => {
    if ((expr.op === 'load' && expr.signed) || expr.op === 'loadReserved' || expr.op === 'atomic') signed = true;
  });
  const rd = written === undefined ? 0 : (values[written.field] ?? 0);
  return { rd, length, signed, word: word >>> 0 };
}

/** One CSR instruction with its source evaluated. */
export interface CsrAccess {
  readonly csr: number;
  readonly access: 'rw' | 'rs' | 'rc';
  readonly rd: number;
  readonly source: bigint;
  /** Whether the source field is not x0 or 0; `rw` writes in any case. */
  readonly hasSource: boolean;
  readonly word: number;
}

/** A page outside RAM, or a walk that left it. */
export type Unbacked = Exclude<Translation, { kind: 'page-fault' }>;

export function mmioExit(at: Unbacked, va: bigint, access: DataAccess): MmioExit {
  const exit: MmioExit = {
    kind: 'mmio',
    store: access.store,
    gpa: guestPhysical(at, va),
    va,
    bytes: access.bytes,
    value: access.store ? BigInt.asUintN(access.bytes * 8, access.value) : 0n,
    signed: access.signed,
    rd: access.rd,
    length: access.length,
    word: access.word,
  };
  return access.atomic ? { ...exit, atomic: true } : exit;
}

export function fetchFaultExit(at: Unbacked, va: bigint): HartExit {
  return { kind: 'fetch-fault', gpa: guestPhysical(at, va), va };
}

export function csrExit(access: CsrAccess, writes: boolean): HartExit {
  const { csr, source, rd, word } = access;
  return { kind: 'csr', csr, access: access.access, source, writes, rd, word };
}

/**
 * Guest-physical address of `va` in its page, or the one at which the walk itself failed: KVM puts it together from
 * htval, which has no bits 1..0, and those of stval. [Linux arch/riscv/kvm/vcpu_exit.c: gstage_page_fault]
 */
export function guestPhysical(at: Unbacked, va: bigint): bigint {
  return at.kind === 'table-outside-ram' ? at.gpa | (va & 3n) : addressIn(at, va);
}

export function addressIn(page: TranslatedPage, va: bigint): bigint {
  const { frame } = page;
  return fromHalves(frame / 2 ** 20, (frame << 12) | (lowHalf(va) & 0xfff));
}
