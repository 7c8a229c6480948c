import type { Example } from './types.ts';

export const misaligned: Example = {
  id: 'misaligned',
  title: 'Misaligned accesses and FWFT',
  says: 'Loads from an odd address on harts that trap: through KVM, and after FWFT set MISALIGNED_EXC_DELEG directly.',
  harts: 1,
  config: { hardware: { misaligned: 'delegated' }, sbi: { FWFT: 'kvm' } },
};
