/** The VMM of Ecall itself: complete, and without the limits of any program. */
import type { VmmProfile } from './types.ts';

export const ECALL = {
  name: 'ecall',
  label: 'Ecall',
  readAt: null,
  ranAs: null,
  serves: 'all',
  habits: { badBuffer: 'INVALID_PARAM', reads: 'pending', putchar: 'success', suspendNs: 5_000_000_000 },
  switchesOn: 'all',
  warnsOfMissing: false,
  switchesOff: 'all',
  machineIds: 'any',
  vendorIdBits: 64,
  emulatesSeed: true,
  needs: [],
  unhandled: 'gives up',
  nowhere: 'ends',
  shutdown: { handled: true, says: '' },
  reset: { handled: true, says: '' },
  sources: null,
} as const satisfies VmmProfile;
