import { describe, expect, it } from 'vitest';
import { IRQ_LCOF } from '../../hart/api.ts';
import { composeHost, MAX, RELEASES } from '../profiles/index.ts';
import { type Bench, bench, ecall, RAM_BASE } from '../testdata/bench.ts';

const NEW = composeHost(RELEASES[0]!, MAX, { sbiV01: false }, { name: 'max', label: 'max' });
const OLD = composeHost(
  RELEASES.find(({ name }) => name === '6.12')!,
  MAX,
  { sbiV01: false },
  { name: 'max', label: 'max' },
);
const PMU = 0x504d55n;
const TIME = 0x54494d45n;
const ALL = 0xffff_ffffn;
const [CONFIG, START, STOP, READ, SNAPSHOT] = [2n, 3n, 4n, 5n, 7n] as const;
const CLEAR = 2n;
const U64 = 1n << 64n;
const PAGE = RAM_BASE + 0x8000n;

function call(machine: Bench, fid: bigint, ...args: bigint[]): readonly [bigint, bigint] {
  ecall(machine, 0, PMU, fid, args);
  const [hart] = machine.harts;
  return [BigInt.asIntN(64, hart!.readX(10)), hart!.readX(11)];
}

/** Lets the guest retire so many instructions; it also retires some after each call. */
function work(machine: Bench, instructions: number): void {
  const [thread] = machine.threads;
  thread!.sliceEnd = thread!.clock.now + instructions;
  machine.vcpus[0]!.kvmRun();
}

describe('a hardware counter', () => {
  it('counts the instructions between start and stop, and no others', () => {
    const machine = bench(NEW, 'accelerator', { extensions: MAX.isa });
    expect(call(machine, CONFIG, 0n, ALL, CLEAR, 2n, 0n)).toEqual([0n, 2n]);
    work(machine, 100);
    const { clock } = machine.threads[0]!;
    const before = clock.retired;
    call(machine, START, 2n, 1n, 1n, 7n);
    work(machine, 500);
    const retired = clock.retired - before;
    expect(retired).toBeGreaterThan(500);
    call(machine, STOP, 2n, 1n, 0n);
    work(machine, 100);
    const [error, value] = call(machine, READ, 2n);
    expect(error).toBe(0n);
    expect(value).toBe(7n + BigInt(retired));
  });

  it('that overflows interrupts the guest, and says so in the snapshot', () => {
    const machine = bench(NEW, 'upstream', { extensions: MAX.isa });
    const [hart] = machine.harts;
    call(machine, CONFIG, 0n, ALL, CLEAR, 2n, 0n);
    expect(call(machine, SNAPSHOT, PAGE, 0n, 0n)).toEqual([0n, 0n]);
    call(machine, START, 2n, 1n, 1n, U64 - 50_000n);
    work(machine, 30_000);
    expect(hart!.isPending(IRQ_LCOF)).toBe(false);
    work(machine, 20_000);
    expect(hart!.isPending(IRQ_LCOF)).toBe(true);
    expect(call(machine, STOP, 2n, 1n, 2n)).toEqual([0n, 0n]);
    const snapshot = new DataView(machine.memory.read(Number(PAGE - RAM_BASE), 16).buffer);
    expect(snapshot.getBigUint64(0, true)).toBe(1n);
  });
});

describe('a counter of one level', () => {
  const UINH = 1n << 5n;
  const SINH = 1n << 6n;

  /** Lets the guest retire so many at a level. */
  function workAt(machine: Bench, level: 'U' | 'S', instructions: number): void {
    const [hart] = machine.harts;
    hart!.enter(level);
    work(machine, instructions);
    hart!.enter('S');
  }

  it.each([
    ['both', 0n, (_user: number, all: number) => all],
    ['user', SINH, (user: number) => user],
    ['supervisor', UINH, (user: number, all: number) => all - user],
    ['none', SINH | UINH, () => 0],
  ] as const)('counts what is retired there, and nothing else: %s', (_, flags, expected) => {
    const machine = bench(NEW, 'accelerator', { extensions: MAX.isa });
    const { clock } = machine.threads[0]!;
    call(machine, CONFIG, 0n, ALL, CLEAR | flags, 2n, 0n);
    const before = clock.retired;
    call(machine, START, 2n, 1n, 1n, 0n);
    workAt(machine, 'U', 500);
    workAt(machine, 'S', 700);
    const all = clock.retired - before;
    expect(all).toBeGreaterThan(1200);
    expect(call(machine, READ, 2n)).toEqual([0n, BigInt(expected(500, all))]);
  });

  it('overflows by what it counts: not at the other level, and exactly at its own', () => {
    const machine = bench(NEW, 'accelerator', { extensions: MAX.isa });
    const [hart] = machine.harts;
    call(machine, CONFIG, 0n, ALL, CLEAR | SINH, 2n, 0n);
    call(machine, START, 2n, 1n, 1n, U64 - 600n);
    workAt(machine, 'S', 5000);
    expect([hart!.isPending(IRQ_LCOF), hart!.stopsOnModeChange]).toEqual([false, true]);
    workAt(machine, 'U', 599);
    expect(hart!.isPending(IRQ_LCOF)).toBe(false);
    workAt(machine, 'S', 5000);
    workAt(machine, 'U', 1);
    expect(hart!.isPending(IRQ_LCOF)).toBe(true);
    work(machine, 10);
    expect(hart!.stopsOnModeChange).toBe(false);
  });

  it('counts traps to KVM by the level that they come from', () => {
    const machine = bench(NEW, 'accelerator', { extensions: MAX.isa });
    const [hart] = machine.harts;
    const TRAPS = 0x1000n;
    const [, user] = call(machine, CONFIG, 3n, 1n, CLEAR | SINH, 0x2_0000n, TRAPS);
    const [, both] = call(machine, CONFIG, 4n, 1n, CLEAR, 0x2_0000n, TRAPS);
    call(machine, START, 3n, 3n, 1n, 0n);
    hart!.enter('U');
    hart!.script.push({ kind: 'illegal', word: 0 });
    work(machine, 10);
    hart!.enter('S');
    hart!.script.push({ kind: 'illegal', word: 0 });
    work(machine, 10);
    // The call that reads is a trap too.
    expect([call(machine, READ, user), call(machine, READ, both)]).toEqual([
      [0n, 1n],
      [0n, 4n],
    ]);
  });
});

describe('a firmware counter', () => {
  it('counts what KVM carries out, once it is started', () => {
    const machine = bench(NEW, 'upstream', { extensions: MAX.isa });
    const [, index] = call(machine, CONFIG, 0n, (1n << 41n) - 1n, CLEAR, 0xf0005n, 0n);
    ecall(machine, 0, TIME, 0n, [U64 - 1n]);
    expect(call(machine, READ, index)).toEqual([0n, 0n]);
    call(machine, START, index, 1n, 0n, 0n);
    ecall(machine, 0, TIME, 0n, [U64 - 1n]);
    ecall(machine, 0, TIME, 0n, [U64 - 1n]);
    expect(call(machine, READ, index)).toEqual([0n, 2n]);
  });
});

it('without counters in the host PMU is refused', () => {
  const machine = bench(composeHost(RELEASES[0]!, { ...MAX, isa: ['A'] }, { sbiV01: false }, NEW), 'upstream');
  expect(call(machine, 0n)).toEqual([-2n, 0n]);
});

// Answers of Linux 6.12.107 and 7.2.13 on the machine with every extension of QEMU 11.1.3.
describe('what releases check', () => {
  const on = (profile: typeof NEW, fid: bigint, ...args: bigint[]) =>
    call(bench(profile, 'upstream', { extensions: MAX.isa }), fid, ...args);
  const LAST_FIRMWARE = 40n;
  const MINUS_ONE = U64 - 1n;

  it('an event of a firmware counter that is read: 6.12 reads what lies beyond the events', () => {
    expect([on(OLD, READ, LAST_FIRMWARE), on(NEW, READ, LAST_FIRMWARE)]).toEqual([
      [0n, 0n],
      [-3n, 0n],
    ]);
    expect(on(OLD, READ, LAST_FIRMWARE + 1n)).toEqual([-3n, 0n]);
  });

  it('a base beyond the counters: 6.12 takes it for negative when the mask reaches over zero', () => {
    expect([on(OLD, CONFIG, MINUS_ONE, 3n, 0n, 1n, 0n), on(NEW, CONFIG, MINUS_ONE, 3n, 0n, 1n, 0n)]).toEqual([
      [0n, 0n],
      [-3n, 0n],
    ]);
    expect(on(OLD, CONFIG, MINUS_ONE, 1n, 0n, 1n, 0n)).toEqual([-3n, 0n]);
  });

  it('the whole of a snapshot area, each with its own error', () => {
    const end = RAM_BASE + (1n << 20n) - 8n;
    expect([on(OLD, SNAPSHOT, end, 0n, 0n), on(NEW, SNAPSHOT, end, 0n, 0n)]).toEqual([
      [-1n, 0n],
      [-5n, 0n],
    ]);
    expect(on(OLD, SNAPSHOT, 0x4000_0000n, 0n, 0n)).toEqual([-5n, 0n]);
  });
});
