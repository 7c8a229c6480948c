/** KVM_CHECK_EXTENSION and KVM_ENABLE_CAP: what the release has, and the what-ifs that the interface allows. */

import type { KvmInterface } from './profiles/index.ts';
import type { VmState } from './state.ts';
import {
  EBUSY,
  EINVAL,
  KVM_CAP_RISCV_HART_STATE_EXITS,
  KVM_CAP_RISCV_MP_STATE_RESET,
  KVM_CAP_RISCV_SBI_ACCELERATOR,
  KVM_CAP_RISCV_USERSPACE_SBI,
} from './uapi.ts';

const WHAT_IF: Readonly<Record<number, KvmInterface>> = {
  [KVM_CAP_RISCV_USERSPACE_SBI]: 'userspace',
  [KVM_CAP_RISCV_SBI_ACCELERATOR]: 'accelerator',
  [KVM_CAP_RISCV_HART_STATE_EXITS]: 'accelerator',
};

/** 0 when the capability is not there. */
export function checkExtension(vm: Pick<VmState, 'options'>, cap: number): number {
  const whatIf = WHAT_IF[cap];
  if (whatIf !== undefined) return whatIf === vm.options.interface ? 1 : 0;
  return vm.options.profile.capabilities[cap] ?? 0;
}

/** 0 or a negative errno. */
export function enableCap(vm: VmState, cap: number, flags: number, args: readonly bigint[]): number {
  if (flags !== 0 || args.some((arg) => arg !== 0n)) return -EINVAL;
  if (WHAT_IF[cap] !== undefined) return enableWhatIf(vm, cap);
  const answer = vm.options.profile.enables[cap];
  if (answer === undefined) return -EINVAL;
  if (answer === 'EBUSY') return -EBUSY;
  if (cap === KVM_CAP_RISCV_MP_STATE_RESET) vm.mpStateReset = true;
  return 0;
}

/** It changes what SBI_EXT registers mean or what exits there are, so no vcpu may have run. */
function enableWhatIf(vm: VmState, cap: number): number {
  if (WHAT_IF[cap] !== vm.options.interface) return -EINVAL;
  if (vm.vcpus.some((vcpu) => vcpu.ran)) return -EBUSY;
  if (cap === KVM_CAP_RISCV_HART_STATE_EXITS) {
    vm.hartStateExits = true;
    return 0;
  }
  if (cap === KVM_CAP_RISCV_USERSPACE_SBI) vm.userspaceSbi = true;
  else vm.accelerator = true;
  for (const vcpu of vm.vcpus) vcpu.sbi.restart();
  return 0;
}
