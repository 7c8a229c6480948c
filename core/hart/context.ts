/** What the CSRs and the level mean for translation. [Privileged ISA, Supervisor Address Translation and Protection] */
import type { TranslationContext } from '../memory/translate.ts';
import type { HartOptions, Privilege } from './api.ts';
import { SSTATUS_MXR, SSTATUS_SUM } from './constants.ts';
import type { SupervisorState } from './csrs.ts';
import { HENVCFG_ADUE, HENVCFG_PBMTE, maskedBitsOf } from './environment.ts';

const SATP_PPN = (1n << 44n) - 1n;
const SATP_ASID_SHIFT = 44n;
const SATP_ASID = 0xffffn;
const LEVELS_OF_MODE: Readonly<Record<number, 3 | 4 | 5>> = { 8: 3, 9: 4, 10: 5 };

export function translationContext(
  state: SupervisorState,
  privilege: Privilege,
  options: HartOptions,
): TranslationContext {
  const user = privilege === 'U';
  const mxr = (state.sstatus & SSTATUS_MXR) !== 0;
  return {
    levels: LEVELS_OF_MODE[Number(state.satp >> 60n)] ?? 0,
    root: Number(state.satp & SATP_PPN),
    asid: Number((state.satp >> SATP_ASID_SHIFT) & SATP_ASID),
    user,
    sum: (state.sstatus & SSTATUS_SUM) !== 0,
    mxr,
    adBits: (state.henvcfg & HENVCFG_ADUE) !== 0n ? 'set' : 'fault',
    napot: options.extensions.has('Svnapot'),
    pbmt: (state.henvcfg & HENVCFG_PBMTE) !== 0n,
    // With MXR addresses are those of code, which are never masked.
    maskedBits: mxr ? 0 : maskedBitsOf(user ? state.senvcfg : state.henvcfg),
  };
}

export function sameContext(a: TranslationContext, b: TranslationContext): boolean {
  const sameTable = a.levels === b.levels && a.root === b.root && a.asid === b.asid;
  const sameRules = a.napot === b.napot && a.pbmt === b.pbmt && a.adBits === b.adBits && a.maskedBits === b.maskedBits;
  const sameLevel = a.user === b.user && a.sum === b.sum && a.mxr === b.mxr;
  return sameTable && sameRules && sameLevel;
}
