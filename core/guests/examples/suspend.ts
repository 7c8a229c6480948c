import type { Example } from './types.ts';

export const suspend: Example = {
  id: 'suspend',
  title: 'Suspend',
  says: 'Suspends the system until a key is pressed; where SUSP is refused, the hart naps alone through HSM.',
  harts: 1,
  tryThis: [
    { text: 'Press a key while it sleeps: the VMM wakes the guest at once.' },
    { text: 'Let KVM answer SUSP: it sleeps in the kernel until the timer fires.', patch: { sbi: { SUSP: 'kvm' } } },
    { text: 'Switch SUSP off: the hart suspends alone and its timer wakes it.', patch: { sbi: { SUSP: 'off' } } },
    { text: 'Report SBI 1.0, which has hart_suspend but no system_suspend.', patch: { sbiVersion: '1.0' } },
  ],
};
