/** Compares batches of programs on QEMU and on every engine, kind after kind, and counts what was compared. */
import type { HartOptions } from '../../hart/api.ts';
import type { HartClock } from '../../hart/clock.ts';
import { ReferenceHart } from '../../hart/reference.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { SlottedMemory } from '../../memory/guest-memory.ts';
import { differences } from '../qemu/compare.ts';
import { failsOn, labelOf, makeBatch, type Run, report } from '../qemu/differential.ts';
import type { Outcome, Program } from '../qemu/layout.ts';
import { GENERAL, type Processor } from '../qemu/processors.ts';
import { shrink } from '../qemu/shrink.ts';
import { type Bench, benchOf, runOnHart, type Subject } from '../qemu/subject.ts';
import { interpreterSubject, referenceSubject } from '../qemu/subjects.ts';
import { type AnyKind, type CheckKind, type FuzzCase, type Kind, programOf } from './kind.ts';
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

interface Engine {
  readonly run: Run;
  readonly bench: Bench;
}

const processorOf = ({ processor }: Kind): Processor => processor ?? GENERAL;

/** The reference hart, which tells what retires. */
class CountingHart extends ReferenceHart {
  constructor(
    options: HartOptions,
    memory: SlottedMemory,
    clock: HartClock,
    readonly counts: Map<Instruction, number>,
  ) {
    super(options, memory, clock);
  }

  protected override retired(instruction: Instruction): void {
    this.counts.set(instruction, (this.counts.get(instruction) ?? 0) + 1);
  }
}

export class Session {
  readonly tally = new Tally();
  /** The next seed of each kind. */
  readonly #next = new Map<AnyKind, number>();
  readonly #counts = new Map<Instruction, number>();
  readonly #engines = new Map<Processor, readonly Engine[]>();

  constructor(readonly seed: number) {}

  /** Every engine, with a hart of that processor. Made once, since that takes a while and much memory. */
  #enginesFor(processor: Processor): readonly Engine[] {
    const known = this.#engines.get(processor);
    if (known !== undefined) return known;
    const reference: Subject = {
      name: referenceSubject.name,
      make: (size, options, clock) => {
        const memory = new SlottedMemory(new Uint8Array(size));
        return { hart: new CountingHart(options, memory, clock, this.#counts), memory };
      },
    };
    const bench = benchOf(interpreterSubject, processor);
    const engines = [
      { run: { subject: reference }, bench: benchOf(reference, processor) },
      { run: { subject: interpreterSubject }, bench },
      { run: { subject: interpreterSubject, limit: TINY_SLICE }, bench },
    ];
    this.#engines.set(processor, engines);
    return engines;
  }

  /**
   * The next `count` programs of each of these kinds, in one start of QEMU for each processor; null when no engine
   * differs.
   */
  batch(kinds: readonly Kind[], count: number): Difference | null {
    const processors = new Set(kinds.map(processorOf));
    for (const processor of processors) {
      const drawn = kinds.filter((kind) => processorOf(kind) === processor).flatMap((kind) => this.#draw(kind, count));
      const difference = this.#compare(processor, drawn);
      if (difference !== null) return difference;
      this.#count(drawn);
    }
    return null;
  }

  /** The next seed of a kind without programs; what differs in words, with the command that finds it again, or null. */
  check(kind: CheckKind): string | null {
    const seed = this.#next.get(kind) ?? this.seed;
    this.#next.set(kind, seed + 1);
    const { words, differences: found } = kind.check(seed);
    this.tally.words(kind.subject, words);
    return found.length === 0
      ? null
      : [`${kind.name}, seed ${seed}. Again: ${commandFor({ kind, seed })}`, ...found].join('\n');
  }

  #compare(processor: Processor, drawn: readonly Drawn[]): Difference | null {
    const { image, expected } = makeBatch(
      drawn.map(({ made }) => programOf(made)),
      processor,
    );
    let reference: readonly Outcome[] | null = null;
    for (const { run, bench } of this.#enginesFor(processor)) {
      const outcomes = runOnHart(bench, image, drawn.length, run.limit);
      reference ??= outcomes;
      for (const [index, outcome] of outcomes.entries()) {
        const lines = compared(expected[index], outcome, reference[index]);
        const found = drawn[index];
        if (lines.length > 0 && found) return { ...found, run, lines };
      }
    }
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
export const commandFor = ({ kind, seed }: { readonly kind: AnyKind; readonly seed: number }): string =>
  `npm run fuzz -- --only ${kind.name} --seed ${seed} --programs 1`;

/** What to show and keep of a difference: the smallest program that shows it, if asked for. */
export function told(difference: Difference, small: boolean): string {
  const { made, run, lines, kind, seed } = difference;
  const processor = processorOf(kind);
  const smaller = small ? shrunk(made, run, processor) : null;
  const program: Program = programOf(smaller ?? made);
  const text = report(program, run, smaller === null ? lines : undefined, processor);
  return [`${kind.name}, seed ${seed}, on the ${labelOf(run)}. Again: ${commandFor(difference)}`, text].join('\n');
}

/** Null when the program agrees on its own, as one that depends on what ran before it. */
function shrunk(made: FuzzCase, run: Run, processor: Processor): FuzzCase | null {
  const fails = failsOn(run, processor);
  return fails([programOf(made)])[0] ? shrink(made, fails, programOf) : null;
}
