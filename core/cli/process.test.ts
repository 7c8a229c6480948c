import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CLI_MAIN, ecall, ecallProcess, PRINT_A, type Result, resetProgram, scratch } from '../testing/command-line.ts';

const { folder, file, remove } = scratch();
afterAll(remove);

/** How long it took is not the same twice. */
const timeless = ({ code, out, err }: Result) => ({ code, out, err: err.replace(/[\d.]+ s$/m, 'TIME') });

describe('as a process', () => {
  const print = file('print.s', `_start:\n${PRINT_A}${resetProgram(0, 0)}`);

  // The other tests of the commands are in their own process; this shows that nothing is different in one.
  it.each([
    [0, ['run', print]],
    [3, ['run', file('endless.s', '_start: j _start\n'), '--max-instructions', '10k']],
    [4, ['run', file('asleep.s', '_start: wfi\n')]],
    [2, ['run', '--example', 'hello', '--harts', '9']],
    [1, ['check', '--sbi', 'HSM=off', '--harts', '2']],
    [0, ['link', print]],
    [0, ['asm', print, '--symbols']],
    [2, ['asm', file('bad.s', '_start: nonsense\n')]],
    [0, ['disasm', file('code.bin', Uint8Array.of(0x73, 0, 0, 0))]],
    [0, ['explain', 'hart_start']],
    [0, ['export', '--as', 'kvmtool', '--sbi', 'TIME=vmm']],
    [0, ['matrix', '--host', 'linux-7.2', '--vmm', 'kvmtool']],
    [2, ['nope']],
  ])('ends with %i and writes the same for %j', async (code, args) => {
    const result = ecallProcess(args);
    expect(result.code).toBe(code);
    expect(timeless(result)).toEqual(timeless(await ecall(...args)));
  });

  it('ends an endless guest whose reader has gone, with 4', () => {
    const flood = `_start: li a7, 0x4442434e\n li a6, 0\n li a0, 4096\n la a1, _start\n li a2, 0\n ecall\n j _start\n`;
    const command = '"$0" --import tsx "$@" | head -c 10 > "$OUT"; exit $PIPESTATUS';
    const result = spawnSync('bash', ['-c', command, process.execPath, CLI_MAIN, 'run', file('flood.s', flood)], {
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...process.env, OUT: join(folder, 'head') },
    });
    expect([result.status, result.stderr]).toEqual([4, 'ecall: stopped: nobody reads standard output any more\n']);
  });

  it('assembles text that comes on standard input', () => {
    const { code, err } = ecallProcess(['run', '-'], `_start:${resetProgram(0, 1)}`);
    expect([code, err]).toEqual([1, expect.stringContaining('failure')]);
  });
});
