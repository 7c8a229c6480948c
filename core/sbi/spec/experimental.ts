/** The id range for experiments. Data only; it defines no function. [SBI 3.0 §21] */
import type { SbiExtension } from '../types.ts';

export const EXPERIMENTAL = {
  name: 'EXPERIMENTAL',
  eid: [0x08000000, 0x08ffffff],
  title: 'Experimental extensions',
  says: 'Ids without fixed meaning. KVM hands every call, and every probe, to user space.',
  chapter: '21',
  since: '0.2',
  category: 'platform',
  hot: 'Unknown: whatever the experiment does.',
  kvm: false,
  vmm: true,
  functions: {},
} as const satisfies SbiExtension;
