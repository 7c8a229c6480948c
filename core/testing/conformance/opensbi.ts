/** Runs a guest of the conformance in QEMU's virt machine on OpenSBI. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HARTS, RAM_MIB, TYPED } from './layout.ts';
import { HANGS } from './outcome.ts';
import type { GuestSettings, Run } from './types.ts';

/** All that QEMU has, but Smepmp: with it OpenSBI hangs on a console call for no bytes. */
const CPU = 'max,smepmp=off';
/**
 * An instruction takes 128 ns of virtual time, whatever else the machine that runs the tests does: what waits by the clock
 * (OpenSBI before it suspends, a hart that watches another) waits as many instructions, and asleep no time at all.
 */
const VIRTUAL_CLOCK = 'shift=7,sleep=off';
/** Wall time for a run that does not end, should the other hart not watch or not get to it. */
const TIMEOUT_MS = 20_000;
/** A second, 100 ms and 3 s of virtual time. */
export const OPENSBI_GUEST: GuestSettings = { patience: 10_000_000, settle: 1_000_000, watch: 30_000_000 };

/**
 * QEMU's trace tells of shutdowns alone, whatever their reason. A reset ends QEMU too, as it was asked to, and is
 * not told.
 */
function endOf(trace: string): 'shutdown' | 'reset' {
  return trace.includes('qemu_system_shutdown_request') ? 'shutdown' : 'reset';
}

export interface VirtMachine {
  readonly qemu: string;
  readonly firmware: string;
  /** Path of dtc when OpenSBI is to serve SUSP, which it does on request of the device tree alone. */
  readonly suspendsBy?: string;
  /** All that the newer QEMU has when left out. */
  readonly cpu?: string;
}

/** What makes OpenSBI suspend: it waits five seconds, then for an interrupt. [OpenSBI docs/opensbi_config.md] */
const SUSPEND_NODE = 'opensbi-config { compatible = "opensbi,config"; system-suspend-test; };';

/** The machine's device tree with one node more, as a file in `folder`. */
function treeThatSuspends(folder: string, qemu: string, machine: readonly string[], dtc: string): string {
  const [plain, tree] = [join(folder, 'plain.dtb'), join(folder, 'tree.dtb')];
  const [, board = '', ...rest] = machine;
  execFileSync(qemu, ['-M', `${board},dumpdtb=${plain}`, ...rest, '-display', 'none', '-nodefaults'], {
    stdio: 'pipe',
  });
  const text = execFileSync(dtc, ['-q', '-I', 'dtb', '-O', 'dts', plain], { encoding: 'utf8' });
  const more = text.replace(/(\n\s*chosen \{[^}]*)\}/, `$1${SUSPEND_NODE} }`);
  execFileSync(dtc, ['-q', '-I', 'dts', '-O', 'dtb', '-o', tree, '-'], { input: more });
  return tree;
}

export function onOpenSbi(image: Uint8Array, { qemu, firmware, suspendsBy, cpu = CPU }: VirtMachine): Run {
  const folder = mkdtempSync(join(tmpdir(), 'ecall-conformance-'));
  try {
    const kernel = join(folder, 'image');
    const trace = join(folder, 'trace');
    writeFileSync(kernel, image);
    const machine = ['-M', 'virt', '-cpu', cpu, '-m', `${RAM_MIB}M`, '-smp', String(HARTS)];
    const tree = suspendsBy === undefined ? [] : ['-dtb', treeThatSuspends(folder, qemu, machine, suspendsBy)];
    const quiet = ['-display', 'none', '-serial', 'stdio', '-monitor', 'none', '-nodefaults', '-no-reboot'];
    const clock = ['-icount', VIRTUAL_CLOCK];
    const traced = ['-trace', `enable=qemu_system_shutdown_request,file=${trace}`];
    const { stdout, stderr, status, error } = spawnSync(
      qemu,
      [...machine, ...tree, ...quiet, ...clock, ...traced, '-bios', firmware, '-kernel', kernel],
      { input: TYPED, encoding: 'latin1', timeout: TIMEOUT_MS, maxBuffer: 1 << 24 },
    );
    if (error && !('code' in error && error.code === 'ETIMEDOUT')) throw error;
    if (error) return { output: stdout, ended: HANGS };
    if (status === null || !existsSync(trace)) throw new Error(`QEMU failed: ${stderr}`);
    return { output: stdout, ended: endOf(readFileSync(trace, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
