/** What the form of the machine shows beyond the fields themselves. Pure. */
import { modesOf, type Platform } from '../../../core/config/index.ts';
import { EXTENSIONS } from '../../../core/isa/defs/index.ts';
import { SBI } from '../../../core/sbi/spec/index.ts';
import { type Category, type Mode, SBI_NAMES, type SbiExtension, type SbiName } from '../../../core/sbi/types.ts';
import type { Answerer, RunCounts } from '../../../core/trace/events.ts';
import type { Segment } from '../../ui/segmented.tsx';

/** The five categories of the 2025 discussion, in its order. */
export const CATEGORY_TITLES: Readonly<Record<Category, string>> = {
  'isa-gap': 'Bridging the ISA',
  privilege: 'Higher privilege',
  virtualization: 'Virtualization',
  platform: 'Platform',
  confidential: 'Confidential computing',
};

export interface MatrixGroup {
  readonly category: Category;
  readonly title: string;
  readonly rows: readonly SbiExtension[];
}

export function matrixGroups(): readonly MatrixGroup[] {
  return (Object.keys(CATEGORY_TITLES) as Category[]).map((category) => ({
    category,
    title: CATEGORY_TITLES[category],
    rows: SBI_NAMES.map((name): SbiExtension => SBI[name]).filter((row) => row.category === category),
  }));
}

/** The title beside the name, without that name as its first word: `VENDOR` is followed by `specific extensions`. */
export function titleBeside(name: string, title: string): string {
  const rest = title.slice(name.length);
  return title.toLowerCase().startsWith(name.toLowerCase()) && /^\W/.test(rest) ? rest.slice(1) : title;
}

export const MODE_WORDS: Readonly<Record<Mode, string>> = { kvm: 'KVM', vmm: 'VMM', off: 'off' };
const MODE_LAYERS: Readonly<Record<Mode, Answerer>> = { kvm: 'kvm', vmm: 'vmm', off: 'none' };

/** The three choices of a row; those that do not exist under this interface, host and VMM say why. */
export function modeSegments(config: Platform, name: SbiName): readonly Segment<Mode>[] {
  return modesOf(config, name).map(({ mode, refusal }) => ({
    value: mode,
    label: MODE_WORDS[mode],
    unavailable: refusal ?? undefined,
    className: `by-${MODE_LAYERS[mode]}`,
    testId: `mode-${name}-${mode}`,
  }));
}

/** The reasons of a row's choices that cannot be taken, each said once. */
export function modeReasons(config: Platform, name: SbiName): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { mode, refusal } of modesOf(config, name)) {
    if (refusal !== null) reasons.set(refusal, [...(reasons.get(refusal) ?? []), MODE_WORDS[mode]]);
  }
  return [...reasons].map(([reason, modes]) => `${modes.join(' and ')}: ${reason}`);
}

const NO_CALLS: Readonly<Record<Answerer, number>> = { guest: 0, kvm: 0, vmm: 0, none: 0 };

export function rowCounts(counts: RunCounts | undefined, name: SbiName): Readonly<Record<Answerer, number>> {
  return counts?.calls[name] ?? NO_CALLS;
}

/** Counts of ids that no row of the matrix stands for. */
export function unknownCounts(
  counts: RunCounts | undefined,
): readonly (readonly [string, Readonly<Record<Answerer, number>>])[] {
  const known: ReadonlySet<string> = new Set(SBI_NAMES);
  return Object.entries(counts?.calls ?? {}).filter(([name]) => !known.has(name));
}

/** Extension id or range as the specification writes it. */
export function eidWords(extension: SbiExtension): string {
  const [low, high] = extension.eid;
  const digits = (value: number): string => `0x${value.toString(16)}`;
  return low === high ? digits(low) : `${digits(low)} to ${digits(high)}`;
}

/** Extensions that another one which is on stands for already: nothing is left to choose. */
export function isImplied(name: string, on: readonly string[]): boolean {
  return EXTENSIONS.some((extension) => on.includes(extension.name) && extension.implies.includes(name));
}
