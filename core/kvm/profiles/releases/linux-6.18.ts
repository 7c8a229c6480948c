/** Linux 6.18: SBI 3.0, FWFT, strict SBI_STATE registers, Zicbop and bfloat16; block sizes follow the host, whatever the vcpu has. */
import { FWFT } from '../common.ts';
import type { Release } from '../types.ts';
import { LINUX_6_17 } from './linux-6.17.ts';

export const LINUX_6_18 = {
  ...LINUX_6_17,
  name: '6.18',
  linux: '6.18.0',
  sbiVersion: '3.0',
  isaExtCount: 75,
  blockSizes: ['ZICBOM', 'ZICBOZ', 'ZICBOP'],
  extensions: { ...LINUX_6_17.extensions, FWFT },
  lacks: {},
  quirks: {
    ...LINUX_6_17.quirks,
    strictSbiState: true,
    pmuLastCounter: 'right',
    pmuSnapshotEnd: 'INVALID_ADDRESS',
    blockSizesStay: true,
  },
} as const satisfies Release;
