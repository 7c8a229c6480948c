/**
 * `npm run bench`: speed of the interpreter against native qemu-system-riscv64 on our own guests. Both run
 * every guest several times in turn, CPU time is compared and checksums must agree.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import {
  FLOAT_GUESTS,
  type Guest,
  GuestBuilder,
  type GuestName,
  INTEGER_GUESTS,
  LEAVING_GUESTS,
  MissingTool,
} from './guests.ts';
import { LEAVING_HEAD, type LeavingResult, leavingRow, measureLeaving } from './leaving.ts';
import { geometricMean, median } from './measurement.ts';
import { runInOurs } from './ours.ts';
import { runInQemu } from './qemu.ts';

const USAGE = `usage: npm run bench -- [--rounds N] [--only GUEST] [--json FILE]
guests: ${INTEGER_GUESTS.join(' ')}
        ${FLOAT_GUESTS.join(' ')}
        ${LEAVING_GUESTS.join(' ')}`;
const DEFAULT_ROUNDS = 5;

interface Result {
  readonly guest: GuestName;
  readonly checksum: string;
  readonly instructions: number;
  /** Million instructions per second of CPU time: median of the rounds. */
  readonly mips: { readonly ours: number; readonly qemu: number };
  /** Ours to qemu: median of the ratios of the rounds. */
  readonly ratio: number;
}

async function measure(guest: Guest, rounds: number): Promise<Result> {
  const ours: number[] = [];
  const qemu: number[] = [];
  const warm = runInOurs(guest);
  for (let round = 0; round < rounds; round++) {
    const theirs = await runInQemu(guest);
    const own = runInOurs(guest);
    if (theirs.checksum !== own.checksum || warm.instructions !== own.instructions) {
      throw new Error(`${guest.name}: checksum ${own.checksum} is not qemu's ${theirs.checksum}`);
    }
    ours.push(own.instructions / own.cpuMs / 1000);
    qemu.push(own.instructions / theirs.cpuMs / 1000);
  }
  return {
    guest: guest.name,
    checksum: warm.checksum,
    instructions: warm.instructions,
    mips: { ours: median(ours), qemu: median(qemu) },
    ratio: median(ours.map((mips, round) => mips / (qemu[round] ?? Number.NaN))),
  };
}

/** How fast guest code runs. */
async function compareSpeed(builder: GuestBuilder, names: readonly GuestName[], rounds: number): Promise<Result[]> {
  const results: Result[] = [];
  if (names.length === 0) return results;
  console.log('guest           instructions   ours MIPS   qemu MIPS   ratio   checksum');
  for (const name of names) {
    const result = await measure(builder.build(name), rounds);
    results.push(result);
    console.log(row(result));
  }
  console.log(`geometric mean of the ratios: ${meanOf(results).toFixed(3)} (${rounds} rounds, CPU time)`);
  return results;
}

/** What it costs to leave it. */
async function compareLeaving(
  builder: GuestBuilder,
  names: readonly GuestName[],
  rounds: number,
): Promise<LeavingResult[]> {
  const results: LeavingResult[] = [];
  if (names.length > 0) console.log(LEAVING_HEAD);
  for (const name of names) {
    const result = await measureLeaving(builder.build(name), rounds);
    results.push(result);
    console.log(leavingRow(result));
  }
  return results;
}

function meanOf(results: readonly Result[]): number {
  return geometricMean(results.map((result) => result.ratio));
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: String(DEFAULT_ROUNDS) },
      only: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const rounds = Number(values.rounds);
  const wanted = (name: GuestName) => values.only === undefined || values.only === name;
  const integer = INTEGER_GUESTS.filter(wanted);
  const float = FLOAT_GUESTS.filter(wanted);
  const leaving = LEAVING_GUESTS.filter(wanted);
  if (!Number.isInteger(rounds) || rounds < 1 || integer.length + float.length + leaving.length === 0) {
    console.error(USAGE);
    return 2;
  }
  const builder = new GuestBuilder();
  try {
    const results = await compareSpeed(builder, integer, rounds);
    const floatResults = await compareSpeed(builder, float, rounds);
    const left = await compareLeaving(builder, leaving, rounds);
    if (values.json !== undefined) {
      const about = { node: process.version, v8: process.versions.v8, cpu: cpus()[0]?.model ?? 'unknown', rounds };
      const [geomean, floatGeomean] = [results, floatResults].map((some) => (some.length === 0 ? null : meanOf(some)));
      const all = { ...about, geomean, results, floatGeomean, floatResults, leaving: left };
      writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`);
    }
    return 0;
  } finally {
    builder.dispose();
  }
}

function row({ guest, instructions, mips, ratio, checksum }: Result): string {
  const cells = [
    guest.padEnd(13),
    String(instructions).padStart(14),
    mips.ours.toFixed(0).padStart(11),
    mips.qemu.toFixed(0).padStart(11),
    ratio.toFixed(3).padStart(7),
    `  ${checksum}`,
  ];
  return cells.join(' ');
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = error instanceof MissingTool || (error instanceof TypeError && 'code' in error) ? 2 : 1;
}
