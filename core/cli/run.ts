/** `ecall run`: boots a guest and prints what it prints. */
import type { Config } from '../config/index.ts';
import { isText } from '../guests/load.ts';
import { systemById } from '../guests/systems.ts';
import {
  createMachine,
  ENGINES,
  type EngineName,
  fromInputLog,
  type InputEvent,
  type Machine,
  type MachineHooks,
  type MachineOptions,
  prepareGuest,
} from '../machine/index.ts';
import type { TraceEvent } from '../trace/events.ts';
import { TRACE_FORMATS } from '../trace/formats.ts';
import type { StopReason } from '../trace/views.ts';
import { argumentsOf } from './arguments.ts';
import { diagnosticLines } from './asm.ts';
import { CONFIG_HELP, CONFIG_OPTIONS, configurationOf } from './configuration.ts';
import { drive, exitCodeOf, limitsOf } from './drive.ts';
import { readBytes, readText, STDIN_NAME } from './files.ts';
import { readSystem } from './guests/folder.ts';
import { Keyboard } from './keyboard.ts';
import { Output, TraceFile } from './output.ts';
import { type LoadedMachine, loadMachine, refuseBeside, saveMachine } from './state.ts';
import { type ExitCode, type OptionHelp, optionLines, UsageError } from './usage.ts';

const RUN_OPTIONS = {
  initrd: { type: 'string' },
  'input-log': { type: 'string' },
  engine: { type: 'string' },
  load: { type: 'string' },
  save: { type: 'string' },
  'stop-after': { type: 'string' },
  'max-instructions': { type: 'string' },
  timeout: { type: 'string' },
  trace: { type: 'string' },
  'trace-format': { type: 'string' },
  interactive: { type: 'boolean' },
  stats: { type: 'boolean' },
  quiet: { type: 'boolean' },
} as const;

type RunValues = ReturnType<typeof valuesOf>['values'];

function valuesOf(args: readonly string[]) {
  return argumentsOf(args, { options: { ...CONFIG_OPTIONS, ...RUN_OPTIONS }, allowPositionals: true });
}

const RUN_OPTION_HELP: readonly OptionHelp[] = [
  { name: 'initrd', value: 'FILE', says: 'Initial RAM disk.' },
  { name: 'input-log', value: 'FILE', says: 'Replay an input log that the page exported; --input is then ignored.' },
  { name: 'engine', value: 'NAME', says: `One of ${ENGINES.join(', ')}.` },
  { name: 'load', value: 'FILE', says: 'Go on with a machine that --save or the page wrote, in place of a guest.' },
  { name: 'save', value: 'FILE', says: 'When the run stops, write the whole machine to FILE.' },
  { name: 'stop-after', value: 'N', says: 'Pause after so many instructions from here on; exit status 0.' },
  {
    name: 'max-instructions',
    value: 'N',
    says: 'Stop after so many instructions of all harts; k, M and G are understood.',
  },
  { name: 'timeout', value: 'SECONDS', says: 'Stop after so much wall time.' },
  { name: 'trace', value: 'FILE', says: 'Write every event of the trace, as a line of JSON.' },
  { name: 'trace-format', value: 'NAME', says: `The form of --trace instead: ${TRACE_FORMATS.join(', ')}.` },
  {
    name: 'interactive',
    says: 'Standard input is the keyboard of the guest, as it is for --guest without --input; on a terminal Ctrl-] ends.',
  },
  { name: 'stats', says: 'Print counts as one line of JSON, the last on standard error.' },
  { name: 'quiet', says: 'Do not say why the run stopped.' },
];

export const RUN_HELP = `Usage: ecall run FILE [OPTIONS]

Runs FILE: an ELF executable, a Linux Image, a flat binary loaded at 0x80200000, or assembly
source (.s, .S, .asm; on standard input, as -, any text). Without FILE it runs the guest of --example, --guest, --url or --config.
The guest's console is standard output; everything else goes to standard error.

${optionLines([...RUN_OPTION_HELP, ...CONFIG_HELP])}

Exit status: 0 powered off, reset or paused by --stop-after, 1 the guest reported a failure, 2 bad usage, configuration
or image, 3 a limit was reached, 4 the VM stopped.`;

function traceOf({ trace, 'trace-format': name = 'json' }: RunValues): TraceFile | null {
  const format = TRACE_FORMATS.find((known) => known === name);
  if (format === undefined) {
    throw new UsageError(
      `there is no trace format ${name}`,
      `--trace-format takes one of ${TRACE_FORMATS.join(', ')}.`,
    );
  }
  return trace === undefined ? null : new TraceFile(trace, format);
}

export async function run(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = valuesOf(args);
  if (positionals.length > 1) throw new UsageError('give one guest', 'Try ecall run --help.');
  const [path] = positionals;
  const limits = limitsOf(values);
  const engine = engineOf(values.engine);
  const { load, save } = values;
  if (load !== undefined) refuseBeside(values, path);
  const boot = load === undefined ? await bootOf(values, path) : null;
  const trace = traceOf(values);
  const output = new Output();
  const hooks: MachineHooks = {
    console: (bytes) => output.write(bytes),
    log: (words) => process.stderr.write(`vmm: ${words}\n`),
    ...(trace === null ? {} : { event: (event: TraceEvent) => trace.write(event) }),
  };
  const { machine, config } =
    boot === null ? await loadMachine(load ?? '', engine, hooks) : booted(boot, path, engine, hooks);
  const typed = config.guest.kind === 'system' && config.input === '' && boot?.replay === undefined;
  const keyboard = values.interactive === true || typed ? new Keyboard() : null;
  if (keyboard?.words != null && values.quiet !== true) process.stderr.write(`ecall: ${keyboard.words}\n`);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  output.open();
  const started = performance.now();
  const stop = await drive(machine, limits, output, keyboard, interrupt.signal).finally(() => {
    keyboard?.close();
    process.off('SIGINT', onInterrupt);
  });
  const wall = performance.now() - started;
  trace?.close();
  await output.drained();
  output.close();
  if (save !== undefined) await saveMachine(machine, save);
  if (values.quiet !== true) process.stderr.write(`ecall: ${stop.words}\n`);
  if (values.stats === true) process.stderr.write(`${JSON.stringify(statsOf(machine, stop, wall))}\n`);
  return exitCodeOf(stop);
}

interface Boot extends Omit<MachineOptions, 'engine' | 'hooks'> {}

/** What is booted, from the options. */
async function bootOf(values: RunValues, path: string | undefined): Promise<Boot> {
  const replay = values['input-log'] === undefined ? undefined : inputLogOf(values['input-log']);
  const { config, file, ...guest } = guestOf(await configurationOf(values), path, values);
  const initrd = values.initrd === undefined ? guest.initrd : readBytes(values.initrd);
  return {
    config,
    image: imageOf(config, file, path),
    ...(initrd === undefined ? {} : { initrd }),
    ...(replay === undefined ? {} : { replay }),
  };
}

function booted(boot: Boot, path: string | undefined, engine: EngineName, hooks: MachineHooks): LoadedMachine {
  const created = createMachine({ ...boot, engine, hooks });
  if (created.ok) return { machine: created.machine, config: boot.config };
  const { code, message, hint } = created.failure;
  throw new UsageError(code === 'image' && path !== undefined ? `${path}: ${message}` : message, hint);
}

/** What `--stats` prints: times in virtual ns and wall ms. */
function statsOf(machine: Machine, stop: StopReason, wall: number) {
  const { calls, exits, traps } = machine.counts();
  const { instructions, time } = machine;
  return { stop, instructions, time, wall: Math.round(wall * 1000) / 1000, exits, traps, calls };
}

const SOURCE_NAME = /\.(s|asm)$/i;

interface ChosenGuest {
  readonly config: Config;
  readonly file: Uint8Array | undefined;
  readonly initrd?: Uint8Array;
}

function guestOf(
  config: Config,
  path: string | undefined,
  given: { example?: string; guest?: string; url?: string; config?: string },
): ChosenGuest {
  if (path === undefined) {
    const named = [given.example, given.guest, given.url, given.config].some((option) => option !== undefined);
    const hint = 'A file, or --example, --guest, --url or --config; ecall run --help.';
    if (!named) throw new UsageError('give a guest', hint);
    const system = config.guest.kind === 'system' ? systemById(config.guest.id) : undefined;
    if (system === undefined) return { config, file: undefined };
    const { image, initrd } = readSystem(system);
    return { config, file: image, initrd };
  }
  for (const option of ['example', 'guest'] as const) {
    if (given[option] !== undefined) throw new UsageError(`give a file or --${option}, not both`);
  }
  if (SOURCE_NAME.test(path)) return sourceGuest(config, readText(path));
  const file = readBytes(path);
  if (path === STDIN_NAME && isText(file)) return sourceGuest(config, new TextDecoder().decode(file));
  return { config: { ...config, guest: { kind: 'image', name: path } }, file };
}

function sourceGuest(config: Config, text: string): ChosenGuest {
  return { config: { ...config, guest: { kind: 'source', text } }, file: undefined };
}

function imageOf(config: Config, file: Uint8Array | undefined, path = 'source'): Uint8Array {
  const guest = prepareGuest(config, file);
  const lines = diagnosticLines(path, guest.assembled?.diagnostics ?? []);
  if (guest.ok) {
    if (lines !== '') process.stderr.write(`${lines}\n`);
    return guest.image;
  }
  throw new UsageError(
    lines === '' ? guest.failure.message : `the source does not assemble\n${lines}`,
    lines === '' ? guest.failure.hint : undefined,
  );
}

function engineOf(name = 'interpreter'): EngineName {
  const engine = ENGINES.find((known) => known === name);
  if (engine === undefined) throw new UsageError(`there is no engine ${name}`, `One of ${ENGINES.join(', ')}.`);
  return engine;
}

function inputLogOf(path: string): readonly InputEvent[] {
  try {
    return fromInputLog(readText(path));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(`${path}: ${error.message}`);
  }
}
