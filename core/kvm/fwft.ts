/**
 * Firmware features of a vcpu: which there are on this host, which user space left on, their flags and values.
 * [Linux arch/riscv/kvm/vcpu_sbi_fwft.c; SBI 3.0 §18]
 */
import { hex } from '../base/bits.ts';
import type { Hart } from '../hart/api.ts';
import { HENVCFG_PMM, HENVCFG_PMM_7, HENVCFG_PMM_16, maskedBitsOf } from '../hart/environment.ts';
import { FWFT_FEATURES, type FwftFeature } from './reference/layout.ts';

/** The vcpu that the features belong to. */
export interface FwftOwner {
  readonly hart: Hart;
  /** Whether the vcpu has Smnpm. */
  readonly hasPointerMasking: boolean;
  /** Whether the host leaves misaligned accesses to who makes them. */
  readonly delegatesMisaligned: boolean;
}

const PMM: Readonly<Record<string, bigint>> = { '0': 0n, '7': HENVCFG_PMM_7, '16': HENVCFG_PMM_16 };

/** Plain data; flags in hexadecimal. */
export interface SavedFwft {
  readonly settings: Readonly<Record<FwftFeature, { readonly enabled: boolean; readonly flags: string }>>;
  readonly delegatesMisaligned: boolean;
}

interface Setting {
  enabled: boolean;
  flags: bigint;
}

export class FwftState {
  readonly settings: Readonly<Record<FwftFeature, Setting>> = {
    MISALIGNED_EXC_DELEG: { enabled: true, flags: 0n },
    POINTER_MASKING_PMLEN: { enabled: true, flags: 0n },
  };
  #delegatesMisaligned = false;

  constructor(private readonly cpu: FwftOwner) {}

  /** Flags and values; what user space switched off stays off. */
  reset(): void {
    for (const setting of Object.values(this.settings)) setting.flags = 0n;
    this.#delegate(false);
    this.cpu.hart.henvcfg &= ~HENVCFG_PMM;
  }

  save(): SavedFwft {
    const entries = FWFT_FEATURES.map((feature) => {
      const { enabled, flags } = this.settings[feature];
      return [feature, { enabled, flags: hex(flags) }] as const;
    });
    const settings = Object.fromEntries(entries) as SavedFwft['settings'];
    return { settings, delegatesMisaligned: this.#delegatesMisaligned };
  }

  load({ settings, delegatesMisaligned }: SavedFwft): void {
    for (const feature of FWFT_FEATURES) {
      const { enabled, flags } = settings[feature];
      Object.assign(this.settings[feature], { enabled, flags: BigInt(flags) });
    }
    this.#delegate(delegatesMisaligned);
  }

  /** hedeleg: what the guest set itself holds at once, what user space set from the next entry, which it cannot tell. */
  get delegatesMisaligned(): boolean {
    return this.#delegatesMisaligned;
  }

  #delegate(value: boolean): void {
    this.#delegatesMisaligned = value;
    this.cpu.hart.delegatesMisaligned = value;
  }

  /** Whether the host and this vcpu have the feature at all. */
  isSupported(feature: FwftFeature): boolean {
    switch (feature) {
      case 'MISALIGNED_EXC_DELEG':
        return this.cpu.delegatesMisaligned;
      case 'POINTER_MASKING_PMLEN':
        return this.cpu.hasPointerMasking;
      default:
        return feature satisfies never;
    }
  }

  get(feature: FwftFeature): bigint {
    if (feature === 'MISALIGNED_EXC_DELEG') return this.#delegatesMisaligned ? 1n : 0n;
    return BigInt(maskedBitsOf(this.cpu.hart.henvcfg));
  }

  /** False for a value that the feature cannot have. */
  set(feature: FwftFeature, value: bigint): boolean {
    if (feature === 'MISALIGNED_EXC_DELEG') {
      if (value > 1n) return false;
      this.#delegate(value === 1n);
      return true;
    }
    const mode = PMM[String(value)];
    if (mode === undefined) return false;
    const { hart } = this.cpu;
    hart.henvcfg = (hart.henvcfg & ~HENVCFG_PMM) | mode;
    return (hart.henvcfg & HENVCFG_PMM) === mode;
  }
}
