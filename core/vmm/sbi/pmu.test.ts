import { describe, expect, it } from 'vitest';
import { viewOf } from '../../base/bytes.ts';
import { AT, MIB, type Overrides, running } from '../../testing/fake-machine.ts';
import { MAX_LINES } from '../context.ts';
import { RAM_BASE } from '../layout.ts';

const [PMU, TIME, IPI, RFENCE, HSM] = [0x504d55, 0x54494d45, 0x735049, 0x52464e43, 0x48534d] as const;
const FORWARD = { PMU: 'vmm', TIME: 'vmm', IPI: 'vmm', RFENCE: 'vmm', HSM: 'vmm' } as const;
const [INVALID_PARAM, NOT_SUPPORTED, INVALID_ADDRESS, STARTED, STOPPED, NO_SHMEM, FAILED] = [
  -3n,
  -2n,
  -5n,
  -7n,
  -8n,
  -9n,
  -1n,
].map((error) => [error, 0n] as const);
const OK = [0n, 0n] as const;

/** config_flags, start_flags, stop_flags. */
const [SKIP_MATCH, CLEAR_VALUE, AUTO_START, SET_UINH, SET_SINH] = [1, 2, 4, 32, 64] as const;
const [SET_INIT_VALUE, INIT_SNAPSHOT] = [1, 2] as const;
const [RESET, TAKE_SNAPSHOT] = [1, 2] as const;
const [CYCLES, INSTRUCTIONS, RAW, RAW_V2] = [1, 2, 0x2_0000, 0x3_0000] as const;
const [ILLEGAL_INSN, SET_TIMER, IPI_SENT, IPI_RECEIVED, FENCE_I_SENT, SFENCE_VMA_RECEIVED] = [4, 5, 6, 7, 8, 11].map(
  (code) => 0xf_0000 + code,
) as [number, number, number, number, number, number];

/** Of the fake KVM: hardware counters 0, 2, 3 and 4; firmware counters come behind. */
const FIRST_FIRMWARE = 5;
const COUNT = FIRST_FIRMWARE + 22;
const HARDWARE_SET = 0b11101;

function machine(overrides: Overrides = {}) {
  const it = running({ interface: 'accelerator', harts: 2, modes: FORWARD, ...overrides });
  const pmu = (fid: number, ...args: readonly (number | bigint)[]) => it.call(PMU, fid, ...args);
  return {
    ...it,
    count: () => pmu(0),
    info: (index: number | bigint) => pmu(1, index),
    config: (base: number | bigint, mask: number | bigint, flags: number, event: number | bigint, data = 0n) =>
      pmu(2, base, mask, flags, event, data),
    start: (base: number | bigint, mask: number | bigint, flags = 0, value = 0n) => pmu(3, base, mask, flags, value),
    stop: (base: number | bigint, mask: number | bigint, flags = 0) => pmu(4, base, mask, flags),
    read: (index: number | bigint) => pmu(5, index),
    readHigh: (index: number | bigint) => pmu(6, index),
    area: (low: number | bigint, high = 0n, flags = 0) => pmu(7, low, high, flags),
    events: (low: bigint, entries: number | bigint, high = 0n, flags = 0) => pmu(8, low, high, entries, flags),
  };
}

const forwarded = (overrides: Overrides = {}) => machine({ interface: 'userspace', ...overrides });

describe('the counters', () => {
  it('are those of KVM, then the firmware counters; the time CSR is none', () => {
    const { count, info } = machine();
    expect(count()).toEqual([0n, BigInt(COUNT)]);
    expect([info(0), info(4), info(FIRST_FIRMWARE)]).toEqual([
      [0n, 0x3fc00n],
      [0n, 0x3fc04n],
      [0n, -(1n << 63n)],
    ]);
    expect([info(1), info(COUNT), info(-1n)]).toEqual([INVALID_PARAM, INVALID_PARAM, INVALID_PARAM]);
  });

  it('are firmware counters alone where KVM has no ioctl for the others, which the log says once', () => {
    const { count, info, config, state } = forwarded();
    expect([count(), info(0)]).toEqual([
      [0n, 22n],
      [0n, -(1n << 63n)],
    ]);
    expect(config(0, 0x3f_ffff, 0, INSTRUCTIONS)).toEqual(NOT_SUPPORTED);
    count();
    expect(state.said).toEqual([
      'PMU: PMU_COUNTER on vcpu 0 failed: ENOTTY; there are firmware counters alone',
      'PMU: hardware event 0x2 cannot be counted: this KVM interface has no ioctl that programs a counter of a vcpu',
    ]);
  });
});

describe('counter_config_matching', () => {
  it('finds the counter that can count the event, and programs KVM', () => {
    const { config, kvm } = machine();
    expect(config(0, HARDWARE_SET, CLEAR_VALUE, CYCLES)).toEqual(OK);
    expect(config(0, HARDWARE_SET, SET_UINH | SET_SINH, INSTRUCTIONS)).toEqual([0n, 2n]);
    expect(config(2, 0b111, 0, RAW, 0x55n)).toEqual([0n, 3n]);
    expect(kvm.vcpus[0]?.counters.hardware.get(2)).toMatchObject({ event: 2n, flags: 96n });
    expect(kvm.vcpus[0]?.counters.hardware.get(3)).toMatchObject({ event: BigInt(RAW) });
  });

  it('takes a counter without an event before one that stands, and none that runs', () => {
    const { config, start } = machine();
    expect([1, 2, 3].map(() => config(3, 0b11, 0, RAW))).toEqual([
      [0n, 3n],
      [0n, 4n],
      [0n, 3n],
    ]);
    start(3, 0b11);
    expect(config(3, 0b11, 0, RAW)).toEqual(NOT_SUPPORTED);
  });

  it('with SKIP_MATCH takes the first of the set or none', () => {
    const { config, start } = machine();
    expect(config(0, 0b101, SKIP_MATCH, INSTRUCTIONS)).toEqual(NOT_SUPPORTED);
    expect(config(2, 1, SKIP_MATCH, INSTRUCTIONS)).toEqual([0n, 2n]);
    start(2, 1);
    expect(config(2, 1, SKIP_MATCH, INSTRUCTIONS)).toEqual(NOT_SUPPORTED);
  });

  it('starts the counter with AUTO_START, where it stands', () => {
    const { config, cpu, read, call } = machine();
    config(0, HARDWARE_SET, AUTO_START, CYCLES);
    expect(cpu(0).counters.hardware.get(0)?.runs).toBe(true);
    config(FIRST_FIRMWARE, 1, CLEAR_VALUE | AUTO_START, SET_TIMER);
    call(TIME, 0, 5);
    expect(read(FIRST_FIRMWARE)).toEqual([0n, 1n]);
  });

  it.each([
    ['an empty set', 0, 0, 0],
    ['a set with the time CSR', 0, 0b11, 0],
    ['a set with a counter beyond the last', COUNT - 1, 0b11, 0],
    ['a base beyond every counter', 2n ** 64n - 1n, 1, 0],
    ['a reserved flag', 0, 1, 0x100],
  ])('answers INVALID_PARAM for %s', (_, base, mask, flags) => {
    expect(machine().config(base, mask, flags, CYCLES)).toEqual(INVALID_PARAM);
  });

  it.each([
    ['no event', 0, 0n],
    ['an event that the host does not count', 5, 0n],
    ['a cache event', 0x1_0019, 0n],
    ['data where an event has none', CYCLES, 1n],
    ['a type that is reserved', 0x7_0000, 0n],
    ['a raw event with a code', RAW + 1, 0n],
    ['a raw event of version 2 that the host does not count', RAW_V2, 0n],
    ['bits above the type', 0x10_0001, 0n],
    ['a firmware event that is reserved', 0xf_0016, 0n],
    ['a firmware event of the platform', 0xf_ffff, 9n],
  ])('answers NOT_SUPPORTED for %s', (_, event, data) => {
    const { config, state } = machine();
    expect(config(0, 0b11101 | (1 << FIRST_FIRMWARE), 0, event, data)).toEqual(NOT_SUPPORTED);
    expect(state.said.join()).toContain(`0x${event.toString(16)}`);
  });

  it('is said in the log only as often as there is room, whatever numbers the guest comes up with', () => {
    const { config, state, vmm } = machine();
    for (let event = 0; event < 2 * MAX_LINES; event++) config(0, 1, 0, BigInt(event) << 32n);
    expect(state.said.at(-1)).toBe('The log of the VMM ends here, after 256 lines.');
    expect([state.said.length, vmm.save().said.length]).toEqual([MAX_LINES + 1, MAX_LINES + 1]);
  });

  it('answers NOT_SUPPORTED when only counters of the other kind are in the set', () => {
    const { config } = machine();
    expect([config(FIRST_FIRMWARE, 1, 0, CYCLES), config(0, 1, 0, SET_TIMER)]).toEqual([NOT_SUPPORTED, NOT_SUPPORTED]);
  });
});

describe('counter_start and counter_stop', () => {
  it('start and stop sets of counters, with a first value or without', () => {
    const { config, start, stop, cpu } = machine();
    config(0, 1, 0, CYCLES);
    config(2, 1, 0, INSTRUCTIONS);
    expect(start(0, 0b101, SET_INIT_VALUE, 77n)).toEqual(OK);
    const { hardware } = cpu(0).counters;
    expect([hardware.get(0), hardware.get(2)]).toMatchObject([
      { runs: true, value: 77n },
      { runs: true, value: 77n },
    ]);
    hardware.get(0)!.value = 99n;
    expect([stop(0, 0b101), start(0, 1)]).toEqual([OK, OK]);
    expect(hardware.get(0)).toMatchObject({ runs: true, value: 99n });
  });

  it('say when one of a set runs or stands already, and do the others', () => {
    const { config, start, stop, cpu } = machine();
    config(0, 1, 0, CYCLES);
    config(2, 1, 0, INSTRUCTIONS);
    start(0, 1, SET_INIT_VALUE, 5n);
    expect(start(0, 0b101, SET_INIT_VALUE, 8n)).toEqual(STARTED);
    const { hardware } = cpu(0).counters;
    expect([hardware.get(0)?.value, hardware.get(2)?.value]).toEqual([5n, 8n]);
    stop(0, 1);
    expect(stop(0, 0b101)).toEqual(STOPPED);
    expect(hardware.get(2)?.runs).toBe(false);
  });

  it('take a counter that counts nothing for one that cannot be started, and that stands', () => {
    const { start, stop } = machine();
    expect([start(0, 1), stop(0, 1)]).toEqual([INVALID_PARAM, STOPPED]);
  });

  it.each([
    ['an empty set', 0, 0, 0],
    ['a set with the time CSR', 1, 1, 0],
    ['a counter beyond the last', COUNT, 1, 0],
    ['a reserved flag', 0, 1, 4],
  ])('answer INVALID_PARAM for %s', (_, base, mask, flags) => {
    const { config, start, stop } = machine();
    config(0, 1, 0, CYCLES);
    expect([start(base, mask, flags), stop(base, mask, flags)]).toEqual([INVALID_PARAM, INVALID_PARAM]);
  });

  it('answer NO_SHMEM without a snapshot area, and INVALID_PARAM for a first value from two sources', () => {
    const { config, start, stop } = machine();
    config(0, 1, 0, CYCLES);
    expect([start(0, 1, INIT_SNAPSHOT), stop(0, 1, TAKE_SNAPSHOT)]).toEqual([NO_SHMEM, NO_SHMEM]);
    expect(start(0, 1, INIT_SNAPSHOT | SET_INIT_VALUE)).toEqual(INVALID_PARAM);
  });

  it('RESET gives the counter back, even one that stands', () => {
    const { config, start, stop, cpu } = machine();
    config(0, 1, 0, CYCLES);
    expect([stop(0, 1, RESET), start(0, 1)]).toEqual([STOPPED, INVALID_PARAM]);
    expect(cpu(0).counters.hardware.get(0)?.event).toBeNull();
  });
});

describe('the snapshot', () => {
  const VALUES = 8;

  it('gives and takes values by their place after the base, with what has overflown', () => {
    const { config, start, stop, area, poke, memory, cpu } = machine();
    const words = (at: number, count: number) => {
      const view = viewOf(memory(AT, 4096).slice());
      return Array.from({ length: count }, (_, i) => view.getBigUint64(at + 8 * i, true));
    };
    poke(AT, new Uint8Array(4096).fill(0xff));
    expect(area(AT)).toEqual(OK);
    // It may not be touched before a counter is stopped into it.
    expect(memory(AT, 1)[0]).toBe(0xff);
    poke(AT, new Uint8Array(4096));
    poke(AT + 8n, Uint8Array.of(21));
    poke(AT + 16n, Uint8Array.of(22));
    config(3, 0b11, 0, RAW);
    config(3, 0b11, 0, RAW);
    expect(start(3, 0b11, INIT_SNAPSHOT)).toEqual(OK);
    const { hardware } = cpu(0).counters;
    expect([hardware.get(3)?.value, hardware.get(4)?.value]).toEqual([21n, 22n]);
    Object.assign(hardware.get(4)!, { value: 1000n, overflown: true });
    expect(stop(3, 0b11, TAKE_SNAPSHOT)).toEqual(OK);
    expect([words(0, 1), words(VALUES, 3)]).toEqual([[0b10n], [21n, 1000n, 0n]]);
    hardware.get(4)!.overflown = false;
    expect(stop(4, 1, TAKE_SNAPSHOT)).toEqual(STOPPED);
    // The bit of the place after the new base was 0 already; that of the other counter stays.
    expect([words(0, 1), words(VALUES, 3)]).toEqual([[0b10n], [1000n, 1000n, 0n]]);
  });

  it('can be withdrawn', () => {
    const { area, config, stop } = machine();
    config(0, 1, 0, CYCLES);
    expect([area(AT), area(2n ** 64n - 1n, 2n ** 64n - 1n)]).toEqual([OK, OK]);
    expect(stop(0, 1, TAKE_SNAPSHOT)).toEqual(NO_SHMEM);
  });

  it('is refused with flags, at no page, beyond 64 bits, and outside RAM', () => {
    const { area } = machine();
    expect([area(AT, 0n, 1), area(AT + 16n)]).toEqual([INVALID_PARAM, INVALID_PARAM]);
    expect([area(AT, 1n), area(0x4000_0000n), area(2n ** 64n - 4096n)]).toEqual(Array(3).fill(INVALID_ADDRESS));
  });

  it('is not there before SBI 2.0, as reading high halves is not, and event_get_info not before 3.0', () => {
    const { area, readHigh, events, count } = machine({ sbiVersion: '1.0' });
    expect([area(AT), readHigh(FIRST_FIRMWARE), events(AT, 1), count()?.[0]]).toEqual([
      NOT_SUPPORTED,
      NOT_SUPPORTED,
      NOT_SUPPORTED,
      0n,
    ]);
    const newer = machine({ sbiVersion: '2.0' });
    expect([newer.area(AT), newer.events(AT, 1)]).toEqual([OK, NOT_SUPPORTED]);
  });
});

describe('firmware counters', () => {
  it('count what the VMM does under every interface, on the hart that it happens to', () => {
    const { config, start, read, call, stop } = forwarded();
    const made = [SET_TIMER, IPI_SENT, FENCE_I_SENT].map((event, at) => config(at, 1, 0, event)?.[0]);
    expect(made).toEqual([0n, 0n, 0n]);
    call(TIME, 0, 5);
    start(0, 0b111);
    call(TIME, 0, 5);
    call(TIME, 0, 5);
    // Neither reaches the other hart: what was not done is not counted.
    expect([call(IPI, 0, 2, 0)?.[0], call(RFENCE, 0, 2, 0)?.[0]]).toEqual([-1n, -1n]);
    expect([read(0), read(1), read(2)]).toEqual([[0n, 2n], OK, OK]);
    stop(0, 1);
    call(TIME, 0, 5);
    expect(read(0)).toEqual([0n, 2n]);
    start(0, 1, SET_INIT_VALUE, 2n ** 64n - 1n);
    call(TIME, 0, 5);
    call(TIME, 0, 5);
    expect(read(0)).toEqual([0n, 1n]);
  });

  it('count IPIs and fences that are carried out, for who sent and who received them', () => {
    const { config, start, read, call, vmm } = machine();
    const at = FIRST_FIRMWARE;
    for (const [place, event] of [IPI_SENT, IPI_RECEIVED, FENCE_I_SENT, SFENCE_VMA_RECEIVED].entries()) {
      config(at + place, 1, AUTO_START, event);
    }
    call(IPI, 0, 0b11, 0);
    call(IPI, 0, 0b10, 0);
    call(RFENCE, 0, 0b11, 0);
    call(RFENCE, 1, 0b11, 0, 0, 0);
    expect([0, 1, 2, 3].map((place) => read(at + place)?.[1])).toEqual([2n, 1n, 1n, 1n]);
    expect(start(at, 1)).toEqual(STARTED);
    expect(JSON.stringify(vmm.save().sbi.PMU)).toContain('"IPI_RECEIVED":2');
  });

  it('with the accelerator add what KVM does itself', () => {
    const { config, read, cpu, call } = machine({ modes: { ...FORWARD, V01: 'kvm' } });
    cpu(0).counters.firmware.set(4, 10n);
    cpu(0).counters.firmware.set(5, 3n);
    config(FIRST_FIRMWARE, 1, AUTO_START, ILLEGAL_INSN);
    config(FIRST_FIRMWARE + 1, 1, AUTO_START, SET_TIMER);
    cpu(0).counters.firmware.set(4, 14n);
    cpu(0).counters.firmware.set(5, 5n);
    call(TIME, 0, 5);
    expect([read(FIRST_FIRMWARE), read(FIRST_FIRMWARE + 1)]).toEqual([
      [0n, 4n],
      [0n, 3n],
    ]);
  });

  it('cannot count what only KVM sees, or what the VMM does not answer, which the log says', () => {
    const { config, state } = forwarded({ modes: { ...FORWARD, TIME: 'kvm' } });
    expect([config(0, 1, 0, ILLEGAL_INSN), config(0, 1, 0, SET_TIMER), config(0, 1, 0, IPI_SENT)]).toEqual([
      NOT_SUPPORTED,
      NOT_SUPPORTED,
      OK,
    ]);
    expect(state.said.slice(1)).toEqual([
      'PMU: firmware event ILLEGAL_INSN happens in KVM, and no ioctl tells how often',
      'PMU: firmware event SET_TIMER counts calls of TIME, which the VMM does not answer, and no ioctl tells how often KVM does',
    ]);
  });

  it('alone can be read by call, and their high halves are 0', () => {
    const { config, read, readHigh } = machine();
    config(0, 1, 0, CYCLES);
    for (const index of [0, 1, COUNT, -1n]) {
      expect([read(index), readHigh(index)]).toEqual([INVALID_PARAM, INVALID_PARAM]);
    }
    expect([read(FIRST_FIRMWARE), readHigh(FIRST_FIRMWARE)]).toEqual([OK, OK]);
  });
});

describe('event_get_info', () => {
  const ENTRY = 16;
  function list(poke: (gpa: bigint, bytes: Uint8Array) => void, events: readonly (readonly [number, bigint])[]): void {
    const bytes = new Uint8Array(ENTRY * events.length);
    const view = viewOf(bytes);
    for (const [at, [event, data]] of events.entries()) {
      view.setUint32(ENTRY * at, event, true);
      view.setUint32(ENTRY * at + 4, 0xffff_ffff, true);
      view.setBigUint64(ENTRY * at + 8, data, true);
    }
    poke(AT, bytes);
  }

  it('tells of each event of a list whether it can be counted', () => {
    const { events, poke, memory } = machine();
    list(poke, [
      [CYCLES, 0n],
      [5, 0n],
      [RAW, 7n],
      [0x1_0019, 0n],
      [SET_TIMER, 0n],
      [0xf_0100, 0n],
      [CYCLES, 1n],
    ]);
    expect(events(AT, 7)).toEqual(OK);
    const view = viewOf(memory(AT, 7 * ENTRY).slice());
    expect([0, 1, 2, 3, 4, 5, 6].map((at) => view.getUint32(ENTRY * at + 4, true))).toEqual([1, 0, 1, 0, 1, 0, 0]);
    expect(view.getUint32(0, true)).toBe(CYCLES);
  });

  it.each([0x10_0001, 0x7_0000, RAW + 1, 0x1_0038, 0x1_0006])(
    'answers INVALID_PARAM for the index 0x%x, and writes nothing',
    (event) => {
      const { events, poke, memory } = machine();
      list(poke, [
        [CYCLES, 0n],
        [event, 0n],
      ]);
      expect(events(AT, 2)).toEqual(INVALID_PARAM);
      expect(viewOf(memory(AT, 8).slice()).getUint32(4, true)).toBe(0xffff_ffff);
    },
  );

  it('answers with every other error of the specification', () => {
    const { events } = machine();
    expect([events(AT, 1, 0n, 1), events(AT + 8n, 1)]).toEqual([INVALID_PARAM, INVALID_PARAM]);
    expect([events(AT, 1, 1n), events(0x4000_0000n, 1), events(RAM_BASE + BigInt(16 * MIB - ENTRY), 2)]).toEqual(
      Array(3).fill(INVALID_ADDRESS),
    );
    expect([events(AT, 2n ** 60n), events(AT, 2n ** 64n - 1n)]).toEqual([INVALID_ADDRESS, INVALID_ADDRESS]);
    expect(events(AT, 4097)).toEqual(FAILED);
    expect(events(AT, 0)).toEqual(INVALID_PARAM);
  });
});

describe('what the VMM keeps of PMU', () => {
  it('goes on exactly over a snapshot', () => {
    const options = { interface: 'accelerator', harts: 2, modes: FORWARD } as const;
    const one = machine(options);
    one.config(0, 1, 0, CYCLES);
    one.config(FIRST_FIRMWARE, 1, AUTO_START, SET_TIMER);
    one.area(AT);
    one.call(TIME, 0, 1);
    const saved = one.vmm.save();
    const two = running(options, undefined, JSON.parse(JSON.stringify(saved)));
    expect(two.vmm.save()).toEqual(saved);
    two.call(TIME, 0, 1);
    expect(two.call(PMU, 5, FIRST_FIRMWARE)).toEqual([0n, 2n]);
    expect(two.kvm.log.some((line) => line.includes('info'))).toBe(false);
  });

  it('is gone, in KVM too, when the hart stops', () => {
    const { config, start, call, cpu, vmm } = machine();
    config(0, 1, 0, CYCLES);
    start(0, 1);
    call(HSM, 1);
    expect(cpu(0).counters.hardware.get(0)).toMatchObject({ event: null, runs: false });
    expect(vmm.save().sbi.PMU).toMatchObject({ harts: [{ counters: [], happened: {} }, {}] });
  });

  it.each([
    ['other harts', { hardware: null, harts: [] }, 'sbi.PMU.harts: there are 0'],
    [
      'an event that is none',
      { hardware: null, harts: Array(2).fill({ snapshot: '0x0', counters: [], happened: { X: 1 } }) },
      'sbi.PMU.harts.0.happened.X: is no firmware event',
    ],
  ])('is refused with %s', (_, PMU_STATE, message) => {
    const saved = machine().vmm.save();
    expect(() => running({ harts: 2 }, undefined, { ...saved, sbi: { ...saved.sbi, PMU: PMU_STATE } })).toThrow(
      message,
    );
  });
});
