/** `ecall run --save` and `--load`: a machine to a file and back. */
import { type Config, parseConfig } from '../config/index.ts';
import {
  type EngineName,
  fromStateFile,
  type Machine,
  type MachineHooks,
  restoreMachine,
  toStateFile,
} from '../machine/index.ts';
import { PlainError } from '../schema/plain.ts';
import { CONFIG_OPTIONS, type ConfigArguments } from './configuration.ts';
import { readText, writeBytes } from './files.ts';
import { UsageError } from './usage.ts';

export interface LoadedMachine {
  readonly machine: Machine;
  readonly config: Config;
}

/** The machine that a file holds; it brings its configuration and its guest with it. */
export async function loadMachine(path: string, engine: EngineName, hooks: MachineHooks): Promise<LoadedMachine> {
  try {
    const snapshot = await fromStateFile(readText(path));
    const made = restoreMachine({ snapshot, engine, hooks });
    if (!made.ok) throw new UsageError(`${path}: ${made.failure.message}`, made.failure.hint);
    const parsed = parseConfig(snapshot.config);
    if (!parsed.ok) throw new Error('a machine was made of a configuration that is none');
    return { machine: made.machine, config: parsed.config };
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    throw new UsageError(`${path}: this state cannot be loaded: ${error.message}`, 'Give a file that --save wrote.');
  }
}

export async function saveMachine(machine: Machine, path: string): Promise<void> {
  writeBytes(path, await toStateFile(machine.save()));
}

/** What would change a machine that is already made. */
export function refuseBeside(
  values: ConfigArguments & { readonly initrd?: string; readonly 'input-log'?: string },
  guest: string | undefined,
): void {
  const names = [...Object.keys(CONFIG_OPTIONS), 'initrd', 'input-log'] as (keyof typeof values)[];
  const given = names.find((name) => values[name] !== undefined);
  const hint = 'The file holds the machine, its configuration and its guest: leave out the rest.';
  if (given !== undefined) throw new UsageError(`give --load or --${given}, not both`, hint);
  if (guest !== undefined) throw new UsageError('give --load or a guest, not both', hint);
}
