/** Counters of a vcpu, as KVM_GET_STATS_FD leads to them. [Linux arch/riscv/kvm/vcpu.c, kvm_vcpu_stats_desc] */
import type { KvmStat } from './uapi.ts';

/** In the kernel's order. */
export const STAT_NAMES = [
  'halt_successful_poll',
  'halt_attempted_poll',
  'halt_wakeup',
  'halt_poll_success_ns',
  'halt_poll_fail_ns',
  'halt_wait_ns',
  'ecall_exit_stat',
  'wfi_exit_stat',
  'wrs_exit_stat',
  'mmio_exit_user',
  'mmio_exit_kernel',
  'csr_exit_user',
  'csr_exit_kernel',
  'signal_exits',
  'exits',
  'instr_illegal_exits',
  'load_misaligned_exits',
  'store_misaligned_exits',
  'load_access_exits',
  'store_access_exits',
] as const;
export type StatName = (typeof STAT_NAMES)[number];

export class VcpuStats {
  readonly #values: Record<StatName, number> = {
    halt_successful_poll: 0,
    halt_attempted_poll: 0,
    halt_wakeup: 0,
    halt_poll_success_ns: 0,
    halt_poll_fail_ns: 0,
    halt_wait_ns: 0,
    ecall_exit_stat: 0,
    wfi_exit_stat: 0,
    wrs_exit_stat: 0,
    mmio_exit_user: 0,
    mmio_exit_kernel: 0,
    csr_exit_user: 0,
    csr_exit_kernel: 0,
    signal_exits: 0,
    exits: 0,
    instr_illegal_exits: 0,
    load_misaligned_exits: 0,
    store_misaligned_exits: 0,
    load_access_exits: 0,
    store_access_exits: 0,
  };

  add(name: StatName, count = 1): void {
    this.#values[name] += count;
  }

  value(name: StatName): number {
    return this.#values[name];
  }

  save(): Readonly<Record<StatName, number>> {
    return { ...this.#values };
  }

  load(saved: Readonly<Partial<Record<StatName, number>>>): void {
    Object.assign(this.#values, saved);
  }

  /** `countsRedirected`: whether the release has counters of traps that KVM passes on. */
  list(countsRedirected: boolean): readonly KvmStat[] {
    const names = countsRedirected ? STAT_NAMES : STAT_NAMES.slice(0, STAT_NAMES.indexOf('exits') + 1);
    return names.map((name) => ({ name, value: this.#values[name] }));
  }
}
