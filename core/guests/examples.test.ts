import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assemble } from '../isa/asm/index.ts';
import { SBI } from '../sbi/spec/index.ts';
import { SBI_NAMES } from '../sbi/types.ts';
import { onOpenSbi } from '../testing/conformance/opensbi.ts';
import { firmwareOrSkip } from '../testing/firmware.ts';
import { linkedByGnu } from '../testing/gnu.ts';
import { toolOrSkip } from '../testing/tools.ts';
import { EXAMPLES } from './catalogue.ts';
import { LESSON_IDS, tryThisOf } from './lessons.ts';
import { place } from './load.ts';
import { PROGRAMS } from './programs/index.ts';

const as = toolOrSkip('as');
const ld = toolOrSkip('ld');
const qemu = toolOrSkip('qemu');

/** What GNU as takes without a word about the architecture and QEMU 7.2 executes, floating point aside. */
const PLAIN = new Set(['I', 'M', 'A', 'C', 'Zicsr', 'Zicntr', 'Zifencei', 'Sstc']);

describe('examples', () => {
  it('have ids of their own, a title, a word about themselves and something to try', () => {
    expect(new Set(EXAMPLES.map((example) => example.id)).size).toBe(EXAMPLES.length);
    for (const example of EXAMPLES) {
      expect(example.id).toMatch(/^[a-z-]+$/);
      expect([example.title, example.says].every((text) => text.length > 0)).toBe(true);
      expect(tryThisOf(example.id).length).toBeGreaterThan(0);
      expect(example.harts).toBe(example.config?.harts ?? 1);
      for (const { patch } of tryThisOf(example.id)) {
        for (const name of Object.keys(patch?.sbi ?? {})) expect(SBI_NAMES).toContain(name);
      }
    }
  });

  it('probe every extension of the tables, by an id of it', () => {
    const source = PROGRAMS.get('probe') ?? '';
    for (const name of SBI_NAMES) {
      const [low] = SBI[name].eid;
      expect(source).toContain(`3, 0x${low.toString(16)}, ${name}_name`);
    }
  });

  it('are the programs and the lessons there are, and have one each', () => {
    expect(LESSON_IDS).toEqual(EXAMPLES.map(({ id }) => id));
    expect([...PROGRAMS.keys()]).toEqual(EXAMPLES.map(({ id }) => id));
  });

  it.each([...PROGRAMS])('%s assembles without a word', (_id, program) => {
    expect(assemble(program).diagnostics).toEqual([]);
  });

  it.skipIf(as.path === null || ld.path === null).each([...PROGRAMS])(
    '%s is code that GNU as and ld turn into the same bytes',
    (_id, program) => {
      const elf = linkedByGnu({ as: as.path!, ld: ld.path! }, program);
      const image = place(elf, 0x8000_0000n, 0x100_0000n);
      const ours = assemble(program, { extensions: PLAIN });
      expect('problem' in image ? image.problem : image.segments[0]?.bytes).toEqual(ours.image?.bytes);
    },
  );
});

/** What an example prints under OpenSBI 1.1, which is SBI 1.0 without DBCN, SUSP and FWFT. */
async function underQemu(source: string, input: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ecall-qemu-'));
  const image = join(folder, 'image');
  const built = assemble(source, { extensions: PLAIN }).image;
  writeFileSync(image, built?.bytes ?? new Uint8Array(0));
  const qemuArguments = ['-M', 'virt', '-m', '32M', '-smp', '2', '-nographic', '-monitor', 'none', '-kernel', image];
  try {
    return await new Promise((resolve, reject) => {
      const child = spawn(qemu.path!, qemuArguments, { timeout: 60_000 });
      let text = '';
      child.stdout.on('data', (data: Buffer) => {
        text += data.toString();
        if (input !== '' && text.includes('quits')) child.stdin.end(input);
      });
      child.on('error', reject);
      child.on('close', () => resolve(text.replaceAll('\r', '').replace(/^[\s\S]*MEDELEG.*\n/, '')));
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** OpenSBI boots on whichever hart wins; the examples of two harts take hart 0 to be the first, as KVM does. */
async function bootedOnHart0(source: string): Promise<string> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const text = await underQemu(source, '');
    if (!text.includes('ALREADY') && !text.includes('error -6')) return text;
  }
  throw new Error('QEMU never booted on hart 0');
}

describe.skipIf(qemu.path === null)('examples under QEMU', () => {
  const run = (id: string, input = '') => underQemu(PROGRAMS.get(id) ?? '', input);

  it('hello tells by legacy putchar that DBCN is missing', async () => {
    expect(await run('hello')).toBe('DBCN is not there: this comes by legacy putchar.\n');
  });

  it('putchar greets', async () => {
    expect(await run('putchar')).toBe('Hello, one byte at a time!\n');
  });

  it('probe reports what OpenSBI 1.1 has', async () => {
    const text = await run('probe');
    expect(text).toContain('spec_version=0x1000000\nimpl_id=0x1\n');
    expect(text).toContain('HSM=0x1\nSRST=0x1\n');
    expect(text).toContain('DBCN=0x0\nSUSP=0x0\n');
    expect(
      text
        .trimEnd()
        .split('\n')
        .every((line) => /^\w+=(0x[0-9a-f]+|-\d+)$/.test(line)),
    ).toBe(true);
  });

  it('echo tells the error of console_read', async () => {
    expect(await run('echo')).toBe('Type something; q quits.\nDBCN console_read is refused: error -2\n');
  });

  it('timer ticks by both ways and compares them', async () => {
    const text = await run('timer');
    expect(text.match(/ a tick, late by time units: \d+/g)).toHaveLength(10);
    expect(text).toMatch(/by set_timer \d+, by stimecmp \d+\n$/);
  });

  it('smp starts, wakes and stops the second hart', async () => {
    expect(await bootedOnHart0(PROGRAMS.get('smp') ?? '')).toBe(
      'Hart 0 starts hart 1.\nHart 1 runs; its opaque value is 0x1234.\nHart 0 sends hart 1 an interrupt.\n' +
        'Hart 1 heard it and stops.\nHart 1 is STOPPED.\n',
    );
  });

  it('fence sees the new code and the new page after the fences', async () => {
    const text = await bootedOnHart0(PROGRAMS.get('fence') ?? '');
    expect(text).toContain('After remote_fence_i:      2\n');
    expect(text).toMatch(/After remote_sfence_vma: {3}2\n$/);
  });

  it('misaligned finds harts that carry the loads out, and no FWFT', async () => {
    expect(await run('misaligned')).toMatch(
      /^100 loads from an odd address: 0 traps came here, \d+ time units\.\nMISALIGNED_EXC_DELEG is refused: error -2\n$/,
    );
  });

  it('governor and mailbox say that OpenSBI 1.1 has neither CPPC nor MPXY', async () => {
    expect(await run('governor')).toBe('There is no CPPC here.\n');
    expect(await run('mailbox')).toBe('There is no MPXY here.\n');
  });

  it('suspend falls back to hart_suspend', async () => {
    expect(await run('suspend')).toMatch(
      /system_suspend is refused: error -2\.\nThe hart naps alone\.\nAwake after \d+ ms\.\n$/,
    );
  });

  it('sse tells that there is none', async () => {
    expect(await bootedOnHart0(PROGRAMS.get('sse') ?? '')).toContain('\nSSE function 2 is refused: error -2\n');
  });

  it('triggers tells that there is no DBTR', async () => {
    expect(await run('triggers')).toBe('DBTR function 0 is refused: error -2\n');
  });

  it('profiler tells that no overflow is seen without Sscofpmf', async () => {
    expect(await run('profiler')).toMatch(/nobody is told\. The hart has no Sscofpmf\.\n$/);
  });

  it('too-new copes', async () => {
    expect(await run('too-new')).toContain('The SBI reports version 1.0: the debug console came with 2.0.\n');
  });

  it('uart prints by the serial port and tells that DBCN is missing', async () => {
    expect(await run('uart')).toContain('twice a day.\nconsole_write is refused: error -2\n');
  });
});

const newer = { qemu: toolOrSkip('qemuNew').path, firmware: firmwareOrSkip('opensbi-1.9').path };

describe.skipIf(newer.qemu === null || newer.firmware === null)('examples under a newer QEMU with OpenSBI 1.9', () => {
  it('triggers fire where they do on Ecall, but for how many there are', () => {
    const { bytes } = assemble(PROGRAMS.get('triggers') ?? '').image ?? { bytes: new Uint8Array(0) };
    const { output } = onOpenSbi(bytes, { qemu: newer.qemu!, firmware: newer.firmware! });
    expect(output.replaceAll('\r', '').replace(/^[\s\S]*MEDELEG.*\n/, '')).toBe(
      'The hart has 2 triggers that can be a breakpoint.\n' +
        'Breakpoint: stval is sepc + 0; runs of the marked instruction so far: 0.\n' +
        'Watchpoint: sepc is the store + 0, stval the variable + 0; it holds 0 and is to become 1.\n' +
        'Both fired, and are disabled. Now the watchpoint is enabled again.\n' +
        'Watchpoint: sepc is the store + 0, stval the variable + 0; it holds 2 and is to become 3.\n' +
        'Uninstalled: nothing fired any more.\n',
    );
  });
});
