/** `npm run fuzz`: compares the engines with QEMU for as long as one likes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import { findTool } from '../tools.ts';
import type { Kind } from './kind.ts';
import { type FuzzOptions, parseOptions, USAGE } from './options.ts';
import { type Difference, Session, told } from './session.ts';

const FOLDER = cacheFolder('fuzz');
const MS_PER_MINUTE = 60_000;
const BAD_USAGE = 2;

/** Batches in turn until time or programs run out, something differs, or the user has enough. */
async function compare(session: Session, options: FuzzOptions, start: number): Promise<Difference | null> {
  let enough = false;
  process.once('SIGINT', () => {
    enough = true;
    console.error('Stopping after this batch.');
  });
  const left = new Map(options.kinds.map((kind) => [kind, options.programs]));
  let minutes = 0;
  while (left.size > 0) {
    for (const kind of rotation(options.kinds)) {
      const remaining = left.get(kind);
      if (remaining === undefined) continue;
      if (enough || Date.now() - start >= options.minutes * MS_PER_MINUTE) return null;
      const count = Math.min(kind.batch, remaining);
      const difference = session.batch([kind], count);
      if (difference !== null) return difference;
      if (remaining === count) left.delete(kind);
      else left.set(kind, remaining - count);
      const passed = Math.floor((Date.now() - start) / MS_PER_MINUTE);
      if (passed > minutes) console.error(`${passed} min: ${progress(session)}`);
      minutes = passed;
      // Lets a signal in.
      await new Promise(setImmediate);
    }
  }
  return null;
}

/** Every kind once, then those that have more turns again. */
function rotation(kinds: readonly Kind[]): readonly Kind[] {
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
  for (const name of ['qemu', 'as', 'ld'] as const) {
    if (findTool(name) !== null) continue;
    console.error(`${name} is missing: run \`npm run tools\`.`);
    return BAD_USAGE;
  }
  const start = Date.now();
  const session = new Session(options.seed);
  const difference = await compare(session, options, start);
  const seconds = Math.round((Date.now() - start) / 1000);
  console.log(session.tally.table());
  console.log(`Seed ${options.seed}, ${seconds} s. ${difference === null ? 'No difference.' : 'A difference:'}`);
  const rows = Object.fromEntries(session.tally.rows());
  const summary = {
    seed: options.seed,
    seconds,
    totals: session.tally.totals(),
    subjects: rows,
    ...session.tally.detail(),
  };
  keep('summary.json', `${JSON.stringify(summary, null, 2)}\n`);
  if (difference === null) return 0;
  const text = told(difference, options.shrinks);
  console.log(text);
  console.log(`Kept in ${keep(`${difference.kind.name.replace(/\W/g, '-')}-${difference.seed}.txt`, `${text}\n`)}`);
  return 1;
}

process.exitCode = await main();
