/**
 * kvmtool with the system suspend of May 2025. [kvmtool riscv/kvm-cpu.c kvm_cpu_riscv_sbi and kvm_cpu_riscv_csr answer,
 * kvm_cpu__arch_init sets up; kvm-cpu.c kvm_cpu__start: events, exits without code; builtin-run.c kvm_cpu_thread dumps,
 * kvm_cmd_run_work waits for vcpu 0 alone; mmio.c kvm__emulate_mmio; riscv/kvm.c kvm_req_ext is what it asks for;
 * riscv/include/kvm/kvm-config-arch.h has the options]
 */
import type { VmmProfile } from './types.ts';

export const KVMTOOL = {
  name: 'kvmtool',
  label: 'kvmtool',
  readAt: 'riscv/kvm-cpu.c at 027784f4c67e, and the patch of May 2025 for SUSP',
  ranAs: null,
  serves: {
    V01: ['console_putchar', 'console_getchar'],
    DBCN: ['console_write', 'console_read', 'console_write_byte'],
    SUSP: ['system_suspend'],
  },
  habits: { badBuffer: 'INVALID_PARAM', reads: 'pending', putchar: 'success', suspendNs: 5_000_000_000 },
  switchesOn: ['DBCN', 'SUSP'],
  warnsOfMissing: true,
  switchesOff: [
    ...(['V01', 'TIME', 'IPI', 'RFENCE', 'HSM', 'SRST', 'PMU', 'DBCN', 'SUSP', 'STA'] as const),
    ...(['EXPERIMENTAL', 'VENDOR'] as const),
  ],
  machineIds: 'not 0',
  vendorIdBits: 64,
  emulatesSeed: true,
  needs: [],
  unhandled: 'dumps the exit and ends the whole VM (on another vcpu than 0: the thread of that one alone)',
  outlivesVcpus: true,
  nowhere: 'untouched',
  shutdown: { handled: true, says: '' },
  reset: { handled: true, says: 'kvmtool ends, as on a shutdown' },
  sources: {
    calls: 'source',
    settings: 'source',
    unhandled: 'source',
    events: 'source',
    nowhere: 'source',
    needs: 'source',
  },
} as const satisfies VmmProfile;
