/**
 * A host with the real KVM: QEMU emulates a machine with the hypervisor extension, Linux boots on it, and what a job
 * leaves there comes back. The initramfs is the whole of its disk; the console is the way out.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CpioEntry, cpio } from '../../cli/guests/cpio.ts';
import { run } from '../apt.ts';
import type { HostKernel } from './kernel.ts';

const INIT = fileURLToPath(new URL('./init.sh', import.meta.url));

/** QEMU's options for what is below KVM. */
export interface HostMachine {
  /** Program of QEMU. */
  readonly qemu: string;
  readonly machine: string;
  readonly cpu: string;
  readonly smp: number;
}

/** The machine of the profile `PLAIN`, whose ids earlier QEMUs do not have by themselves. */
export const PLAIN_MACHINE = { machine: 'virt', cpu: 'rv64,h=true,marchid=42', smp: 2 } as const;

export interface Job {
  /** By path below /job, where `job.sh` is run; a path may have folders. What it leaves in /out comes back. */
  readonly files: ReadonlyMap<string, JobFile>;
  /** Wall seconds, boot included, after which the host is switched off. */
  readonly seconds: number;
}

export interface JobFile {
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** The host did not do its job; the message has the end of its console. */
export class HostError extends Error {}

const RAM = '1G';
/** Lines of the console that an error shows. */
const SHOWN_LINES = 20;
const INITRAMFS = 'initramfs.cpio';
/** Between two looks at the console. */
const LOOK_MS = 500;
const BEGIN = '=====BEGIN';
const END = '=====END';
const NO_KVM = '=====NOKVM';

/**
 * Boots a host, runs the job and gives its files, `host-dmesg.txt` among them; `watch` sees each line of the console as
 * it comes. Throws HostError.
 */
export async function runOnHost(
  machine: HostMachine,
  kernel: HostKernel,
  job: Job,
  watch: (line: string) => void = () => undefined,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const folder = mkdtempSync(join(tmpdir(), 'ecall-host-'));
  try {
    writeFileSync(join(folder, INITRAMFS), initramfsOf(kernel, job.files));
    const console = await boot(machine, kernel, folder, job.seconds, watch);
    return unpack(console, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function initramfsOf({ modules, busybox }: HostKernel, job: Job['files']): Uint8Array {
  const file = (path: string, bytes: Uint8Array, executable = false): CpioEntry => ({
    kind: 'file',
    path,
    bytes,
    executable,
  });
  // Modules are loaded in the order of their names.
  const loaded = modules.map((path, at) => file(`modules/${at}-${basename(path)}`, readFileSync(path)));
  const jobFiles = [...job].map(([path, { bytes, executable }]) => file(`job/${path}`, bytes, executable));
  const folders = [...new Set([...job.keys()].flatMap(foldersOf))].map((path) => `job/${path}`);
  return cpio([
    ...['bin', 'dev', 'proc', 'sys', 'tmp', 'out', 'modules', 'job', ...folders].map(
      (path): CpioEntry => ({ kind: 'folder', path }),
    ),
    { kind: 'character-device', path: 'dev/console', major: 5, minor: 1 },
    file('init', readFileSync(INIT), true),
    file('bin/busybox', readFileSync(busybox), true),
    ...loaded,
    ...jobFiles,
  ]);
}

/** Each folder that a path goes through, outermost first. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

/**
 * What the host said on its console: a file, since QEMU drops what a pipe does not take at once, and its reader may be busy.
 */
async function boot(
  { qemu, machine, cpu, smp }: HostMachine,
  kernel: HostKernel,
  folder: string,
  seconds: number,
  watch: (line: string) => void,
): Promise<string> {
  const log = join(folder, 'console.log');
  writeFileSync(log, '');
  const ports = ['-display', 'none', '-serial', `file:${log}`, '-monitor', 'none'];
  const args = ['-M', machine, '-cpu', cpu, '-smp', `${smp}`, '-m', RAM, ...ports, '-no-reboot'];
  const initramfs = join(folder, INITRAMFS);
  const linux = ['-kernel', kernel.image, '-initrd', initramfs, '-append', 'console=ttyS0 panic=-1 loglevel=1'];
  const child = spawn(qemu, [...args, ...linux], { stdio: ['ignore', 'pipe', 'pipe'] });
  const own: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => own.push(bytes));
  const said = (): string => readFileSync(log, 'latin1').replaceAll('\r', '');
  const lines = new LineWatch(said, watch);
  const looking = setInterval(() => lines.look(), LOOK_MS);
  const clock = { late: false };
  const timer = setTimeout(() => {
    clock.late = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  const failed = await new Promise<string | null>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? null : `QEMU ended with status ${code}`));
  });
  clearTimeout(timer);
  clearInterval(looking);
  lines.look();
  const shown = (): string => tailOf(`${Buffer.concat(own)}${said()}`);
  if (clock.late) throw new HostError(`the host was not done after ${seconds} s:\n${shown()}`);
  if (failed !== null) throw new HostError(`${failed}:\n${shown()}`);
  return said();
}

/** Hands on each line of a growing text once. */
class LineWatch {
  #seen = 0;

  constructor(
    private readonly text: () => string,
    private readonly watch: (line: string) => void,
  ) {}

  look(): void {
    const lines = this.text().split('\n').slice(0, -1);
    for (const line of lines.slice(this.#seen)) this.watch(line);
    this.#seen = lines.length;
  }
}

function tailOf(said: string): string {
  return said.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
}

function unpack(said: string, folder: string): ReadonlyMap<string, Uint8Array> {
  if (said.includes(`${NO_KVM}\n`)) throw new HostError(`the host has no /dev/kvm:\n${tailOf(said)}`);
  const [begin, end] = [said.indexOf(`${BEGIN}\n`), said.indexOf(`\n${END}`)];
  if (begin < 0 || end < begin) throw new HostError(`the host ended without its results:\n${tailOf(said)}`);
  const archive = join(folder, 'out.tar.gz');
  const out = join(folder, 'out');
  writeFileSync(archive, Buffer.from(said.slice(begin + BEGIN.length, end), 'base64'));
  run('sh', ['-c', 'mkdir "$2" && tar -xzf "$1" -C "$2"', 'unpack', archive, out]);
  return new Map(readdirSync(out).map((name) => [name, readFileSync(join(out, name))]));
}
