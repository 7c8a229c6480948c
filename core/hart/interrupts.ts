/**
 * Which interrupt of a guest comes first, and what stopi tells of it. Without Ssaia all have priority number 0, which
 * leaves the default order. [Advanced Interrupt Architecture, Interrupts for Virtual Machines]
 */
import { IRQ_LCOF, IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER, type SupervisorIrq } from './api.ts';
import type { SupervisorState } from './csr-state.ts';

/** What the choice looks at. */
interface Interrupts {
  readonly state: Pick<SupervisorState, 'sie' | 'hviprio1'>;
  /** As sip shows them. */
  pending(): number;
}

/** The default order. [Advanced Interrupt Architecture, Default priority order for major interrupts] */
const DEFAULT_ORDER = [IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER, IRQ_LCOF] as const;

/** Lowest bit of the priority number of an interrupt in hviprio1. An external one has none there. */
const PRIORITY_SHIFT: Readonly<Record<Exclude<SupervisorIrq, typeof IRQ_S_EXT>, bigint>> = {
  [IRQ_S_SOFT]: 8n,
  [IRQ_S_TIMER]: 24n,
  [IRQ_LCOF]: 40n,
};
const PRIORITY_MASK = 0xffn;
/** Where a priority number of 0 stands among others, for what is behind an external interrupt by default. */
const LAST = 0x100n;

/** Bytes of hviprio1 that are no reserved zeros: those of interrupts 1, 5, 13, 14 and 15. hviprio2 has all. */
export const HVIPRIO1_MASK = 0xffff_ff00_ff00_ff00n;

const STOPI_IID_SHIFT = 16;
/** What stopi shows for IPRIO while hvictl.IPRIOM is 0, as KVM has it. */
const STOPI_IPRIO = 1;

/**
 * Cause code of the first among those pending and enabled, or -1. KVM gives an external interrupt that it injects the
 * priority number 1 by hvictl, so that none precedes it. [Linux arch/riscv/kvm/aia.c: kvm_riscv_vcpu_aia_update_hvip]
 */
export function topInterrupt(interrupts: Interrupts): SupervisorIrq | -1 {
  const { sie, hviprio1 } = interrupts.state;
  const ready = interrupts.pending() & sie;
  if (ready === 0) return -1;
  const candidates = DEFAULT_ORDER.filter((irq) => ((ready >>> irq) & 1) === 1);
  const [first] = candidates;
  if (first === undefined) return -1;
  return hviprio1 === 0n || first === IRQ_S_EXT ? first : mostUrgent(candidates, hviprio1);
}

/** The smallest number, and the first of those that share it. */
function mostUrgent(candidates: readonly SupervisorIrq[], hviprio1: bigint): SupervisorIrq {
  const rank = (irq: SupervisorIrq): bigint =>
    irq === IRQ_S_EXT ? 0n : (hviprio1 >> PRIORITY_SHIFT[irq]) & PRIORITY_MASK || LAST;
  return candidates.reduce((best, irq) => (rank(irq) < rank(best) ? irq : best));
}

/** The value of stopi: 0 for no interrupt. */
export function stopi(interrupts: Interrupts): number {
  const irq = topInterrupt(interrupts);
  return irq < 0 ? 0 : (irq << STOPI_IID_SHIFT) | STOPI_IPRIO;
}
