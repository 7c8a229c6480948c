/** What stands beside the lines of the program after a run. Pure. */

import type { LineEntry } from '../../../core/protocol/messages.ts';
import type { Answerer, CallEvent } from '../../../core/trace/events.ts';
import type { AssembledProgram } from '../../editor/line-help.ts';
import type { LineNote } from '../../editor/props.ts';
import type { AssemblySlice } from '../../state/assembly.ts';
import { argumentsOfCall, nameOfCall, resultOfCall } from '../../state/call-words.ts';
import { lineOf } from '../../state/lines.ts';
import type { PageState } from '../../state/store.ts';
import { LAYER_WORDS } from '../../ui/chip.tsx';
import { duration, grouped } from '../../ui/format.ts';

export interface LineCall {
  readonly line: number;
  readonly call: CallEvent;
  readonly times: number;
}

/** The newest call of each line that called. */
export function callsByLine(
  lastAt: ReadonlyMap<bigint, CallEvent>,
  timesAt: ReadonlyMap<bigint, number>,
  lines: readonly LineEntry[],
): readonly LineCall[] {
  const found = new Map<number, LineCall>();
  for (const [pc, call] of lastAt) {
    const line = lineOf(lines, pc);
    if (line === null) continue;
    const other = found.get(line);
    const times = (timesAt.get(pc) ?? 0) + (other?.times ?? 0);
    found.set(line, { line, call: other === undefined || call.seq > other.call.seq ? call : other.call, times });
  }
  return [...found.values()].sort((a, b) => a.line - b.line);
}

/** `exact` is false when calls were counted that the page did not get to see. */
export function programNotes(calls: readonly LineCall[], exact = true): readonly LineNote[] {
  return calls.map(({ line, call, times }) => ({
    line,
    by: call.by,
    text: noteText(call, times, exact),
    seq: call.seq,
  }));
}

/** `DBCN console_write → SUCCESS, value 20 · VMM 6.1 µs · 3 times · num_bytes=20, …`: the result must not be cut off. */
export function noteText(call: CallEvent, times: number, exact = true): string {
  const args = argumentsOfCall(call).map(({ name, text }) => `${name}=${text}`);
  const result = resultOfCall(call);
  const by: Record<Answerer, string> = LAYER_WORDS;
  return [
    `${nameOfCall(call)}${result === '' ? '' : ` → ${result}`}`,
    `${by[call.by]} ${duration(call.cost)}`,
    ...(times > 1 ? [`${exact ? '' : 'at least '}${grouped(times)} times`] : []),
    ...(args.length === 0 ? [] : [args.join(', ')]),
  ].join(' · ');
}

/** Source line of the instruction that the selected hart does next; null while it runs or is over. */
export function nextLine({ machine, ui }: PageState): number | null {
  const { view, loaded } = machine;
  if (view === null || loaded === null || (view.state !== 'paused' && view.state !== 'ready')) return null;
  const hart = view.harts[ui.hart] ?? view.harts[0];
  return hart === undefined ? null : lineOf(loaded.lines, hart.pc);
}

/** What the editor's hover reads; null before the assembler has answered, or when it sent no code. */
export function assembledProgram(assembly: AssemblySlice, isa: readonly string[]): AssembledProgram | null {
  const { of, lines, code, symbols } = assembly;
  if (of === null || code === undefined) return null;
  return { of, lines, code, symbols, isa };
}
