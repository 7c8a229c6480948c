/** Runs guests as S-mode kernels: under QEMU with OpenSBI, and on the machine with KVM and VMM. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Config, defaultConfig } from '../../config/index.ts';
import { assemble } from '../../isa/asm/index.ts';
import { createMachine } from '../../machine/index.ts';
import { PROFILE } from '../qemu/extensions.ts';
import { FIRST_LINE } from './program.ts';

const TIMEOUT_MS = 120_000;
/** Far more than a walk needs. */
const MAX_INSTRUCTIONS = 200_000_000;

/** The flat image of a guest; throws with what the assembler says. */
export function imageOf(source: string, extensions: ReadonlySet<string>): Uint8Array {
  const { image, diagnostics } = assemble(source, { extensions });
  const wrong = diagnostics.find(({ severity }) => severity === 'error');
  if (image === null || wrong) throw new Error(`line ${wrong?.line}: ${wrong?.message}`);
  return image.bytes;
}

/** What OpenSBI says itself of an instruction that it hands on as illegal. */
const FIRMWARE_REMARK = /system_opcode_insn: Invalid opcode for CSR read\/write instruction/g;

/** The lines that a guest prints, from the first of its own. */
function linesOf(output: string): string[] {
  const text = output.replaceAll('\r', '').replaceAll(FIRMWARE_REMARK, '');
  const start = text.indexOf(FIRST_LINE);
  return start < 0 ? [] : text.slice(start).trimEnd().split('\n').slice(1);
}

export function underQemu(image: Uint8Array): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'ecall-walk-'));
  try {
    const kernel = join(folder, 'image');
    writeFileSync(kernel, image);
    const quiet = ['-display', 'none', '-serial', 'stdio', '-monitor', 'none', '-nodefaults'];
    const { stdout, error } = spawnSync(
      PROFILE.path,
      // Only with a second processor does QEMU make real atomics, whose faults are store faults as they should be.
      ['-M', 'virt', '-cpu', PROFILE.cpu, '-m', '64M', '-smp', '2', ...quiet, '-kernel', kernel],
      { encoding: 'utf8', timeout: TIMEOUT_MS, maxBuffer: 1 << 26 },
    );
    if (error) throw error;
    return linesOf(stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export interface MachineRun {
  readonly lines: readonly string[];
  /** The code of the stop reason, and its words. */
  readonly stop: string;
}

export function onMachine(image: Uint8Array): MachineRun {
  const config: Config = { ...defaultConfig(), isa: [...PROFILE.extensions] };
  let output = '';
  const hooks = {
    console: (bytes: Uint8Array) => {
      output += Buffer.from(bytes).toString('latin1');
    },
  };
  const made = createMachine({ config, image, hooks });
  if (!made.ok) throw new Error(made.failure.message);
  const status = made.machine.run({ until: 'forever', instructions: MAX_INSTRUCTIONS });
  const stop = status.kind === 'stopped' ? `${status.stop.code}: ${status.stop.words}` : status.kind;
  return { lines: linesOf(output), stop };
}
