/** Linux 6.12 (long-term; the figures are those of 6.12.107). */
import { CAPABILITIES_6_12, EXTENSIONS_6_8 } from '../common.ts';
import type { Release } from '../types.ts';

export const LINUX_6_12 = {
  name: '6.12',
  linux: '6.12.107',
  sbiVersion: '2.0',
  extensions: EXTENSIONS_6_8,
  quirks: {
    partialIpi: true,
    missingHart: 'STARTED',
    fetchOutside: 'EOPNOTSUPP',
    unknownDbcn: 'refused',
    strictSbiState: false,
    laxBlockSize: false,
    aiaRegisters: 'zero',
    smstateenErrno: 'EINVAL',
    timerStateArms: 'value',
    sipMask: 0x6222n,
  },
  scounteren: 0b111n,
  delegatesIllegal: false,
  blockSizes: ['ZICBOM', 'ZICBOZ'],
  isaExtCount: 62,
  capabilities: CAPABILITIES_6_12,
  enables: { 168: 0, 182: 0 },
  provenance: {
    extensions: 'measured',
    answers: 'measured',
    registers: 'measured',
    legacy: 'measured',
    timerState: 'source',
  },
} as const satisfies Release;
