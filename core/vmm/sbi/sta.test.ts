import { describe, expect, it } from 'vitest';
import { viewOf } from '../../base/bytes.ts';
import { sbiExit } from '../../testing/fake-kvm.ts';
import { AT, running } from '../../testing/fake-machine.ts';

const [STA, HSM, SUSP, DBCN] = [0x535441, 0x48534d, 0x53555350, 0x4442434e] as const;
const ALL_ONES = 2n ** 64n - 1n;

/** A VMM whose thread waits as a test says. */
function machine(told = true) {
  const waited = { ns: 0 };
  const options = {
    interface: 'userspace',
    modes: { STA: 'vmm', HSM: 'vmm', SUSP: 'vmm' },
    ...(told ? { runDelay: () => waited.ns } : {}),
  } as const;
  const it = running(options);
  const area = () => {
    const view = viewOf(it.memory(AT, 64).slice());
    return { sequence: view.getUint32(0, true), flags: view.getUint32(4, true), steal: view.getBigUint64(8, true) };
  };
  return { ...it, waited, options, area, exit: () => it.call(DBCN, 2, 0x41) };
}

describe('STA in the VMM', () => {
  it('tells what the thread of the vcpu waited, from the call on and after each exit', () => {
    const { call, area, exit, waited, state } = machine();
    waited.ns = 500;
    expect(call(STA, 0, AT, 0, 0)).toEqual([0n, 0n]);
    expect(area()).toEqual({ sequence: 0, flags: 0, steal: 0n });
    exit();
    expect(area().sequence).toBe(0);
    waited.ns = 1700;
    expect(area().steal).toBe(0n);
    exit();
    expect(area()).toEqual({ sequence: 2, flags: 0, steal: 1200n });
    waited.ns = 2000;
    exit();
    expect(area()).toEqual({ sequence: 4, flags: 0, steal: 1500n });
    expect(state.said).toEqual([
      'STA: stolen time is the run delay in schedstat of the vcpu thread, as of its last exit; no ioctl tells it',
    ]);
  });

  it('leaves the sequence even and the flags 0, whatever the guest writes there', () => {
    const { call, area, exit, waited, poke } = machine();
    call(STA, 0, AT, 0, 0);
    poke(AT, Uint8Array.of(0xff, 0xff, 0xff, 0xff, 9));
    waited.ns = 10;
    exit();
    expect(area()).toEqual({ sequence: 0, flags: 0, steal: 10n });
    poke(AT, Uint8Array.of(3));
    waited.ns = 20;
    exit();
    expect(area().sequence).toBe(4);
  });

  it('clears the flag of being preempted, and writes nothing beyond', () => {
    const { call, exit, waited, poke, memory } = machine();
    call(STA, 0, AT, 0, 0);
    poke(AT + 16n, Uint8Array.of(1, 7));
    waited.ns = 10;
    exit();
    expect([...memory(AT + 16n, 2)]).toEqual([0, 7]);
  });

  it('stops when the area is withdrawn, and when the hart stops', () => {
    const { call, area, exit, waited } = machine();
    call(STA, 0, AT, 0, 0);
    call(STA, 0, ALL_ONES, ALL_ONES, 0);
    waited.ns = 10;
    exit();
    expect(area().steal).toBe(0n);
    call(STA, 0, AT, 0, 0);
    call(HSM, 1);
    waited.ns = 20;
    exit();
    expect(area().steal).toBe(0n);
  });

  it('does not touch the area while the system is suspended', () => {
    const { call, area, waited, cpu, turn, state } = machine();
    call(STA, 0, AT, 0, 0);
    cpu(0).script.push(sbiExit(SUSP, 0, 0, AT, 0));
    waited.ns = 10;
    turn();
    turn();
    expect(area().steal).toBe(0n);
    state.now = 6_000_000_000;
    turn();
    cpu(0).script.push(sbiExit(DBCN, 2, 0x41));
    turn();
    expect(area().steal).toBe(10n);
  });

  it('keeps 0 on a host that tells a thread nothing, and says so', () => {
    const { call, area, exit, state } = machine(false);
    call(STA, 0, AT, 0, 0);
    exit();
    expect(area()).toEqual({ sequence: 0, flags: 0, steal: 0n });
    expect(state.said).toEqual(['STA: steal time stays 0, no ioctl tells the VMM how long a vcpu waited']);
  });

  it('goes on exactly over a snapshot', () => {
    const one = machine();
    one.waited.ns = 100;
    one.call(STA, 0, AT, 0, 0);
    one.waited.ns = 150;
    const saved = one.vmm.save();
    const two = running({ ...one.options, runDelay: () => 170 }, undefined, JSON.parse(JSON.stringify(saved)));
    expect(two.vmm.save()).toEqual(saved);
    two.call(DBCN, 2, 0x41);
    expect(viewOf(two.memory(AT, 64).slice()).getBigUint64(8, true)).toBe(70n);
    const bad = { ...saved, sbi: { ...saved.sbi, STA: { harts: [] } } };
    expect(() => running(one.options, undefined, bad)).toThrow('sbi.STA.harts: there are 0 where the VM has 1');
  });
});
