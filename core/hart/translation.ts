/**
 * How the addresses of a hart are translated now: kept up to date as CSRs and the level change, and the engine is told
 * when what it found before no longer counts. What the CSRs mean is in `context.ts`, the walk in `core/memory`.
 */
import type { SlottedMemory } from '../memory/guest-memory.ts';
import {
  type Access,
  maskedAddress,
  type Translation,
  type TranslationContext,
  translate,
} from '../memory/translate.ts';
import type { Privilege } from './api.ts';
import { SSTATUS_MXR, SSTATUS_SUM } from './constants.ts';
import { sameContext, type TranslationRules, translationContext, translationRules } from './context.ts';
import type { SupervisorCsrs } from './csrs.ts';
import { addressIn } from './exits.ts';
import type { EngineCaches } from './layout.ts';

/** `privilege` is always the level of the hart. */
export class AddressTranslation {
  context: TranslationContext;
  #rules: TranslationRules;
  /** `context` of each level, while what they are made of stays. */
  #contexts: Partial<Record<Privilege, TranslationContext>> = {};
  /** `context` for look-ups, made when it is asked for. */
  #lookupContext: TranslationContext | null = null;
  #caches: EngineCaches | null = null;

  constructor(
    readonly csrs: SupervisorCsrs,
    readonly memory: SlottedMemory,
    privilege: Privilege,
  ) {
    this.#rules = translationRules(csrs.state, csrs.options);
    this.context = this.contextOf(privilege);
  }

  attach(caches: EngineCaches): void {
    this.#caches = caches;
  }

  /** How that level translates now. */
  contextOf(privilege: Privilege): TranslationContext {
    const known = this.#contexts[privilege];
    if (known !== undefined) return known;
    const made = translationContext(this.csrs.state, privilege, this.#rules);
    this.#contexts[privilege] = made;
    return made;
  }

  /** The address that a load or store uses, from that which its instruction computed. */
  dataAddress(va: bigint): bigint {
    return maskedAddress(this.context, va);
  }

  translate(va: bigint, access: Access): Translation {
    return translate(this.memory, this.context, va, access);
  }

  /** As `Hart.translate`: never sets accessed or dirty bits, and needs none. */
  lookup(va: bigint, access: Access): bigint | null {
    this.#lookupContext ??= { ...this.context, adBits: 'ignore' };
    const found = translate(this.memory, this.#lookupContext, va, access);
    return found.kind === 'page' ? addressIn(found, va) : null;
  }

  levelChanged(privilege: Privilege): void {
    this.#setContext(this.contextOf(privilege));
  }

  satpChanged(privilege: Privilege): void {
    this.#contexts = {};
    const next = this.contextOf(privilege);
    if (!sameContext(this.context, next)) this.#setContext(next);
  }

  /** henvcfg, senvcfg, MXR, or more than one can tell, changed. */
  rulesChanged(privilege: Privilege): void {
    this.#rules = translationRules(this.csrs.state, this.csrs.options);
    this.satpChanged(privilege);
    this.#caches?.rulesChanged();
  }

  /** sstatus may have changed; `old` is its low half before. */
  statusChanged(old: number, privilege: Privilege): void {
    const changed = old ^ this.csrs.state.sstatus;
    if ((changed & SSTATUS_MXR) !== 0) this.rulesChanged(privilege);
    else if ((changed & SSTATUS_SUM) !== 0) this.satpChanged(privilege);
  }

  #setContext(context: TranslationContext): void {
    this.context = context;
    this.#lookupContext = null;
    this.#caches?.contextChanged();
  }
}
