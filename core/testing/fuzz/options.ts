/** Options of `npm run fuzz`. */
import { parseArgs } from 'node:util';
import type { AnyKind } from './kind.ts';
import { chosenKinds } from './kinds.ts';

export const USAGE = `npm run fuzz -- [--minutes N | --programs N] [--seed S] [--only NAME,...] [--no-shrink] [--list]

Runs random programs in QEMU and on every engine, and compares what they leave.
  --minutes N     Stop after N minutes; 1 unless --programs is given.
  --programs N    Stop after N programs of each kind.
  --seed S        The programs of each kind have the seeds S, S+1, ...; 1 unless given.
  --only NAME,... Kinds (program:Zbb), first parts of their names (operands), or extensions (Zbb).
  --no-shrink     Do not look for the smallest program that differs.
  --list          Name the kinds and stop.
The exit code is 0 when nothing differs, 1 when something does, 2 when an option is wrong.`;

export interface FuzzOptions {
  readonly minutes: number;
  /** Of each kind; Infinity when only time counts. */
  readonly programs: number;
  readonly seed: number;
  readonly kinds: readonly AnyKind[];
  readonly shrinks: boolean;
  readonly lists: boolean;
}

/** The options, or a sentence about what is wrong with them. */
export function parseOptions(args: readonly string[]): FuzzOptions | string {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string' },
        programs: { type: 'string' },
        seed: { type: 'string' },
        only: { type: 'string' },
        shrink: { type: 'boolean', default: true },
        list: { type: 'boolean', default: false },
      },
      allowNegative: true,
    }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const minutes =
    values.minutes === undefined ? (values.programs === undefined ? 1 : Infinity) : Number(values.minutes);
  const programs = values.programs === undefined ? Infinity : Number(values.programs);
  const seed = values.seed === undefined ? 1 : Number(values.seed);
  if (!(minutes > 0)) return `--minutes is '${values.minutes}', but must be a number above 0`;
  if (programs !== Infinity && !(Number.isInteger(programs) && programs > 0))
    return `--programs is '${values.programs}', but must be a whole number above 0`;
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32))
    return `--seed is '${values.seed}', but must be a whole number from 0 to ${2 ** 32 - 1}`;
  const names = typeof values.only === 'string' ? values.only.split(',') : [];
  const unknown = names.filter((name) => chosenKinds([name]).length === 0);
  if (unknown.length > 0) return `--only names '${unknown.join(', ')}', which is no kind; --list names all`;
  return {
    minutes,
    programs,
    seed,
    kinds: chosenKinds(names),
    shrinks: values.shrink === true,
    lists: values.list === true,
  };
}
