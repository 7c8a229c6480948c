import { describe, expect, it } from 'vitest';
import { CPPC_REGISTERS, type CppcRegister } from '../../sbi/spec/cppc.ts';
import { sbiExit } from '../../testing/fake-kvm.ts';
import { AT, type Overrides, running } from '../../testing/fake-machine.ts';

const CPPC = 0x43505043;
const HSM = 0x48534d;
const [PROBE, READ, READ_HI, WRITE] = [0, 1, 2, 3];
const MS = 1_000_000;
const { DesiredPerformanceRegister: desired, MinimumPerformanceRegister: minimum } = CPPC_REGISTERS;
const { MaximumPerformanceRegister: maximum, PerformanceLimitedRegister: limited } = CPPC_REGISTERS;
const { ReferencePerformanceCounterRegister: reference, DeliveredPerformanceCounterRegister: delivered } =
  CPPC_REGISTERS;
const { CPPCEnableRegister: enable, TransitionLatency: latency } = CPPC_REGISTERS;

const FAILED = [-1n, 0n];
const NOT_SUPPORTED = [-2n, 0n];
const INVALID_PARAM = [-3n, 0n];
const DENIED = [-4n, 0n];
const DONE = [0n, 0n];
/** What KVM finishes the exit of hart_stop with; the hart never sees it. */
const STOPPED = DONE;

function controlled(overrides: Overrides = {}) {
  const it = running({ interface: 'userspace', modes: { CPPC: 'vmm', HSM: 'vmm' }, ...overrides });
  const read = (register: CppcRegister) => it.call(CPPC, READ, register.id)?.[1] ?? -1n;
  const write = (register: CppcRegister, value: number | bigint) => it.call(CPPC, WRITE, register.id, value);
  /** Performance delivered between now and `ns` later, as software finds it out. [ACPI 6.5 §8.4.6.1.3.1] */
  const measure = (ns: number) => {
    const before = [read(delivered), read(reference)] as const;
    it.state.now += ns;
    return (Number(read(delivered) - before[0]) / Number(read(reference) - before[1])) * 50;
  };
  return { ...it, read, write, measure };
}

describe('CPPC in the VMM', () => {
  it('has the widths of the table for what it implements, and 0 for the rest [SBI 3.0 §14.1]', () => {
    const { call } = controlled();
    const absent = ['0x8', '0x9', '0xa', '0xf', '0x10', '0x11'];
    for (const { id, widths } of Object.values<CppcRegister>(CPPC_REGISTERS)) {
      const [error, width] = call(CPPC, PROBE, id) ?? [];
      expect(error).toBe(0n);
      const expected = absent.includes(`0x${id.toString(16)}`) ? [0] : widths;
      expect(expected).toContain(Number(width));
    }
  });

  it.each([0x15, 0x7fff_ffff, 0x8000_0001, 0xffff_ffff])('refuses the reserved register 0x%s', (id) => {
    const { call } = controlled();
    for (const fid of [PROBE, READ, READ_HI, WRITE]) expect(call(CPPC, fid, id, 0)).toEqual(INVALID_PARAM);
  });

  it('takes a register id from the low 32 bits of a0', () => {
    expect(controlled().call(CPPC, READ, 0x1234_5678_0000_0001n)).toEqual([0n, 100n]);
  });

  it('answers NOT_SUPPORTED for a register that it has not, and DENIED for a write to one that can only be read', () => {
    const { call } = controlled();
    for (const fid of [READ, READ_HI, WRITE]) expect(call(CPPC, fid, 0x9, 1)).toEqual(NOT_SUPPORTED);
    expect(call(CPPC, WRITE, CPPC_REGISTERS.CounterWraparoundTime.id, 1)).toEqual(NOT_SUPPORTED);
    for (const { id, access } of Object.values<CppcRegister>(CPPC_REGISTERS)) {
      if (access === 'read' && call(CPPC, PROBE, id)?.[1] !== 0n) expect(call(CPPC, WRITE, id, 1)).toEqual(DENIED);
    }
  });

  it('has nothing in the high half on RV64', () => {
    const { call, state } = controlled();
    state.now = 1e15;
    expect(call(CPPC, READ, delivered.id)?.[1]).toBeGreaterThan(2n ** 32n);
    expect(call(CPPC, READ_HI, delivered.id)).toEqual(DONE);
  });

  it('orders its performance levels as ACPI asks [ACPI 6.5 §8.4.6.1.1]', () => {
    const { read } = controlled();
    const levels = [3, 2, 4, 1, 0].map((id) => Number(read({ id, widths: [32], access: 'read' })));
    expect(levels).toEqual([...levels].sort((a, b) => a - b));
    expect(levels[0]).toBeGreaterThan(0);
  });

  it.each([19, 151, 0, 2n ** 32n + 60n, 2n ** 64n - 1n])('fails a desired performance of %s and keeps the old', (v) => {
    const { read, write } = controlled();
    expect([write(desired, v), read(desired)]).toEqual([FAILED, 100n]);
  });

  it('takes 0 as no lower and all ones as no upper limit', () => {
    const { write } = controlled();
    expect([write(minimum, 0), write(maximum, 0xffff_ffff)]).toEqual([DONE, DONE]);
    expect([write(minimum, 0xffff_ffff), write(maximum, 0), write(enable, 2)]).toEqual([FAILED, FAILED, FAILED]);
  });

  it('delivers what is desired once it is enabled, no later than the transition latency', () => {
    const { read, write, measure, state } = controlled();
    write(desired, 60);
    expect(measure(MS)).toBe(100);
    write(enable, 1);
    expect([read(enable), read(desired)]).toEqual([1n, 60n]);
    state.now += Number(read(latency));
    expect(measure(MS)).toBe(60);
  });

  it('changes nothing before it looks at the request', () => {
    const { write, measure, state } = controlled();
    write(enable, 1);
    state.now = 5_000;
    write(desired, 50);
    expect(measure(5_000)).toBe(100);
    expect(measure(5_000)).toBe(50);
  });

  it('keeps the desired performance between minimum and maximum, the maximum first', () => {
    const { write, measure, state } = controlled();
    const settled = () => {
      state.now += 10_000;
      return measure(MS);
    };
    write(enable, 1);
    write(desired, 50);
    write(minimum, 70);
    expect(settled()).toBe(70);
    write(desired, 100);
    write(maximum, 80);
    expect(settled()).toBe(80);
    write(maximum, 60);
    expect(settled()).toBe(60);
  });

  it('grows hot above the guaranteed performance, cools below it and says so until software clears it', () => {
    const { read, write, measure, state } = controlled();
    write(enable, 1);
    write(desired, 150);
    write(minimum, 60);
    state.now += 10_000;
    expect([measure(10 * MS), read(limited)]).toEqual([150, 3n]);
    expect(measure(2 * MS)).toBe(40);
    expect(write(limited, 1)).toEqual(DONE);
    expect(read(limited)).toBe(1n);
    write(limited, 2);
    expect([measure(5 * MS), read(limited)]).toEqual([150, 0n]);
  });

  it('is not limited while it delivers what is guaranteed', () => {
    const { read, write, measure, state } = controlled();
    write(enable, 1);
    state.now += 10_000;
    expect([measure(1000 * MS), read(limited)]).toEqual([100, 0n]);
  });

  it('counts the same whether it is looked at often or once in days', () => {
    const [often, once] = [controlled(), controlled()];
    for (const { write } of [often, once]) {
      write(enable, 1);
      write(desired, 150);
    }
    for (let i = 0; i < 1000; i++) {
      often.state.now += 123_457;
      often.read(delivered);
    }
    once.state.now = often.state.now;
    expect(once.read(delivered)).toBe(often.read(delivered));
    once.state.now += 1e15;
    expect(once.read(delivered)).toBeGreaterThan(100_000_000_000n);
  });

  it('keeps a request of each hart, which stopping and starting it by HSM undoes, and no counter with it', () => {
    const { call, cpu, turn, write, read, state } = controlled({ harts: 2 });
    write(desired, 60);
    cpu(1).script.push(sbiExit(CPPC, WRITE, desired.id, 70), sbiExit(CPPC, READ, desired.id), sbiExit(HSM, 1));
    state.now = MS;
    for (let i = 0; i < 4; i++) turn(1);
    expect(cpu(1).returned).toEqual([DONE, [0n, 70n], STOPPED]);
    expect(call(HSM, 0, 1, AT, 0)).toEqual(DONE);
    cpu(1).script.push(sbiExit(CPPC, READ, desired.id), sbiExit(CPPC, READ, delivered.id));
    for (let i = 0; i < 3; i++) turn(1);
    expect(cpu(1).returned.slice(3)).toEqual([
      [0n, 100n],
      [0n, 100_000n],
    ]);
    expect(read(desired)).toBe(60n);
  });
});
