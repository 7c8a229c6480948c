/**
 * The instructions that are not plain computation: CSR and system instructions, fences of translations and
 * cache-block instructions, carried out on a `HartCore`. [Unprivileged ISA, Zicsr, Zifencei, Zicbom and Zicboz;
 * Privileged ISA, Supervisor Instructions]
 */
import { lowHalf } from '../base/u64.ts';
import type { CacheBlockOp, SystemOp } from '../isa/dsl/ir.ts';
import type { HartExit } from './api.ts';
import { CACHE_BLOCK_ACCESS, CACHE_BLOCK_BYTES, findCacheBlock, isCacheBlockAllowed } from './cache-blocks.ts';
import { CAUSE_USER_ECALL, CSR_SSTATUS, CSR_STIMECMP } from './constants.ts';
import type { HartCore } from './core.ts';
import { sstatusHigh } from './csr-registers.ts';
import { writtenValue } from './csrs.ts';
import { type CsrAccess, csrExit } from './exits.ts';

/** funct7 of sfence.w.inval and sfence.inval.ir. */
const FENCE_WITHOUT_OPERANDS = 0x0c;
/** There are no 16-bit CSR instructions. */
export const CSR_LENGTH = 4;

const ECALL: HartExit = { kind: 'ecall' };
const WFI: HartExit = { kind: 'wfi' };

/** Methods expect pc to be that of the instruction and give what those of `HartCore` give. */
export class PrivilegedInstructions {
  constructor(readonly core: HartCore) {}

  csr(access: CsrAccess): HartExit | null {
    const { core } = this;
    const { csrs } = core;
    const writes = access.access === 'rw' || access.hasSource;
    const decision = csrs.decideAccess(access.csr, writes, core.privilege);
    if (decision === 'illegal') return core.illegal(access.word);
    if (decision === 'virtual') return core.leave(csrExit(access, writes));
    if (access.csr === CSR_SSTATUS) {
      this.#sstatus(access, writes);
      return null;
    }
    const count = csrs.counter(access.csr);
    if (count >= 0) {
      core.registers.writeHalves(access.rd, count / 2 ** 32, count);
      core.registers.advance(CSR_LENGTH);
      return null;
    }
    const old = csrs.read(access.csr) ?? 0n;
    if (writes) {
      core.writeCsr(access.csr, writtenValue(access.access, old, access.source));
      if (access.csr === CSR_STIMECMP) core.options.onStimecmp?.(core.options.id, csrs.state.stimecmp);
    }
    core.complete(access.rd, old, CSR_LENGTH);
    return null;
  }

  /** `args` as the semantics give them; those of a fence of translations are found by its bits. */
  system(name: SystemOp, args: readonly bigint[], word: number, length: 2 | 4): HartExit | null {
    const { core } = this;
    switch (name) {
      case 'ecall':
        return core.privilege === 'U' ? core.raise(CAUSE_USER_ECALL, 0n) : core.leave(ECALL);
      case 'ebreak':
        return core.breakpoint(core.pc);
      case 'sret':
        if (core.privilege === 'U') return core.virtualInstruction(word);
        core.returnFromTrap();
        return null;
      case 'wfi':
        return core.leave(WFI);
      case 'sfence.vma':
        if (core.privilege === 'U') return core.virtualInstruction(word);
        this.#fenceTranslations(word);
        break;
      case 'fence.i':
        core.fenceI();
        break;
      case 'fence':
      case 'pause':
        break;
      case 'cbo.clean':
      case 'cbo.flush':
      case 'cbo.inval':
      case 'cbo.zero':
        return this.#cacheBlock(name, args[0] ?? 0n, word, length);
      default:
        return name satisfies never;
    }
    core.registers.advance(length);
    return null;
  }

  /** A read and write of sstatus, the most frequent of all: kernels lock by it. */
  #sstatus({ access, rd, source }: CsrAccess, writes: boolean): void {
    const { core } = this;
    const { csrs } = core;
    const old = csrs.sstatus;
    if (writes) {
      const bits = lowHalf(source);
      const next = access === 'rw' ? bits : access === 'rs' ? old | bits : old & ~bits;
      csrs.sstatus = (old & ~csrs.sstatusMask) | (next & csrs.sstatusMask);
      core.translation.statusChanged(old, core.privilege);
    }
    core.registers.writeHalves(rd, sstatusHigh(old), old);
    core.registers.advance(CSR_LENGTH);
  }

  /**
   * rs1 = x0 means every address and rs2 = x0 every ASID, whatever the registers hold. Frequent, so without bigints.
   */
  #fenceTranslations(word: number): void {
    const { core } = this;
    if (word >>> 25 === FENCE_WITHOUT_OPERANDS) {
      core.sfenceVma();
      return;
    }
    const address = (word >>> 15) & 31;
    const space = (word >>> 20) & 31;
    const asid = space === 0 ? undefined : core.registers.low(space) & 0xffff;
    if (address !== 0) core.fencePage(core.registers.high(address), core.registers.low(address), asid);
    else core.sfenceVma(undefined, undefined, asid === undefined ? undefined : BigInt(asid));
  }

  #cacheBlock(name: CacheBlockOp, address: bigint, word: number, length: 2 | 4): HartExit | null {
    const { core } = this;
    if (!isCacheBlockAllowed(name, core.privilege, core.csrs.state)) return core.virtualInstruction(word);
    const va = core.translation.dataAddress(address);
    const watched = this.#blockBreakpoint(va);
    if (watched !== null) return core.breakpoint(watched);
    const found = findCacheBlock(name, (access) => core.translation.translate(va, access));
    if (found.kind !== 'page' || found.offset < 0) return core.dataFault(found, va, { ...CACHE_BLOCK_ACCESS, word });
    if (name === 'cbo.zero') this.#zeroBlock(found.offset + (lowHalf(va) & 0xfff));
    core.registers.advance(length);
    return null;
  }

  /** Where a trigger fires before a cache-block instruction. */
  #blockBreakpoint(va: bigint): bigint | null {
    const { core } = this;
    if (!core.triggers.watchesData) return null;
    return core.triggers.accessed(core, ['store'], va - (va % BigInt(CACHE_BLOCK_BYTES)), CACHE_BLOCK_BYTES);
  }

  #zeroBlock(offset: number): void {
    this.core.memory.write(offset - (offset % CACHE_BLOCK_BYTES), new Uint8Array(CACHE_BLOCK_BYTES));
  }
}
