/**
 * What entering S level by a trap and leaving it by SRET do to the CSRs, and which interrupt comes first.
 * [Privileged ISA, Supervisor Status Register; Supervisor Trap Vector Base Address Register; Supervisor Interrupt Registers]
 */
import { lowHalf } from '../base/u64.ts';
import type { Privilege, SupervisorIrq } from './api.ts';
import { CAUSE_INTERRUPT, SSTATUS_SIE, SSTATUS_SPIE, SSTATUS_SPP } from './constants.ts';
import type { SupervisorState } from './csr-state.ts';
import type { SupervisorCsrs } from './csrs.ts';
import { topInterrupt } from './interrupts.ts';

/** From an instruction at `pc` of level `from`. Gives where the handler is. */
export function enterTrap(state: SupervisorState, from: Privilege, pc: bigint, cause: bigint, tval: bigint): bigint {
  const wasSupervisor = from === 'S' ? SSTATUS_SPP : 0;
  const enabled = (state.sstatus & SSTATUS_SIE) !== 0 ? SSTATUS_SPIE : 0;
  state.sstatus = (state.sstatus & ~(SSTATUS_SPP | SSTATUS_SPIE | SSTATUS_SIE)) | wasSupervisor | enabled;
  state.sepc = pc;
  state.scause = cause;
  state.stval = tval;
  return (lowHalf(state.stvec) & 3) === 0 ? state.stvec : vectorOf(state.stvec, cause);
}

/** Gives the level to go on at; the place is in sepc. */
export function leaveTrap(state: SupervisorState): Privilege {
  const toSupervisor = (state.sstatus & SSTATUS_SPP) !== 0;
  const enable = (state.sstatus & SSTATUS_SPIE) !== 0 ? SSTATUS_SIE : 0;
  state.sstatus = (state.sstatus & ~(SSTATUS_SIE | SSTATUS_SPP)) | SSTATUS_SPIE | enable;
  return toSupervisor ? 'S' : 'U';
}

/** Cause code of the interrupt that a hart at that level is to take now, or -1. */
export function interruptDue(csrs: SupervisorCsrs, privilege: Privilege): SupervisorIrq | -1 {
  if (privilege === 'S' && (csrs.state.sstatus & SSTATUS_SIE) === 0) return -1;
  return topInterrupt(csrs);
}

/** Where a trap goes when stvec has its mode set: an interrupt to the entry of its cause. */
function vectorOf(stvec: bigint, cause: bigint): bigint {
  const base = stvec & ~3n;
  const vectored = (stvec & 1n) === 1n && (cause & CAUSE_INTERRUPT) !== 0n;
  return vectored ? BigInt.asUintN(64, base + 4n * (cause & ~CAUSE_INTERRUPT)) : base;
}
