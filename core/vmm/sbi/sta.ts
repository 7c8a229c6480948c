/**
 * STA in user space. KVM knows how long a vcpu was ready and did not run (run_delay) and tells it by no ioctl, but the
 * host tells each thread of its own waiting (/proc/<pid>/task/<tid>/schedstat), and a vcpu is a thread of the VMM. So
 * the area is as fresh as the last exit: what is stolen while the guest runs on without one it learns later, and of
 * being preempted never. [SBI 3.0 §16]
 */
import { viewOf } from '../../base/bytes.ts';
import { U64_MAX } from '../../base/u64.ts';
import type { KvmVcpu } from '../../kvm/uapi.ts';
import { STA_AREA } from '../../sbi/spec/sta.ts';
import type { VmContext } from '../context.ts';
import { type Server, SUCCESS } from './server.ts';
import { NO_AREA } from './sta-state.ts';

const STEAL_BITS = 64;

export const sta: Server<'STA'> = {
  steal_time_set_shmem(vm, { shmem_phys_lo, shmem_phys_hi, flags }, { vcpu }) {
    const area = vm.sbi.STA.hart(vcpu.id);
    if (flags !== 0n) return { error: 'INVALID_PARAM' };
    if (shmem_phys_lo === U64_MAX && shmem_phys_hi === U64_MAX) {
      area.address = NO_AREA;
      return SUCCESS;
    }
    if (shmem_phys_lo % BigInt(STA_AREA.size) !== 0n) return { error: 'INVALID_PARAM' };
    if (shmem_phys_hi !== 0n || !vm.ram.contains(shmem_phys_lo, BigInt(STA_AREA.size))) {
      return { error: 'INVALID_ADDRESS' };
    }
    vm.ram.write(shmem_phys_lo, new Uint8Array(STA_AREA.size));
    area.address = shmem_phys_lo;
    area.told = vm.options.runDelay?.(vcpu.id) ?? 0;
    vm.say(
      vm.options.runDelay
        ? 'STA: stolen time is the run delay in schedstat of the vcpu thread, as of its last exit; no ioctl tells it'
        : 'STA: steal time stays 0, no ioctl tells the VMM how long a vcpu waited',
    );
    return SUCCESS;
  },
};

/** Brings the area of a vcpu up to date, if it has one: after an exit, before the guest runs on. */
export function updateStealTime(vm: VmContext, vcpu: KvmVcpu): void {
  const area = vm.sbi.STA.hart(vcpu.id);
  if (area.address === NO_AREA || !vm.options.runDelay) return;
  const delay = vm.options.runDelay(vcpu.id);
  if (delay === area.told) return;
  const bytes = vm.ram.read(area.address, STA_AREA.size);
  const view = viewOf(bytes);
  const steal = view.getBigUint64(STA_AREA.steal.offset, true) + BigInt(delay - area.told);
  // Odd while it changes, for other harts may look; even again at the end, whatever the guest has put there.
  const odd = view.getUint32(STA_AREA.sequence.offset, true) | 1;
  const write = (): void => vm.ram.write(area.address, bytes);
  view.setUint32(STA_AREA.sequence.offset, odd, true);
  write();
  view.setUint32(STA_AREA.flags.offset, 0, true);
  view.setBigUint64(STA_AREA.steal.offset, BigInt.asUintN(STEAL_BITS, steal), true);
  view.setUint8(STA_AREA.preempted.offset, 0);
  write();
  view.setUint32(STA_AREA.sequence.offset, (odd + 1) >>> 0, true);
  write();
  area.told = delay;
}
