/** Linux 6.8: STA and SBI_STATE registers; cryptography and half-precision extensions. */
import { STA } from '../common.ts';
import type { Release } from '../types.ts';
import { LINUX_6_7 } from './linux-6.7.ts';

export const LINUX_6_8 = {
  ...LINUX_6_7,
  name: '6.8',
  linux: '6.8.0',
  isaExtCount: 52,
  extensions: { ...LINUX_6_7.extensions, STA },
  quirks: { ...LINUX_6_7.quirks, registerList: 'single only' },
  capabilities: { ...LINUX_6_7.capabilities, 231: 1 },
} as const satisfies Release;
