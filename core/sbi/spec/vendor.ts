/** The id range of vendors: the low 24 bits follow mvendorid. Data only; it defines no function. [SBI 3.0 §22] */
import type { SbiExtension } from '../types.ts';

export const VENDOR = {
  name: 'VENDOR',
  eid: [0x09000000, 0x09ffffff],
  title: 'Vendor-specific extensions',
  says: 'Ids that belong to the vendor of the machine. KVM hands every call, and every probe, to user space.',
  chapter: '22',
  since: '0.2',
  category: 'platform',
  hot: 'Unknown: whatever the vendor defined.',
  kvm: false,
  vmm: true,
  functions: {},
} as const satisfies SbiExtension;
