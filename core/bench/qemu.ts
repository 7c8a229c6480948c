/** Runs a bench guest in qemu-system-riscv64 (TCG) under the OpenSBI that comes with it, and takes its CPU time. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { type Guest, MissingTool } from './guests.ts';
import { LineWatch, type Measurement } from './measurement.ts';

const QEMU = 'qemu-system-riscv64';
const ARGS = [
  '-M',
  'virt',
  '-m',
  '128',
  '-smp',
  '1',
  '-bios',
  'default',
  '-nographic',
  '-monitor',
  'none',
  '-serial',
  'stdio',
];
/** A guest takes about a second; one that hangs must not hold the bench up. */
const LIMIT_MS = 120_000;

export async function runInQemu(guest: Guest): Promise<Measurement> {
  const child = spawn(QEMU, [...ARGS, '-kernel', guest.elf], { stdio: ['ignore', 'pipe', 'inherit'] });
  const watch = new LineWatch(() => threadTimesOf(child.pid ?? 0));
  const timer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
  child.stdout.setEncoding('latin1').on('data', (text: string) => watch.put(text));
  await new Promise<void>((resolve, reject) => {
    child.on('error', (error) => {
      reject('code' in error && error.code === 'ENOENT' ? new MissingTool(QEMU, 'qemu-system-misc') : error);
    });
    child.on('close', () => resolve());
  }).finally(() => clearTimeout(timer));
  if (watch.begin === null || watch.end === null) throw new Error(`${guest.name} did not finish in ${QEMU}`);
  return { checksum: watch.end.checksum, cpuMs: cpuMsBetween(watch.begin, watch.end.sample) };
}

/** CPU time in nanoseconds of each thread that a process has now. */
type ThreadTimes = ReadonlyMap<string, number>;

function threadTimesOf(pid: number): ThreadTimes {
  const folder = `/proc/${pid}/task`;
  const time = (thread: string) => Number(readFileSync(`${folder}/${thread}/schedstat`, 'latin1').split(' ')[0]);
  return new Map(readdirSync(folder).map((thread) => [thread, time(thread)]));
}

/** CPU time in milliseconds between two looks; that of a thread which ended in between is not known, and left out. */
export function cpuMsBetween(begin: ThreadTimes, end: ThreadTimes): number {
  let nanoseconds = 0;
  for (const [thread, time] of end) nanoseconds += time - (begin.get(thread) ?? 0);
  return nanoseconds / 1e6;
}
