/** What came of a case: read from the guest's lines, put into words, and judged by what the case expects. */
import { errorText } from '../../sbi/codec.ts';
import { SBI } from '../../sbi/spec/index.ts';
import { SBI_ERRORS, type SbiExtension, type SbiName } from '../../sbi/types.ts';
import { SELF } from './layout.ts';
import { CASE_BEGINS, CASE_ENDS, FIRST_LINE, HANGS_LINE, KINDS } from './routines/area.ts';
import type { Allowed, Case, Expectation } from './types.ts';

export interface Outcome {
  readonly kind: keyof typeof KINDS | 'ended' | 'hangs' | 'missing';
  readonly a0: bigint;
  readonly a1: bigint;
  /** Bit n: register xn is not what it was. For a hart that resumed: satp and sstatus.SIE. */
  readonly changed: bigint;
  readonly seen: readonly bigint[];
  /** What the console showed while the case ran. */
  readonly console: string;
  /** How the machine ended during the case. */
  readonly ended?: string;
}

/** How a machine ends that does not. */
export const HANGS = 'hangs';
const A0 = 1n << 10n;
const A1 = 1n << 11n;
const KIND_NAMES = Object.keys(KINDS) as readonly (keyof typeof KINDS)[];
const MOST_SHOWN = 24;
const MISSING: Outcome = { kind: 'missing', a0: 0n, a1: 0n, changed: 0n, seen: [], console: '' };

/** What came of each case, by its id. `ended`: how the machine ended, in a word. */
export function outcomesIn(output: string, ended: string): ReadonlyMap<string, Outcome> {
  const text = output.replaceAll('\r', '');
  const from = text.indexOf(`${FIRST_LINE}\n`);
  const outcomes = new Map<string, Outcome>();
  let id: string | null = null;
  let console: string[] = [];
  for (const line of from < 0 ? [] : text.slice(from).split('\n')) {
    if (line.startsWith(CASE_BEGINS)) {
      id = line.slice(CASE_BEGINS.length);
      console = [];
    } else if (line.startsWith(CASE_ENDS) && id !== null) {
      outcomes.set(id, { ...outcomeOf(line), console: console.join('\n').replace(/\n$/, '') });
      id = null;
    } else if (line.endsWith(HANGS_LINE) && id !== null) {
      outcomes.set(id, { ...MISSING, kind: 'hangs', console: console.join('\n').replace(/\n$/, '') });
      id = null;
    } else console.push(line);
  }
  if (id !== null) {
    const kind = ended === HANGS ? 'hangs' : 'ended';
    outcomes.set(id, { ...MISSING, kind, ended, console: console.join('\n').replace(/\n$/, '') });
  }
  return outcomes;
}

function outcomeOf(line: string): Outcome {
  const [kind = 0n, a0 = 0n, a1 = 0n, changed = 0n, ...seen] = line
    .slice(CASE_ENDS.length)
    .trim()
    .split(' ')
    .map((digits) => BigInt(`0x${digits}`));
  return { kind: KIND_NAMES[Number(kind)] ?? 'missing', a0, a1, changed, seen, console: '' };
}

export function outcomeFor(outcomes: ReadonlyMap<string, Outcome>, { id }: Case): Outcome {
  return outcomes.get(id) ?? MISSING;
}

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** Whether a1 holds something when the call succeeds. */
function hasValue(name: SbiName, one: Case): boolean {
  const extension: SbiExtension = SBI[name];
  return one.class === 'probe' || extension.functions[one.function ?? '']?.returns !== undefined;
}

/** What came of a case in words, without what the specification leaves open. */
export function outcomeText(name: SbiName, one: Case, outcome: Outcome): string {
  const seen = (one.sees ?? []).map((what, at) => `${what.name} ${hex(outcome.seen[at] ?? 0n)}`);
  const parts = [resultText(name, one, outcome), ...(outcome.seen.length > 0 ? seen : [])];
  if (one.console !== undefined && outcome.console !== one.console) parts.push(`shows ${shownText(outcome.console)}`);
  return parts.join(', ');
}

/** The beginning is enough to know it by. */
function shownText(console: string): string {
  const text = console.length > MOST_SHOWN ? `${console.slice(0, MOST_SHOWN)}…` : console;
  return JSON.stringify(text);
}

function resultText(name: SbiName, one: Case, outcome: Outcome): string {
  switch (outcome.kind) {
    case 'returned':
      return returnText(name, one, outcome);
    case 'resumed':
      return `resumes with a0 ${hex(outcome.a0)}, a1 ${hex(outcome.a1)}, satp or SIE ${hex(outcome.changed)}`;
    case 'trapped':
      return `exception ${outcome.a0}, stval ${hex(outcome.a1)}`;
    case 'none':
      return 'does not return';
    case 'ended':
      return `the machine ends: ${outcome.ended}`;
    case 'hangs':
      return 'hangs';
    case 'missing':
      return 'was not reached';
    default:
      return outcome.kind satisfies never;
  }
}

function returnText(name: SbiName, one: Case, { a0, a1, changed }: Outcome): string {
  const legacy = isLegacyValue(one);
  const kept = changed & ~(legacy ? A0 : A0 | A1);
  const registers = Array.from({ length: 32 }, (_, x) => x).filter((x) => ((kept >> BigInt(x)) & 1n) === 1n);
  const spoilt = registers.length === 0 ? '' : `, changes ${registers.map((x) => `x${x}`).join(' ')}`;
  if (legacy) return `a0 ${BigInt.asIntN(64, a0)}${spoilt}`;
  const value = a0 === 0n && hasValue(name, one) ? ` ${hex(a1)}` : '';
  return `${errorText(a0)}${value}${spoilt}`;
}

function isLegacyValue(one: Case): boolean {
  return expectationsOf(one).some((expectation) => 'a0' in expectation);
}

export function expectationsOf({ expects }: Case): readonly Expectation[] {
  return Array.isArray(expects) ? expects : [expects as Expectation];
}

function isAllowed(allowed: Allowed, value: bigint): boolean {
  return typeof allowed === 'bigint' ? allowed === value : allowed.holds(value);
}

/** Whether the outcome is one that the specification allows. */
export function conforms(one: Case, outcome: Outcome): boolean {
  const seen = (one.sees ?? []).every(({ is }, at) => {
    const value = outcome.seen[at];
    return value !== undefined && isAllowed(is, value);
  });
  const shown = one.console === undefined || one.console === outcome.console;
  return seen && shown && expectationsOf(one).some((expectation) => meets(expectation, outcome));
}

function meets(expected: Expectation, { kind, a0, a1, changed, ended }: Outcome): boolean {
  if ('error' in expected) {
    const errors = typeof expected.error === 'string' ? [expected.error] : expected.error;
    const error = errors.find((name) => BigInt.asUintN(64, BigInt(SBI_ERRORS[name])) === a0);
    if (kind !== 'returned' || error === undefined || (changed & ~(A0 | A1)) !== 0n) return false;
    return error !== 'SUCCESS' || expected.value === undefined || isAllowed(expected.value, a1);
  }
  if ('a0' in expected) return kind === 'returned' && (changed & ~A0) === 0n && isAllowed(expected.a0, a0);
  if ('resumes' in expected) return kind === 'resumed' && a0 === SELF && a1 === expected.resumes && changed === 0n;
  if ('traps' in expected) return kind === 'trapped' && a0 === expected.traps;
  if ('returns' in expected) return kind === 'none';
  return kind === 'ended' && ended === expected.ends;
}

const allowedText = (allowed: Allowed): string => (typeof allowed === 'bigint' ? hex(allowed) : allowed.words);

/** What a case expects, in words. */
export function expectedText(one: Case): string {
  const results = expectationsOf(one).map((expected) => {
    if ('error' in expected) {
      const errors = typeof expected.error === 'string' ? expected.error : expected.error.join(' or ');
      return expected.value === undefined ? errors : `${errors} with ${allowedText(expected.value)}`;
    }
    if ('a0' in expected) return `a0 ${allowedText(expected.a0)}`;
    if ('resumes' in expected) return `resumes with a1 ${hex(expected.resumes)}`;
    if ('traps' in expected) return `exception ${expected.traps}`;
    if ('returns' in expected) return 'does not return';
    return `the machine ends: ${expected.ends}`;
  });
  const seen = (one.sees ?? []).map(({ name, is }) => `${name} ${allowedText(is)}`);
  const shown = one.console === undefined ? [] : [`shows ${JSON.stringify(one.console)}`];
  return [results.join(', or '), ...seen, ...shown].join(', ');
}
