import type { Example } from './types.ts';

export const misaligned: Example = {
  id: 'misaligned',
  title: 'Misaligned accesses and FWFT',
  says: 'Loads from an odd address on harts that trap: through KVM, and after FWFT set MISALIGNED_EXC_DELEG directly.',
  harts: 1,
  tryThis: [
    {
      text: 'Leave the traps to the firmware: nothing comes here, each load costs a trap all the same, and KVM has nothing to delegate.',
      patch: { hardware: { misaligned: 'firmware' } },
    },
    {
      text: 'Take harts that carry the loads out: there is nothing to see but the time.',
      patch: { hardware: { misaligned: 'hart' } },
    },
    { text: 'Take Linux as it is: it offers this since 6.18.', patch: { interface: 'upstream' } },
    {
      text: 'Let the VMM answer FWFT: it sets hedeleg by a register that only Ecall has.',
      patch: { sbi: { FWFT: 'vmm' } },
    },
  ],
  config: { hardware: { misaligned: 'delegated' }, sbi: { FWFT: 'kvm' } },
};
