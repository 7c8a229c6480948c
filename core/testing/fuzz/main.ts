/** `npm run fuzz`: compares the engines with QEMU for as long as one likes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import { findTool } from '../tools.ts';
import type { AnyKind } from './kind.ts';
import { type FuzzOptions, parseOptions, USAGE } from './options.ts';
import { Session, told } from './session.ts';

const FOLDER = cacheFolder('fuzz');
const MS_PER_MINUTE = 60_000;
const BAD_USAGE = 2;

interface Found {
  readonly name: string;
  /** What to print and keep, which may take a while to find out. */
  readonly tell: () => string;
}

/** Batches in turn until time or programs run out, something differs, or the user has enough. */
async function compare(session: Session, options: FuzzOptions, start: number): Promise<Found | null> {
  let enough = false;
  process.once('SIGINT', () => {
    enough = true;
    console.error('Stopped.');
  });
  const left = new Map(options.kinds.map((kind) => [kind, options.programs]));
  let minutes = 0;
  while (left.size > 0) {
    for (const kind of rotation(options.kinds)) {
      const remaining = left.get(kind);
      if (remaining === undefined) continue;
      if (enough || Date.now() - start >= options.minutes * MS_PER_MINUTE) return null;
      const count = 'check' in kind ? 1 : Math.min(kind.batch, remaining);
      const found = attempt(() => once(session, kind, count, options.shrinks));
      // Lets a signal in. Where it stopped QEMU too, the batch says nothing.
      await new Promise(setImmediate);
      if (enough) return null;
      if (found instanceof Error) throw found;
      if (found !== null) return found;
      if (remaining === count) left.delete(kind);
      else left.set(kind, remaining - count);
      const passed = Math.floor((Date.now() - start) / MS_PER_MINUTE);
      if (passed > minutes) console.error(`${passed} min: ${progress(session)}`);
      minutes = passed;
    }
  }
  return null;
}

function attempt<T>(what: () => T): T | Error {
  try {
    return what();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function once(session: Session, kind: AnyKind, count: number, shrinks: boolean): Found | null {
  if ('check' in kind) {
    const words = session.check(kind);
    return words === null ? null : { name: kind.name, tell: () => words };
  }
  const difference = session.batch([kind], count);
  if (difference === null) return null;
  return { name: `${kind.name}-${difference.seed}`, tell: () => told(difference, shrinks) };
}

/** Every kind once, then those that have more turns again. */
function rotation(kinds: readonly AnyKind[]): readonly AnyKind[] {
  const most = Math.max(...kinds.map(({ turns = 1 }) => turns));
  return Array.from({ length: most }, (_, turn) => kinds.filter(({ turns = 1 }) => turns > turn)).flat();
}

function progress(session: Session): string {
  const { programs, instructions, operandSets } = session.tally.totals();
  const [some, most, sets] = [programs, instructions, operandSets].map((count) => count.toLocaleString('en'));
  return `${some} programs, ${most} instructions, ${sets} operand sets`;
}

function keep(name: string, text: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, name);
  writeFileSync(path, text);
  return path;
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (typeof options === 'string') {
    console.error(`${options}\n\n${USAGE}`);
    return BAD_USAGE;
  }
  if (options.lists) {
    console.log(options.kinds.map(({ name }) => name).join('\n'));
    return 0;
  }
  // An older QEMU does not know every extension, and would be taken for a hart that differs.
  for (const name of ['qemuNew', 'as', 'ld'] as const) {
    if (findTool(name) !== null) continue;
    console.error(`${name} is missing: run \`npm run tools\`.`);
    return BAD_USAGE;
  }
  const isOld = findTool('asNew') === null || findTool('objdumpNew') === null || findTool('objcopyNew') === null;
  const kinds = options.kinds.filter((kind) => !('check' in kind && isOld));
  if (kinds.length < options.kinds.length)
    console.error('Leaving out text: newer binutils are missing; run `npm run tools`.');
  const start = Date.now();
  const session = new Session(options.seed);
  const found = await compare(session, { ...options, kinds }, start);
  const seconds = Math.round((Date.now() - start) / 1000);
  console.log(session.tally.table());
  console.log(`Seed ${options.seed}, ${seconds} s. ${found === null ? 'No difference.' : 'A difference:'}`);
  const rows = Object.fromEntries(session.tally.rows());
  const summary = {
    seed: options.seed,
    seconds,
    totals: session.tally.totals(),
    subjects: rows,
    ...session.tally.detail(),
  };
  keep('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  if (found === null) return 0;
  const text = found.tell();
  console.log(text);
  console.log(`Kept in ${keep(`${found.name.replace(/\W/g, '-')}.txt`, `${text}\n`)}`);
  return 1;
}

process.exitCode = await main();
