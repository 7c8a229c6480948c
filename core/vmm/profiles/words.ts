/** What is known of a VMM, and how, in words for people. */
import type { VmmProfile, VmmProvenance, VmmSources } from './types.ts';

const HOW: Readonly<Record<VmmProvenance, string>> = {
  measured: 'Measured',
  source: 'Read in its source',
  inference: 'Inferred',
};
const WHAT: Readonly<Record<keyof VmmSources, string>> = {
  calls: 'calls',
  settings: 'settings',
  unhandled: 'exits without code',
  events: 'power-off and reset',
  nowhere: 'accesses to nowhere',
  needs: 'what it asks of KVM',
};

/** `Answers V01 and DBCN. Switches on DBCN. ... An exit that it has no code for, as a probe of ...: it ... Read in its source (...): ...` */
export function vmmWords(profile: VmmProfile): string {
  const { serves, switchesOn, switchesOff, machineIds, unhandled } = profile;
  if (serves === 'all') return 'The VMM of Ecall: answers every extension as the specification has it.';
  return [
    `Answers ${listed(Object.keys(serves))} of what KVM hands to it.`,
    `Switches on ${listed(switchesOn === 'all' ? ['everything'] : switchesOn)}.`,
    `Can switch off ${listed(switchesOff === 'all' ? ['everything'] : switchesOff)}.`,
    MACHINE_IDS[machineIds],
    `An exit without code, as a probe of an experimental or vendor id is: it ${unhandled}.`,
    ...eventWords(profile),
    NOWHERE[profile.nowhere],
    ...profile.needs.map(({ name, since }) => `It starts only with ${name}, which is there since ${since}.`),
    'It uses neither KVM_CAP_RISCV_MP_STATE_RESET nor the capability proposed in 2025.',
    'Memory map, devices and device tree stay those of Ecall.',
    sourceWords(profile),
  ].join(' ');
}

const NOWHERE: Readonly<Record<VmmProfile['nowhere'], string>> = {
  ends: 'An access where neither RAM nor a device is ends the VM.',
  zeros: 'Where neither RAM nor a device is, a load brings zeros and a store is dropped.',
  untouched:
    'Where neither RAM nor a device is, a load brings the bytes of the MMIO exit before it; a store is dropped.',
};

const MACHINE_IDS: Readonly<Record<VmmProfile['machineIds'], string>> = {
  any: 'Sets machine ids.',
  'not 0': 'Sets machine ids, but not to 0.',
  none: 'Cannot set machine ids.',
};

function eventWords({ shutdown, reset }: VmmProfile): readonly string[] {
  if (!shutdown.handled && !reset.handled) return ['It has no code for power-off and reset either.'];
  return reset.says === '' ? [] : [`When a guest asks for a reset, ${reset.says}.`];
}

function sourceWords({ sources, ranAs, readAt }: VmmProfile): string {
  if (sources === null) return '';
  const topics = Object.keys(WHAT) as (keyof VmmSources)[];
  const known = (Object.keys(HOW) as VmmProvenance[])
    .map((how) => ({ how, about: topics.filter((topic) => sources[topic] === how) }))
    .filter(({ about }) => about.length > 0)
    .map(({ how, about }) => `${HOW[how]}: ${about.map((topic) => WHAT[topic]).join(', ')}.`);
  return [...known, ...(ranAs === null ? [] : [`It ran as ${ranAs}.`]), `State of the source: ${readAt}.`].join(' ');
}

function listed(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const [last] = names.slice(-1);
  return names.length === 1 ? `${last}` : `${names.slice(0, -1).join(', ')} and ${last}`;
}
