/**
 * The two stored forms of a trace. JSON lines: a head line, then one object an event, 64-bit numbers as
 * hexadecimal text, with the names of extension and function beside the numbers. Golden text: one line
 * an event, for people and for diffs. Both say their version in the first line.
 */
import { callName, callText, resultText } from '../sbi/codec.ts';
import type { CallEvent, IoctlEvent, TraceEvent } from './events.ts';

/** Raised when the meaning of a line changes. */
export const TRACE_VERSION = 1;
const FORMAT = 'ecall-trace';

export function jsonHead(): string {
  return JSON.stringify({ format: FORMAT, version: TRACE_VERSION });
}

/** One line without its newline. */
export function jsonLine(event: TraceEvent): string {
  if (event.kind === 'ioctl') {
    const { kind, seq, time, fd, name, args, ret, exit } = event;
    return JSON.stringify({ kind, seq, time, fd, name, args, ret, exit });
  }
  const { kind, seq, hart, time, pc, eid, fid, args, by, error, value, cost, exited, kernel } = event;
  return JSON.stringify({
    kind,
    seq,
    hart,
    time,
    call: subject(event),
    pc: hex(pc),
    eid: hex(eid),
    fid: hex(fid),
    args: args.map(hex),
    by,
    error: error === null ? null : hex(error),
    value: value === null ? null : hex(value),
    cost,
    exited,
    kernel,
  });
}

/** The whole trace, a newline after each line. */
export function toJsonLines(events: readonly TraceEvent[]): string {
  return [jsonHead(), ...events.map(jsonLine)].map((line) => `${line}\n`).join('');
}

/** Reads what `toJsonLines` wrote. Throws SyntaxError with the number of the line that is not right. */
export function fromJsonLines(text: string): readonly TraceEvent[] {
  const lines = text.split('\n').filter((line) => line !== '');
  const head = parsed(lines[0] ?? '', 1) as { format?: unknown; version?: unknown };
  if (head.format !== FORMAT || head.version !== TRACE_VERSION) {
    throw new SyntaxError(`line 1: not a trace of version ${TRACE_VERSION}`);
  }
  return lines.slice(1).map((line, at) => eventOf(parsed(line, at + 2), at + 2));
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new SyntaxError(`line ${number}: not JSON`);
  }
}

type JsonCall = { readonly [K in keyof CallEvent]: CallEvent[K] extends bigint ? string : CallEvent[K] };

function eventOf(data: unknown, number: number): TraceEvent {
  const { kind } = data as TraceEvent;
  if (kind === 'ioctl') return data as IoctlEvent;
  if (kind !== 'call') throw new SyntaxError(`line ${number}: not an event`);
  const { call: _call, ...rest } = data as JsonCall & { readonly call: string };
  const number64 = (text: unknown): bigint => BigInt(text as string);
  try {
    return {
      ...rest,
      pc: number64(rest.pc),
      eid: number64(rest.eid),
      fid: number64(rest.fid),
      args: rest.args.map(number64),
      error: rest.error === null ? null : number64(rest.error),
      value: rest.value === null ? null : number64(rest.value),
    };
  } catch {
    throw new SyntaxError(`line ${number}: not a call`);
  }
}

/** `[    12.402] hart 0 BASE probe_extension(extension_id=HSM) -> SUCCESS, value 1 | kvm | 900 ns | ...`; times in µs. */
export function goldenLine(event: TraceEvent): string {
  return event.kind === 'call' ? goldenCall(event) : goldenIoctl(event);
}

export function goldenHead(): string {
  return `${FORMAT} ${TRACE_VERSION}`;
}

export function toGolden(events: readonly TraceEvent[]): string {
  return [goldenHead(), ...events.map(goldenLine)].map((line) => `${line}\n`).join('');
}

function goldenCall(call: CallEvent): string {
  const { eid, fid, args, error, value } = call;
  const what = call.by === 'guest' ? `${subject(call)} = ${hex(args[0] ?? 0n)}` : callText(eid, fid, args);
  const returned = error === null || value === null ? 'no return' : resultText(eid, fid, error, value);
  const result = call.by === 'guest' ? '' : ` -> ${returned}`;
  return `${stamp(call.time)} hart ${call.hart} ${hex(call.pc)} ${what}${result} | ${call.by} | ${call.cost} ns | ${call.kernel}`;
}

function goldenIoctl(ioctl: IoctlEvent): string {
  const args = ioctl.args === '' ? '' : ` ${ioctl.args}`;
  const exit = ioctl.exit === undefined ? '' : ` ${ioctl.exit}`;
  return `${stamp(ioctl.time)} ${ioctl.fd} ${ioctl.name}${args} = ${ioctl.ret}${exit}`;
}

/** What was called: the guest's own CSR has no extension. [Sstc] */
function subject(call: CallEvent): string {
  return call.by === 'guest' ? `csr ${hex(call.eid)}` : callName(call.eid, call.fid);
}

function stamp(ns: number): string {
  return `[${(ns / 1000).toFixed(3).padStart(STAMP_WIDTH)}]`;
}
/** Up to 100 seconds in microseconds with three places stay aligned. */
const STAMP_WIDTH = 12;

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
