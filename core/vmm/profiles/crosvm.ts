/** crosvm, which has no code for SBI and CSR exits. [crosvm hypervisor/src/kvm/riscv64.rs, src/crosvm/sys/linux/vcpu.rs] */
import { KVM_CAP_IRQCHIP } from './needs.ts';
import type { VmmProfile } from './types.ts';

export const CROSVM = {
  name: 'crosvm',
  label: 'crosvm',
  readAt: 'hypervisor/src/kvm/riscv64.rs at f1e797a',
  serves: {},
  habits: { badBuffer: 'INVALID_PARAM', reads: 'nothing', putchar: 'untouched', suspendNs: 0 },
  switchesOn: [],
  warnsOfMissing: false,
  switchesOff: [],
  machineIds: 'none',
  vendorIdBits: 64,
  emulatesSeed: false,
  needs: [KVM_CAP_IRQCHIP],
  unhandled: 'panics, and the VM is gone with the thread of the vcpu',
  shutdown: { handled: true, says: '' },
  reset: { handled: true, says: 'crosvm ends and leaves it to whoever started it to do so again' },
  sources: {
    calls: 'source',
    settings: 'source',
    unhandled: 'source',
    events: 'source',
    needs: 'inference',
  },
} as const satisfies VmmProfile;
