/** Linux 6.12.107 on plain hardware, with the legacy calls compiled in. */
import { CAPABILITIES, EXTENSIONS_6_8, PLAIN_ISA, PLAIN_MACHINE } from './common.ts';
import type { HostProfile } from './types.ts';

export const LINUX_6_12 = {
  name: 'linux-6.12',
  label: 'Linux 6.12',
  linux: '6.12.107',
  sbiV01: true,
  sbiVersion: '2.0',
  implId: 3n,
  implVersion: 0x060c6bn,
  ...PLAIN_MACHINE,
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
  blockSizes: { ZICBOM: 64n, ZICBOZ: 64n },
  isaExtCount: 62,
  isa: PLAIN_ISA,
  capabilities: CAPABILITIES,
  enables: { 168: 0, 182: 0 },
  provenance: { answers: 'measured', registers: 'measured', timerState: 'source', legacy: 'measured' },
} as const satisfies HostProfile;
