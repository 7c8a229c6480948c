/**
 * QEMU with KVM and its console on a terminal (`-nographic`): qemu_chr_fe_read_all gives bytes for sockets only, so
 * that guests read nothing there. [QEMU target/riscv/kvm/kvm-cpu.c kvm_riscv_handle_sbi and _handle_csr answer,
 * kvm_arch_init_vcpu sets up; accel/kvm/kvm-all.c kvm_cpu_exec; chardev/char-fe.c; `testdata/README.md`]
 */
import type { VmmProfile } from './types.ts';

export const QEMU = {
  name: 'qemu',
  label: 'QEMU',
  readAt: 'target/riscv/kvm/kvm-cpu.c at dfc56946a700',
  ranAs: 'Debian 11.1.2 on Linux 7.2.13 and Debian 10.0.13 on Linux 6.12.107, which have no legacy calls',
  serves: {
    V01: ['console_putchar', 'console_getchar'],
    DBCN: ['console_write', 'console_read', 'console_write_byte'],
  },
  habits: { badBuffer: 'zeros', reads: 'nothing', putchar: 'untouched', suspendNs: 0 },
  switchesOn: ['DBCN'],
  warnsOfMissing: false,
  switchesOff: [],
  machineIds: 'any',
  vendorIdBits: 32,
  emulatesSeed: true,
  needs: [],
  unhandled: 'prints the registers and stops the VM with an internal error',
  nowhere: 'zeros',
  shutdown: { handled: true, says: '' },
  reset: { handled: true, says: 'QEMU boots it again, with RAM as it was but for what it loads', bootsAgain: true },
  sources: {
    calls: 'measured',
    settings: 'measured',
    unhandled: 'measured',
    events: 'measured',
    nowhere: 'measured',
    needs: 'measured',
  },
} as const satisfies VmmProfile;
