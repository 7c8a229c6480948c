import { describe, expect, it } from 'vitest';
import { HENVCFG_PMM, HENVCFG_PMM_7 } from '../hart/environment.ts';
import { composeHost, MAX, RELEASES } from './profiles/index.ts';
import { bench, ecall, sbiExtId } from './testdata/bench.ts';
import { EINVAL, ENOENT } from './uapi.ts';

const NEW = composeHost(RELEASES[0]!, MAX, { sbiV01: false }, { name: 'max', label: 'max' });
const FWFT = 0x46574654n;
const MASKING = 5n;
const register = (number: number): bigint => 0x803000000a010000n | BigInt(number);

/** Bits of henvcfg as a hart with Ssnpm keeps them. */
function machine(extensions: readonly string[] = MAX.isa) {
  const made = bench(NEW, 'upstream', { extensions });
  const call = (fid: bigint, ...args: bigint[]) => {
    ecall(made, 0, FWFT, fid, args);
    const [hart] = made.harts;
    return [BigInt.asIntN(64, hart!.readX(10)), hart!.readX(11)];
  };
  return { made, call, vcpu: made.vcpus[0]! };
}

describe('pointer masking through FWFT', () => {
  it('reaches the hart, reads back, and can be locked', () => {
    const { made, call } = machine();
    expect(call(0n, MASKING, 7n, 1n)).toEqual([0n, 0n]);
    expect(made.harts[0]!.henvcfg & HENVCFG_PMM).toBe(HENVCFG_PMM_7);
    expect(call(1n, MASKING)).toEqual([0n, 7n]);
    expect(call(0n, MASKING, 0n, 0n)).toEqual([-14n, 0n]);
  });

  it('is refused once user space has switched it off, and where the host has no Ssnpm to mask with', () => {
    const { vcpu, call } = machine();
    expect(vcpu.setOneReg(register(3), 0n)).toBe(0);
    expect(call(1n, MASKING)).toEqual([-2n, 0n]);
    const bare = machine(MAX.isa.filter((name) => name !== 'SMNPM' && name !== 'SSNPM'));
    expect(bare.call(1n, MASKING)).toEqual([-2n, 0n]);
    expect(bare.vcpu.getOneReg(register(3)).errno).toBe(ENOENT);
  });

  it('has registers as measured: enable 0 or 1, one flag, and the lengths of the hart', () => {
    const { vcpu } = machine();
    const answers = (number: number, ...values: bigint[]) =>
      values.map((value) => [-vcpu.setOneReg(register(number), value) || 0, vcpu.getOneReg(register(number)).value]);
    expect(answers(3, 0n, 1n, 2n)).toEqual([
      [0, 0n],
      [0, 1n],
      [EINVAL, 1n],
    ]);
    expect(answers(4, 0n, 1n, 2n, 7n)).toEqual([
      [0, 0n],
      [0, 1n],
      [0, 0n],
      [0, 1n],
    ]);
    expect(answers(5, 0n, 1n, 2n, 7n)).toEqual([
      [0, 0n],
      [EINVAL, 0n],
      [EINVAL, 0n],
      [0, 7n],
    ]);
    expect(vcpu.getOneReg(register(0)).errno).toBe(ENOENT);
    expect(vcpu.setOneReg(sbiExtId('FWFT'), 0n)).toBe(0);
    expect(vcpu.getOneReg(register(3)).errno).toBe(EINVAL);
  });
});

describe('registers of hardware that harts here do not have', () => {
  const AIA_SIPH = 0x8030000003010004n;
  const V0 = 0x8040000009000006n;

  it('read back as written, and go with their extension', () => {
    const { vcpu } = machine();
    expect(vcpu.getRegList().n).toBe(260);
    expect(vcpu.setOneReg(AIA_SIPH, 5n)).toBe(0);
    expect(vcpu.getOneReg(AIA_SIPH).value).toBe(5n);
    expect(vcpu.setOneReg(V0, 1n << 127n)).toBe(0);
    expect(vcpu.getOneReg(V0).value).toBe(1n << 127n);
    expect(vcpu.setOneReg(0x803000000700000en, 0n)).toBe(0);
    expect(vcpu.getOneReg(AIA_SIPH).errno).toBe(ENOENT);
    expect(vcpu.getRegList().n).toBe(253);
  });
});
