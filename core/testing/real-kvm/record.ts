/** `npm run record`: records on a real KVM what `ecall replay` compares. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { argumentsOf } from '../../cli/arguments.ts';
import { EXIT, type OptionHelp, optionLines, UsageError } from '../../cli/usage.ts';
import { FetchError, run } from '../apt.ts';
import { fetchedProgram, fetchPrograms, RELEASE } from '../fetch.ts';
import { findTool, type ToolName } from '../tools.ts';
import { HostError, type HostMachine, PLAIN_MACHINE, runOnHost } from './host.ts';
import { fetchKernel, findKernel, type HostKernel } from './kernel.ts';
import { compiledProbe } from './probe.ts';

const RECORDED = fileURLToPath(new URL('../../kvm/testdata/', import.meta.url));
const RUNS = join(RECORDED, 'recorded/runs.sh');
const PAYLOAD = join(RECORDED, 'payload/guest.bin');
/** Wall seconds that all runs of `runs.sh` take together at most, on a machine that has better to do. */
const SECONDS = 1800;

const OPTIONS: readonly OptionHelp[] = [
  { name: 'suite', value: 'NAME', says: `Release of Debian that kernel and QEMU come from; default ${RELEASE}.` },
  { name: 'machine', value: 'TEXT', says: `QEMU's -M; default ${PLAIN_MACHINE.machine}.` },
  { name: 'cpu', value: 'TEXT', says: `QEMU's -cpu, which needs the H extension; default ${PLAIN_MACHINE.cpu}.` },
  { name: 'smp', value: 'N', says: `CPUs of the host; default ${PLAIN_MACHINE.smp}.` },
  { name: 'qemu', value: 'PROGRAM', says: 'A qemu-system-riscv64 of your own.' },
  { name: 'kernel', value: 'IMAGE', says: 'A kernel of your own, for -kernel.' },
  {
    name: 'module',
    value: 'FILE',
    says: 'Its kvm.ko, unless it is built in; repeat it for others, in the order to load.',
  },
  { name: 'runs', value: 'FILE', says: 'What is run; default core/kvm/testdata/recorded/runs.sh.' },
  { name: 'payload', value: 'FILE', says: 'What is run as guest; default core/kvm/testdata/payload/guest.bin.' },
  { name: 'timeout', value: 'SECONDS', says: `Give up after so much wall time; default ${SECONDS}.` },
];

const HELP = `Usage: npm run record -- FOLDER [OPTIONS]

Boots Linux in QEMU with the hypervisor extension, runs our probe on its KVM, and writes what came of each run to FOLDER,
whose last part names the host, and runs.sh beside it. Compare with: npm run -s ecall -- replay FOLDER

${optionLines(OPTIONS)}

Kernel, QEMU and headers are fetched from Debian the first time, verified, and kept in .cache or in the folder that
ECALL_CACHE names.`;

const say = (words: string): void => console.error(`record: ${words}`);

function valuesOf(args: readonly string[]) {
  const text = { type: 'string' } as const;
  return argumentsOf(args, {
    allowPositionals: true,
    options: {
      suite: { ...text, default: RELEASE },
      machine: { ...text, default: PLAIN_MACHINE.machine },
      cpu: { ...text, default: PLAIN_MACHINE.cpu },
      smp: { ...text, default: `${PLAIN_MACHINE.smp}` },
      qemu: text,
      kernel: text,
      module: { ...text, multiple: true },
      runs: { ...text, default: RUNS },
      payload: { ...text, default: PAYLOAD },
      timeout: { ...text, default: `${SECONDS}` },
      help: { type: 'boolean' },
    },
  });
}

type Values = ReturnType<typeof valuesOf>['values'];

async function record(folder: string, values: Values): Promise<void> {
  const { suite, machine, cpu, runs, payload } = values;
  if (!/^[a-z][a-z-]*$/.test(suite)) throw new UsageError(`--suite ${suite} is no release of Debian`);
  const script = fileOf('runs', runs);
  const beside = join(dirname(folder), 'runs.sh');
  if (existsSync(beside) && !readFileSync(beside).equals(script))
    throw new UsageError(`${beside} is another than ${runs}`, 'Recordings of one runs.sh share a folder.');
  const smp = countOf('smp', values.smp);
  const seconds = countOf('timeout', values.timeout);
  const guest = fileOf('payload', payload);
  checkKernel(values);
  const kernel = kernelOf(values);
  const host: HostMachine = { qemu: qemuOf(values), machine, cpu, smp };
  const files = new Map([
    ['kvmprobe', { bytes: compiledProbe(needed('gccLinux')), executable: true }],
    ['guest.bin', { bytes: guest, executable: false }],
    ['job.sh', { bytes: script, executable: false }],
  ]);
  say('booting the host');
  const results = await runOnHost(host, kernel, { files, seconds }, (line) => {
    if (line.startsWith('== ')) say(line.slice('== '.length));
  });
  mkdirSync(folder, { recursive: true });
  for (const [name, bytes] of results) writeFileSync(join(folder, name), bytes);
  writeFileSync(join(folder, 'host-command.txt'), commandText(host, kernel));
  writeFileSync(beside, script);
  const count = readdirSync(folder).filter((name) => name.endsWith('.ioctl.log')).length;
  say(`${count} runs are in ${folder}. Compare them: npm run -s ecall -- replay ${folder}`);
}

function commandText({ qemu, machine, cpu, smp }: HostMachine, { image, packages }: HostKernel): string {
  const [version] = run(qemu, ['--version']).split('\n');
  const kernel = packages.length > 0 ? packages.join(' ') : image;
  return `${version}\nqemu-system-riscv64 -M ${machine} -cpu ${cpu} -smp ${smp}\n${kernel}\n`;
}

function fileOf(option: string, path: string): Buffer {
  if (!existsSync(path)) throw new UsageError(`--${option} ${path}: there is no such file`);
  return readFileSync(path);
}

function countOf(option: string, text: string): number {
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new UsageError(`--${option} ${text}: give a whole number from 1`);
  return Number(text);
}

function needed(name: ToolName): string {
  const path = findTool(name);
  if (path === null) throw new UsageError(`${name} is missing`, 'npm run tools says how to get it.');
  return path;
}

function qemuOf({ qemu, suite }: Values): string {
  if (qemu !== undefined) return qemu;
  if (suite === RELEASE) return needed('qemuNew');
  const program = fetchedProgram('qemu-system-riscv64', suite);
  if (!existsSync(program)) {
    say(`fetching QEMU of Debian ${suite}`);
    fetchPrograms(suite, ['qemu-system-riscv']);
  }
  return program;
}

function checkKernel({ kernel, module: modules = [] }: Values): void {
  if (kernel === undefined && modules.length > 0) throw new UsageError('--module belongs to --kernel', 'Give both.');
  if (kernel !== undefined) fileOf('kernel', kernel);
  for (const path of modules) fileOf('module', path);
}

/** BusyBox comes from the suite also for a kernel of one's own. */
function kernelOf({ suite, kernel: image, module: modules = [] }: Values): HostKernel {
  if (findKernel(suite) === null) {
    say(`fetching the kernel of Debian ${suite}`);
    fetchKernel(suite);
  }
  const kernel = findKernel(suite);
  if (kernel === null) throw new FetchError(`the kernel of Debian ${suite} cannot be kept`);
  if (image === undefined) return kernel;
  return { image, modules, busybox: kernel.busybox, packages: [] };
}

/** The command; gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = valuesOf(args);
    if (values.help === true) {
      console.log(HELP);
      return EXIT.done;
    }
    const [folder, extra] = positionals;
    if (folder === undefined || extra !== undefined)
      throw new UsageError('give one folder', 'Try npm run record -- --help.');
    await record(folder, values);
    return EXIT.done;
  } catch (error) {
    const known = [UsageError, FetchError, HostError].some((kind) => error instanceof kind);
    if (!known) throw error;
    const hint = error instanceof UsageError && error.hint !== undefined ? `\n  ${error.hint}` : '';
    say(`${(error as Error).message}${hint}`);
    return error instanceof HostError ? EXIT.vmStopped : EXIT.usage;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main(process.argv.slice(2));
