import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { combined } from '../../config/combination.ts';
import { type Config, defaultConfig, withSystem } from '../../config/index.ts';
import { systemById } from '../../guests/systems.ts';
import { createMachine, type Machine } from '../../machine/index.ts';
import { callName } from '../../sbi/codec.ts';
import { findCommand, toolOrSkip } from '../../testing/tools.ts';
import { imagesOrReason, readSystem } from './folder.ts';
import { COMMANDS } from './initramfs.ts';

const reason = imagesOrReason('linux');
const stockReason = imagesOrReason('debian');
const words = (why: string | null) => (why === null ? '' : ` (skipped: ${why})`);
const dtc = toolOrSkip('dtc');
/** Runs a program on a terminal of its own; that of util-linux. */
const terminal = process.platform === 'linux' ? findCommand('script') : null;
const PROMPT = '/ # ';
/** Far more than a boot takes: a kernel that hangs ends the test by it. */
const MOST_INSTRUCTIONS = 500_000_000;

/**
 * Moves a shell to another hart. What it then executes for the first time, of a file whose pages nobody has executed,
 * needs remote_fence_i, and its fork remote_sfence_vma_asid: with the version of BusyBox at hand, booting alone may
 * need neither. [Linux arch/riscv/mm/cacheflush.c, tlbflush.c]
 */
const MOVE =
  'cp /bin/busybox /busybox2 && /busybox2 ash -c \'taskset -p 1 $$; taskset -p 2 $$; (printf "%05d\\n" $((6 * 7)))\'';

class Linux {
  readonly machine: Machine;
  /** Calls by function, answered by whomever. */
  readonly calls = new Map<string, number>();
  text = '';

  constructor(change: Partial<Config>, id = 'linux') {
    const system = systemById(id);
    const config = withSystem({ ...defaultConfig(), ...change }, id);
    if (system === undefined || config === null) throw new Error(`there is no system ${id}`);
    const { isa = config.isa, bootargs = config.bootargs } = change;
    const decoder = new TextDecoder();
    const created = createMachine({
      config: { ...config, isa, bootargs },
      ...readSystem(system),
      hooks: {
        console: (bytes) => {
          this.text += decoder.decode(bytes, { stream: true });
        },
        event: (event) => {
          if (event.kind !== 'call' || event.by === 'guest') return;
          const name = callName(event.eid, event.fid);
          this.calls.set(name, (this.calls.get(name) ?? 0) + 1);
        },
      },
    });
    if (!created.ok) throw new Error(created.failure.message);
    this.machine = created.machine;
  }

  /** Runs until the shell asks for a command, and gives what was printed since the last time. */
  toPrompt(): string {
    const from = this.text.length;
    // After the prompt the shell asks the terminal for the cursor: ESC [ 6 n.
    const isThere = () => this.text.slice(from).endsWith(`${PROMPT}\x1b[6n`);
    const status = this.machine.run({
      until: 'forever',
      live: true,
      instructions: MOST_INSTRUCTIONS,
      shouldYield: isThere,
    });
    expect(status.kind, this.text).toBe('yielded');
    return this.text.slice(from);
  }

  type(line: string): void {
    this.machine.addInput(new TextEncoder().encode(`${line}\n`));
  }

  /** What a command prints. */
  answer(line: string): string {
    this.type(line);
    return this.toPrompt().replaceAll('\r', '').split('\n').slice(1, -1).join('\n');
  }

  powerOff(): void {
    this.type('poweroff -f');
    const status = this.machine.run({ until: 'forever', live: true, instructions: MOST_INSTRUCTIONS });
    expect(status).toMatchObject({ kind: 'stopped', stop: { code: 'powered-off' } });
  }

  count(name: string): number {
    return this.calls.get(name) ?? 0;
  }
}

describe.skipIf(reason !== null)(`our Linux${words(reason)}`, () => {
  it.each([1, 2, 4])('boots to its shell on %i harts, answers commands and powers off', (harts) => {
    const linux = new Linux({ harts });
    const boot = linux.toPrompt();
    expect(boot).toContain('SBI specification v3.0 detected');
    expect(boot).toContain('SBI DBCN extension detected');
    expect(boot).toContain(`on ${harts} of ${harts} harts`);
    expect(boot).not.toMatch(/\b(BUG|WARNING|Oops|panic)\b/);
    expect(linux.answer('echo $((6 * 7))')).toBe('42');
    expect(linux.answer('cat /proc/cpuinfo').match(/^processor/gm)).toHaveLength(harts);
    // Floating point in user space, saved and restored over switches between two programs.
    expect(linux.answer("awk 'BEGIN { print 1 / 3 }' | cat; awk 'BEGIN { print 2.5 * 2.5 }'")).toBe('0.333333\n6.25');
    linux.powerOff();
  });

  // Counted on the same kernel under QEMU: BASE 1 each of 0, 1 and 2, probe 6, 4 to 6 once and then once for each hart;
  // HSM a start for each further hart; SRST 1; TIME none with Sstc; IPI and RFENCE none with one hart.
  it.each([1, 2, 4])('makes the calls on %i harts that the same kernel makes under QEMU', (harts) => {
    const linux = new Linux({ harts });
    linux.toPrompt();
    if (harts > 1) expect(linux.answer(MOVE)).toContain('00042');
    linux.powerOff();
    const exact = {
      'BASE get_spec_version': 1,
      'BASE get_impl_id': 1,
      'BASE get_impl_version': 1,
      'BASE probe_extension': 6,
      'BASE get_mvendorid': 1 + harts,
      'BASE get_marchid': 1 + harts,
      'BASE get_mimpid': 1 + harts,
      'TIME set_timer': 0,
      'HSM hart_start': harts - 1,
      'SRST system_reset': 1,
    };
    expect(Object.fromEntries(Object.keys(exact).map((name) => [name, linux.count(name)]))).toEqual(exact);
    // These follow from what is printed and typed, and from where the scheduler puts programs: QEMU had 282 and 397
    // writes, 111 and 91 reads, 0 and 269 IPIs, 0 and 9 fences with 1 and 4 harts, under another init.
    expect(linux.count('DBCN console_write')).toBeGreaterThan(100);
    expect(linux.count('DBCN console_write')).toBeLessThan(600);
    expect(linux.count('DBCN console_read')).toBeGreaterThan(5);
    const others = ['IPI send_ipi', 'RFENCE remote_fence_i', 'RFENCE remote_sfence_vma_asid'].map((name) =>
      linux.count(name),
    );
    if (harts === 1) expect(others).toEqual([0, 0, 0]);
    else for (const count of others) expect(count).toBeGreaterThan(0);
    // And no other call.
    const known = new Set([
      ...Object.keys(exact),
      'DBCN console_write',
      'DBCN console_read',
      'IPI send_ipi',
      'RFENCE remote_fence_i',
      'RFENCE remote_sfence_vma_asid',
    ]);
    expect([...linux.calls.keys()].filter((name) => !known.has(name))).toEqual([]);
  });

  it.skipIf(dtc.path === null)('is given a device tree that dtc reads without a warning', () => {
    const linux = new Linux({ harts: 2 });
    // Seeded by rng-seed, which Linux then takes out of the tree.
    expect(linux.toPrompt()).toContain('random: crng init done');
    const blob = Buffer.from(linux.answer('xxd -p /sys/firmware/fdt').replaceAll('\n', ''), 'hex');
    linux.powerOff();
    const { stdout, stderr, status } = spawnSync(dtc.path ?? '', ['-I', 'dtb', '-O', 'dts'], { input: blob });
    expect([stderr.toString(), status]).toEqual(['', 0]);
    const isa = 'rv64imafdc_[a-z_]*zicntr_';
    for (const line of [
      new RegExp(`riscv,isa = "${isa}`),
      /riscv,isa-base = "rv64i"/,
      // Old versions of dtc write a list of strings as one.
      /riscv,isa-extensions = "i(\\0|", ")m(\\0|", ")a(\\0|", ")f(\\0|", ")d(\\0|", ")c\b/,
      /stdout-path = "\/soc\/serial@10000000"/,
      /bootargs = "console=hvc0 earlycon=sbi"/,
      /linux,initrd-start/,
      /linux,initrd-end/,
    ]) {
      expect(stdout.toString()).toMatch(line);
    }
  });

  it('sets its timers by SBI where there is no Sstc', () => {
    const isa = withSystem(defaultConfig(), 'linux')?.isa.filter((name) => name !== 'Sstc') ?? [];
    const linux = new Linux({ isa });
    const boot = linux.toPrompt();
    expect(boot).not.toContain('sstc');
    linux.powerOff();
    expect(linux.count('TIME set_timer')).toBeGreaterThan(10);
  });

  it('is booted again under QEMU when it restarts, and powers off in its second life', () => {
    const {
      interface: kvm,
      host,
      vmm,
      sbi,
    } = combined({ interface: 'upstream', host: 'linux-7.2-nov01', vmm: 'qemu' });
    const linux = new Linux({ interface: kvm, host, vmm, sbi, bootargs: 'console=ttyS0' });
    linux.toPrompt();
    linux.type('echo once > /life; reboot -f');
    expect(linux.toPrompt()).toContain('Linux version');
    expect(linux.answer('cat /life')).toContain('No such file');
    linux.type('poweroff -f');
    const status = linux.machine.run({ until: 'forever', live: true, instructions: MOST_INSTRUCTIONS });
    expect(status).toMatchObject({ kind: 'stopped', stop: { code: 'powered-off' } });
  });

  it('finds all commands of its root file system in BusyBox', () => {
    const linux = new Linux({});
    linux.toPrompt();
    const known = new Set(linux.answer('busybox --list').split('\n'));
    expect(COMMANDS.filter((name) => !known.has(name))).toEqual([]);
    linux.powerOff();
  });

  it('takes commands from standard input in ecall run, which ends with 0', () => {
    const main = fileURLToPath(new URL('../main.ts', import.meta.url));
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', main, 'run', '--guest', 'linux', '--harts', '2', '--max-instructions', '500M'],
      { encoding: 'utf8', timeout: 100_000, input: 'nproc\npoweroff -f\n' },
    );
    expect(stderr).toContain('the guest powered off (SRST system_reset');
    expect(stdout).toMatch(/nproc\r\n2\r\n/);
    expect(status).toBe(0);
  });

  it.skipIf(terminal === null)('takes keys from a terminal, on which Ctrl-] ends the run', () => {
    const main = fileURLToPath(new URL('../main.ts', import.meta.url));
    const command = `"${process.execPath}" --import tsx "${main}" run --guest linux --max-instructions 500M`;
    const run = (keys: string) =>
      spawnSync(terminal ?? '', ['-qec', command, '/dev/null'], { encoding: 'utf8', timeout: 100_000, input: keys });
    const typed = run('echo a$((1 + 1))b\rpoweroff -f\r');
    expect(typed.stdout).toContain('keys go to the guest, Ctrl-] ends');
    expect(typed.stdout).toContain('a2b');
    expect([typed.stdout, typed.status]).toEqual([expect.stringContaining('the guest powered off'), 0]);
    const ended = run('\x1d');
    expect([ended.stdout, ended.status]).toEqual([expect.stringContaining('ecall: interrupted'), 4]);
  });
});

describe.skipIf(stockReason !== null)(`the kernel of Debian${words(stockReason)}`, () => {
  // Counted under QEMU: BASE 1 each of 0, 1 and 2, probe 10, 3 or 4 with one hart and 6 with four of 4, 5 and 6.
  it.each([
    [1, 3],
    [4, 6],
  ])(
    'boots on %i harts to a shell on the UART and powers off, with its first messages by DBCN',
    (harts, identities) => {
      const debian = new Linux({ harts }, 'debian');
      expect(debian.toPrompt()).toContain(`on ${harts} of ${harts} harts`);
      expect(debian.answer('uname -r')).toContain('riscv64');
      expect(debian.answer('nproc')).toBe(String(harts));
      debian.powerOff();
      const exact = {
        'BASE get_spec_version': 1,
        'BASE probe_extension': 10,
        'BASE get_mvendorid': identities,
        'HSM hart_start': harts - 1,
        'SRST system_reset': 1,
        'DBCN console_read': 0,
      };
      expect(Object.fromEntries(Object.keys(exact).map((name) => [name, debian.count(name)]))).toEqual(exact);
      expect(debian.count('DBCN console_write')).toBeGreaterThan(5);
      const { exits } = debian.machine.counts();
      expect(exits.KVM_EXIT_MMIO).toBeGreaterThan(500);
    },
  );
});
