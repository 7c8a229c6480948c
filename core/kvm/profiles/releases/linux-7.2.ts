/** Linux 7.2 (the figures are those of 7.2.13, measured without the legacy calls). */
import { KVM_RISCV_SBI_EXT } from '../../uapi.ts';
import { CAPABILITIES_6_12, EXTENSIONS_6_8 } from '../common.ts';
import type { Release } from '../types.ts';

export const LINUX_7_2 = {
  name: '7.2',
  linux: '7.2.13',
  sbiVersion: '3.0',
  extensions: {
    ...EXTENSIONS_6_8,
    SUSP: { index: KVM_RISCV_SBI_EXT.SUSP, enabled: false, where: 'user' },
    FWFT: { index: KVM_RISCV_SBI_EXT.FWFT, enabled: true, where: 'kernel' },
    MPXY: { index: KVM_RISCV_SBI_EXT.MPXY, enabled: false, where: 'user' },
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
  blockSizes: ['ZICBOM', 'ZICBOZ', 'ZICBOP'],
  isaExtCount: 78,
  capabilities: { ...CAPABILITIES_6_12, 168: 3, 223: 1048576 },
  enables: { 168: 0, 182: 0, 207: 'EBUSY', 242: 0 },
  provenance: {
    extensions: 'measured',
    answers: 'measured',
    registers: 'measured',
    legacy: 'inference',
    timerState: 'source',
  },
} as const satisfies Release;
