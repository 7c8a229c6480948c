/** Counters of a vcpu, as KVM_GET_STATS_FD leads to them. [Linux arch/riscv/kvm/vcpu.c, kvm_vcpu_stats_desc] */
import type { KvmStat } from './uapi.ts';

/** In the kernel's order. */
export const STAT_NAMES = [
  'halt_wakeup',
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
] as const;
export type StatName = (typeof STAT_NAMES)[number];

export class VcpuStats {
  readonly #values: Record<StatName, number> = {
    halt_wakeup: 0,
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

  load(saved: Readonly<Record<StatName, number>>): void {
    Object.assign(this.#values, saved);
  }

  list(): readonly KvmStat[] {
    return STAT_NAMES.map((name) => ({ name, value: this.#values[name] }));
  }
}
