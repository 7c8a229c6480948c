/** Exported programs, compiled and run on a host. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { toC } from '../../export/index.ts';
import type { RealCase } from './cases.ts';
import { type HostMachine, type JobFile, runOnHost } from './host.ts';
import type { HostKernel } from './kernel.ts';
import type { Shown } from './ours.ts';

/** Wall seconds for one program on the emulated host, where most take a fraction of one. */
const PROGRAM_SECONDS = 30;
/** On a busy machine a vcpu of the emulated host sometimes sleeps past its timer for ever (seen once in 15 runs of a clock with set_timer). */
const TRIES = 3;
/** Exit status of a program that `timeout` ended. */
const TIMED_OUT = 143;

export interface RealRun extends Shown {
  /** What the program said on standard error besides the exits. */
  readonly words: readonly string[];
}

const execute = promisify(execFile);

/** Compiles and runs the program of each case in one boot. Throws HostError. */
export async function runPrograms(
  gcc: string,
  machine: HostMachine,
  kernel: HostKernel,
  cases: readonly RealCase[],
  seconds: number,
): Promise<ReadonlyMap<RealCase, RealRun>> {
  const folder = mkdtempSync(join(tmpdir(), 'ecall-programs-'));
  try {
    const jobs = cases.map(({ config, image }, at) => ({
      at: `${at}`,
      text: toC(config).text,
      config,
      image,
    }));
    const programs = await compiledAll(gcc, new Set(jobs.map(({ text }) => text)), folder);
    const files = new Map<string, JobFile>();
    for (const { at, text, config, image } of jobs) {
      const program = programs.get(text);
      if (program !== undefined) files.set(`${at}/vm`, { bytes: program, executable: true });
      files.set(`${at}/guest`, data(image));
      files.set(`${at}/input`, data(Buffer.from(config.input)));
    }
    files.set('job.sh', data(Buffer.from(jobs.map(({ at }) => commandOf(at)).join(''))));
    const results = await runOnHost(machine, kernel, { files, seconds });
    return new Map(cases.map((one, at) => [one, runOf(results, `${at}`)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function data(bytes: Uint8Array): JobFile {
  return { bytes, executable: false };
}

/** By text; as many at once as there are CPUs. */
async function compiledAll(
  gcc: string,
  texts: ReadonlySet<string>,
  folder: string,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const left = [...texts].entries();
  const programs = new Map<string, Uint8Array>();
  const worker = async (): Promise<void> => {
    for (const [at, text] of left) programs.set(text, await compiled(gcc, text, join(folder, `${at}`)));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return programs;
}

async function compiled(gcc: string, text: string, path: string): Promise<Uint8Array> {
  writeFileSync(`${path}.c`, text);
  await execute(gcc, ['-Wall', '-Wextra', '-Werror', '-static', '-s', '-o', path, `${path}.c`]);
  return readFileSync(path);
}

function commandOf(at: string): string {
  const [out, err, status] = ['out', 'err', 'status'].map((part) => `/out/${at}.${part}`);
  const tries = Array.from({ length: TRIES }, (_, n) => n).join(' ');
  return `cd /job/${at}
for try in ${tries}; do
timeout ${PROGRAM_SECONDS} ./vm --exits guest < input > ${out} 2> ${err}
echo $? > ${status}
[ $(cat ${status}) = ${TIMED_OUT} ] || break
done
`;
}

function runOf(results: ReadonlyMap<string, Uint8Array>, at: string): RealRun {
  const text = (part: string): string => Buffer.from(results.get(`${at}.${part}`) ?? []).toString('latin1');
  const lines = text('err').split('\n').slice(0, -1);
  const isExit = (line: string): boolean => /^vcpu \d+: KVM_EXIT_/.test(line);
  return {
    console: text('out'),
    exits: lines.filter(isExit),
    words: lines.filter((line) => !isExit(line)),
    status: Number(text('status') || 'NaN'),
  };
}
