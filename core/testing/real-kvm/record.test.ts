import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { main } from './record.ts';

let folder = '';
let said: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecall-record-'));
  said = [];
  vi.spyOn(console, 'error').mockImplementation((line: string) => said.push(line));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it.each([
  [[], 'give one folder'],
  [['a', 'b'], 'give one folder'],
  [['x', '--cpu'], '--cpu'],
  [['x', '--suite', '../etc'], '--suite ../etc is no release of Debian'],
  [['x', '--smp', '0'], '--smp 0: give a whole number from 1'],
  [['x', '--timeout', 'long'], '--timeout long: give a whole number from 1'],
  [['x', '--runs', '/nowhere/runs.sh'], '--runs /nowhere/runs.sh: there is no such file'],
  [['x', '--kernel', '/nowhere/Image'], '--kernel /nowhere/Image: there is no such file'],
  [['x', '--module', '/nowhere/kvm.ko'], '--module belongs to --kernel'],
])('with %j it says what is wrong before anything is fetched or booted', async (args, words) => {
  vi.stubEnv('ECALL_CACHE', folder);
  const given = args.map((arg) => (arg === 'x' ? join(folder, 'host') : arg));
  expect(await main(given)).toBe(2);
  expect(said.join('\n')).toContain(words);
  expect(readdirSync(folder)).toEqual([]);
  vi.unstubAllEnvs();
});

it('puts no recording beside those of another runs.sh', async () => {
  writeFileSync(join(folder, 'runs.sh'), 'r other --arg 1\n');
  mkdirSync(join(folder, 'host'));
  expect(await main([join(folder, 'host')])).toBe(2);
  expect(said.join('\n')).toContain('Recordings of one runs.sh share a folder');
  expect(readdirSync(join(folder, 'host'))).toEqual([]);
});
