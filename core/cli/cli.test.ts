import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { FIELD_NAMES } from '../config/index.ts';
import type { CallEvent } from '../trace/events.ts';
import { fromJsonLines } from '../trace/format.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ecall-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function ecall(...args: string[]): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    input: '',
  });
  return { code: status, out: stdout, err: stderr };
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const reset = (type: number, reason: number): string =>
  ` li a7, 0x53525354\n li a6, 0\n li a0, ${type}\n li a1, ${reason}\n ecall\n`;
const PRINT_A = ' li a7, 1\n li a0, 65\n ecall\n';

describe('ecall run: exit codes', () => {
  it.each([
    ['0 when the guest powered off', `_start:\n${reset(0, 0)}`, [], 0, 'powered off'],
    ['0 when the guest asked for a reset', `_start:\n${reset(1, 0)}`, [], 0, 'asked for a reset'],
    ['1 when the guest reported a failure', `_start:\n${reset(0, 1)}`, [], 1, 'failure'],
    ['2 when the source does not assemble', '_start: nonsense a0\n', [], 2, ':1:'],
    ['3 at the limit of instructions', '_start: j _start\n', ['--max-instructions', '10k'], 3, '10000 instructions'],
    ['3 at the limit of time', '_start: j _start\n', ['--timeout', '0.2'], 3, '0.2 seconds'],
    ['4 when nothing can wake the guest', '_start: wfi\n', [], 4, 'cannot come'],
    ['4 when the VMM gives up', '_start: li t0, 0x20000000\n ld t0, (t0)\n', [], 4, 'VMM'],
  ])('%s', (name, text, options, code, words) => {
    const path = file(`${name.replace(/\W+/g, '-')}.s`, text);
    const result = ecall('run', path, ...options);
    expect(result.err).toContain(words);
    expect(result.code).toBe(code);
    expect(result.out).toBe('');
  });

  it.each([
    [['run'], 'give a guest'],
    [['run', '/nonexistent/guest'], 'no such file'],
    [['run', 'a', 'b'], 'one guest'],
    [['run', '--example', 'nope'], 'nope'],
    [['run', '--example', 'hello', '--nope'], '--nope'],
    [['run', '--example', 'hello', '--harts', '9'], 'harts'],
    [['run', '--example', 'hello', '--sbi', 'DBCN=maybe'], 'One of kvm, vmm, off'],
    [['run', '--example', 'hello', '--sbi', 'DBCN=kvm=vmm'], 'EXT=MODE'],
    [['run', '--example', 'hello', '--isa', 'rv64gq'], 'no extension q'],
    [['run', '--example', 'hello', '--isa', 'rv32i'], 'RV64'],
    [['run', '--example', 'hello', main], 'not both'],
    [['run', '--guest', 'linux', main], 'not both'],
    [['run', '--guest', 'linux', '--example', 'hello'], 'exclude each other'],
    [['run', '--guest', 'nope'], 'linux'],
    [['run', main], 'is text'],
    [['run', folder], 'folder'],
    [['run', '--example', 'hello', '--sbi', 'NOPE=kvm'], 'NOPE'],
    [['run', '--example', 'hello', '--sbi', 'DBCN'], 'EXT=MODE'],
    [['run', '--example', 'hello', '--interface', 'upstream', '--sbi', 'TIME=vmm'], 'TIME cannot be vmm'],
    [
      ['run', '--example', 'hello', '--interface', 'upstream', '--vmm', 'qemu', '--sbi', 'SUSP=vmm'],
      'does not serve SUSP',
    ],
    [['run', '--example', 'hello', '--vmm', 'bhyve'], 'not a choice'],
    [
      ['run', '--example', 'hello', '--interface', 'upstream', '--host', 'linux-6.4', '--vmm', 'crosvm'],
      'KVM_DEV_TYPE_RISCV_AIA',
    ],
    [['run', '--example', 'hello', '--isa', '+Nope'], 'Nope'],
    [['run', '--example', 'hello', '--mvendorid', '0x1ffffffffffffffff'], 'mvendorid'],
    [['run', '--example', 'hello', '--aia', 'nope'], 'One of off, on'],
    [['run', '--example', 'hello', '--engine', 'nope'], 'engine'],
    [['run', '--example', 'hello', '--max-instructions', '0'], 'max-instructions'],
    [['run', '--example', 'hello', '--trace', '/nonexistent/trace'], '/nonexistent/trace'],
    [['run', '--example', 'hello', '--input-log', main], 'line 1'],
    [['run', '--url', '#2&n=nine'], 'harts'],
    [['run', '--url', '#2&g=@Image'], 'Image'],
    [['nope'], 'nope'],
  ])('2 for %j', (args, words) => {
    const result = ecall(...args);
    expect(result.err).toContain(words);
    expect(result.code).toBe(2);
    expect(result.out).toBe('');
    expect(result.err).not.toMatch(/^\s+at /m);
  });

  it('ends an endless guest whose reader has gone, with 4', () => {
    const flood = `_start: li a7, 0x4442434e\n li a6, 0\n li a0, 4096\n la a1, _start\n li a2, 0\n ecall\n j _start\n`;
    const command = '"$0" --import tsx "$@" | head -c 10 > "$OUT"; exit $PIPESTATUS';
    const result = spawnSync('bash', ['-c', command, process.execPath, main, 'run', file('flood.s', flood)], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, OUT: join(folder, 'head') },
    });
    expect([result.status, result.stderr]).toEqual([4, 'ecall: stopped: nobody reads standard output any more\n']);
  });

  it('assembles text that comes on standard input', () => {
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, 'run', '-'], {
      encoding: 'utf8',
      timeout: 60_000,
      input: `_start:${reset(0, 1)}`,
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining('failure')]);
  });

  it('2 for a file that is no image', () => {
    const result = ecall('run', file('kernel.gz', Uint8Array.of(0x1f, 0x8b, 8, 0)));
    expect([result.code, result.err]).toEqual([2, expect.stringContaining('gzip')]);
  });
});

describe('ecall matrix', () => {
  const only = ['--host', 'linux-7.2', '--vmm', 'kvmtool', '--vmm', 'crosvm'];

  it('prints a row for each release and a column for each VMM, and how much was run apart', () => {
    const { code, out, err } = ecall('matrix', ...only, '--host', 'linux-6.4', '--extension', 'susp');
    expect([
      code,
      out
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ]).toEqual([
      0,
      [
        ['SUSP', 'kvmtool', 'crosvm'],
        ['linux-7.2', 'vmm', 'absent'],
        ['linux-6.4', 'absent', 'does not start'],
      ],
    ]);
    expect(err).toMatch(/^ecall: 4 combinations, \d+ guests, [\d.]+ s\n$/);
  });

  it('writes what was found as JSON lines and as CSV', () => {
    const json = ecall('matrix', ...only, '--json')
      .out.trimEnd()
      .split('\n');
    const objects = json.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(objects.map(({ vmm, version }) => [vmm, version])).toEqual([
      ['kvmtool', '3.0'],
      ['crosvm', '3.0'],
    ]);
    const [head, version, ...rows] = ecall('matrix', ...only, '--csv', '--interface', 'accelerator').out.split('\n');
    expect([head, version]).toEqual([
      'interface,host,vmm,what,finding,words',
      'accelerator,linux-7.2,kvmtool,version,3.0,',
    ]);
    expect(rows).toContain('accelerator,linux-7.2,kvmtool,DBCN,vmm,');
  });

  it('counts what a combination allows at most, when that is chosen', () => {
    const old = ['--host', 'linux-5.17', '--vmm', 'ecall', '--vmm', 'qemu', '--choice', 'most'];
    const row = (...args: readonly string[]) =>
      ecall('matrix', ...old, ...args)
        .out.split('\n')[1]
        ?.split(/ {2,}/);
    expect(row('--interface', 'userspace')).toEqual(['linux-5.17', '16/0', '6/3']);
    expect(row()).toEqual(['linux-5.17', '6/0', '6/2']);
  });

  it.each([
    [['--choice', 'all'], 'all'],
    [['--extension', 'NOPE'], 'NOPE'],
    [['--host', 'linux-1.0'], 'linux-1.0'],
    [['--vmm', 'bhyve'], 'bhyve'],
    [['--interface', 'none'], 'none'],
    [['--json', '--csv'], 'exclude each other'],
  ])('ends with 2 for %j', (args, words) => {
    expect(ecall('matrix', ...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(words) });
  });
});

describe('ecall check', () => {
  it('ends with 0 and says nothing when the configuration agrees with itself', () => {
    expect(ecall('check', '--guest', 'linux', '--harts', '4')).toEqual({ code: 0, out: '', err: '' });
  });

  it('ends with 1 and says for each contradiction what Linux does and the way out', () => {
    const { code, out, err } = ecall('check', '--harts', '4', '--sbi', 'HSM=off,SUSP=off');
    expect([code, err]).toEqual([1, '']);
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^sbi\.HSM, harts: .* \[hsm-missing\]$/),
      expect.stringMatching(/^ {2}Linux: .*CPU.*\.$/),
      expect.stringMatching(/^ {2}Way out: .*HSM.*\.$/),
      '',
    ]);
  });

  it('reads a link', () => {
    const link = ecall('link', '--sbi-version', '1.0').out.trim();
    const { code, out } = ecall('check', '--url', link);
    expect([code, out]).toEqual([1, expect.stringContaining('newer-than-version')]);
  });

  it('ends with 2 for a configuration that cannot be', () => {
    expect(ecall('check', '--harts', '9')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('harts') });
  });
});

describe('ecall run', () => {
  it('stops as the VMM stops that it was asked for, and says what follows a reset there', () => {
    const probe = ecall('run', '--interface', 'upstream', '--vmm', 'kvmtool', '--example', 'probe');
    expect([probe.code, probe.out.split('\n').at(-1)]).toEqual([4, 'EXPERIMENTAL=']);
    expect(probe.err).toContain('kvmtool has no code for it: it dumps the exit and ends the whole VM');
    const path = file('reset.s', `_start:\n${reset(1, 0)}`);
    expect(ecall('run', path, '--vmm', 'qemu').err).toContain('; QEMU would boot it again');
    expect(ecall('run', path, '--vmm', 'cloud-hypervisor', '--aia', 'on').code).toBe(4);
  });

  it('keeps the console on standard output and everything else off it', () => {
    const path = file('print.s', `_start:\n${PRINT_A}${reset(0, 0)}`);
    const result = ecall('run', path, '--stats');
    expect(result.out).toBe('A');
    expect(result.err.trim().split('\n')).toHaveLength(2);
  });

  it('counts in --stats what the trace shows', () => {
    const trace = join(folder, 'smp.jsonl');
    const result = ecall('run', '--example', 'smp', '--stats', '--trace', trace);
    expect(result.code).toBe(0);
    const stats = JSON.parse(result.err.trim().split('\n').at(-1) ?? '');
    const calls = fromJsonLines(readFileSync(trace, 'utf8')).filter(
      (event): event is CallEvent => event.kind === 'call',
    );
    const sums = Object.values(stats.calls as Record<string, Record<string, number>>).flatMap((by) =>
      Object.entries(by),
    );
    for (const layer of ['guest', 'kvm', 'vmm', 'none']) {
      const counted = sums.filter(([by]) => by === layer).reduce((sum, [, count]) => sum + count, 0);
      expect(counted).toBe(calls.filter((call) => call.by === layer).length);
    }
    expect(stats).toMatchObject({ stop: { code: 'powered-off' }, exits: { KVM_EXIT_SYSTEM_EVENT: 1 } });
    expect(stats.instructions).toBeGreaterThan(0);
    expect(stats.time).toBeGreaterThan(0);
  });

  it('gives the same trace again, and on the reference engine', () => {
    const traces = ['interpreter', 'interpreter', 'reference'].map((engine, at) => {
      const path = join(folder, `timer${at}.jsonl`);
      expect(ecall('run', '--example', 'timer', '--engine', engine, '--trace', path).code).toBe(0);
      return readFileSync(path, 'utf8');
    });
    expect(new Set(traces).size).toBe(1);
  });

  it('gives the guest the input, with escapes', () => {
    const text = `_start:\n1: li a7, 2\n ecall\n bltz a0, 1b\n li a7, 1\n ecall\n li t0, 10\n bne a0, t0, 2f\n2: addi s0, s0, 1\n li t1, 3\n bltu s0, t1, 1b\n${reset(0, 0)}`;
    expect(ecall('run', file('echo.s', text), '--input', 'h\\x69\\n').out).toBe('hi\n');
  });

  it('runs what asm makes, ELF and flat, and a configuration from a file or a link', () => {
    const text = `.text\nother: ebreak\n.globl _start\n_start:\n${PRINT_A}${reset(0, 0)}`;
    const path = file('entry.s', text);
    const elf = join(folder, 'entry.elf');
    expect(ecall('asm', path, '-o', elf).code).toBe(0);
    expect(ecall('run', elf).out).toBe('A');
    const flat = join(folder, 'print.bin');
    const plain = file('plain.s', `_start:\n${PRINT_A}${reset(0, 0)}`);
    expect(ecall('asm', plain, '--format', 'flat', '--output', flat).code).toBe(0);
    expect(ecall('run', flat).out).toBe('A');
    const json = ecall('link', plain, '--sbi', 'V01=kvm', '--json');
    expect(ecall('run', '--config', file('config.json', json.out)).out).toBe('A');
    const link = ecall('link', plain, '--harts', '2');
    expect(link.out).toMatch(/^#2&n=2&g=~[\w-]+\n$/);
    expect(ecall('run', '--url', `https://example.org/${link.out.trim()}`).out).toBe('A');
  });
});

describe('the other commands', () => {
  it.each([['--help'], ['run', '--help'], ['asm', '--help'], ['disasm', '--help'], ['link', '--help']])(
    '%s %s explains',
    (...args) => {
      const result = ecall(...args);
      expect([result.code, result.out, result.err]).toEqual([0, expect.stringContaining('Usage: ecall'), '']);
    },
  );

  it('link lists every field with its key', () => {
    const { out } = ecall('link', '--fields');
    expect(out.match(/^\S+ \(\w+\): /gm)).toHaveLength(FIELD_NAMES.length);
  });

  it('asm reports every error with its place and exits with 2', () => {
    const result = ecall('asm', file('bad.s', '_start: nonsense\n addi a0, a0\n'));
    expect(result.code).toBe(2);
    expect(result.err).toMatch(/bad\.s:1:\d+: error: .*\n(.*\n)*.*bad\.s:2:\d+: error: /);
  });

  it('asm prints symbols by address', () => {
    const result = ecall('asm', file('symbols.s', '_start: nop\nnext: nop\n'), '--symbols', '--isa=-C');
    expect(result.out).toBe('0000000080200000 _start\n0000000080200004 next\n');
  });

  it('an ISA string is taken with what its extensions require and stand for', () => {
    const path = file('double.s', '_start: fadd.d fa0, fa1, fa2\n csrr a0, fcsr\n c.fld fa0, 0(a0)\n');
    const elf = join(folder, 'double.elf');
    expect(ecall('asm', path, '-o', elf, '--isa', 'rv64gc').code).toBe(0);
    expect(ecall('asm', path, '-o', elf, '--isa', 'rv64idc').code).toBe(0);
    expect(ecall('asm', path, '-o', elf, '--isa', 'rv64imac').code).not.toBe(0);
    expect(ecall('disasm', elf, '--isa', 'rv64gc').out).toContain('fadd.d');
  });

  it('disasm shows what asm made', () => {
    const elf = join(folder, 'disasm.elf');
    ecall('asm', file('disasm.s', '_start: xori a0, a1, 100\n mul a0, a0, a1\n c.nop\n ecall\n'), '-o', elf);
    const lines = ecall('disasm', elf)
      .out.split('\n')
      .map((line) => line.replace(/\s+/g, ' ').trim());
    expect(lines.slice(0, 4)).toEqual([
      '80200000: 0645c513 xori a0,a1,100',
      '80200004: 02b50533 mul a0,a0,a1',
      '80200008: 0001 nop',
      '8020000a: 00000073 ecall',
    ]);
  });

  it('disasm refuses what is no image', () => {
    expect(ecall('disasm', file('empty.bin', '')).code).toBe(2);
  });
});

describe('ecall run: a machine in a file', () => {
  const whole = ecall('run', '--example', 'smp', '--memory', '16', '--stats');
  const counted = ({ err }: Result) => {
    const { wall: _, ...stats } = JSON.parse(err.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
    return stats;
  };

  it('goes on where --stop-after and --save left it, on another engine, as if it had not been left', () => {
    const path = join(folder, 'smp.json');
    const first = ecall('run', '--example', 'smp', '--memory', '16', '--stop-after', '4k', '--save', path);
    expect([first.code, first.err]).toEqual([0, 'ecall: paused after so many instructions\n']);
    const second = ecall('run', '--load', path, '--engine', 'reference', '--stats');
    expect(second.code).toBe(0);
    expect(first.out.length).toBeGreaterThan(10);
    expect(first.out + second.out).toBe(whole.out);
    expect(counted(second)).toEqual(counted(whole));
  });

  it('is refused with the place of what is wrong, or when something else would change it', () => {
    const path = join(folder, 'hello.json');
    ecall('run', '--example', 'hello', '--memory', '16', '--stop-after', '3', '--save', path);
    const state = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const newer = file('newer.json', JSON.stringify({ ...state, version: 99 }));
    expect(ecall('run', '--load', newer)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('version: is 99'),
    });
    const cut = file('cut.json', JSON.stringify(state).slice(0, 500));
    expect(ecall('run', '--load', cut).err).toContain('the file is not JSON');
    expect(ecall('run', '--load', path, '--harts', '2').err).toContain('--load or --harts, not both');
    expect(ecall('run', '--load', path, 'guest.elf').err).toContain('--load or a guest, not both');
  });
});

describe('ecall run --trace-format', () => {
  it('writes the trace in the form that is asked for', () => {
    const path = join(folder, 'trace.csv');
    expect(ecall('run', '--example', 'hello', '--trace', path, '--trace-format', 'csv').code).toBe(0);
    const [head, ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(head).toMatch(/^seq,kind,time,hart,/);
    expect(rows.some((row) => /^\d+,call,\d+,0,,DBCN console_write,/.test(row))).toBe(true);
    const refused = ecall('run', '--example', 'hello', '--trace', path, '--trace-format', 'xml');
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('json, csv, text, ftrace');
  });
});

describe('ecall export', () => {
  it('prints the configuration for a real host, and what it cannot express apart', () => {
    const result = ecall('export', '--as', 'c', '--sbi', 'TIME=vmm');
    expect(result.code).toBe(0);
    expect(result.out).toContain('open("/dev/kvm"');
    expect(result.err).toContain('not expressed: TIME answered by the VMM');
    expect(ecall('export', '--as', 'kvmtool', '--harts', '2').out).toContain('--cpus 2');
  });

  it.each([
    [['export'], 'say what to export as'],
    [['export', '--as', 'xen'], 'there is no format xen'],
  ])('refuses %j', (args, words) => {
    const result = ecall(...args);
    expect(result.code).toBe(2);
    expect(result.err).toContain(words);
  });
});

describe('ecall explain', () => {
  it.each([
    [['hart_start'], 'HSM hart_start  hart_start(hartid, start_addr, opaque)'],
    [['-3'], 'INVALID_PARAM  '],
    [['--list', 'hart_st'], 'SBI functions\n  HSM hart_start\n  HSM hart_stop\n'],
  ])('prints what %j is', (args, words) => {
    const result = ecall('explain', ...args);
    expect([result.code, result.err]).toEqual([0, '']);
    expect(result.out.startsWith(words)).toBe(true);
  });

  it.each([
    [['nonsense'], 'nothing here is called nonsense'],
    [['hart_s'], 'Did you mean HSM hart_start, HSM hart_stop'],
    [['--list', 'nonsense'], 'nothing here fits nonsense'],
  ])('2 for %j', (args, words) => {
    const result = ecall('explain', ...args);
    expect(result.err).toContain(words);
    expect([result.code, result.out]).toEqual([2, '']);
  });
});
