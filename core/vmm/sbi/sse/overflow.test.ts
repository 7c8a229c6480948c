import { describe, expect, it } from 'vitest';
import { EINTR, KVM_EXIT_RISCV_PMU_OVERFLOW } from '../../../kvm/uapi.ts';
import { HSM } from '../../../sbi/spec/hsm.ts';
import { SSE_EVENTS } from '../../../sbi/spec/sse.ts';
import { sbiExit } from '../../../testing/fake-kvm.ts';
import { AT, type Overrides } from '../../../testing/fake-machine.ts';
import { sseMachine } from '../../../testing/sse-machine.ts';
import { CORE } from '../../registers.ts';

const { LOCAL_PMU_OVERFLOW, LOCAL_SOFTWARE } = SSE_EVENTS;
const HANDLER = AT + 0x100n;
const [REGISTERED, ENABLED, RUNNING, PENDING] = [1n, 2n, 3n, 4n];

function machine({ modes, ...others }: Overrides = {}) {
  const it = sseMachine({
    interface: 'accelerator',
    isa: ['I', 'Zicsr', 'Sscofpmf'],
    modes: { PMU: 'kvm', ...modes },
    ...others,
  });
  const overflow = (hart = 0) => {
    it.cpu(hart).script.push((run) => {
      run.exit_reason = KVM_EXIT_RISCV_PMU_OVERFLOW;
    });
    it.turn(hart);
    it.cpu(hart).script.push(-EINTR);
    it.turn(hart);
  };
  return {
    ...it,
    overflow,
    /** Whether overflows exit, by hart. */
    exits: () => it.kvm.vcpus.map(({ counters }) => counters.overflowExits),
    said: () => it.state.said,
    status: (hart = 0) => it.readOn(hart, LOCAL_PMU_OVERFLOW, 'STATUS'),
  };
}

describe.each(['kvm', 'vmm'] as const)('the overflow of a counter, with PMU in the %s,', (PMU) => {
  it('starts the handler of the hart that it is of', () => {
    const it = machine({ harts: 2, modes: { PMU } });
    for (const hart of [0, 1]) {
      it.enableOn(hart, LOCAL_PMU_OVERFLOW, HANDLER, BigInt(0x70 + hart));
      it.callOn(hart, 'hart_unmask');
    }
    it.overflow(1);
    const of = (hart: number) => [CORE.pc, CORE.a7].map(({ id }) => it.cpu(hart).values.get(id));
    expect([of(1), it.status(1)]).toEqual([[HANDLER, 0x71n], RUNNING]);
    expect([of(0)[0] === HANDLER, it.status(0)]).toEqual([false, ENABLED]);
  });

  it('waits where it cannot be taken yet, and is taken once for all that came', () => {
    const it = machine({ modes: { PMU } });
    it.enable(LOCAL_PMU_OVERFLOW, HANDLER);
    it.overflow();
    it.overflow();
    expect(it.status()).toBe(ENABLED | PENDING);
    it.call('hart_unmask');
    expect(it.status()).toBe(RUNNING);
    it.overflow();
    expect(it.status()).toBe(RUNNING | PENDING);
    it.call('complete');
    expect(it.status()).toBe(RUNNING);
    it.call('complete');
    expect(it.status()).toBe(ENABLED);
  });
});

describe('the interrupt of an overflow', () => {
  it('is kept from a hart as long as its event is enabled, and from no other', () => {
    const it = machine({ harts: 2 });
    const step = (name: 'register' | 'enable' | 'disable', ...args: readonly (number | bigint)[]) => {
      expect(it.callOn(1, name, LOCAL_PMU_OVERFLOW, ...args)).toBe('SUCCESS');
      return it.exits();
    };
    expect(step('register', HANDLER, 0)).toEqual([false, false]);
    expect(step('enable')).toEqual([false, true]);
    it.callOn(1, 'hart_unmask');
    it.overflow(1);
    expect([it.status(1), it.exits()]).toEqual([RUNNING, [false, true]]);
    it.callOn(1, 'complete');
    expect(step('disable')).toEqual([false, false]);
  });

  it('is the own one of the guest again after a handler that was for one time', () => {
    const it = machine();
    it.write(LOCAL_PMU_OVERFLOW, 'CONFIG', 1n);
    it.enable(LOCAL_PMU_OVERFLOW, HANDLER);
    it.call('hart_unmask');
    it.overflow();
    expect(it.exits()).toEqual([true]);
    it.call('complete');
    expect([it.status(), it.exits()]).toEqual([REGISTERED, [false]]);
  });

  it('is the own one of a hart that stopped', () => {
    const it = machine({ harts: 2, modes: { HSM: 'vmm' } });
    it.enableOn(1, LOCAL_PMU_OVERFLOW, HANDLER);
    expect(it.exits()).toEqual([false, true]);
    it.cpu(1).script.push(sbiExit(HSM.eid[0], HSM.functions.hart_stop.fid));
    it.turn(1);
    expect(it.exits()).toEqual([false, false]);
  });

  it('has nothing to do with other events', () => {
    const it = machine();
    it.enable(LOCAL_SOFTWARE, HANDLER);
    expect(it.exits()).toEqual([false]);
  });

  it('stays what it is when KVM refuses, and the log says so', () => {
    const it = machine();
    it.cpu(0).pmu = () => ({ errno: 19, value: 0n, overflown: false });
    it.enable(LOCAL_PMU_OVERFLOW, HANDLER);
    expect(it.said()).toEqual(['SSE: PMU_COUNTER overflow on vcpu 0 failed: ENODEV']);
  });
});

describe('the event of an overflow', () => {
  it.each<[string, Overrides, string]>([
    ['over the interface of 2025', { interface: 'userspace' }, 'this interface has no exit for it'],
    ['without Sscofpmf', { isa: ['I', 'Zicsr'] }, 'the harts have no Sscofpmf'],
    ['without PMU', { modes: { PMU: 'off' } }, 'PMU is off'],
  ])('is not supported %s, and the log says why once', (_, overrides, why) => {
    const it = machine(overrides);
    const calls = [it.call('register', LOCAL_PMU_OVERFLOW, HANDLER, 0), it.call('enable', LOCAL_PMU_OVERFLOW)];
    expect(calls).toEqual(['NOT_SUPPORTED', 'NOT_SUPPORTED']);
    expect(it.said()).toEqual([expect.stringContaining(why)]);
  });

  it('cannot be injected, for it has a source of its own', () => {
    const it = machine();
    it.enable(LOCAL_PMU_OVERFLOW, HANDLER);
    expect([it.call('inject', LOCAL_PMU_OVERFLOW, 0), it.status()]).toEqual(['FAILED', ENABLED]);
  });
});
