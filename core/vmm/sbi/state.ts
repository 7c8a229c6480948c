/**
 * What the VMM keeps of SBI extensions, under their names; handlers find it as `vm.sbi`. An extension is here whether
 * it is on or not. One that is added needs an upgrader of saved machines, which gives it null.
 */
import type { SbiName } from '../../sbi/types.ts';
import { at, PlainError } from '../../schema/plain.ts';
import type { VmmSettings } from '../api.ts';
import { CppcState } from './cppc-state.ts';
import { DbtrState } from './dbtr-state.ts';
import type { ExtensionState } from './extension-state.ts';
import { FwftState } from './fwft-state.ts';
import { MpxyState } from './mpxy-state.ts';
import { PmuState } from './pmu-state.ts';
import { SseEvents } from './sse/state.ts';
import { StaState } from './sta-state.ts';

export type { ExtensionState } from './extension-state.ts';

export const makeState = (settings: VmmSettings) =>
  ({
    PMU: new PmuState(settings),
    CPPC: new CppcState(settings),
    DBTR: new DbtrState(settings),
    STA: new StaState(settings),
    SSE: new SseEvents(settings),
    FWFT: new FwftState(settings),
    MPXY: new MpxyState(settings),
  }) as const satisfies Readonly<Record<string, ExtensionState>>;

export type SbiState = ReturnType<typeof makeState>;

/** Extensions of which the VMM keeps something of each hart. */
const KEPT = {
  PMU: true,
  CPPC: true,
  DBTR: true,
  STA: true,
  SSE: true,
  FWFT: true,
  MPXY: true,
} as const satisfies Record<keyof SbiState, true>;

/** Those of them that the VMM serves while KVM stops and starts harts. */
export function keptOverHsm({ modes, harts }: VmmSettings): readonly SbiName[] {
  if (harts === 1 || modes.HSM !== 'kvm') return [];
  return (Object.keys(KEPT) as (keyof SbiState)[]).filter((name) => modes[name] === 'vmm');
}

export function saveState(state: SbiState): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(state).map(([name, extension]) => [name, extension.save()]));
}

/** Every extension has to be there, and no other; null leaves one as new. Throws PlainError. */
export function loadState(state: SbiState, saved: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(saved).find((name) => !Object.hasOwn(state, name));
  if (unknown !== undefined) throw new PlainError(unknown, 'the VMM keeps nothing of it');
  for (const [name, extension] of Object.entries<ExtensionState>(state)) {
    if (!Object.hasOwn(saved, name)) throw new PlainError(name, 'is missing');
    if (saved[name] !== null) at(name, () => extension.load(saved[name]));
  }
}

export function resetHart(state: SbiState, hartid: number): void {
  for (const extension of Object.values<ExtensionState>(state)) extension.resetHart(hartid);
}
