/** `ecall replay`: replays what kvmprobe recorded on real kernels, and compares line by line. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { hostOf } from '../../replay/host.ts';
import type { Recordings } from '../../replay/recordings.ts';
import { replayRun } from '../../replay/replay.ts';
import { countsOf, differencesOf, type RunReport } from '../../replay/report.ts';
import type { Runs } from '../../replay/script.ts';
import { argumentsOf } from '../arguments.ts';
import { EXIT, type OptionHelp, optionLines, UsageError } from '../usage.ts';
import { openOracle } from './recordings.ts';

const OPTIONS: readonly OptionHelp[] = [
  { name: 'payload', value: 'FILE', says: 'The recorded payload, when it is not the one that comes with Ecall.' },
  { name: 'run', value: 'NAME', says: 'Only this recording.' },
  { name: 'all', says: 'Print every difference, also those on purpose.' },
];

export const REPLAY_HELP = `Usage: ecall replay DIR [OPTIONS]

Replays recordings of the real Linux KVM on the model of the same host and compares output and exits line by line.
DIR holds runs.sh and a folder for each host, or is one of these folders.

${optionLines(OPTIONS)}

Exit code 0: every line is equal or differs on purpose. 1: some line differs. 2: bad usage, or nothing could be matched.`;

const PAYLOAD = fileURLToPath(new URL('../../kvm/testdata/payload/guest.bin', import.meta.url));
/** Differences of one run that are printed, unless all are asked for. */
const SHOWN = 8;

interface Options {
  readonly all: boolean;
  readonly only: string | undefined;
}

export function replay(args: readonly string[]): number {
  const { values, positionals } = argumentsOf(args, {
    allowPositionals: true,
    options: { payload: { type: 'string' }, run: { type: 'string' }, all: { type: 'boolean' } },
  });
  const [folder, extra] = positionals;
  if (folder === undefined || extra !== undefined) {
    throw new UsageError('replay takes one folder', 'Try ecall replay --help.');
  }
  const file = values.payload ?? PAYLOAD;
  if (!existsSync(file)) throw new UsageError(`there is no payload ${file}`, 'Name it with --payload.');
  const payload = new Uint8Array(readFileSync(file));
  const oracle = openOracle(folder);
  const options = { all: values.all ?? false, only: values.run };
  const reports = oracle.hosts.flatMap((host) => replayed(host, oracle.runs, payload, options));
  const done = reports.filter(({ refusal }) => refusal === null);
  say(`total: ${words(done)}, ${done.length} runs`);
  if (done.length === 0) return EXIT.usage;
  return countsOf(done).different > 0 ? 1 : EXIT.done;
}

function replayed(host: Recordings, runs: Runs, payload: Uint8Array, options: Options): readonly RunReport[] {
  const found = hostOf(host);
  if ('refusal' in found) {
    say(`${host.name}: cannot be matched: ${found.refusal}`);
    return [];
  }
  say(`${host.name}: ${found.words.join('; ')}`);
  const names = host.runs.filter((run) => options.only === undefined || run === options.only);
  return names.map((run) => {
    const report = replayRun({ recordings: host, runs, profile: found.profile, payload, run });
    tell(report, options.all);
    return report;
  });
}

function tell(report: RunReport, all: boolean): void {
  const { run, refusal } = report;
  if (refusal !== null) {
    say(`  ${run}: cannot be matched: ${refusal}`);
    return;
  }
  say(`  ${run}: ${words([report])}`);
  const differences = differencesOf(report);
  const shown = all ? differences : differences.filter(({ reason }) => reason === null).slice(0, SHOWN);
  for (const { file, line, recorded, ours, reason } of shown) {
    say(`    ${file}:${line}${reason === null ? '' : ` (${reason})`}`);
    say(`      recorded: ${recorded ?? '(no such line)'}`);
    say(`      ours:     ${ours ?? '(no such line)'}`);
  }
}

function words(reports: readonly RunReport[]): string {
  const { lines, equal, purpose, different } = countsOf(reports);
  return `${lines} lines, ${equal} equal, ${purpose} differ on purpose, ${different} differ`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
