/** Linux 6.6: KVM_GET_REG_LIST, satp_mode, and the errno values of today. */

import type { Release } from '../types.ts';
import { LINUX_6_5 } from './linux-6.5.ts';

export const LINUX_6_6 = {
  ...LINUX_6_5,
  name: '6.6',
  linux: '6.6.0',
  isaExtCount: 23,
  quirks: {
    ...LINUX_6_5.quirks,
    registerErrors: 'today',
    isaMulti: true,
    registerList: 'with multi',
    satpModeRegister: true,
  },
} as const satisfies Release;
