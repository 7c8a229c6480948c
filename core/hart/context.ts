/** What the CSRs and the level mean for translation. [Privileged ISA, Supervisor Address Translation and Protection] */
import type { TranslationContext } from '../memory/translate.ts';
import type { HartOptions, Privilege } from './api.ts';
import { SSTATUS_MXR, SSTATUS_SUM } from './constants.ts';
import type { SupervisorState } from './csrs.ts';

const SATP_PPN = (1n << 44n) - 1n;
const LEVELS_OF_MODE: Readonly<Record<number, 3 | 4 | 5>> = { 8: 3, 9: 4, 10: 5 };

export function translationContext(
  state: SupervisorState,
  privilege: Privilege,
  options: HartOptions,
): TranslationContext {
  return {
    levels: LEVELS_OF_MODE[Number(state.satp >> 60n)] ?? 0,
    root: Number(state.satp & SATP_PPN),
    user: privilege === 'U',
    sum: (state.sstatus & SSTATUS_SUM) !== 0,
    mxr: (state.sstatus & SSTATUS_MXR) !== 0,
    adBits: options.extensions.has('Svadu') ? 'set' : 'fault',
  };
}

export function sameContext(a: TranslationContext, b: TranslationContext): boolean {
  return a.levels === b.levels && a.root === b.root && a.user === b.user && a.sum === b.sum && a.mxr === b.mxr;
}
