/** What the matrix shows: its rows and columns, the text of a cell and the words for it. Pure. */
import type { Choice } from '../../../core/config/combination.ts';
import type { KvmInterface, Platform } from '../../../core/config/index.ts';
import { HOST_PROFILES } from '../../../core/kvm/profiles/index.ts';
import type { Finding, Survey } from '../../../core/protocol/messages.ts';
import { SBI_NAMES, type SbiName } from '../../../core/sbi/types.ts';
import { countsOf } from '../../../core/trace/survey-words.ts';
import { VMM_PROFILES } from '../../../core/vmm/profiles/index.ts';

/** What the cells are about: one extension, how many there are, or the version. */
export type Topic = SbiName | 'all' | 'version';
export const TOPICS: readonly Topic[] = ['all', 'version', ...SBI_NAMES];

export const TOPIC_WORDS = (topic: Topic): string =>
  topic === 'all' ? 'All extensions: how many' : topic === 'version' ? 'SBI version' : topic;

export interface Axis {
  readonly id: string;
  readonly label: string;
}

/** Newest first, with or without the legacy calls built in. */
export function releases(legacy: boolean): readonly Axis[] {
  return HOST_PROFILES.filter(({ sbiV01 }) => sbiV01 === legacy).map(({ name, label }) => ({
    id: name,
    label: label.replace(/^Linux /, '').replace(/ without legacy calls$/, ''),
  }));
}

export const VMMS: readonly { readonly id: Platform['vmm']; readonly label: string }[] = VMM_PROFILES.map(
  ({ name, label }) => ({ id: name, label }),
);

/** What a cell stands for. */
export interface Combination extends Platform {
  readonly choice: Choice;
}

/** Row by row, as they are found out. */
export function combinations(kvm: KvmInterface, legacy: boolean, choice: Choice): readonly Combination[] {
  return releases(legacy).flatMap(({ id: host }) => VMMS.map(({ id: vmm }) => ({ interface: kvm, host, vmm, choice })));
}

export const CHOICE_OPTIONS: readonly { readonly value: Choice; readonly label: string; readonly title: string }[] = [
  {
    value: 'most',
    label: 'all that can be answered',
    title: 'Every extension in KVM where the release has it, else in the VMM where it is served and handed over.',
  },
  { value: 'default', label: 'as it comes', title: 'Nothing is chosen: extensions that are off stay off.' },
];

const HOLDS_BACK = 'Down a column, an old kernel holds a new VMM back; along a row, an old VMM a new kernel.';
const MOST: Readonly<Record<KvmInterface, string>> = {
  upstream: HOLDS_BACK,
  userspace:
    'An old kernel no longer holds a new VMM back: what KVM lacks goes to the VMM of Ecall, and BASE too, for a guest believes whoever answers BASE and an old kernel denies the rest. FWFT and PMU have little behind them there.',
  accelerator:
    'An old kernel no longer holds a new VMM back: KVM is told what to answer, what to hand over and which version to report.',
};

/** What the matrix tells, in words. */
export function lessonOf(kvm: KvmInterface, choice: Choice): string {
  return choice === 'default'
    ? `Each cell is a guest that ran there with nothing else chosen. ${HOLDS_BACK}`
    : `Each cell is a guest that ran there with every extension that can be answered. ${MOST[kvm]}`;
}

/** How a cell looks; each has a sign or word of its own beside its colour. */
export type Look = 'kvm' | 'vmm' | 'absent' | 'stops' | 'unanswered' | 'no-start' | 'count' | 'pending';

export interface CellText {
  readonly look: Look;
  readonly text: string;
  /** The same as a sentence. */
  readonly says: string;
}

const PENDING: CellText = { look: 'pending', text: '·', says: 'Not known yet.' };

export function cellOf(survey: Survey | undefined, topic: Topic): CellText {
  if (survey === undefined) return PENDING;
  if (!survey.starts) return { look: 'no-start', text: 'no start', says: sentence(`${survey.words}: ${survey.hint}`) };
  if (topic === 'version') {
    const { version } = survey;
    return { look: 'count', text: version ?? 'none', says: version === null ? 'No version.' : `SBI ${version}.` };
  }
  if (topic !== 'all') return findingCell(survey.findings[topic]);
  const { present, stops } = countsOf(survey.findings);
  const says = `${present} extensions are there, ${stops === 0 ? 'none' : stops} of ${SBI_NAMES.length} ${stops === 1 ? 'stops' : 'stop'} the VM.`;
  return { look: 'count', text: stops === 0 ? `${present}` : `${present} ✕${stops}`, says };
}

const FINDINGS: Readonly<Record<Exclude<Finding['kind'], 'present' | 'stops'>, CellText>> = {
  absent: { look: 'absent', text: '–', says: 'Absent: the probe answers 0.' },
  unanswered: { look: 'unanswered', text: '?', says: 'Nobody answers the probe.' },
};

function findingCell(finding: Finding): CellText {
  switch (finding.kind) {
    case 'present':
      return finding.by === 'kvm'
        ? { look: 'kvm', text: 'KVM', says: 'There, answered by KVM.' }
        : { look: 'vmm', text: 'VMM', says: 'There, answered by the VMM.' };
    case 'stops':
      return { look: 'stops', text: '✕ stops', says: sentence(finding.words) };
    default:
      return FINDINGS[finding.kind];
  }
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}

/** What the signs mean, in the order of the legend. */
export const LEGEND: readonly { readonly look: Look; readonly text: string; readonly says: string }[] = [
  { look: 'kvm', text: 'KVM', says: 'answers' },
  { look: 'vmm', text: 'VMM', says: 'answers' },
  { look: 'absent', text: '–', says: 'absent' },
  { look: 'stops', text: '✕', says: 'stops the VM' },
  { look: 'no-start', text: 'no start', says: 'the VMM does not start' },
];

/** Extensions of a survey by what a guest meets, in the order of the tables; empty groups are left out. */
export function groupsOf(survey: Survey): readonly { readonly title: string; readonly names: readonly SbiName[] }[] {
  if (!survey.starts) return [];
  const { findings } = survey;
  const where = (holds: (finding: Finding) => boolean) => SBI_NAMES.filter((name) => holds(findings[name]));
  return [
    { title: 'KVM answers', names: where((one) => one.kind === 'present' && one.by === 'kvm') },
    { title: 'the VMM answers', names: where((one) => one.kind === 'present' && one.by === 'vmm') },
    { title: 'stops the VM', names: where(({ kind }) => kind === 'stops') },
    { title: 'absent', names: where(({ kind }) => kind === 'absent' || kind === 'unanswered') },
  ].filter(({ names }) => names.length > 0);
}

export interface Position {
  readonly row: number;
  readonly column: number;
}

/** Rows that Page Up and Page Down pass. */
const PAGE_ROWS = 8;

/** Where a key leads in a grid of this size, or null when it does not move. [WAI-ARIA APG, Grid] */
export function target(key: string, ctrl: boolean, at: Position, rows: number, columns: number): Position | null {
  const to = (row: number, column: number): Position => ({
    row: Math.max(0, Math.min(rows - 1, row)),
    column: Math.max(0, Math.min(columns - 1, column)),
  });
  switch (key) {
    case 'ArrowRight':
      return to(at.row, at.column + 1);
    case 'ArrowLeft':
      return to(at.row, at.column - 1);
    case 'ArrowDown':
      return to(at.row + 1, at.column);
    case 'ArrowUp':
      return to(at.row - 1, at.column);
    case 'PageDown':
      return to(at.row + PAGE_ROWS, at.column);
    case 'PageUp':
      return to(at.row - PAGE_ROWS, at.column);
    case 'Home':
      return to(ctrl ? 0 : at.row, 0);
    case 'End':
      return to(ctrl ? rows - 1 : at.row, columns - 1);
    default:
      return null;
  }
}
