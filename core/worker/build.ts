/** Makes machines for the session: of a configuration and its guest, or of a state file. */
import { type Config, parseConfig } from '../config/index.ts';
import type { Machine, MachineHooks } from '../machine/api.ts';
import { createMachine, restoreMachine } from '../machine/machine.ts';
import type { prepareGuest } from '../machine/programs.ts';
import type { MachineSnapshot } from '../machine/snapshot.ts';
import { fromStateFile } from '../machine/state-file.ts';
import type { Failure, LoadReport } from '../protocol/index.ts';
import { PlainError } from '../schema/plain.ts';
import { assembleReport } from './report.ts';

export interface Loaded {
  readonly config: Config;
  /** Makes the image of a program: the assembler is loaded apart from the machine. */
  readonly prepare: typeof prepareGuest;
  readonly image?: Uint8Array;
  readonly initrd?: Uint8Array;
}

type Hooks = Required<Pick<MachineHooks, 'console' | 'log'>>;

/** Lines that come while the machine is built belong to the report. `machine` is null when it was refused. */
export function build(loaded: Loaded, hooks: Hooks): { readonly report: LoadReport; readonly machine: Machine | null } {
  const { config, initrd } = loaded;
  const guest = loaded.prepare(config, loaded.image);
  const assembled = guest.assembled === null ? null : assembleReport(guest.assembled);
  const refused = (failure: Failure) => ({ report: { ok: false, failure, assembled } as const, machine: null });
  if (!guest.ok) return refused(guest.failure);
  const warnings: string[] = [];
  let log: Hooks['log'] = (words) => void warnings.push(words);
  const created = createMachine({
    config,
    image: guest.image,
    ...(initrd === undefined ? {} : { initrd }),
    hooks: { console: hooks.console, log: (words) => log(words) },
  });
  if (!created.ok) return refused(created.failure);
  log = hooks.log;
  const { machine } = created;
  return { report: { ok: true, assembled, entry: machine.entry, warnings }, machine };
}

/** The machine of a state file, as it stood. */
export async function restore(
  text: string,
  hooks: Hooks,
): Promise<{ readonly machine: Machine; readonly config: Config } | Failure> {
  let snapshot: MachineSnapshot;
  try {
    snapshot = await fromStateFile(text);
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    return { code: 'snapshot', message: `This state cannot be loaded: ${error.message}.` };
  }
  const made = restoreMachine({ snapshot, hooks });
  if (!made.ok) return made.failure;
  const parsed = parseConfig(snapshot.config);
  if (!parsed.ok) throw new Error('a machine was made of a configuration that is none');
  return { machine: made.machine, config: parsed.config };
}
