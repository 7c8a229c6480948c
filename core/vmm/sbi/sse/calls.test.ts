import { describe, expect, it } from 'vitest';
import { KVM_MP_STATE_STOPPED } from '../../../kvm/uapi.ts';
import { SSE, SSE_ATTRIBUTES, SSE_EVENTS } from '../../../sbi/spec/sse.ts';
import { sbiExit } from '../../../testing/fake-kvm.ts';
import { AT, MIB } from '../../../testing/fake-machine.ts';
import { CONSOLE_INPUT, GLOBAL_SOFTWARE, LOCAL_SOFTWARE, sseMachine as machine } from '../../../testing/sse-machine.ts';
import { RAM_BASE } from '../../layout.ts';
import { SseEvents } from './state.ts';

const END = RAM_BASE + BigInt(16 * MIB);
type Name = keyof typeof SSE.functions;

/** A call of each function that names an event, right but for the event. */
const NAMING: readonly (readonly [Name, (event: number | bigint) => readonly (number | bigint)[]])[] = [
  ['read_attrs', (event) => [event, 0, 1, AT, 0]],
  ['write_attrs', (event) => [event, 1, 1, AT, 0]],
  ['register', (event) => [event, AT, 0]],
  ['unregister', (event) => [event]],
  ['enable', (event) => [event]],
  ['disable', (event) => [event]],
  ['inject', (event) => [event, 0]],
];

describe('event ids [SBI 3.0 §17.1]', () => {
  it.each(NAMING)('%s says INVALID_PARAM for reserved ones and those the platform does not define', (name, args) => {
    const { call } = machine();
    const reserved = [0x2, 0x3fff, 0x8001, 0xbfff, 0x1_0001, 0x1_8000, 0x2_0000, 0x10_0001, 0xffff_0001, 0xffff_8001];
    const ofPlatform = [0x4000, 0x7fff, 0xc000, 0x1_4000, 0xffff_4000, 0xffff_c001];
    for (const event of [...reserved, ...ofPlatform])
      expect([event, call(name, ...args(event))]).toEqual([event, 'INVALID_PARAM']);
  });

  it.each(NAMING)('%s says NOT_SUPPORTED for standard ones that nothing here makes', (name, args) => {
    const { call } = machine();
    const missing = Object.entries(SSE_EVENTS).filter(([key]) => !key.includes('SOFTWARE'));
    expect(missing.length).toBe(6);
    for (const [key, event] of missing) expect([key, call(name, ...args(event))]).toEqual([key, 'NOT_SUPPORTED']);
  });

  it.each(NAMING)('%s looks at 32 bits of an id', (name, args) => {
    const { call } = machine();
    expect(call(name, ...args(0x1_0000_0000n + 2n))).toBe('INVALID_PARAM');
    expect(['SUCCESS', 'INVALID_STATE']).toContain(
      call(name, ...args(0xffff_ffff_0000_0000n + BigInt(LOCAL_SOFTWARE))),
    );
  });

  it('supports the counter overflow once there is a source of it', () => {
    const events = new SseEvents({ harts: 2 });
    const { LOCAL_PMU_OVERFLOW } = SSE_EVENTS;
    expect(events.find(BigInt(LOCAL_PMU_OVERFLOW), 1)).toEqual({ error: 'NOT_SUPPORTED' });
    events.offer(LOCAL_PMU_OVERFLOW);
    expect(events.find(BigInt(LOCAL_PMU_OVERFLOW), 1)).toMatchObject({ id: LOCAL_PMU_OVERFLOW, preferredHart: 1 });
    events.resetHart(1);
    expect(events.find(BigInt(LOCAL_PMU_OVERFLOW), 1)).toMatchObject({ id: LOCAL_PMU_OVERFLOW });
  });
});

describe('read_attrs and write_attrs [SBI 3.0 §17.7, §17.8]', () => {
  it.each(['read_attrs', 'write_attrs'] as const)('%s refuses no attributes, ranges and addresses', (name) => {
    const { call } = machine();
    const first = name === 'read_attrs' ? 0 : 1;
    const of = (base: number, count: number | bigint, lo = AT, hi = 0) =>
      call(name, LOCAL_SOFTWARE, base, count, lo, hi);
    expect(of(first, 1)).toBe('SUCCESS');
    expect([of(first, 0), of(99, 0), of(first, 0x1_0000_0000n)]).toEqual(Array(3).fill('INVALID_PARAM'));
    expect([
      of(10, 1),
      of(9, 2),
      of(0, 11),
      of(0xffff_ffff, 1),
      of(0, 0xffff_ffff),
      of(0xffff_ffff, 0xffff_ffff),
    ]).toEqual(Array(6).fill('BAD_RANGE'));
    expect([
      of(first, 1, AT + 4n),
      of(first, 1, AT, 1),
      of(first, 1, 0n),
      of(first, 1, END),
      of(first, 2, END - 8n),
    ]).toEqual(Array(5).fill('INVALID_ADDRESS'));
    expect(of(first, 1, END - 8n)).toBe('SUCCESS');
  });

  it('read them one by one and together, the first of a range at the address given', () => {
    const { call, read, memory, write } = machine();
    expect(write(LOCAL_SOFTWARE, 'PRIORITY', 0x1234_5678n, 1n)).toBe('SUCCESS');
    expect(call('register', LOCAL_SOFTWARE, 0xffff_ffff_8000_0002n, 0x77)).toBe('SUCCESS');
    const values = (Object.keys(SSE_ATTRIBUTES) as (keyof typeof SSE_ATTRIBUTES)[]).map((name) =>
      read(LOCAL_SOFTWARE, name),
    );
    expect(values).toEqual([0x9n, 0x1234_5678n, 1n, 0n, 0xffff_ffff_8000_0002n, 0x77n, 0n, 0n, 0n, 0n]);
    call('read_attrs', LOCAL_SOFTWARE, 4, 2, AT, 0);
    expect([...memory(AT, 16)]).toEqual([2, 0, 0, 0x80, 0xff, 0xff, 0xff, 0xff, 0x77, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('start at 0, but for who may inject and the hart', () => {
    const { readOn } = machine({ harts: 2 });
    for (const [event, status, preferred] of [
      [LOCAL_SOFTWARE, 8n, 1n],
      [GLOBAL_SOFTWARE, 8n, 0n],
      [CONSOLE_INPUT, 0n, 0n],
    ] as const) {
      for (const name of Object.keys(SSE_ATTRIBUTES) as (keyof typeof SSE_ATTRIBUTES)[]) {
        const expected = name === 'STATUS' ? status : name === 'PREFERRED_HART' ? preferred : 0n;
        expect([event, name, readOn(1, event, name)]).toEqual([event, name, expected]);
      }
    }
  });

  it('DENY what is read-only, and the hart of a local event', () => {
    const { write } = machine();
    for (const name of ['STATUS', 'ENTRY_PC', 'ENTRY_ARG'] as const)
      expect(write(GLOBAL_SOFTWARE, name, 0n)).toBe('DENIED');
    expect(write(LOCAL_SOFTWARE, 'PREFERRED_HART', 0n)).toBe('DENIED');
    expect(write(GLOBAL_SOFTWARE, 'PREFERRED_HART', 0n)).toBe('SUCCESS');
  });

  it('refuse values that are not legal', () => {
    const { write } = machine({ harts: 2 });
    expect(write(LOCAL_SOFTWARE, 'PRIORITY', 0xffff_ffffn)).toBe('SUCCESS');
    expect(write(LOCAL_SOFTWARE, 'PRIORITY', 0x1_0000_0000n)).toBe('INVALID_PARAM');
    expect([write(LOCAL_SOFTWARE, 'CONFIG', 1n), write(LOCAL_SOFTWARE, 'CONFIG', 2n)]).toEqual([
      'SUCCESS',
      'INVALID_PARAM',
    ]);
    expect(
      [1n, 2n, 1n << 32n, -1n].map((hart) => write(GLOBAL_SOFTWARE, 'PREFERRED_HART', BigInt.asUintN(64, hart))),
    ).toEqual(['SUCCESS', ...Array(3).fill('INVALID_PARAM')]);
  });

  it('change PRIORITY, CONFIG and PREFERRED_HART while the event is UNUSED or REGISTERED only', () => {
    const { write, call } = machine();
    const all = () => [
      write(GLOBAL_SOFTWARE, 'PRIORITY', 1n),
      write(GLOBAL_SOFTWARE, 'CONFIG', 0n),
      write(GLOBAL_SOFTWARE, 'PREFERRED_HART', 0n),
    ];
    expect(all()).toEqual(Array(3).fill('SUCCESS'));
    call('register', GLOBAL_SOFTWARE, AT, 0);
    expect(all()).toEqual(Array(3).fill('SUCCESS'));
    call('enable', GLOBAL_SOFTWARE);
    expect(all()).toEqual(Array(3).fill('INVALID_STATE'));
    call('hart_unmask');
    call('inject', GLOBAL_SOFTWARE, 0);
    expect(all()).toEqual(Array(3).fill('INVALID_STATE'));
  });

  it('change what was interrupted while the handler runs, on the hart that runs it', () => {
    const { writeOn, readOn, callOn, enableOn } = machine({ harts: 2 });
    const all = (hart: number) => writeOn(hart, GLOBAL_SOFTWARE, 'INTERRUPTED_SEPC', 2n, 0x3fn, 3n, 4n);
    expect(all(0)).toBe('INVALID_STATE');
    enableOn(0, GLOBAL_SOFTWARE, AT);
    callOn(0, 'hart_unmask');
    expect(all(0)).toBe('INVALID_STATE');
    callOn(0, 'inject', GLOBAL_SOFTWARE, 0);
    expect([all(1), all(0)]).toEqual(['INVALID_STATE', 'SUCCESS']);
    expect(
      (['INTERRUPTED_SEPC', 'INTERRUPTED_FLAGS', 'INTERRUPTED_A6', 'INTERRUPTED_A7'] as const).map((name) =>
        readOn(1, GLOBAL_SOFTWARE, name),
      ),
    ).toEqual([2n, 0x3fn, 3n, 4n]);
    expect([0x40n, 1n << 32n].map((flags) => writeOn(0, GLOBAL_SOFTWARE, 'INTERRUPTED_FLAGS', flags))).toEqual([
      'INVALID_PARAM',
      'INVALID_PARAM',
    ]);
  });

  it('give the error of the first attribute that has one, and then write none', () => {
    const { write, read, call } = machine();
    expect(write(LOCAL_SOFTWARE, 'PRIORITY', 5n, 2n, 0n)).toBe('INVALID_PARAM');
    expect(write(LOCAL_SOFTWARE, 'PRIORITY', 5n, 1n, 0n)).toBe('DENIED');
    expect([read(LOCAL_SOFTWARE, 'PRIORITY'), read(LOCAL_SOFTWARE, 'CONFIG')]).toEqual([0n, 0n]);
    call('register', LOCAL_SOFTWARE, AT, 0);
    call('enable', LOCAL_SOFTWARE);
    expect(write(LOCAL_SOFTWARE, 'PRIORITY', 1n << 40n)).toBe('INVALID_STATE');
  });
});

describe('the states of an event [SBI 3.0 §17.2]', () => {
  it('allow each step only from its state', () => {
    const { call, read } = machine();
    const state = () => Number(read(LOCAL_SOFTWARE, 'STATUS') & 3n);
    const steps = ['register', 'unregister', 'enable', 'disable'] as const;
    const possible = () =>
      steps.map((name) => call(name, LOCAL_SOFTWARE, name === 'register' ? AT + 1n : 0, 0) === 'INVALID_STATE');
    const path: readonly (readonly [Name, number])[] = [
      ['register', 1],
      ['enable', 2],
      ['disable', 1],
      ['unregister', 0],
    ];
    for (const [name, after] of path) {
      for (const other of steps.filter(
        (step) => step !== name && !(state() === 1 && (step === 'unregister' || step === 'enable')),
      )) {
        expect([name, other, call(other, LOCAL_SOFTWARE, AT, 0)]).toEqual([name, other, 'INVALID_STATE']);
      }
      expect([name, call(name, LOCAL_SOFTWARE, AT, 0), state()]).toEqual([name, 'SUCCESS', after]);
    }
    expect(possible()).toEqual([false, true, true, true]);
  });

  it('refuse a handler at an odd address', () => {
    const { call } = machine();
    expect([call('register', LOCAL_SOFTWARE, AT + 1n, 0), call('register', LOCAL_SOFTWARE, 0x1000, 0)]).toEqual([
      'INVALID_PARAM',
      'SUCCESS',
    ]);
  });

  it('are of each hart for a local event, and of all for a global one', () => {
    const { callOn, readOn, enableOn } = machine({ harts: 2 });
    enableOn(0, LOCAL_SOFTWARE, AT);
    enableOn(0, GLOBAL_SOFTWARE, AT);
    expect([LOCAL_SOFTWARE, GLOBAL_SOFTWARE].map((event) => readOn(1, event, 'STATUS') & 3n)).toEqual([0n, 2n]);
    expect([callOn(1, 'register', LOCAL_SOFTWARE, AT, 0), callOn(1, 'register', GLOBAL_SOFTWARE, AT, 0)]).toEqual([
      'SUCCESS',
      'INVALID_STATE',
    ]);
  });
});

describe('inject [SBI 3.0 §17.14]', () => {
  it('refuses harts that are not there, unless the event is global and the hart ignored', () => {
    const { call } = machine({ harts: 2 });
    expect([2n, 1n << 32n, (1n << 64n) - 1n].map((hart) => call('inject', LOCAL_SOFTWARE, hart))).toEqual(
      Array(3).fill('INVALID_PARAM'),
    );
    expect([call('inject', LOCAL_SOFTWARE, 1), call('inject', GLOBAL_SOFTWARE, 99)]).toEqual(['SUCCESS', 'SUCCESS']);
  });

  it('fails for an event that only its source makes, and for a stopped hart, for which nothing waits', () => {
    const { call, cpu, readOn } = machine({ harts: 2 });
    cpu(1).mpState = KVM_MP_STATE_STOPPED;
    expect([call('inject', CONSOLE_INPUT, 0), call('inject', LOCAL_SOFTWARE, 1)]).toEqual(['FAILED', 'FAILED']);
    expect(readOn(1, LOCAL_SOFTWARE, 'STATUS')).toBe(8n);
  });

  it('leaves an event pending that is not enabled yet, once however often it is injected', () => {
    const { call, read, enable } = machine();
    call('hart_unmask');
    expect([call('inject', LOCAL_SOFTWARE, 0), call('inject', LOCAL_SOFTWARE, 0)]).toEqual(['SUCCESS', 'SUCCESS']);
    expect(read(LOCAL_SOFTWARE, 'STATUS')).toBe(0xcn);
    enable(LOCAL_SOFTWARE, AT);
    expect(read(LOCAL_SOFTWARE, 'STATUS')).toBe(0xbn);
    expect(call('complete', 7)).toBe(7n);
    expect(read(LOCAL_SOFTWARE, 'STATUS')).toBe(0xan);
  });
});

describe('hart_mask and hart_unmask [SBI 3.0 §17.15, §17.16]', () => {
  it('say when a hart is so already; it begins masked', () => {
    const { callOn } = machine({ harts: 2 });
    const calls: readonly Name[] = ['hart_mask', 'hart_unmask', 'hart_unmask', 'hart_mask', 'hart_mask'];
    expect(calls.map((name) => callOn(0, name))).toEqual([
      'ALREADY_STOPPED',
      'SUCCESS',
      'ALREADY_STARTED',
      'SUCCESS',
      'ALREADY_STOPPED',
    ]);
    expect(callOn(1, 'hart_mask')).toBe('ALREADY_STOPPED');
  });
});

describe('functions that do not exist', () => {
  it('are NOT_SUPPORTED', () => {
    const { turn, cpu } = machine();
    for (const fid of [10, 11, 0xffff_ffff_ffff_ffffn]) {
      cpu(0).script.push(sbiExit(SSE.eid[0], fid));
      turn();
      turn();
      expect(cpu(0).returned.pop()).toEqual([-2n, 0n]);
    }
  });
});
