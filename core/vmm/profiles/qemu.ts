/**
 * QEMU with KVM and its console on a terminal (`-nographic`): qemu_chr_fe_read_all gives bytes for sockets only, so
 * that guests read nothing there. [QEMU target/riscv/kvm/kvm-cpu.c, accel/kvm/kvm-all.c, chardev/char-fe.c]
 */
import type { VmmProfile } from './types.ts';

export const QEMU = {
  name: 'qemu',
  label: 'QEMU',
  readAt: 'target/riscv/kvm/kvm-cpu.c at dfc56946a700',
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
  shutdown: { handled: true, says: '' },
  reset: { handled: true, says: 'QEMU would boot it again' },
  sources: {
    calls: 'source',
    settings: 'source',
    unhandled: 'source',
    events: 'inference',
    needs: 'source',
  },
} as const satisfies VmmProfile;
