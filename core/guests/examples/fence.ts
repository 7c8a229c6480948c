import type { Example } from './types.ts';

export const fence: Example = {
  id: 'fence',
  title: 'Remote fences',
  says: 'Hart 0 rewrites code and moves a page that hart 1 uses; RFENCE makes hart 1 see it.',
  harts: 2,
  tryThis: [
    {
      text: 'Let the VMM answer RFENCE: with the accelerator interface it can ask KVM for the fence.',
      patch: { sbi: { RFENCE: 'vmm' } },
    },
    {
      text: 'The same with the interface proposed in 2025: the call arrives, but no ioctl carries it out.',
      patch: { interface: 'userspace', sbi: { RFENCE: 'vmm' } },
    },
  ],
  config: { harts: 2 },
};
