/**
 * cloud-hypervisor, whose KVM library has no name for an SBI exit, and which handles system events on other
 * architectures only. [cloud-hypervisor hypervisor/src/kvm/mod.rs KvmVcpu::run; vmm/src/cpu.rs start_vcpu tells the
 * program to exit after an error; vmm/src/vm.rs VmOps::mmio_read and mmio_write answer MMIO;
 * hypervisor/src/kvm/riscv64/mod.rs check_required_kvm_extensions]
 */
import { KVM_CAP_IRQCHIP } from './needs.ts';
import type { VmmProfile } from './types.ts';

export const CLOUD_HYPERVISOR = {
  name: 'cloud-hypervisor',
  label: 'cloud-hypervisor',
  readAt: 'hypervisor/src/kvm at ae44c297',
  ranAs: null,
  serves: {},
  habits: { badBuffer: 'INVALID_PARAM', reads: 'nothing', putchar: 'untouched', suspendNs: 0 },
  switchesOn: [],
  warnsOfMissing: false,
  switchesOff: [],
  machineIds: 'none',
  vendorIdBits: 64,
  emulatesSeed: false,
  needs: [KVM_CAP_IRQCHIP],
  unhandled: 'takes it for an error of the vcpu and ends the VM',
  nowhere: 'untouched',
  shutdown: { handled: false, says: '' },
  reset: { handled: false, says: '' },
  sources: {
    calls: 'source',
    settings: 'source',
    unhandled: 'source',
    events: 'source',
    nowhere: 'source',
    needs: 'source',
  },
} as const satisfies VmmProfile;
