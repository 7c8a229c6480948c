import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ecall, PRINT_A, resetProgram, scratch } from '../testing/command-line.ts';
import type { CallEvent } from '../trace/events.ts';
import { fromJsonLines } from '../trace/format.ts';

const { folder, file, remove } = scratch();
afterAll(remove);

describe('ecall run: exit codes', () => {
  it.each([
    ['0 when the guest powered off', `_start:\n${resetProgram(0, 0)}`, [], 0, 'powered off'],
    ['0 when the guest asked for a reset', `_start:\n${resetProgram(1, 0)}`, [], 0, 'asked for a reset'],
    ['1 when the guest reported a failure', `_start:\n${resetProgram(0, 1)}`, [], 1, 'failure'],
    ['2 when the source does not assemble', '_start: nonsense a0\n', [], 2, ':1:'],
    ['3 at the limit of instructions', '_start: j _start\n', ['--max-instructions', '10k'], 3, '10000 instructions'],
    ['3 at the limit of time', '_start: j _start\n', ['--timeout', '0.2'], 3, '0.2 seconds'],
    ['4 when nothing can wake the guest', '_start: wfi\n', [], 4, 'cannot come'],
    ['4 when the VMM gives up', '_start: li t0, 0x20000000\n ld t0, (t0)\n', [], 4, 'VMM'],
  ])('%s', async (name, text, options, code, words) => {
    const path = file(`${name.replace(/\W+/g, '-')}.s`, text);
    const result = await ecall('run', path, ...options);
    expect(result.err).toContain(words);
    expect(result.code).toBe(code);
    expect(result.out).toBe('');
  });

  it('2 for a file that is no image', async () => {
    const result = await ecall('run', file('kernel.gz', Uint8Array.of(0x1f, 0x8b, 8, 0)));
    expect([result.code, result.err]).toEqual([2, expect.stringContaining('gzip')]);
  });
});

describe('ecall run', () => {
  it('stops as the VMM stops that it was asked for, and says what follows a reset there', async () => {
    const probe = await ecall('run', '--interface', 'upstream', '--vmm', 'kvmtool', '--example', 'probe');
    expect([probe.code, probe.out.split('\n').at(-1)]).toEqual([4, 'EXPERIMENTAL=']);
    expect(probe.err).toContain('kvmtool has no code for it: it dumps the exit and ends the whole VM');
    const path = file('reset.s', `_start:\n${resetProgram(1, 0)}`);
    expect((await ecall('run', path, '--vmm', 'kvmtool')).err).toContain('; kvmtool ends, as on a shutdown');
    expect((await ecall('run', path, '--vmm', 'cloud-hypervisor', '--aia', 'on')).code).toBe(4);
  });

  it('keeps the console on standard output and everything else off it', async () => {
    const path = file('print.s', `_start:\n${PRINT_A}${resetProgram(0, 0)}`);
    const result = await ecall('run', path, '--stats');
    expect(result.out).toBe('A');
    expect(result.err.trim().split('\n')).toHaveLength(2);
  });

  it('counts in --stats what the trace shows', async () => {
    const trace = join(folder, 'smp.jsonl');
    const result = await ecall('run', '--example', 'smp', '--stats', '--trace', trace);
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

  it('gives the same trace again, and on the reference engine', async () => {
    const traces: string[] = [];
    for (const [at, engine] of ['interpreter', 'interpreter', 'reference'].entries()) {
      const path = join(folder, `timer${at}.jsonl`);
      expect((await ecall('run', '--example', 'timer', '--engine', engine, '--trace', path)).code).toBe(0);
      traces.push(readFileSync(path, 'utf8'));
    }
    expect(new Set(traces).size).toBe(1);
  });

  it('gives the guest the input, with escapes', async () => {
    const text = `_start:\n1: li a7, 2\n ecall\n bltz a0, 1b\n li a7, 1\n ecall\n li t0, 10\n bne a0, t0, 2f\n2: addi s0, s0, 1\n li t1, 3\n bltu s0, t1, 1b\n${resetProgram(0, 0)}`;
    expect((await ecall('run', file('echo.s', text), '--input', 'h\\x69\\n')).out).toBe('hi\n');
  });

  it('runs what asm makes, ELF and flat, and a configuration from a file or a link', async () => {
    const text = `.text\nother: ebreak\n.globl _start\n_start:\n${PRINT_A}${resetProgram(0, 0)}`;
    const path = file('entry.s', text);
    const elf = join(folder, 'entry.elf');
    expect((await ecall('asm', path, '-o', elf)).code).toBe(0);
    expect((await ecall('run', elf)).out).toBe('A');
    const flat = join(folder, 'print.bin');
    const plain = file('plain.s', `_start:\n${PRINT_A}${resetProgram(0, 0)}`);
    expect((await ecall('asm', plain, '--format', 'flat', '--output', flat)).code).toBe(0);
    expect((await ecall('run', flat)).out).toBe('A');
    const json = await ecall('link', plain, '--sbi', 'V01=kvm', '--json');
    expect((await ecall('run', '--config', file('config.json', json.out))).out).toBe('A');
    const link = await ecall('link', plain, '--harts', '2');
    expect(link.out).toMatch(/^#2&n=2&g=~[\w-]+\n$/);
    expect((await ecall('run', '--url', `https://example.org/${link.out.trim()}`)).out).toBe('A');
  });
});

describe('ecall run --trace-format', () => {
  it('writes the trace in the form that is asked for', async () => {
    const path = join(folder, 'trace.csv');
    expect((await ecall('run', '--example', 'hello', '--trace', path, '--trace-format', 'csv')).code).toBe(0);
    const [head, ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(head).toMatch(/^seq,kind,time,hart,/);
    expect(rows.some((row) => /^\d+,call,\d+,0,,DBCN console_write,/.test(row))).toBe(true);
    const refused = await ecall('run', '--example', 'hello', '--trace', path, '--trace-format', 'xml');
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('json, csv, text, ftrace');
  });
});
