/** Compares engines with QEMU over a list of programs, and tells what differs in a form to work with. */
import { differences } from './compare.ts';
import { type Outcome, type Program, slotOf } from './layout.ts';
import { type PagingCase, pagingProgramOf } from './paging-random.ts';
import { GENERAL, type Processor } from './processors.ts';
import { buildImage, runInQemu } from './qemu.ts';
import { programOf, type RandomCase, randomUnits, randomWorld, type Taste } from './random.ts';
import { Rng } from './rng.ts';
import { type Fails, shrink } from './shrink.ts';
import { benchOf, runOnHart, type Subject } from './subject.ts';

/** A subject and how many instructions it gets at a time: small figures test the accounting too. */
export interface Run {
  readonly subject: Subject;
  readonly limit?: number;
}

export const labelOf = ({ subject, limit }: Run): string =>
  limit === undefined ? subject.name : `${subject.name}, ${limit} at a time`;

/** Everything needed to compare programs: QEMU is started once. */
export interface Batch {
  readonly processor: Processor;
  readonly programs: readonly Program[];
  readonly image: Uint8Array;
  readonly expected: readonly Outcome[];
}

/** A program that does not end by itself is stopped by QEMU after `timeoutSeconds`. */
export function makeBatch(programs: readonly Program[], processor = GENERAL, timeoutSeconds?: number): Batch {
  const image = buildImage(programs, processor, timeoutSeconds);
  return { processor, programs, image, expected: runInQemu(image, programs.length, processor) };
}

/** Differences by program; an empty list where the engine agrees. */
export function compareBatch(batch: Batch, run: Run): string[][] {
  const bench = benchOf(run.subject, batch.processor);
  const actual = runOnHart(bench, batch.image, batch.programs.length, run.limit);
  return batch.expected.map((expected, index) => {
    const outcome = actual[index];
    return outcome === undefined ? ['did not run'] : differences(expected, outcome);
  });
}

const UNITS = 60;

/** A program of its own for every seed. */
export function randomCase(seed: number, taste: Taste = {}): RandomCase {
  const rng = new Rng(seed);
  const seeds = Array.from({ length: 31 }, () => rng.value64());
  const world = randomWorld(rng);
  const name = `random program ${seed}${world.mode === null ? '' : ` under ${world.mode}`}`;
  return { name, world, seeds, units: randomUnits(rng, world, UNITS, taste) };
}

/** Whether programs differ on an engine, each from QEMU. */
export function failsOn(run: Run, processor?: Processor): Fails {
  return (programs) => compareBatch(makeBatch(programs, processor), run).map((lines) => lines.length > 0);
}

/** The smallest program that shows a difference like that of `failing`. */
export function shrinkCase(failing: RandomCase, run: Run): RandomCase {
  return shrink(failing, failsOn(run), programOf);
}

/** The same for a paging scenario on the processor that it was made for. */
export function shrinkPaging(failing: PagingCase, run: Run, processor: Processor): PagingCase {
  return shrink(failing, failsOn(run, processor), pagingProgramOf);
}

/** What to print of a program that differs: its assembly and the first differences, found anew when not given. */
export function report(program: Program, run: Run, found?: readonly string[], processor?: Processor): string {
  const lines = found ?? compareBatch(makeBatch([program], processor), run)[0] ?? [];
  const shown = lines.slice(0, 12).map((line) => `  ${line}`);
  const text = program.text(slotOf(0)).split('\n').filter(isTold).map(readable);
  return [`${program.name} differs on the ${labelOf(run)}:`, ...shown, 'Program:', ...text].join('\n');
}

/** Registers that start as zero need no line. */
function isTold(line: string): boolean {
  return line.trim() !== '' && !/^li x\d+, 0x0$/.test(line.trim());
}

/** Addresses are numbers in the text; people read them in hexadecimal. */
function readable(line: string): string {
  return line.trim().replace(/\b\d{6,}\b/g, (digits) => `0x${Number(digits).toString(16)}`);
}
