/** Linux 6.5: vector and Svnapot; the AIA irqchip; misaligned accesses that reach KVM go to the guest. */
import { IRQCHIP } from '../common.ts';
import type { Release } from '../types.ts';
import { LINUX_6_4 } from './linux-6.4.ts';

export const LINUX_6_5 = {
  ...LINUX_6_4,
  name: '6.5',
  linux: '6.5.0',
  isaExtCount: 17,
  quirks: { ...LINUX_6_4.quirks, misaligned: 'redirected' },
  capabilities: { ...LINUX_6_4.capabilities, ...IRQCHIP },
} as const satisfies Release;
