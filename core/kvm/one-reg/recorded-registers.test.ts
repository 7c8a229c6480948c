import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hostProfile } from '../profiles/index.ts';
import { bench } from '../testdata/bench.ts';
import { EBUSY, EINTR, EINVAL, ENOENT, type KvmVcpu } from '../uapi.ts';

const ERRNO: Readonly<Record<string, number>> = { OK: 0, ENOENT, EINVAL, EBUSY };
const NAMES = Object.fromEntries(Object.entries(ERRNO).map(([name, errno]) => [errno, name]));
const SBI_MULTI_EN = 0x8030000008010000n;
const SBI_MULTI_DIS = 0x8030000008020000n;
const ALL = (1n << 64n) - 1n;

const hex = (value: bigint): string => (value === 0n ? '0' : `0x${value.toString(16)}`);

function shown(vcpu: KvmVcpu, id: bigint): string {
  const { errno, value } = vcpu.getOneReg(id);
  return errno === 0 ? hex(value) : (NAMES[errno] ?? `${errno}`);
}

/** The recording put registers back between its trials, without saying so. */
function restore(vcpu: KvmVcpu, id: bigint, before: string): void {
  if (shown(vcpu, id) === before || !before.startsWith('0')) return;
  if (id !== SBI_MULTI_EN && id !== SBI_MULTI_DIS) {
    vcpu.setOneReg(id, BigInt(before));
    return;
  }
  const enabled = id === SBI_MULTI_EN ? BigInt(before) : ALL ^ BigInt(before);
  vcpu.setOneReg(SBI_MULTI_DIS, ALL);
  vcpu.setOneReg(SBI_MULTI_EN, enabled);
}

function section(file: string, title: string): readonly string[] {
  const text = readFileSync(new URL(`../testdata/${file}`, import.meta.url), 'utf8');
  const part = text.split('## ').find((candidate) => candidate.startsWith(title)) ?? '';
  return part
    .split('\n')
    .slice(1)
    .filter((line) => line !== '');
}

describe.each([
  ['linux-7.2-nov01', 'linux-7.2.13.registers.txt'],
  ['linux-6.12', 'linux-6.12.107.registers.txt'],
] as const)('registers recorded from the kernel of %s', (name, file) => {
  describe.each(['fresh', 'ran'])('on a vcpu that is %s', (state) => {
    const [vcpu] = bench(hostProfile(name)!, 'upstream').vcpus;
    if (state === 'ran') {
      vcpu!.run.immediate_exit = 1;
      if (vcpu!.kvmRun() !== -EINTR) throw new Error('KVM_RUN with immediate_exit has to give EINTR');
    }
    it.each(section(file, state))('%s', (line) => {
      const assignment = /^(0x\w+) = (\d) -> (\w+)$/.exec(line);
      if (assignment !== null) {
        const [, id = '', value = '', errno = ''] = assignment;
        expect(-vcpu!.setOneReg(BigInt(id), BigInt(value)) || 0).toBe(ERRNO[errno]);
        return;
      }
      const [, id = '', before = '', value = '', errno = '', after = ''] =
        /^(0x\w+): (\w+), (\w+) -> (\w+), (\w+)$/.exec(line) ?? [];
      const register = BigInt(id);
      restore(vcpu!, register, before);
      expect(shown(vcpu!, register)).toBe(before);
      expect(NAMES[-vcpu!.setOneReg(register, BigInt(value)) || 0]).toBe(errno);
      expect(shown(vcpu!, register)).toBe(after);
    });
  });
});
