/** Runs a guest of the conformance on Ecall's machine. */
import type { Config } from '../../config/index.ts';
import { createMachine } from '../../machine/index.ts';
import type { GuestSettings, Run } from './types.ts';

/** Far more than the cases of an extension need; a guest that hangs ends there. */
const MAX_INSTRUCTIONS = 100_000_000;
/** 1 ms of virtual time has many turns of the other hart. Nothing hangs but at the limit of instructions. */
export const ECALL_GUEST: GuestSettings = { patience: 10_000, settle: 2500, watch: 0 };

/** Stop reasons in a word; a guest that reports a failure is shut down or reset all the same. */
function endOf(code: string, words: string): string {
  if (code === 'powered-off') return 'shutdown';
  if (code === 'reset') return 'reset';
  if (code === 'guest-failed') return words.includes('asked for a reset') ? 'reset' : 'shutdown';
  return `${code}: ${words}`;
}

export function onEcall(image: Uint8Array, config: Config): Run {
  const pieces: Uint8Array[] = [];
  const hooks = { console: (bytes: Uint8Array) => pieces.push(bytes.slice()) };
  const made = createMachine({ config, image, hooks });
  if (!made.ok) throw new Error(made.failure.message);
  const status = made.machine.run({ until: 'forever', instructions: MAX_INSTRUCTIONS });
  const output = Buffer.concat(pieces).toString('latin1');
  if (status.kind !== 'stopped') return { output, ended: status.kind };
  const { code, words } = status.stop;
  return { output, ended: endOf(code, words) };
}
