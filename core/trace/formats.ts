/**
 * Every form in which a trace can be written as it grows: a head, then a line or record for each event. JSON lines and
 * golden text are those of `format.ts`; CSV is for spreadsheets, ftrace for people and tools that know the kernel's own.
 */
import { callName, callText, resultText } from '../sbi/codec.ts';
import type { CallEvent, IoctlEvent, TraceEvent } from './events.ts';
import { goldenHead, goldenLine, jsonHead, jsonLine } from './format.ts';

export const TRACE_FORMATS = ['json', 'csv', 'text', 'ftrace'] as const;
export type TraceFormat = (typeof TRACE_FORMATS)[number];

export interface TraceWriter {
  /** What stands before the first event, without the last newline. */
  readonly head: string;
  /** An event, without its newline. */
  readonly line: (event: TraceEvent) => string;
}

/** The columns, each with its value for a call and for an ioctl. Times are virtual nanoseconds. */
const COLUMNS: readonly (readonly [
  name: string,
  ofCall: (call: CallEvent) => string,
  ofIoctl: (ioctl: IoctlEvent) => string,
])[] = [
  ['seq', ({ seq }) => `${seq}`, ({ seq }) => `${seq}`],
  ['kind', ({ kind }) => kind, ({ kind }) => kind],
  ['time', ({ time }) => `${time}`, ({ time }) => `${time}`],
  ['hart', ({ hart }) => `${hart}`, ({ fd }) => vcpuOf(fd) ?? ''],
  ['fd', none, ({ fd }) => fd],
  ['name', subject, ({ name }) => name],
  ['pc', ({ pc }) => hex(pc), none],
  ['eid', ({ eid }) => hex(eid), none],
  ['fid', ({ fid }) => hex(fid), none],
  ['args', ({ args }) => args.map(hex).join(' '), ({ args }) => args],
  ['by', ({ by }) => by, none],
  ['error', ({ error }) => signed(error), ({ ret }) => `${ret}`],
  ['value', ({ value }) => (value === null ? '' : hex(value)), none],
  ['cost', ({ cost }) => `${cost}`, none],
  ['exit', ({ exited }) => (exited ? 'yes' : ''), ({ exit }) => exit ?? ''],
  ['kernel', ({ kernel }) => kernel, none],
];

function csvHead(): string {
  return COLUMNS.map(([name]) => name).join(',');
}

/** A record; a field may hold a newline, in quotes. [RFC 4180] */
function csvLine(event: TraceEvent): string {
  const fields = COLUMNS.map(([, ofCall, ofIoctl]) => (event.kind === 'call' ? ofCall(event) : ofIoctl(event)));
  return fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',');
}

/** Columns of the text that ftrace gives. [Linux Documentation/trace/ftrace.rst, Output format] */
const TASK_WIDTH = 16;
const PID_WIDTH = 7;
const SECONDS_WIDTH = 5;
const NS_PER_US = 1000;
const US_PER_SECOND = 1_000_000;

function ftraceHead(): string {
  return '# tracer: nop\n#\n#           TASK-PID     CPU#  ||||   TIMESTAMP  FUNCTION\n#              | |         |   ||||      |         |';
}

/** The task is the vcpu's thread or the VMM itself, the CPU is the hart; what happened is an event with its fields. */
function ftraceLine(event: TraceEvent): string {
  const hart = event.kind === 'call' ? `${event.hart}` : vcpuOf(event.fd);
  const task = hart === undefined ? 'vmm' : `vcpu-${hart}`;
  const pid = `${hart === undefined ? 1 : Number(hart) + 2}`;
  const cpu = (hart ?? '0').padStart(3, '0');
  const words = event.kind === 'call' ? `sbi_call: ${callWords(event)}` : `kvm_ioctl: ${ioctlWords(event)}`;
  const line = `${task.padStart(TASK_WIDTH)}-${pid.padEnd(PID_WIDTH)} [${cpu}] .... ${seconds(event.time)}: ${words}`;
  return line.replace(/[\r\n]+/g, ' ');
}

function callWords(call: CallEvent): string {
  const { pc, eid, fid, args, by, error, value, cost } = call;
  if (by === 'guest') return `pc=${hex(pc)} ${subject(call)} = ${hex(args[0] ?? 0n)} by=${by} cost=${cost}`;
  const result = error === null || value === null ? 'no return' : resultText(eid, fid, error, value);
  return `pc=${hex(pc)} ${callText(eid, fid, args)} -> ${result} by=${by} cost=${cost}`;
}

function ioctlWords({ fd, name, args, ret, exit }: IoctlEvent): string {
  return [fd, name, args, `ret=${ret}`, exit === undefined ? '' : `exit=${exit}`]
    .filter((word) => word !== '')
    .join(' ');
}

function seconds(ns: number): string {
  const us = Math.floor(ns / NS_PER_US);
  const whole = `${Math.floor(us / US_PER_SECOND)}`.padStart(SECONDS_WIDTH);
  return `${whole}.${`${us % US_PER_SECOND}`.padStart(6, '0')}`;
}

/** `0` of `vcpu 0`. */
function vcpuOf(fd: string): string | undefined {
  return /^vcpu (\d+)$/.exec(fd)?.[1];
}

function subject(call: CallEvent): string {
  return call.by === 'guest' ? `csr ${hex(call.eid)}` : callName(call.eid, call.fid);
}

function none(): string {
  return '';
}

function signed(value: bigint | null): string {
  return value === null ? '' : `${BigInt.asIntN(64, value)}`;
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** By format. */
export const TRACE_WRITERS: Readonly<Record<TraceFormat, TraceWriter>> = {
  json: { head: jsonHead(), line: jsonLine },
  csv: { head: csvHead(), line: csvLine },
  text: { head: goldenHead(), line: goldenLine },
  ftrace: { head: ftraceHead(), line: ftraceLine },
};

/** The whole trace, a newline after each line. */
export function toTraceText(format: TraceFormat, events: readonly TraceEvent[]): string {
  const { head, line } = TRACE_WRITERS[format];
  return [head, ...events.map(line)].map((text) => `${text}\n`).join('');
}
