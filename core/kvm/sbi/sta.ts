/**
 * STA in KVM. The area is updated whenever the vcpu is loaded: sequence odd while it changes, steal
 * time in nanoseconds: how long the vcpu thread wanted a CPU of the host and others had it. [SBI 3.0 §16]
 */
import { U64_MAX } from '../../base/u64.ts';
import { STA_AREA } from '../../sbi/spec/sta.ts';
import { NO_ADDRESS, type VcpuState } from '../state.ts';
import type { KernelExtension } from './handlers.ts';
import { done } from './outcome.ts';

const ALIGN_MASK = BigInt(STA_AREA.size - 1);

export const sta: KernelExtension<'STA'> = {
  steal_time_set_shmem: (cpu, low, high, flags) => {
    // Linux keeps the flags in a u32.
    if (BigInt.asUintN(32, flags) !== 0n) return done('INVALID_PARAM');
    if (low === U64_MAX && high === U64_MAX) {
      cpu.sta.address = NO_ADDRESS;
      return done('SUCCESS');
    }
    if ((low & ALIGN_MASK) !== 0n) return done('INVALID_PARAM');
    if (high !== 0n || !cpu.vm.writeGuest(low, new Uint8Array(STA_AREA.size))) return done('INVALID_ADDRESS');
    cpu.sta.address = low;
    cpu.sta.steal = BigInt(cpu.share.delayNs);
    return done('SUCCESS');
  },
};

/**
 * Lets the neighbours have the CPU once the thread's slice is over; the thread waits, and is loaded again.
 * `units`: how long it has just run.
 */
export function shareCpu(cpu: VcpuState, units: number): void {
  const { runs, waits } = cpu.vm.slice;
  cpu.share.used += units;
  if (cpu.share.used < runs) return;
  cpu.share.used = 0;
  cpu.clock.spend(waits);
  cpu.share.delayNs += Math.round(cpu.vm.nanoseconds(waits));
  updateStealTime(cpu);
}

/** Brings the area up to date: whenever the vcpu is loaded. */
export function updateStealTime(cpu: VcpuState): void {
  const { address } = cpu.sta;
  if (address === NO_ADDRESS) return;
  const area = cpu.vm.readGuest(address, STA_AREA.size);
  if (area === null) return;
  const view = new DataView(area.buffer, area.byteOffset);
  const sequence = view.getUint32(STA_AREA.sequence.offset, true);
  view.setUint32(STA_AREA.sequence.offset, (sequence + 2) >>> 0, true);
  const delay = BigInt(cpu.share.delayNs);
  const steal = view.getBigUint64(STA_AREA.steal.offset, true) + delay - cpu.sta.steal;
  view.setBigUint64(STA_AREA.steal.offset, BigInt.asUintN(64, steal), true);
  cpu.sta.steal = delay;
  cpu.vm.writeGuest(address, area);
}
