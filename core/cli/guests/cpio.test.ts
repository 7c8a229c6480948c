import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { toolOrSkip } from '../../testing/tools.ts';
import { type CpioEntry, cpio } from './cpio.ts';

const tool = toolOrSkip('cpio');
const ENTRIES: readonly CpioEntry[] = [
  { kind: 'folder', path: 'bin' },
  { kind: 'file', path: 'bin/odd', bytes: new TextEncoder().encode('12345'), executable: true },
  { kind: 'file', path: 'plain.txt', bytes: new Uint8Array(), executable: false },
  { kind: 'link', path: 'bin/sh', target: 'odd' },
  { kind: 'character-device', path: 'console', major: 5, minor: 1 },
];

function run(archive: Uint8Array, cwd: string, ...args: string[]): string {
  const ran = spawnSync(tool.path ?? '', args, { input: archive, cwd, env: { TZ: 'UTC', LC_ALL: 'C' } });
  if (ran.error) throw ran.error;
  expect(ran.status).toBe(0);
  return ran.stdout.toString();
}

describe.skipIf(tool.path === null)(`an archive${tool.reason === null ? '' : ` (skipped: ${tool.reason})`}`, () => {
  it('is listed by cpio with kinds, permissions, owners and sizes', () => {
    const lines = run(cpio(ENTRIES), '/', '-itv', '--quiet', '--numeric-uid-gid')
      .trim()
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' '));
    expect(lines).toEqual([
      'drwxr-xr-x 2 0 0 0 Jan 1 1970 bin',
      '-rwxr-xr-x 1 0 0 5 Jan 1 1970 bin/odd',
      '-rw-r--r-- 1 0 0 0 Jan 1 1970 plain.txt',
      'lrwxrwxrwx 1 0 0 3 Jan 1 1970 bin/sh -> odd',
      'crw------- 1 0 0 5, 1 Jan 1 1970 console',
    ]);
  });

  it('is unpacked by cpio to what went into it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ecall-cpio-'));
    try {
      const files = ENTRIES.filter(({ kind }) => kind !== 'character-device');
      run(cpio(files), folder, '-idm', '--quiet', '--no-preserve-owner');
      expect(readFileSync(join(folder, 'bin/odd'), 'utf8')).toBe('12345');
      expect(statSync(join(folder, 'bin/odd')).mode & 0o777).toBe(0o755);
      expect(readlinkSync(join(folder, 'bin/sh'))).toBe('odd');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

it('is the same archive for the same files', () => {
  expect(cpio(ENTRIES)).toEqual(cpio(ENTRIES));
});
