/** What the recordings show: lines, what is marked in them, and where they lead. Pure. */
import { volatileIn } from '../../../core/replay/normalise.ts';
import { type Counts, countsOf, type Row, type RunReport } from '../../../core/replay/report.ts';
import { extensionOf, functionOf } from '../../../core/sbi/codec.ts';
import { counted, grouped } from '../../ui/format.ts';
import { keyOf, type ReplaysState } from './replays.ts';

/** How a line of both sides stands: `volatile` is equal but for what is not compared. */
export type Standing = 'equal' | 'volatile' | 'purpose' | 'different';

export type ListRow =
  | { readonly kind: 'head'; readonly file: string; readonly title: string }
  | {
      readonly kind: 'line';
      readonly row: Row;
      readonly standing: Standing;
      readonly card: CardInLine | null;
      /** Whether it differs for the reason of the line above. */
      readonly same: boolean;
    };

export function listOf(report: RunReport, differencesOnly: boolean): readonly ListRow[] {
  return report.files.flatMap(({ file, rows }) => {
    const shown = rows.filter(({ equal }) => !(differencesOnly && equal));
    if (shown.length === 0) return [];
    const title = file.endsWith('.ioctl.log') ? 'ioctls and exits' : 'what guest and VMM printed';
    const lines = shown.map((row, at) => ({
      kind: 'line' as const,
      row,
      standing: standingOf(row),
      card: cardInLine(row.recorded ?? row.ours ?? ''),
      same: row.reason !== null && shown[at - 1]?.reason === row.reason,
    }));
    return [{ kind: 'head' as const, file, title }, ...lines];
  });
}

export function standingOf({ equal, recorded, ours, reason }: Row): Standing {
  if (equal) return recorded === ours ? 'equal' : 'volatile';
  return reason === null ? 'different' : 'purpose';
}

/** A line in pieces: what is compared, what is not and why, and what has a card. */
export interface Piece {
  readonly text: string;
  readonly notCompared: string | null;
  readonly card: string | null;
}

export function piecesOf(line: string): readonly Piece[] {
  const card = cardInLine(line);
  const spans = [
    ...volatileIn(line).map(({ start, end, what }) => ({ start, end, notCompared: what, card: null })),
    ...(card === null ? [] : [{ start: card.start, end: card.end, notCompared: null, card: card.card }]),
  ].sort((a, b) => a.start - b.start);
  const pieces: Piece[] = [];
  let at = 0;
  for (const { start, end, notCompared, card: of } of spans) {
    if (start < at) continue;
    if (start > at) pieces.push({ text: line.slice(at, start), notCompared: null, card: null });
    pieces.push({ text: line.slice(start, end), notCompared, card: of });
    at = end;
  }
  if (at < line.length || pieces.length === 0) pieces.push({ text: line.slice(at), notCompared: null, card: null });
  return pieces;
}

/** The part of a line that has a card, and the id of that. */
export interface CardInLine {
  readonly card: string;
  readonly start: number;
  readonly end: number;
}

/** An SBI exit in the log; what the guest printed of a call: name, extension, function, arguments, answer. */
const EXIT_LINE = /EXIT_RISCV_SBI (ext=(\w+) fid=(\w+))/;
const CALL_LINE = /^.*? ((0x[0-9a-f]+) (0x[0-9a-f]+))(?: 0x[0-9a-f]+)* -> -?\d+ /;
const OTHER_EXIT = /^vcpu\d+ EXIT_(\w+)/;
const IOCTL = /\b(KVM_(?:CREATE|SET|GET)_\w+)/;

export function cardInLine(line: string): CardInLine | null {
  const call = EXIT_LINE.exec(line) ?? CALL_LINE.exec(line);
  if (call !== null) {
    const [, text = '', ext = '', fid = ''] = call;
    const card = cardOfCall(number(ext), number(fid));
    return card === null ? null : placed(line, text, call.index, card);
  }
  const exit = OTHER_EXIT.exec(line);
  if (exit !== null) return placed(line, `EXIT_${exit[1]}`, 0, `exit/KVM_EXIT_${exit[1]}`);
  const ioctl = IOCTL.exec(line);
  return ioctl === null ? null : placed(line, ioctl[0], ioctl.index, `ioctl/${ioctl[0]}`);
}

function placed(line: string, text: string, from: number, card: string): CardInLine {
  const start = line.indexOf(text, from);
  return { card, start, end: start + text.length };
}

function cardOfCall(eid: bigint | null, fid: bigint | null): string | null {
  const extension = eid === null ? undefined : extensionOf(eid);
  if (eid === null || fid === null || extension === undefined) return null;
  const found = functionOf(extension, eid, fid);
  return found === undefined ? `extension/${extension.name}` : `function/${extension.name}.${found.name}`;
}

/** As the programs print numbers: hexadecimal with `0x`, small ones without. */
function number(text: string): bigint | null {
  return /^(0x[0-9a-f]+|\d+)$/.test(text) ? BigInt(text) : null;
}

/** What is to be said of a line, beside its text. */
export function lineWords({ row, standing }: Extract<ListRow, { readonly kind: 'line' }>): string {
  switch (standing) {
    case 'equal':
      return 'Equal.';
    case 'volatile': {
      const what = [row.recorded, row.ours].flatMap((line) => volatileIn(line ?? '').map((part) => part.what));
      return `Equal. Not compared: ${[...new Set(what)].join('; ')}.`;
    }
    case 'purpose':
      return `Differs on purpose: ${row.reason}.`;
    case 'different':
      return 'Differs: a defect of the model.';
    default:
      return standing satisfies never;
  }
}

/** Counts of all runs of these hosts that were replayed, and how many that are. */
export function totalsOf(state: ReplaysState, hosts: readonly string[]): Counts & { readonly runs: number } {
  const reports = state.hosts
    .filter(({ about }) => hosts.includes(about.name))
    .flatMap(({ about }) => about.runs.map(({ name }) => state.found.get(keyOf({ host: about.name, run: name }))))
    .filter((report) => report !== undefined);
  return { ...countsOf(reports), runs: reports.length };
}

export function countWords({ lines, equal, purpose, different }: Counts): string {
  return `${counted(lines, 'line')}: ${grouped(equal)} equal, ${grouped(purpose)} different on purpose, ${grouped(different)} different`;
}

export function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
}
