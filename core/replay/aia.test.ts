import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { assemble } from '../isa/asm/index.ts';
import { composeHost, MAX, RELEASES } from '../kvm/profiles/index.ts';
import { kvmprobe } from '../vmm/kvmprobe/index.ts';
import { replayHost } from './machine.ts';

const text = (path: string): string => readFileSync(new URL(`../kvm/testdata/${path}`, import.meta.url), 'utf8');

it('priorities, order and exits of a guest with Ssaia are as recorded from Linux 7.2.13 under QEMU 11.1', () => {
  const release = RELEASES.find(({ name }) => name === '7.2')!;
  const profile = composeHost(release, MAX, { sbiV01: false }, { name: 'max', label: 'max' });
  const { image, diagnostics } = assemble(text('payload/aia.s'), { base: 0x80000000n });
  expect(diagnostics).toEqual([]);
  const { log } = kvmprobe(replayHost(profile, image!.bytes), ['run', '--csr-ret', '0x1234', '--max-log', '1000']);
  const exits = log.filter((line) => line.includes(' EXIT_'));
  expect(exits).toEqual(text('max/7.2.13-aia.txt').trimEnd().split('\n'));
});
