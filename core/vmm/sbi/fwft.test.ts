import { describe, expect, it } from 'vitest';
import { type Overrides, running } from '../../testing/fake-machine.ts';
import { ENVIRONMENT } from '../registers.ts';

const [FWFT, HSM] = [0x46574654, 0x48534d] as const;
const ISA = ['I', 'M', 'Ssnpm', 'Svade', 'Svadu'];
const [MISALIGNED, LANDING_PAD, SHADOW_STACK, DOUBLE_TRAP, AD_UPDATING, MASKING] = [0, 1, 2, 3, 4, 5] as const;
const LOCK = 1;
const [OK, FAILED, NOT_SUPPORTED, INVALID_PARAM, DENIED, LOCKED] = [0n, -1n, -2n, -3n, -4n, -14n].map(
  (error) => [error, 0n] as const,
);
const [PMM_7, PMM_16, ADUE] = [2n << 32n, 3n << 32n, 1n << 61n] as const;

function machine(overrides: Overrides = {}) {
  const modes = { FWFT: 'vmm', HSM: 'vmm' } as const;
  const it = running({ interface: 'accelerator', harts: 2, isa: ISA, modes, ...overrides });
  return {
    ...it,
    set: (feature: number, value: number | bigint, flags: number | bigint = 0) =>
      it.call(FWFT, 0, feature, value, flags),
    get: (feature: number) => it.call(FWFT, 1, feature),
    register: (name: 'henvcfg' | 'hedeleg') => it.cpu(0).values.get(ENVIRONMENT[name].id),
  };
}

describe('FWFT in the VMM', () => {
  it('sets a feature in the registers of the hypervisor and reads it there', () => {
    const { set, get, register, kvm } = machine();
    expect([set(MASKING, 7), get(MASKING), register('henvcfg')]).toEqual([OK, [0n, 7n], PMM_7]);
    expect([set(AD_UPDATING, 1), get(AD_UPDATING), register('henvcfg')]).toEqual([OK, [0n, 1n], PMM_7 | ADUE]);
    expect([set(MASKING, 0), get(MASKING), register('henvcfg')]).toEqual([OK, OK, ADUE]);
    expect([set(MISALIGNED, 1), get(MISALIGNED), register('hedeleg')]).toEqual([OK, [0n, 1n], 0x50n]);
    expect([set(MISALIGNED, 0), get(MISALIGNED)]).toEqual([OK, OK]);
    expect(kvm.log.filter((line) => line.startsWith('set 1'))).toEqual([]);
  });

  it('masks at least as many bits as were asked for, and tells how many', () => {
    const { set, get, register } = machine();
    const lengths = [1, 7, 8, 16].map((length) => [set(MASKING, length)?.[0], get(MASKING)?.[1]]);
    expect(lengths).toEqual([
      [0n, 7n],
      [0n, 7n],
      [0n, 16n],
      [0n, 16n],
    ]);
    expect(register('henvcfg')).toBe(PMM_16);
    expect([set(MASKING, 17), set(MASKING, 2n ** 64n - 1n), get(MASKING)]).toEqual([
      INVALID_PARAM,
      INVALID_PARAM,
      [0n, 16n],
    ]);
  });

  it('locks a feature until the hart is reset, and for that hart alone', () => {
    const { set, get, call, cpu, vmm } = machine();
    expect([set(MASKING, 7, LOCK), set(MASKING, 0), set(MASKING, 7), set(AD_UPDATING, 1)]).toEqual([
      OK,
      LOCKED,
      LOCKED,
      OK,
    ]);
    expect(get(MASKING)).toEqual([0n, 7n]);
    expect(vmm.save().sbi.FWFT).toMatchObject({ harts: [{ locked: ['POINTER_MASKING_PMLEN'] }, { locked: [] }] });
    call(HSM, 1);
    expect([set(MASKING, 16), cpu(0).values.get(ENVIRONMENT.henvcfg.id)]).toEqual([OK, PMM_16]);
  });

  it('gives back what KVM had given when the hart is reset', () => {
    const { set, call, register } = machine();
    set(MASKING, 7);
    set(MISALIGNED, 1);
    call(HSM, 1);
    expect([register('henvcfg'), register('hedeleg')]).toEqual([0n, 0n]);
  });

  it.each([
    ['another value than on and off', MISALIGNED, 2, 0],
    ['another value than on and off', AD_UPDATING, 2n ** 63n, 0],
    ['a reserved flag', MASKING, 7, 2],
    ['reserved flags beside LOCK', MISALIGNED, 1, 2n ** 63n + 1n],
  ])('answers INVALID_PARAM for %s: feature %i', (_, feature, value, flags) => {
    const { set, get } = machine();
    expect([set(feature, value, flags), get(feature)]).toEqual([INVALID_PARAM, OK]);
    expect(set(feature, 0)).toEqual(OK);
  });

  it('answers INVALID_PARAM when KVM finds that the harts cannot do it', () => {
    const { set, cpu } = machine();
    cpu(0).setOneReg = () => -22;
    expect([set(MASKING, 7), set(AD_UPDATING, 1)]).toEqual([INVALID_PARAM, INVALID_PARAM]);
  });

  it('fails with words when KVM refuses the register for another reason, and locks nothing', () => {
    const { set, cpu, state } = machine();
    const { setOneReg } = cpu(0);
    cpu(0).setOneReg = () => -16;
    expect(set(MASKING, 7, LOCK)).toEqual(FAILED);
    expect(state.said).toEqual(['FWFT: KVM_SET_ONE_REG ENVIRONMENT.henvcfg on vcpu 0 failed: EBUSY']);
    cpu(0).setOneReg = setOneReg;
    expect(set(MASKING, 7)).toEqual(OK);
  });

  it.each([LANDING_PAD, SHADOW_STACK, DOUBLE_TRAP])('has no feature %i, for which no hart has the extension', (id) => {
    const { set, get, state } = machine();
    expect([set(id, 1), get(id)]).toEqual([NOT_SUPPORTED, NOT_SUPPORTED]);
    expect(state.said[0]).toMatch(/^FWFT: [A-Z_]+ needs harts with (Zicfilp|Zicfiss|Ssdbltrp)$/);
  });

  it('has what depends on extensions only on harts with them', () => {
    const { set, get } = machine({ isa: ['I', 'Svadu'] });
    expect([set(MASKING, 7), get(MASKING), get(AD_UPDATING), get(MISALIGNED)]).toEqual([
      NOT_SUPPORTED,
      NOT_SUPPORTED,
      NOT_SUPPORTED,
      OK,
    ]);
  });

  it.each([6, 0x3fff_ffff, 0x4000_0000, 0x7fff_ffff, 0x8000_0000, 0xbfff_ffff, 0xc000_0000, 0xffff_ffff])(
    'denies the reserved or platform-specific id 0x%x',
    (id) => {
      const { set, get } = machine();
      expect([set(id, 1), get(id)]).toEqual([DENIED, DENIED]);
    },
  );

  it('looks at 32 bits of an id', () => {
    expect(machine().call(FWFT, 1, 2n ** 32n + 5n)).toEqual(OK);
  });

  it('supports nothing where Linux has no register for it, and says which one is missing', () => {
    const { set, get, state } = machine({ interface: 'userspace' });
    expect([set(MASKING, 7), get(MASKING), set(MISALIGNED, 1)]).toEqual(Array(3).fill(NOT_SUPPORTED));
    expect(state.said).toEqual([
      'FWFT: POINTER_MASKING_PMLEN is a field of henvcfg: KVM_GET_ONE_REG ENVIRONMENT.henvcfg on vcpu 0 failed: ENOENT; ' +
        'this KVM interface has no such register',
      'FWFT: MISALIGNED_EXC_DELEG is a field of hedeleg: KVM_GET_ONE_REG ENVIRONMENT.hedeleg on vcpu 0 failed: ENOENT; ' +
        'this KVM interface has no such register',
    ]);
  });

  it('goes on exactly over a snapshot, and refuses one that is not of such a VM', () => {
    const one = machine();
    one.set(MASKING, 7, LOCK);
    const saved = one.vmm.save();
    const options = { interface: 'accelerator', harts: 2, isa: ISA, modes: { FWFT: 'vmm' } } as const;
    const two = running(options, undefined, JSON.parse(JSON.stringify(saved)));
    expect(two.vmm.save()).toEqual(saved);
    expect(two.call(FWFT, 0, MASKING, 0)).toEqual(LOCKED);
    const bad = { ...saved, sbi: { ...saved.sbi, FWFT: { harts: [{ locked: ['SPEED'], initial: [] }] } } };
    expect(() => running(options, undefined, bad)).toThrow('sbi.FWFT.harts.0.locked.0');
    const other = { ...saved, sbi: { ...saved.sbi, FWFT: { harts: [] } } };
    expect(() => running(options, undefined, other)).toThrow('sbi.FWFT.harts: there are 0 where the VM has 2');
  });
});
