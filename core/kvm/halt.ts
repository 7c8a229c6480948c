/**
 * What KVM counts of a vcpu that sleeps. It polls for a while before it gives its CPU away, longer when wake-ups came
 * soon; here that changes no time, only the statistics. [Linux virt/kvm/kvm_main.c: kvm_vcpu_halt; halt-polling.rst]
 */
import type { VcpuStats } from './stats.ts';

/** KVM_HALT_POLL_NS_DEFAULT of RISC-V, and the parameters halt_poll_ns_grow_start and _grow of the module. */
const MOST_POLL_NS = 500_000;
const FIRST_POLL_NS = 10_000;
const GROW = 2;

/** Plain data. `since`: clock unit at which the vcpu fell asleep; `pollNs`: how long it would poll next. */
export interface Halt {
  readonly since: number;
  readonly pollNs: number;
}

export const NO_HALT: Halt = { since: 0, pollNs: 0 };

/** Counts a sleep of `ns`; gives how long the next one polls. One that was awake at once did not halt. `shrink`: halt_poll_ns_shrink. */
export function countHalt(stats: VcpuStats, pollNs: number, ns: number, shrink: number): number {
  if (ns <= 0) return pollNs;
  const polled = Math.min(pollNs, ns);
  if (pollNs > 0) {
    stats.add('halt_attempted_poll');
    stats.add(ns <= pollNs ? 'halt_poll_success_ns' : 'halt_poll_fail_ns', polled);
  }
  if (ns <= pollNs) {
    stats.add('halt_successful_poll');
    return pollNs;
  }
  stats.add('halt_wakeup');
  stats.add('halt_wait_ns', ns - polled);
  if (pollNs > 0 && ns > MOST_POLL_NS) return shrunk(pollNs, shrink);
  return pollNs < MOST_POLL_NS && ns < MOST_POLL_NS ? grown(pollNs) : pollNs;
}

function grown(pollNs: number): number {
  return Math.min(Math.max(pollNs * GROW, FIRST_POLL_NS), MOST_POLL_NS);
}

function shrunk(pollNs: number, shrink: number): number {
  const less = shrink === 0 ? 0 : Math.floor(pollNs / shrink);
  return less < FIRST_POLL_NS ? 0 : less;
}
