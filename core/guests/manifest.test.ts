import { describe, expect, it } from 'vitest';
import { fileOf, type Manifest, parseManifest } from './manifest.ts';

const origins = [{ from: 'Debian trixie, package busybox-static', version: '1', licence: 'GPL-2.0-only' }];
const file = { role: 'kernel', name: 'Image', size: 3, sha256: 'a'.repeat(64), origins };
const good = { version: 1, guest: 'linux', files: [file, { ...file, role: 'initrd', name: 'initramfs.cpio' }] };

describe('a manifest', () => {
  it('is read with its files by role', () => {
    const manifest = parseManifest(JSON.stringify(good), 'linux') as Manifest;
    expect(manifest).toEqual(good);
    expect(fileOf(manifest, 'initrd').name).toBe('initramfs.cpio');
  });

  it.each([
    ['a page in HTML', '<!doctype html>'],
    ['a number', '1'],
    ['one of another version', JSON.stringify({ ...good, version: 2 })],
    ['one without a root file system', JSON.stringify({ ...good, files: [file] })],
    ['one with two kernels', JSON.stringify({ ...good, files: [file, ...good.files] })],
    ['one that names a file elsewhere', JSON.stringify({ ...good, files: [{ ...file, name: '../x' }, good.files[1]] })],
    ['one with a file of no size', JSON.stringify({ ...good, files: [{ ...file, size: -1 }, good.files[1]] })],
    ['one without checksums', JSON.stringify({ ...good, files: [{ ...file, sha256: '' }, good.files[1]] })],
    ['one that does not say where it is from', JSON.stringify({ ...good, files: [{ ...file, origins: [{}] }, file] })],
  ])('is none when it is %s', (_, text) => {
    expect(parseManifest(text, 'linux')).toBeNull();
  });

  it('is none when it is that of another guest', () => {
    expect(parseManifest(JSON.stringify(good), 'xv6')).toBeNull();
  });
});
