/**
 * crosvm, which has no code for SBI and CSR exits. [crosvm hypervisor/src/kvm/riscv64.rs handle_vm_exit_arch decodes
 * them, system_event_reset; src/crosvm/sys/linux/vcpu.rs vcpu_loop does what follows, bus_io_handler answers MMIO;
 * src/sys/unix/panic_hook.rs set_panic_hook aborts; devices/src/irqchip/kvm/riscv64.rs KvmKernelIrqChip::new makes the
 * AIA of the kernel, and there is no other interrupt controller]
 */
import { KVM_DEV_TYPE_RISCV_AIA } from './needs.ts';
import type { VmmProfile } from './types.ts';

export const CROSVM = {
  name: 'crosvm',
  label: 'crosvm',
  readAt: 'hypervisor/src/kvm/riscv64.rs at f1e797a',
  ranAs: null,
  serves: {},
  habits: { badBuffer: 'INVALID_PARAM', reads: 'nothing', putchar: 'untouched', suspendNs: 0 },
  switchesOn: [],
  warnsOfMissing: false,
  switchesOff: [],
  machineIds: 'none',
  vendorIdBits: 64,
  emulatesSeed: false,
  needs: [KVM_DEV_TYPE_RISCV_AIA],
  unhandled: 'panics, and its panic hook aborts the whole program',
  nowhere: 'zeros',
  shutdown: { handled: true, says: '' },
  reset: { handled: true, says: 'crosvm ends and leaves it to whoever started it to do so again' },
  sources: {
    calls: 'source',
    settings: 'source',
    unhandled: 'source',
    events: 'source',
    nowhere: 'source',
    needs: 'source',
  },
} as const satisfies VmmProfile;
