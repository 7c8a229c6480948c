import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fetchPrograms } from './fetch.ts';
import { FIRMWARE_NAMES, fetchFirmware, firmwareOrSkip } from './firmware.ts';
import { fetchKernel, kernelOrSkip } from './real-kvm/kernel.ts';
import { isNewEnough } from './tools.ts';

const noApt = existsSync('/usr/bin/apt-get') ? '' : ' (skipped: this machine has no apt)';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ecall-tools-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function programSaying(text: string): string {
  const path = join(folder, 'program');
  writeFileSync(path, `#!/bin/sh\necho '${text}'\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('a tool that has to be new', () => {
  it.each([
    ['QEMU emulator version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)', [10, 0], false],
    ['QEMU emulator version 10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)', [10, 0], true],
    ['GNU assembler (GNU Binutils for Debian) 2.40', [2, 44], false],
    ['GNU assembler (GNU Binutils for Debian) 2.44', [2, 44], true],
    ['GNU ld (GNU Binutils) 2.44.50.20250501', [2, 44], true],
    ['GNU ld (GNU Binutils) 2.45', [2, 44], true],
    ['GNU ld (GNU Binutils) 3.0', [2, 44], true],
    ['no version at all', [1, 0], false],
  ] as const)('is judged by what it says: %s for %j is %s', (text, atLeast, expected) => {
    expect(isNewEnough(programSaying(text), atLeast)).toBe(expected);
  });

  it('is none when it does not run', () => {
    expect(isNewEnough(join(folder, 'absent'), [0, 0])).toBe(false);
  });
});

describe.skipIf(noApt !== '')(`fetching${noApt}`, () => {
  it('says what apt said when the mirror cannot be read, and leaves nothing behind', () => {
    vi.stubEnv('ECALL_CACHE', folder);
    vi.stubEnv('ECALL_DEBIAN_MIRROR', `file:${folder}/nowhere`);
    expect(() => fetchPrograms()).toThrow(/apt-get update failed:\n[\s\S]*nowhere/);
    expect(readdirSync(join(folder, 'tools'))).toEqual([]);
  });

  it.each([
    ...FIRMWARE_NAMES.map((name) => [name, () => fetchFirmware(name)] as const),
    ['the kernel of a host', () => fetchKernel()] as const,
  ])('says so too of %s', (_, fetch) => {
    vi.stubEnv('ECALL_CACHE', folder);
    vi.stubEnv('ECALL_DEBIAN_MIRROR', `file:${folder}/nowhere`);
    expect(fetch).toThrow(/apt-get update failed:\n[\s\S]*nowhere/);
    expect(readdirSync(join(folder, 'tools'))).toEqual([]);
  });
});

it('firmware or a kernel that is not there is a reason to skip, and an error under CI', () => {
  vi.stubEnv('ECALL_CACHE', folder);
  vi.stubEnv('CI', '');
  expect(firmwareOrSkip('opensbi-1.9').reason).toContain('npm run tools');
  expect(kernelOrSkip().reason).toContain('npm run tools');
  vi.stubEnv('CI', 'true');
  expect(() => firmwareOrSkip('opensbi-1.9')).toThrow('OpenSBI 1.9 is missing');
  expect(() => kernelOrSkip()).toThrow('kernel of Debian trixie is missing');
});
