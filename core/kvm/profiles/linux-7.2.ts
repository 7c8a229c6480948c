/** Linux 7.2.13 on plain hardware, with the legacy calls compiled in (measured without them). */
import { KVM_RISCV_SBI_EXT } from '../uapi.ts';
import { CAPABILITIES, EXTENSIONS_6_8, PLAIN_ISA, PLAIN_MACHINE } from './common.ts';
import type { HostProfile } from './types.ts';

export const LINUX_7_2 = {
  name: 'linux-7.2',
  label: 'Linux 7.2',
  linux: '7.2.13',
  sbiV01: true,
  sbiVersion: '3.0',
  implId: 3n,
  implVersion: 0x07020dn,
  ...PLAIN_MACHINE,
  extensions: {
    ...EXTENSIONS_6_8,
    SUSP: { index: KVM_RISCV_SBI_EXT.SUSP, enabled: false, available: true, where: 'user' },
    FWFT: { index: KVM_RISCV_SBI_EXT.FWFT, enabled: true, available: true, where: 'kernel' },
    MPXY: { index: KVM_RISCV_SBI_EXT.MPXY, enabled: false, available: true, where: 'user' },
  },
  quirks: {
    partialIpi: true,
    missingHart: 'INVALID_PARAM',
    fetchOutside: 'access-fault',
    unknownDbcn: 'forwarded',
    strictSbiState: true,
    laxBlockSize: true,
    aiaRegisters: 'absent',
    smstateenErrno: 'ENOENT',
    timerStateArms: 'value',
    sipMask: 0x2222n,
  },
  scounteren: 0n,
  delegatesIllegal: true,
  blockSizes: { ZICBOM: 64n, ZICBOZ: 64n, ZICBOP: 64n },
  isaExtCount: 78,
  isa: [...PLAIN_ISA, 'SVADU', 'SVVPTC', 'ZICCRSE', 'ZAAMO', 'ZALRSC', 'ZICBOP'],
  capabilities: { ...CAPABILITIES, 168: 3, 223: 1048576 },
  enables: { 168: 0, 182: 0, 207: 'EBUSY', 242: 0 },
  provenance: { answers: 'measured', registers: 'measured', timerState: 'source', legacy: 'inference' },
} as const satisfies HostProfile;
