/**
 * The working copy: the configuration and program as the user edits them. What cannot be used as it
 * stands keeps its text and a problem beside it; the configuration keeps its last good value.
 */
import { valuesOf } from '../../core/config/fields.ts';
import {
  type Config,
  withExample as configWithExample,
  withPatch as configWithPatch,
  withSystem as configWithSystem,
  FIELD_NAMES,
  FIELDS,
  type FieldName,
  type Fitted,
  fitTo,
  moveTo,
  type Platform,
  parseConfig,
  SOURCE_LIMIT,
  standardOf,
  withField,
} from '../../core/config/index.ts';
import type { Example, ExamplePatch } from '../../core/guests/catalogue.ts';
import { hello } from '../../core/guests/programs/hello.ts';
import { type SystemGuest, systemById } from '../../core/guests/systems.ts';
import { type Mode, SBI_NAMES, type SbiName } from '../../core/sbi/types.ts';
import type { Field, Problem } from '../../core/schema/index.ts';

export interface DraftImage {
  readonly name: string;
  /** Null when the machine came from a saved state, which does not hold the file. */
  readonly bytes: Uint8Array | null;
}

export interface Draft {
  /** Always valid. Its guest names the example that the program began as, or a system, or is `source`. */
  readonly config: Config;
  /** Text of the fields that cannot be used as they stand. */
  readonly texts: Readonly<Partial<Record<FieldName, string>>>;
  readonly problems: readonly Problem[];
  readonly source: string;
  /** The program of the example that the configuration names; null until it is loaded, and for another guest. */
  readonly original: string | null;
  /** A guest image brought by the user; takes the place of the source. */
  readonly image: DraftImage | null;
  /** What the last change of interface, host or VMM altered besides, in words. */
  readonly fitted: readonly string[];
  /** What the user had chosen where interface, host or VMM then did not have it; null when nothing was altered. */
  readonly chosen: Config | null;
}

export function draftOf(config: Config): Draft {
  const { guest } = config;
  const original = guest.kind === 'example' ? withPage(guest.id) : null;
  const source = guest.kind === 'source' ? guest.text : (original ?? '');
  return { config, texts: {}, problems: [], source, original, image: null, fitted: [], chosen: null };
}

/** The working copy of a machine that came from a saved state. */
export function draftOfState(config: Config): Draft {
  const { guest } = config;
  const draft = draftOf(config);
  return guest.kind === 'image' ? { ...draft, image: { name: guest.name, bytes: null } } : draft;
}

/** The page mostly starts with the first example, whose program therefore comes with it. */
const withPage = (id: string): string | null => (id === 'hello' ? hello : null);

/** The example whose program is still to come; null when there is none. */
export function awaitedExample({ config, source, original }: Draft): string | null {
  return config.guest.kind === 'example' && original === null && source === '' ? config.guest.id : null;
}

/** The draft of an example with its program, which was awaited. */
export function withProgram(draft: Draft, program: string): Draft {
  return { ...draft, source: program, original: program };
}

/** Whether all that is new is the program of the example, which was awaited. */
export function isArrival(before: Draft, after: Draft): boolean {
  return awaitedExample(before) !== null && after.config === before.config && after.source === after.original;
}

/** Whether the program is that of the example, as it is in the catalogue. */
export function isUntouched({ config, source, original, image }: Draft): boolean {
  return config.guest.kind === 'example' && image === null && source === (original ?? '');
}

export function isErroneous(draft: Draft): boolean {
  return draft.problems.length > 0;
}

/** The problem shown beside a field, or null; a problem of a part (`sbi.DBCN`) belongs to its field too. */
export function problemOf(draft: Draft, field: string): Problem | null {
  return draft.problems.find((problem) => problem.field === field || problem.field.startsWith(`${field}.`)) ?? null;
}

/** Text that stands in a field: what the user typed, or the value in its usual form. */
export function textOf(draft: Draft, name: FieldName): string {
  const typed = draft.texts[name];
  if (typed !== undefined) return typed;
  const value: unknown = valuesOf(draft.config)[name];
  const { toText } = FIELDS[name] as unknown as Field<unknown>;
  if (toText !== undefined) return toText(value);
  if (typeof value === 'bigint') return `0x${value.toString(16).padStart(16, '0')}`;
  return typeof value === 'number' || typeof value === 'string' ? String(value) : '';
}

/** Takes what was typed into a field. Never throws and never loses the text. */
export function typed(draft: Draft, name: FieldName, text: string): Draft {
  return settled(draft, draft.config, { ...draft.texts, [name]: text });
}

/** Places an extension; what then no longer fits beside it is fitted. */
export function withMode(draft: Draft, extension: SbiName, mode: Mode): Draft {
  return fitted(draft, fitTo({ ...draft.config, sbi: { ...draft.config.sbi, [extension]: mode } }));
}

export function withIsa(draft: Draft, extension: string, on: boolean): Draft {
  const others = draft.config.isa.filter((name) => name !== extension);
  const result = parseConfig({ ...valuesOf(draft.config), isa: on ? [...others, extension] : others });
  if (result.ok) return settled(draft, result.config, draft.texts);
  const kept = draft.problems.filter((problem) => problem.field !== 'isa');
  return { ...draft, problems: [...kept, ...result.problems] };
}

/**
 * Changes interface, host or VMM; what does not exist there falls back to what does, and is told in `fitted`.
 * What the user had chosen is remembered, so that the way back restores it.
 */
export function withPlatform(draft: Draft, change: Partial<Platform>): Draft {
  const { interface: kvm, host, vmm } = draft.config;
  const moved = moveTo(draft.chosen ?? draft.config, { interface: kvm, host, vmm, ...change });
  const next = fitted(draft, moved);
  return { ...next, chosen: moved.changes.length === 0 ? null : (draft.chosen ?? draft.config) };
}

/** Carries what differs between two configurations over to what is remembered. */
function remembered(chosen: Config | null, before: Config, after: Config): Config | null {
  if (chosen === null || before === after) return chosen;
  const [kept, old, now] = [valuesOf(chosen), valuesOf(before), valuesOf(after)];
  const sbi = Object.fromEntries(
    SBI_NAMES.map((name) => [name, before.sbi[name] === after.sbi[name] ? chosen.sbi[name] : after.sbi[name]]),
  );
  const changed = FIELD_NAMES.filter((name) => !sameField(name, old[name], now[name]));
  const result = parseConfig({ ...kept, ...Object.fromEntries(changed.map((name) => [name, now[name]])), sbi });
  return result.ok ? result.config : null;
}

export function withSource(draft: Draft, source: string): Draft {
  return source === draft.source && draft.image === null ? draft : { ...draft, source, image: null };
}

/** Takes a file: source by its name, anything else as an image. The name is cut to what a link may hold. */
export function withFile(draft: Draft, name: string, bytes: Uint8Array): Draft {
  if (/\.(s|asm)$/i.test(name) && !bytes.includes(0)) return withSource(draft, new TextDecoder().decode(bytes));
  return { ...draft, image: { name: name.slice(-IMAGE_NAME_LENGTH), bytes } };
}
const IMAGE_NAME_LENGTH = 100;

/**
 * Opens an example: its program on the machine it expects, under the interface and host of the draft.
 * Identity, memory and costs stay as they were; toggles of an experiment before do not.
 */
export function withExample(draft: Draft, example: Example): Draft {
  const { sbi, sbiVersion } = standardOf(draft.config);
  const hardware = { ...draft.config.hardware, misaligned: FIELDS['hardware.misaligned'].initial };
  const plain = {
    ...draft.config,
    sbi,
    sbiVersion,
    hardware,
    isa: FIELDS.isa.initial,
    probes: {},
    harts: example.harts,
  };
  const chosen = configWithExample(plain, example.id);
  const next = chosen === null ? draft : fitted(draft, chosen);
  const original = withPage(example.id);
  return { ...next, source: original ?? '', original, image: null, chosen: null };
}

/** The system that is the guest; null when a program or an image is. */
export function systemOf({ config, source, image }: Draft): SystemGuest | null {
  if (config.guest.kind !== 'system' || image !== null || source !== '') return null;
  return systemById(config.guest.id) ?? null;
}

/** Opens a system guest on the machine of the draft, with the ISA and boot arguments that it needs. */
export function withSystem(draft: Draft, id: string): Draft {
  const chosen = configWithSystem(draft.config, id);
  if (chosen === null) return draft;
  const { isa: _, bootargs: __, ...texts } = draft.texts;
  const next = settled({ ...draft, texts }, chosen, texts);
  return { ...next, source: '', original: null, image: null, fitted: [], chosen: null };
}

/** Applies what an example suggests to change; what the interface then lacks is fitted. */
export function withPatch(draft: Draft, patch: ExamplePatch): Draft {
  const kept = Object.entries(draft.texts).filter(([name]) => !(name in patch));
  return fitted({ ...draft, texts: Object.fromEntries(kept) }, configWithPatch(draft.config, patch));
}

/**
 * Tries what an example suggests, on the machine that the example expects: what another suggestion changed is undone, so
 * that each shows what it says. The interface stays unless it lacks what is asked for. The program stays as it is.
 */
export function withTry(draft: Draft, example: Example, patch: ExamplePatch): Draft {
  const { source, original, image } = draft;
  const on = (before: Draft) => withPatch({ ...withExample(before, example), source, original, image }, patch);
  const here = on(draft);
  if (here.fitted.length === 0) return here;
  const there = on(withPlatform(draft, { interface: example.config?.interface ?? FIELDS.interface.initial }));
  return there.fitted.length === 0 ? there : here;
}

function fitted(draft: Draft, { config, changes }: Fitted): Draft {
  const words = changes.map(({ field, from, to, reason }) => `${field} ${from} → ${to}: ${reason}`);
  return { ...settled(draft, config, draft.texts), fitted: words };
}

/** Whether the program would be lost when another one takes its place. */
export function hasOwnProgram(draft: Draft): boolean {
  if (draft.image !== null || draft.source.trim() === '') return draft.image !== null;
  return !isUntouched(draft);
}

/** Whether the program has more characters than a configuration holds: it can be edited and saved, not run or linked. */
export function isTooLong({ source, image }: Draft): boolean {
  return image === null && source.length > SOURCE_LIMIT;
}

/** What the machine is built from. An example that was not touched stays an example, so links stay short. */
export function machineConfig(draft: Draft): Config {
  const { config, source, image } = draft;
  if (image !== null) return { ...config, guest: { kind: 'image', name: image.name } };
  if (systemOf(draft) !== null || isUntouched(draft)) return config;
  return { ...config, guest: { kind: 'source', text: source } };
}

/** Whether two configurations mean the same machine, the guest aside. */
export function sameMachine(a: Config, b: Config): boolean {
  if (a === b) return true;
  const left = valuesOf(a);
  const right = valuesOf(b);
  return FIELD_NAMES.every((name) => name === 'guest' || sameField(name, left[name], right[name]));
}

function sameField(name: FieldName, left: unknown, right: unknown): boolean {
  return (FIELDS[name] as unknown as Field<unknown>).same(left, right);
}

/** Applies the typed texts one after the other; those that are refused stay as text with their problem. */
function settled(draft: Draft, config: Config, texts: Draft['texts']): Draft {
  let current = config;
  const left: Partial<Record<FieldName, string>> = {};
  const problems: Problem[] = [];
  for (const [name, text] of Object.entries(texts) as [FieldName, string][]) {
    const result = withField(current, name, text.trim());
    if (result.ok) {
      current = result.config;
    } else {
      left[name] = text;
      problems.push(...result.problems);
    }
  }
  const chosen = remembered(draft.chosen, draft.config, current);
  return { ...draft, config: current, texts: left, problems, chosen };
}
