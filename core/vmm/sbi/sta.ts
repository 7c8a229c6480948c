/**
 * STA in user space. The area is checked and zeroed as the specification asks, and stays so: how long a
 * vcpu waited for a CPU is kernel data that no ioctl gives. [SBI 3.0 §16]
 */
import { U64_MAX } from '../../base/u64.ts';
import { STA_AREA } from '../../sbi/spec/sta.ts';
import { type Server, SUCCESS } from './server.ts';

export const sta: Server<'STA'> = {
  steal_time_set_shmem(vm, { shmem_phys_lo, shmem_phys_hi, flags }) {
    if (flags !== 0n) return { error: 'INVALID_PARAM' };
    if (shmem_phys_lo === U64_MAX && shmem_phys_hi === U64_MAX) return SUCCESS;
    if (shmem_phys_lo % BigInt(STA_AREA.size) !== 0n) return { error: 'INVALID_PARAM' };
    if (shmem_phys_hi !== 0n || !vm.ram.contains(shmem_phys_lo, BigInt(STA_AREA.size))) {
      return { error: 'INVALID_ADDRESS' };
    }
    vm.ram.write(shmem_phys_lo, new Uint8Array(STA_AREA.size));
    vm.say('STA: steal time stays 0, no ioctl tells the VMM how long a vcpu waited');
    return SUCCESS;
  },
};
