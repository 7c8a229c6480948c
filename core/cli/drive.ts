/** How `ecall run` drives a machine: slice by slice, up to its limits. */
import type { Machine } from '../machine/index.ts';
import type { StopReason } from '../trace/views.ts';
import type { Keyboard } from './keyboard.ts';
import type { Output } from './output.ts';
import { EXIT, type ExitCode, UsageError } from './usage.ts';

/** Wall milliseconds between two looks at output, signals and the clock. */
const SLICE_MS = 50;

const PAUSED: StopReason = { code: 'paused', words: 'paused after so many instructions' };

export interface Limits {
  readonly instructions: number;
  /** Instructions from the start of this run. */
  readonly pauseAfter: number;
  readonly timeoutMs: number;
}

/** The limits that the options ask for. Throws UsageError. */
export function limitsOf(values: { 'max-instructions'?: string; 'stop-after'?: string; timeout?: string }): Limits {
  return {
    instructions: countOf(values['max-instructions'], 'max-instructions'),
    pauseAfter: countOf(values['stop-after'], 'stop-after'),
    timeoutMs: secondsOf(values.timeout) * 1000,
  };
}

/** Runs until the machine stops, a limit is reached, or somebody ends it. */
export async function drive(
  machine: Machine,
  limits: Limits,
  output: Output,
  keyboard: Keyboard | null,
  interrupt: AbortSignal,
): Promise<StopReason> {
  const deadline = performance.now() + limits.timeoutMs;
  const pauseAt = machine.instructions + limits.pauseAfter;
  for (;;) {
    const end = Math.min(limits.instructions, pauseAt);
    keyboard?.feed(machine);
    const sliceEnd = Math.min(performance.now() + SLICE_MS, deadline);
    const status = machine.run({
      until: 'forever',
      instructions: end - machine.instructions,
      shouldYield: () => performance.now() >= sliceEnd,
      ...(keyboard === null ? {} : { idleUntil: keyboard.idleUntil(), live: keyboard.open }),
    });
    if (status.kind === 'stopped') {
      return status.stop.code === 'limit' && machine.instructions >= pauseAt ? PAUSED : status.stop;
    }
    if (interrupt.aborted || keyboard?.quit === true) return { code: 'paused', words: 'interrupted' };
    if (performance.now() >= deadline) {
      return { code: 'limit', words: `the limit of ${limits.timeoutMs / 1000} seconds was reached` };
    }
    await output.drained();
    if (output.lost !== null) return { code: 'paused', words: `stopped: ${output.lost}` };
    const until = status.kind === 'waiting' ? status.until : status.kind === 'idle' ? Number.POSITIVE_INFINITY : null;
    if (until !== null) await keyboard?.wait(machine, until);
  }
}

/** 0 also for a run that was paused after so many instructions, as asked. */
export function exitCodeOf(stop: StopReason): ExitCode {
  if (stop === PAUSED) return EXIT.done;
  switch (stop.code) {
    case 'powered-off':
    case 'reset':
      return EXIT.done;
    case 'guest-failed':
      return EXIT.guestFailed;
    case 'limit':
      return EXIT.limit;
    case 'vmm-error':
    case 'unhandled-exit':
    case 'idle-forever':
    case 'machine-error':
    case 'paused':
    case 'stepped':
    case 'reached-call':
    case 'reached-exit':
      return EXIT.vmStopped;
    default:
      return stop.code satisfies never;
  }
}

const SUFFIXES: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };

function countOf(text: string | undefined, name: string): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const [, digits, suffix = ''] = /^(\d{1,12})([kMG]?)$/.exec(text) ?? [];
  const count = Number(digits) * (SUFFIXES[suffix] ?? 1);
  if (digits === undefined || count < 1)
    throw new UsageError(`--${name} ${text}: give a whole number from 1, as in 500M`);
  return count;
}

function secondsOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const seconds = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || seconds <= 0) throw new UsageError(`--timeout ${text}: give seconds, as in 2.5`);
  return seconds;
}
