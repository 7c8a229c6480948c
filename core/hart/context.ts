/** What the CSRs and the level mean for translation. [Privileged ISA, Supervisor Address Translation and Protection] */
import { highHalf, lowHalf } from '../base/u64.ts';
import type { TranslationContext } from '../memory/translate.ts';
import type { HartOptions, Privilege } from './api.ts';
import { SSTATUS_MXR, SSTATUS_SUM } from './constants.ts';
import type { SupervisorState } from './csr-state.ts';
import { HENVCFG_ADUE, HENVCFG_PBMTE, maskedBitsOf } from './environment.ts';

const LEVELS_OF_MODE: Readonly<Record<number, 3 | 4 | 5>> = { 8: 3, 9: 4, 10: 5 };

/** What does not change with satp, the level and sstatus: those change often. */
export type TranslationRules = Pick<TranslationContext, 'adBits' | 'napot' | 'pbmt'> & {
  /** By level, unless MXR turns it off. */
  readonly maskedBits: Readonly<Record<Privilege, TranslationContext['maskedBits']>>;
};

export function translationRules({ henvcfg, senvcfg }: SupervisorState, { extensions }: HartOptions): TranslationRules {
  return {
    adBits: (henvcfg & HENVCFG_ADUE) !== 0n ? 'set' : 'fault',
    napot: extensions.has('Svnapot'),
    pbmt: (henvcfg & HENVCFG_PBMTE) !== 0n,
    maskedBits: { U: maskedBitsOf(senvcfg), S: maskedBitsOf(henvcfg) },
  };
}

export function translationContext(
  { satp, sstatus }: SupervisorState,
  privilege: Privilege,
  { adBits, napot, pbmt, maskedBits }: TranslationRules,
): TranslationContext {
  const [high, low] = [highHalf(satp), lowHalf(satp) >>> 0];
  const mxr = (sstatus & SSTATUS_MXR) !== 0;
  return {
    levels: LEVELS_OF_MODE[high >>> 28] ?? 0,
    root: (high & 0xfff) * 2 ** 32 + low,
    asid: (high >>> 12) & 0xffff,
    user: privilege === 'U',
    sum: (sstatus & SSTATUS_SUM) !== 0,
    mxr,
    adBits,
    napot,
    pbmt,
    // With MXR addresses may be those of code, which are never masked.
    maskedBits: mxr ? 0 : maskedBits[privilege],
  };
}

export function sameContext(a: TranslationContext, b: TranslationContext): boolean {
  const sameTable = a.levels === b.levels && a.root === b.root && a.asid === b.asid;
  const sameRules = a.napot === b.napot && a.pbmt === b.pbmt && a.adBits === b.adBits && a.maskedBits === b.maskedBits;
  const sameLevel = a.user === b.user && a.sum === b.sum && a.mxr === b.mxr;
  return sameTable && sameRules && sameLevel;
}
