/** FP_F and FP_D registers. Ids, and what clearing D or F takes away: recorded with KVM_GET_REG_LIST from Linux 7.2.13 and 6.12.107. */
import { describe, expect, it } from 'vitest';
import { HOST_PROFILES } from '../profiles/index.ts';
import { bench } from '../testdata/bench.ts';
import { EINTR, EINVAL, ENOENT, KVM_REG_RISCV_FP_D, KVM_REG_RISCV_FP_F, type KvmVcpu } from '../uapi.ts';

const FP_F = 0x8020_0000_0500_0000n;
const FP_D = 0x8030_0000_0600_0000n;
const FP_F_FCSR = 0x8020_0000_0500_0020n;
const FP_D_FCSR = 0x8020_0000_0600_0020n;
const [ISA_D, ISA_F] = [0x8030_0000_0700_0002n, 0x8030_0000_0700_0003n];
const U32_AS_U64 = 1n << 52n;
const TYPE = 0xff00_0000n;

function make(extensions: readonly string[] = ['I', 'F', 'D']): {
  readonly vcpu: KvmVcpu;
  readonly hart: ReturnType<typeof bench>['harts'][number];
  readonly listed: (type: bigint) => readonly bigint[];
} {
  const { vcpus, harts } = bench(HOST_PROFILES[0]!, 'upstream', { extensions });
  const vcpu = vcpus[0]!;
  return {
    vcpu,
    hart: harts[0]!,
    listed: (type) => vcpu.getRegList().reg.filter((id) => (id & TYPE) === type),
  };
}
const counting = (from: bigint): readonly bigint[] => Array.from({ length: 32 }, (_, n) => from + BigInt(n));

describe('floating-point registers of ONE_REG', () => {
  it('have the recorded ids, and go with their extension', () => {
    const { vcpu, listed } = make();
    expect(listed(KVM_REG_RISCV_FP_F)).toEqual([...counting(FP_F), FP_F_FCSR]);
    expect(listed(KVM_REG_RISCV_FP_D)).toEqual([...counting(FP_D), FP_D_FCSR]);
    expect(vcpu.setOneReg(ISA_D, 0n)).toBe(0);
    expect([listed(KVM_REG_RISCV_FP_F).length, listed(KVM_REG_RISCV_FP_D).length]).toEqual([33, 0]);
    expect(vcpu.getOneReg(FP_D).errno).toBe(ENOENT);
    expect([vcpu.setOneReg(ISA_D, 1n), vcpu.setOneReg(ISA_F, 0n)]).toEqual([0, 0]);
    expect([listed(KVM_REG_RISCV_FP_F).length, listed(KVM_REG_RISCV_FP_D).length]).toEqual([0, 33]);
    expect(make(['I']).listed(KVM_REG_RISCV_FP_F)).toEqual([]);
  });

  it('are those of the hart, and fcsr too', () => {
    const { vcpu, hart } = make();
    expect(vcpu.setOneReg(FP_D + 10n, 0x1122_3344_5566_7788n)).toBe(0);
    expect(vcpu.setOneReg(FP_D_FCSR, 0xe1n)).toBe(0);
    expect([hart.readF(10), hart.fcsr]).toEqual([0x1122_3344_5566_7788n, 0xe1]);
    hart.writeF(31, 5n);
    expect([FP_D + 31n, FP_D_FCSR].map((id) => vcpu.getOneReg(id))).toEqual([
      { errno: 0, value: 5n },
      { errno: 0, value: 0xe1n },
    ]);
  });

  it('share their memory: FP_F shows words of the doublewords of D', () => {
    const { vcpu, hart } = make();
    hart.writeF(5, 0x1122_3344_5566_7788n);
    expect([10n, 11n].map((n) => vcpu.getOneReg(FP_F + n).value)).toEqual([0x5566_7788n, 0x1122_3344n]);
    vcpu.setOneReg(FP_F + 11n, 0xffff_ffff_0000_0001n);
    vcpu.setOneReg(FP_F_FCSR, 7n);
    expect([hart.readF(5), hart.readF(16), hart.fcsr]).toEqual([0x0000_0001_5566_7788n, 7n, 0]);
  });

  it('are singles of their own without D', () => {
    const { vcpu, hart } = make(['I', 'F']);
    vcpu.setOneReg(FP_F + 11n, 0x3f80_0000n);
    vcpu.setOneReg(FP_F_FCSR, 0x20n);
    expect([hart.readF(11), hart.fcsr]).toEqual([0xffff_ffff_3f80_0000n, 0x20]);
    expect([FP_F + 11n, FP_F_FCSR].map((id) => vcpu.getOneReg(id).value)).toEqual([0x3f80_0000n, 0x20n]);
  });

  it('refuse another size with EINVAL and a number beyond with ENOENT', () => {
    const { vcpu } = make();
    const errno = (id: bigint): readonly number[] => [vcpu.getOneReg(id).errno, -vcpu.setOneReg(id, 1n)];
    expect(errno(FP_F | U32_AS_U64)).toEqual([EINVAL, EINVAL]);
    expect(errno(FP_D & ~U32_AS_U64)).toEqual([EINVAL, EINVAL]);
    expect(errno(FP_D_FCSR | U32_AS_U64)).toEqual([EINVAL, EINVAL]);
    expect(errno(FP_F + 33n)).toEqual([ENOENT, ENOENT]);
    expect(errno(FP_D + 33n)).toEqual([ENOENT, ENOENT]);
  });

  it('do not keep a vcpu from running whose F was cleared after they were written', () => {
    const { vcpu } = make();
    vcpu.setOneReg(FP_D + 1n, 9n);
    vcpu.setOneReg(ISA_D, 0n);
    vcpu.setOneReg(ISA_F, 0n);
    vcpu.run.immediate_exit = 1;
    expect(vcpu.kvmRun()).toBe(-EINTR);
  });
});
