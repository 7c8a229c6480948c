/** What a guest finds out on a combination of release, VMM and interface. Plain data. */
import type { SbiName, SbiVersion } from '../sbi/types.ts';

/** What a guest that probes for an extension meets. */
export type Finding =
  /** The probe says that it is there; who answers its calls. */
  | { readonly kind: 'present'; readonly by: 'kvm' | 'vmm' }
  | { readonly kind: 'absent' }
  /** The probe stops the VM, or the call that the guest just tries: its console, its power-off. With these words. */
  | { readonly kind: 'stops'; readonly words: string }
  /** Nobody answers the probe itself: BASE is not there. */
  | { readonly kind: 'unanswered' };

export type Survey =
  | {
      readonly starts: true;
      /** What BASE reports; null when it reports nothing that is a version. */
      readonly version: SbiVersion | null;
      readonly findings: Readonly<Record<SbiName, Finding>>;
      /** Guests that were run: one more for each that stopped. */
      readonly runs: number;
    }
  /** The VMM does not start on this kernel: why, and the way out. */
  | { readonly starts: false; readonly words: string; readonly hint: string };
