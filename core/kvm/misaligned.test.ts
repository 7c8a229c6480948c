import { describe, expect, it } from 'vitest';
import { hostProfile, type MisalignedBy, PLAIN_CHOICE } from './profiles/index.ts';
import { bench, COSTS, ecall, RAM_BASE, sbiExtId } from './testdata/bench.ts';
import { EFAULT, EINTR } from './uapi.ts';

const FWFT = 0x46574654n;
const VA = RAM_BASE + 0x1003n;
const UNITS_IN_NS = 1;

function machine(release: string, misaligned: MisalignedBy, kvm: 'upstream' | 'accelerator' = 'upstream') {
  const made = bench(hostProfile(`linux-${release}`, { ...PLAIN_CHOICE, misaligned })!, kvm);
  const [hart, vcpu, thread] = [made.harts[0]!, made.vcpus[0]!, made.threads[0]!];
  const meets = (atomic: boolean, store = false) => {
    hart.script.push({ kind: 'misaligned', store, va: VA, atomic });
    thread.sliceEnd = thread.clock.now + 10_000;
    return vcpu.kvmRun();
  };
  const stat = (name: string) => vcpu.getStats().find((one) => one.name === name)?.value;
  const call = (fid: bigint, ...args: bigint[]) => {
    ecall(made, 0, FWFT, fid, args);
    return [BigInt.asIntN(64, hart.readX(10)), hart.readX(11)];
  };
  return { made, hart, vcpu, thread, meets, stat, call };
}

describe('a misaligned access that traps', () => {
  it('is emulated by the firmware below the host, which costs a trap and which KVM does not see', () => {
    const { hart, meets, stat, thread, made } = machine('7.2', 'firmware');
    expect(meets(false)).toBe(-EINTR);
    expect(hart.done).toEqual(['emulated']);
    expect(thread.clock.waited).toBe(COSTS.trapNs * UNITS_IN_NS);
    expect([stat('exits'), stat('load_misaligned_exits'), made.traps]).toEqual([0, 0, []]);
  });

  it.each(['firmware', 'hart'] as const)('reaches KVM when it is an atomic, also with %s', (by) => {
    const { hart, meets, stat } = machine('7.2', by);
    expect(meets(true, true)).toBe(-EINTR);
    expect(hart.done).toEqual([`trap 6 ${VA.toString(16)}`]);
    expect([stat('exits'), stat('store_misaligned_exits')]).toEqual([1, 1]);
  });

  it('reaches KVM when Linux has taken it from the firmware, and KVM gives it to the guest', () => {
    const { hart, meets, stat, thread, made } = machine('7.2', 'delegated');
    expect(meets(false)).toBe(-EINTR);
    expect(hart.done).toEqual([`trap 4 ${VA.toString(16)}`]);
    expect(thread.clock.waited).toBe(COSTS.trapNs * UNITS_IN_NS);
    expect([stat('exits'), stat('load_misaligned_exits'), made.traps]).toEqual([1, 1, ['misaligned']]);
  });

  it('stays with the firmware of a host whose Linux does not ask for it', () => {
    const { hart, meets } = machine('6.15', 'delegated');
    meets(false);
    expect(hart.done).toEqual(['emulated']);
  });

  it('ended KVM_RUN with EFAULT before Linux 6.5', () => {
    expect(machine('6.4', 'hart').meets(true)).toBe(-EFAULT);
    expect(machine('6.5', 'hart').meets(true)).toBe(-EINTR);
  });

  it('is counted since Linux 6.14: older releases have no such statistics', () => {
    const names = (release: string) =>
      machine(release, 'hart')
        .vcpu.getStats()
        .map(({ name }) => name);
    const added = ['instr_illegal_exits', 'load_misaligned_exits', 'store_misaligned_exits'];
    expect(names('6.14')).toEqual([...names('6.13'), ...added, 'load_access_exits', 'store_access_exits']);
  });
});

describe('MISALIGNED_EXC_DELEG', () => {
  it('is there where Linux has the traps to pass on, and then reaches the hart at once', () => {
    const { hart, call, vcpu } = machine('7.2', 'delegated');
    expect(call(0n, 0n, 1n, 0n)).toEqual([0n, 0n]);
    expect(hart.delegatesMisaligned).toBe(true);
    expect(call(1n, 0n)).toEqual([0n, 1n]);
    expect(call(0n, 0n, 2n, 0n)).toEqual([-3n, 0n]);
    expect(call(0n, 0n, 0n, 1n)).toEqual([0n, 0n]);
    expect(hart.delegatesMisaligned).toBe(false);
    expect(call(0n, 0n, 1n, 0n)).toEqual([-14n, 0n]);
    expect(vcpu.getOneReg(sbiExtId('FWFT')).errno).toBe(0);
  });

  it.each(['hart', 'firmware'] as const)('is not supported with %s', (by) => {
    expect(machine('7.2', by).call(0n, 0n, 1n, 0n)).toEqual([-2n, 0n]);
  });

  it('what if: is there for nothing with harts that need no help, and never where firmware keeps the traps', () => {
    expect(machine('7.2', 'hart', 'accelerator').call(0n, 0n, 1n, 0n)).toEqual([0n, 0n]);
    expect(machine('7.2', 'firmware', 'accelerator').call(0n, 0n, 1n, 0n)).toEqual([-2n, 0n]);
  });
});
