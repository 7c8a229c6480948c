/** Random CSR instructions whose values stay clear of the places where QEMU 7.2 is not what a guest sees. */
import type { Instruction } from '../../isa/dsl/types.ts';
import { assembled, fieldValue } from './random-word.ts';
import type { Rng } from './rng.ts';

interface CsrCase {
  readonly csr: number;
  /** Bits that a source may have. */
  readonly bits: bigint;
  /** sstatus: a plain write would clear UXL in QEMU 7.2. */
  readonly plainWrite: boolean;
}

const SATP = 0x180;
const ANY = 0xffff_ffff_ffff_ffffn;
const CASES: readonly CsrCase[] = [
  { csr: 0x001, bits: ANY, plainWrite: true },
  { csr: 0x002, bits: 3n, plainWrite: true },
  { csr: 0x003, bits: ANY, plainWrite: true },
  { csr: 0x100, bits: 0xc0122n, plainWrite: false },
  { csr: 0x104, bits: ANY, plainWrite: true },
  { csr: 0x106, bits: 0x7ffffn, plainWrite: true },
  { csr: 0x10a, bits: 0xd1n, plainWrite: true },
  { csr: 0x140, bits: ANY, plainWrite: true },
  { csr: 0x141, bits: ANY - 1n, plainWrite: true },
  { csr: 0x142, bits: ANY, plainWrite: true },
  { csr: 0x143, bits: ANY, plainWrite: true },
  { csr: 0x144, bits: ANY, plainWrite: true },
  { csr: SATP, bits: ANY >> 4n, plainWrite: true },
];
/** Registers that neither has, and counters that hcounteren hides: illegal in both. */
const ABSENT = [0x015, 0x10c, 0x150, 0x200, 0x300, 0x5c0, 0x600, 0x800, 0xc00, 0xc02, 0xc03, 0xc80, 0xf14];

/** With paging on, satp is left alone: another root would end the program. */
export function csrUnit(rng: Rng, instruction: Instruction, paged: boolean): string {
  const kind = instruction.semantics.body.find((stmt) => stmt.op === 'csr')?.kind ?? 'rs';
  const written = instruction.fields.find((field) => field.name === 'rd');
  if (written === undefined) throw new Error(`${instruction.name} has no rd`);
  const rd = fieldValue(rng, written, (value) => ![2, 4, 8, 9].includes(value));
  const chosen = rng.pick(
    CASES.filter((entry) => (entry.plainWrite || kind !== 'rw') && !(paged && entry.csr === SATP)),
  );
  const csr = rng.chance(15) ? rng.pick(ABSENT) : chosen.csr;
  if (instruction.fields.some((field) => field.name === 'uimm')) {
    const uimm = Number(BigInt(rng.below(32)) & chosen.bits);
    return assembled(instruction, { rd, csr, uimm });
  }
  const source = rng.pick([0, 5, 6, 7, 10, 18, 31]);
  const value = rng.value64() & chosen.bits;
  return `li x${source}, 0x${value.toString(16)}\n${assembled(instruction, { rd, csr, rs1: source })}`;
}
