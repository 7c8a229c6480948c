/** Compares batches of programs on QEMU and on every engine, kind after kind, and counts what was compared. */
import type { HartOptions } from '../../hart/api.ts';
import type { HartClock } from '../../hart/clock.ts';
import { ReferenceHart } from '../../hart/reference.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { SlottedMemory } from '../../memory/guest-memory.ts';
import { differences } from '../qemu/compare.ts';
import { failsOn, labelOf, makeBatch, type Run, report } from '../qemu/differential.ts';
import type { Outcome, Program } from '../qemu/layout.ts';
import { shrink } from '../qemu/shrink.ts';
import { type Bench, benchOf, runOnHart } from '../qemu/subject.ts';
import { interpreterSubject, referenceSubject } from '../qemu/subjects.ts';
import { type FuzzCase, type Kind, programOf } from './kind.ts';
import { Tally } from './tally.ts';

/** Few enough to end in the middle of everything. */
const TINY_SLICE = 5;

interface Drawn {
  readonly kind: Kind;
  readonly seed: number;
  readonly made: FuzzCase;
}

export interface Difference extends Drawn {
  readonly run: Run;
  readonly lines: readonly string[];
}

/** The reference hart, which tells what retires. */
class CountingHart extends ReferenceHart {
  readonly counts = new Map<Instruction, number>();

  constructor(options: HartOptions, memory: SlottedMemory, clock: HartClock) {
    super(options, memory, clock);
  }

  protected override retired(instruction: Instruction): void {
    this.counts.set(instruction, (this.counts.get(instruction) ?? 0) + 1);
  }
}

export class Session {
  readonly tally = new Tally();
  /** The next seed of each kind. */
  readonly #next = new Map<Kind, number>();
  readonly #counts: Map<Instruction, number>;
  readonly #engines: readonly { readonly run: Run; readonly bench: Bench }[];

  constructor(readonly seed: number) {
    let counting: CountingHart | null = null;
    const reference: Run = {
      subject: {
        name: referenceSubject.name,
        make: (size, options, clock) => {
          const memory = new SlottedMemory(new Uint8Array(size));
          counting = new CountingHart(options, memory, clock);
          return { hart: counting, memory };
        },
      },
    };
    const interpreter: Run = { subject: interpreterSubject };
    const bench = benchOf(interpreter.subject);
    this.#engines = [
      { run: reference, bench: benchOf(reference.subject) },
      { run: interpreter, bench },
      { run: { ...interpreter, limit: TINY_SLICE }, bench },
    ];
    this.#counts = (counting as CountingHart | null)?.counts ?? new Map();
  }

  /** The next `count` programs of each of these kinds, all in one start of QEMU; null when no engine differs. */
  batch(kinds: readonly Kind[], count: number): Difference | null {
    const drawn = kinds.flatMap((kind) => this.#draw(kind, count));
    const { image, expected } = makeBatch(drawn.map(({ made }) => programOf(made)));
    const outcomes = this.#engines.map(({ run, bench }) => runOnHart(bench, image, drawn.length, run.limit));
    for (const [at, { run }] of this.#engines.entries()) {
      for (const [index, outcome] of (outcomes[at] ?? []).entries()) {
        const lines = compared(expected[index], outcome, outcomes[0]?.[index]);
        const found = drawn[index];
        if (lines.length > 0 && found) return { ...found, run, lines };
      }
    }
    this.#count(drawn);
    return null;
  }

  #draw(kind: Kind, count: number): Drawn[] {
    const first = this.#next.get(kind) ?? this.seed;
    this.#next.set(kind, first + count);
    return Array.from({ length: count }, (_, index) => ({ kind, seed: first + index, made: kind.draw(first + index) }));
  }

  #count(drawn: readonly Drawn[]): void {
    for (const { kind, made } of drawn) {
      const { operandsOf, units } = made;
      this.tally.program(kind.subject, operandsOf === undefined ? undefined : { of: operandsOf, count: units.length });
    }
    for (const [{ extension, name }, times] of this.#counts) this.tally.executed(extension, name, times);
    this.#counts.clear();
  }
}

/** Against QEMU, and in what QEMU does not count as we do against the reference. */
function compared(expected: Outcome | undefined, actual: Outcome, reference: Outcome | undefined): string[] {
  if (expected === undefined) return ['did not run'];
  const lines = differences(expected, actual);
  if (reference !== undefined && reference.retired !== actual.retired)
    lines.push(`instructions retired: reference ${reference.retired}, hart ${actual.retired}`);
  return lines;
}

/** The command that draws and compares the program again. */
export const commandFor = ({ kind, seed }: Difference): string =>
  `npm run fuzz -- --only ${kind.name} --seed ${seed} --programs 1`;

/** What to show and keep of a difference: the smallest program that shows it, if asked for. */
export function told(difference: Difference, small: boolean): string {
  const { made, run, lines, kind, seed } = difference;
  const smaller = small ? shrunk(made, run) : null;
  const program: Program = programOf(smaller ?? made);
  const text = smaller === null ? report(program, run, [...lines]) : report(program, run);
  return [`${kind.name}, seed ${seed}, on the ${labelOf(run)}. Again: ${commandFor(difference)}`, text].join('\n');
}

/** Null when the program agrees on its own, as one that depends on what ran before it. */
function shrunk(made: FuzzCase, run: Run): FuzzCase | null {
  const fails = failsOn(run);
  return fails([programOf(made)])[0] ? shrink(made, fails, programOf) : null;
}
