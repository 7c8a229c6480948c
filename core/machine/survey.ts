/**
 * What a guest meets on a combination of release, VMM and interface, found by running the probe example there. A
 * question that stops the VM is noted, and another guest asks what is left; when already the console stops it, the next
 * guest begins with the next console.
 */
import { type Choice, combined } from '../config/combination.ts';
import type { Config, Platform } from '../config/index.ts';
import { PROBE_CONSOLES, PROBE_QUESTIONS, type ProbedName, probeProgram } from '../guests/programs/probe.ts';
import { extensionOf } from '../sbi/codec.ts';
import { SBI } from '../sbi/spec/index.ts';
import { SBI_NAMES, type SbiName } from '../sbi/types.ts';
import { decodeVersion } from '../sbi/version.ts';
import type { Finding, Survey } from '../trace/survey.ts';
import type { StopReason } from '../trace/views.ts';
import type { MachineFailure } from './api.ts';
import { type GuestResult, prepareGuest } from './guest.ts';
import { createMachine } from './machine.ts';

/** Hundred times what a report takes. */
const INSTRUCTION_LIMIT = 1_000_000;
/** MiB: the least there is. */
const MEMORY = 16;
const A7 = 17;

/** One guest: what it printed, why it stopped, and which extension it called last. */
interface Run {
  readonly output: string;
  readonly stop: StopReason;
  readonly last: SbiName | null;
}

/** Pure: the same combination and choice give the same survey. */
export function survey(platform: Platform, choice: Choice): Survey {
  return surveyOf(combined(platform, choice));
}

/** As `survey`, of any configuration; its guest and memory are not looked at. */
export function surveyOf(config: Config): Survey {
  const answers = new Map<string, string>();
  const stops = new Map<SbiName, string>();
  let left: readonly ProbedName[] = PROBE_QUESTIONS;
  let console = 0;
  let runs = 0;
  // Each run ends the report with its power-off, loses a question, or moves on to the next console.
  while (console < PROBE_CONSOLES.length) {
    const run = runProbe(config, probeProgram(left, console));
    if ('failure' in run) return failed(run.failure);
    runs += 1;
    const { complete, open } = linesOf(run.output);
    for (const [name, value] of complete) answers.set(name, value);
    const { last, stop } = run;
    const asked = left.find((name) => name === open);
    if (complete.has('console')) {
      if (last !== null && stop.code === 'unhandled-exit') stops.set(last, stop.words);
      break;
    }
    if (last === 'BASE' && asked !== undefined) {
      if (isExtension(asked)) stops.set(asked, stop.words);
      left = left.slice(left.indexOf(asked) + 1);
    } else {
      if (last !== null) stops.set(last, stop.words);
      left = left.filter((name) => !answers.has(name));
      console += 1;
    }
  }
  const findings = SBI_NAMES.map((name) => [name, findingOf(config, name, answers.get(name), stops.get(name))]);
  return {
    starts: true,
    version: versionOf(answers.get('spec_version')),
    findings: Object.fromEntries(findings) as Record<SbiName, Finding>,
    runs,
  };
}

function runProbe(config: Config, text: string): Run | { readonly failure: MachineFailure } {
  const guest = { ...config, guest: { kind: 'source', text }, harts: 1, memory: MEMORY, input: '' } as const;
  const prepared = assembled(guest);
  if (!prepared.ok) return { failure: prepared.failure };
  let output = '';
  const decoder = new TextDecoder();
  const created = createMachine({
    config: guest,
    image: prepared.image,
    hooks: {
      console: (bytes) => {
        output += decoder.decode(bytes, { stream: true });
      },
    },
  });
  if (!created.ok) return { failure: created.failure };
  const { machine } = created;
  const status = machine.run({ until: 'forever', instructions: INSTRUCTION_LIMIT });
  if (status.kind !== 'stopped') return { failure: { code: 'machine', message: `the probe is ${status.kind}` } };
  const called = extensionOf(machine.harts()[0]?.x[A7] ?? 0n);
  return { output, stop: status.stop, last: called?.name ?? null };
}

/** The few programs there are, as they were assembled: that takes longer than to run them. */
const programs = new Map<string, GuestResult>();
const PROGRAMS_KEPT = 64;

function assembled(config: Config): GuestResult {
  const key = JSON.stringify([config.guest, config.isa]);
  const known = programs.get(key);
  if (known !== undefined) return known;
  const made = prepareGuest(config, undefined);
  if (programs.size >= PROGRAMS_KEPT) programs.clear();
  programs.set(key, made);
  return made;
}

/** Whole lines by the question that they answer, and the question of one that was begun. */
function linesOf(output: string): { complete: ReadonlyMap<string, string>; open: string | undefined } {
  const lines = output.split('\n').map((line): [string | undefined, string] => {
    const [key = '', value = ''] = line.split('=');
    return [LINE_NAMES.find((name) => key.endsWith(name)), value];
  });
  const last = lines.pop();
  const named = lines.flatMap(([name, value]) => (name === undefined ? [] : [[name, value] as const]));
  return { complete: new Map(named), open: last?.[0] };
}

/**
 * A line may begin with a byte too many: a guest that is told that putchar failed, although it did not, prints the byte
 * again on the next console. Longest first.
 */
const LINE_NAMES: readonly string[] = [...PROBE_QUESTIONS, 'console'].sort((a, b) => b.length - a.length);

function findingOf(config: Config, name: SbiName, answer: string | undefined, stopped: string | undefined): Finding {
  if (stopped !== undefined) return { kind: 'stops', words: stopped };
  if (answer === undefined || answer.startsWith('-')) return { kind: 'unanswered' };
  if (BigInt(answer) === 0n) return { kind: 'absent' };
  return { kind: 'present', by: config.sbi[name] === 'vmm' ? 'vmm' : 'kvm' };
}

function versionOf(answer: string | undefined) {
  return answer === undefined || answer.startsWith('-') ? null : (decodeVersion(BigInt(answer)) ?? null);
}

function isExtension(name: ProbedName): name is SbiName & ProbedName {
  return name in SBI;
}

function failed({ message, hint = '' }: MachineFailure): Survey {
  return { starts: false, words: message, hint };
}
