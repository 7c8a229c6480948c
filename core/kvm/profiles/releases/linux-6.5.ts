/** Linux 6.5: vector and Svnapot; the AIA irqchip. */
import { IRQCHIP } from '../common.ts';
import type { Release } from '../types.ts';
import { LINUX_6_4 } from './linux-6.4.ts';

export const LINUX_6_5 = {
  ...LINUX_6_4,
  name: '6.5',
  linux: '6.5.0',
  isaExtCount: 17,
  capabilities: { ...LINUX_6_4.capabilities, ...IRQCHIP },
} as const satisfies Release;
