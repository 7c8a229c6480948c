import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCommand } from '../../testing/tools.ts';
import { sha256Of } from './checksum.ts';
import { fetchPackage, type PackageStore } from './packages.ts';

const reason = ['apt-get', 'dpkg-deb'].find((command) => findCommand(command) === null);
const words = reason === undefined ? '' : ` (skipped: this machine has no ${reason})`;

describe.skipIf(reason !== undefined)(`fetching a package${words}`, () => {
  let folder = '';
  const said: string[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ecall-packages-'));
    said.length = 0;
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const store = (mirror: string): PackageStore => ({
    mirror: `file:${mirror}`,
    folder: join(folder, 'store'),
    say: (line) => said.push(line),
  });

  /** An archive with one package, whose index nobody signed. */
  function unsignedArchive(): string {
    const archive = join(folder, 'archive');
    const index = join(archive, 'dists/trixie/main/binary-riscv64');
    const control = join(folder, 'thing/DEBIAN');
    for (const path of [index, control]) mkdirSync(path, { recursive: true });
    const fields = 'Package: thing\nVersion: 1\nArchitecture: riscv64\nMaintainer: nobody <nobody@example.org>\n';
    writeFileSync(join(control, 'control'), `${fields}Description: nothing\n`);
    const built = spawnSync('dpkg-deb', ['--build', join(folder, 'thing'), join(archive, 'thing.deb')]);
    expect(built.status).toBe(0);
    const bytes = readFileSync(join(archive, 'thing.deb'));
    const entry = `${fields}Filename: thing.deb\nSize: ${bytes.length}\nSHA256: ${sha256Of(bytes)}\n`;
    writeFileSync(join(index, 'Packages'), entry);
    const sum = ` ${sha256Of(entry)} ${entry.length} main/binary-riscv64/Packages\n`;
    const release = `Suite: trixie\nCodename: trixie\nComponents: main\nArchitectures: riscv64\nSHA256:\n${sum}`;
    writeFileSync(join(archive, 'dists/trixie/Release'), release);
    return archive;
  }

  it('takes nothing from an archive that the keyring of Debian does not vouch for', () => {
    const request = { name: 'thing', architecture: 'riscv64', suites: ['trixie'] };
    expect(() => fetchPackage(request, store(unsignedArchive()), false)).toThrow(/not signed/);
    expect(readdirSync(join(folder, 'store'))).toEqual([]);
  });

  it('asks one suite after the other and says of each what was wrong', () => {
    const request = { name: 'thing', architecture: 'riscv64', suites: ['trixie', 'forky'] };
    expect(() => fetchPackage(request, store(join(folder, 'nowhere')), false)).toThrow(/cannot be fetched/);
    expect(said.filter((line) => line.includes('cannot be had'))).toEqual([
      expect.stringContaining('trixie'),
      expect.stringContaining('forky'),
    ]);
  });

  it('takes what was fetched before only while it is whole', () => {
    const { folder: kept, ...rest } = store(join(folder, 'nowhere'));
    mkdirSync(kept);
    const path = join(kept, 'thing.deb');
    writeFileSync(path, 'whole');
    const before = { name: 'thing', version: '1', suite: 'trixie', sha256: sha256Of('whole'), path };
    writeFileSync(join(kept, 'thing.json'), JSON.stringify(before));
    const request = { name: 'thing', architecture: 'riscv64', suites: [] };
    expect(fetchPackage(request, { folder: kept, ...rest }, false)).toEqual(before);
    writeFileSync(path, 'damaged');
    expect(() => fetchPackage(request, { folder: kept, ...rest }, false)).toThrow(/cannot be fetched/);
  });
});
