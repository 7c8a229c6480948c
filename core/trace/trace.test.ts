import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CallEvent,
  countKey,
  filterTrace,
  fromJsonLines,
  type IoctlEvent,
  type IoctlForm,
  type TraceEvent,
  TraceRecorder,
  toGolden,
  toJsonLines,
} from './index.ts';

const u64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const eid = fc.oneof(u64, fc.constantFrom(0x10n, 0x48534dn, 0x4442434en, 0x54494d45n, 1n, 0x9000489n));
const anyCall: fc.Arbitrary<Omit<CallEvent, 'seq'>> = fc.record({
  kind: fc.constant('call' as const),
  hart: fc.integer({ min: 0, max: 7 }),
  time: fc.integer({ min: 0, max: 1e12 }),
  pc: u64,
  eid,
  fid: fc.bigInt({ min: 0n, max: 9n }),
  args: fc.array(u64, { minLength: 6, maxLength: 6 }),
  by: fc.constantFrom('guest' as const, 'kvm' as const, 'vmm' as const, 'none' as const),
  error: fc.option(fc.oneof(fc.constant(0n), fc.constant(0xffff_ffff_ffff_fffen), u64)),
  value: fc.option(u64),
  cost: fc.integer({ min: 0, max: 1e6 }),
  exited: fc.boolean(),
  kernel: fc.string(),
});
const anyIoctl: fc.Arbitrary<Omit<IoctlEvent, 'seq'>> = fc.record({
  kind: fc.constant('ioctl' as const),
  time: fc.integer({ min: 0, max: 1e12 }),
  fd: fc.constantFrom('kvm', 'vm', 'vcpu 0'),
  name: fc.constantFrom('KVM_RUN', 'KVM_SET_ONE_REG'),
  args: fc.string(),
  ret: fc.integer({ min: -100, max: 3 }),
});

function recorded(
  events: readonly (Omit<CallEvent, 'seq'> | Omit<IoctlEvent, 'seq'>)[],
  capacity?: number,
): TraceRecorder {
  const recorder = new TraceRecorder({}, capacity);
  for (const event of events) event.kind === 'call' ? recorder.call(event) : recorder.ioctl(event);
  return recorder;
}

const base: Omit<CallEvent, 'seq'> = {
  kind: 'call',
  hart: 0,
  time: 12_402,
  pc: 0x8020_0010n,
  eid: 0x10n,
  fid: 3n,
  args: [0x48534dn, 0n, 0n, 0n, 0n, 0n],
  by: 'kvm',
  error: 0n,
  value: 1n,
  cost: 900,
  exited: false,
  kernel: 'BASE is answered by KVM',
};

describe('the recorder', () => {
  it('keeps the newest events, numbered, and counts exactly what it dropped', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(anyCall, anyIoctl), { maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        (events, capacity) => {
          const recorder = recorded(events, capacity);
          const kept = recorder.ring.from(0);
          expect(kept).toEqual(events.map((event, seq) => ({ ...event, seq })).slice(-capacity));
          const { calls, dropped } = recorder.counts();
          expect(dropped).toBe(events.length - kept.length);
          const sum = Object.values(calls)
            .flatMap((by) => Object.values(by))
            .reduce((a, b) => a + b, 0);
          expect(sum).toBe(events.filter((event) => event.kind === 'call').length);
        },
      ),
    );
  });

  it('counts calls by extension and layer, the guest’s own timer compare as TIME', () => {
    const { calls } = recorded([
      base,
      { ...base, by: 'none' },
      { ...base, eid: 0x123n, by: 'none' },
      { ...base, eid: 0x14dn, by: 'guest' },
    ]).counts();
    expect(calls).toEqual({
      BASE: { guest: 0, kvm: 1, vmm: 0, none: 1 },
      '0x123': { guest: 0, kvm: 0, vmm: 0, none: 1 },
      TIME: { guest: 1, kvm: 0, vmm: 0, none: 0 },
    });
  });

  it('counts traps by cause and exits by reason, in copies that later events do not change', () => {
    const recorder = new TraceRecorder();
    recorder.trap(0, 'ecall');
    recorder.exit(1, 'RISCV_SBI');
    const counts = recorder.counts();
    recorder.trap(0, 'ecall');
    recorder.call(base);
    expect(counts).toMatchObject({ calls: {}, traps: { ecall: 1 }, exits: { RISCV_SBI: 1 } });
    expect(recorder.counts().traps).toEqual({ ecall: 2 });
  });
});

describe('the filter', () => {
  const events = recorded([
    base,
    { ...base, hart: 1, eid: 0x4442434en, fid: 0n, by: 'vmm', exited: true },
    { ...base, by: 'none', error: 0xffff_ffff_ffff_fffen },
    { ...base, eid: 2n, by: 'vmm', error: 0x41n },
    { kind: 'ioctl', time: 3, fd: 'kvm', name: 'KVM_CREATE_VM', args: '', ret: 0 },
  ]).ring.from(0);
  const seqs = (filter: Parameters<typeof filterTrace>[1]) => filterTrace(events, filter).map((event) => event.seq);

  it('lets everything through when it asks for nothing', () => expect(seqs({})).toEqual([0, 1, 2, 3, 4]));
  it('selects by extension', () => expect(seqs({ extensions: ['DBCN'] })).toEqual([1]));
  it('selects by layer', () => expect(seqs({ by: ['none', 'kvm'] })).toEqual([0, 2]));
  it('selects by hart', () => expect(seqs({ harts: [1] })).toEqual([1]));
  it('selects by error name', () => expect(seqs({ error: 'NOT_SUPPORTED' })).toEqual([2]));
  it('takes the character that legacy getchar gives for no error', () =>
    expect(seqs({ error: 'failed' })).toEqual([2]));
  it('selects by kind', () => expect(seqs({ kinds: ['ioctl'] })).toEqual([4]));
  it('lets nothing through an empty list', () => expect(seqs({ extensions: [] })).toEqual([]));
});

describe('the stored forms', () => {
  it('JSON lines read back as the events that they were made of', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyCall, anyIoctl), { maxLength: 20 }), (list) => {
        const events: readonly TraceEvent[] = recorded(list).ring.from(0);
        expect(fromJsonLines(toJsonLines(events))).toEqual(events);
      }),
    );
  });

  it('golden text has one line an event, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.array(
          anyCall.map((call) => ({ ...call, kernel: 'x' })),
          { maxLength: 10 },
        ),
        (list) => {
          expect(toGolden(recorded(list).ring.from(0)).split('\n')).toHaveLength(list.length + 2);
        },
      ),
    );
  });

  it('golden text names call, arguments, result, layer and cost', () => {
    const events = recorded([
      base,
      { ...base, eid: 0x14dn, fid: 0n, args: [0x1000n], by: 'guest', cost: 0, kernel: 'Sstc' },
      { ...base, eid: 0x53525354n, fid: 0n, args: [0n, 0n, 0n, 0n, 0n, 0n], error: null, value: null, exited: true },
      { kind: 'ioctl', time: 5, fd: 'vcpu 0', name: 'KVM_RUN', args: '', ret: 0, exit: 'SYSTEM_EVENT' },
    ]).ring.from(0);
    expect(toGolden(events).split('\n')).toEqual([
      'ecall-trace 1',
      expect.stringMatching(
        /^\[ {6}12\.402\] hart 0 0x80200010 BASE probe_extension\(.*=HSM\) -> SUCCESS, value 1.* \| kvm \| 900 ns \| BASE is/,
      ),
      '[      12.402] hart 0 0x80200010 csr 0x14d = 0x1000 | guest | 0 ns | Sstc',
      expect.stringMatching(/SRST system_reset\(.*\) -> no return \| kvm/),
      '[       0.005] vcpu 0 KVM_RUN = 0 SYSTEM_EVENT',
      '',
    ]);
  });

  it.each(['', '{}', 'nonsense', '{"format":"ecall-trace","version":2}'])('refuses %j as a trace', (text) => {
    expect(() => fromJsonLines(text)).toThrow('line 1');
  });

  it('says which line is damaged', () => {
    const text = toJsonLines(recorded([base, base]).ring.from(0));
    expect(() => fromJsonLines(`${text}${text.split('\n')[1]?.replace('0x80200010', 'zz')}`)).toThrow('line 4');
    expect(() => fromJsonLines(`${text}{"kind":"other"}\n`)).toThrow('line 4');
  });

  it('counts what it shows: the key of a call is that of the counts', () => {
    expect(countKey({ by: 'kvm', eid: 0x48534dn })).toBe('HSM');
  });
});

describe('an ioctl that comes in parts', () => {
  const form: IoctlForm = {
    fd: 'vcpu 0',
    name: 'KVM_RUN',
    exit: 'KVM_EXIT_MMIO',
    args: (a, b, c) => `${a} ${b} ${c}`,
  };

  it('reads as one that was told in words, also where calls were kept before', () => {
    const recorder = new TraceRecorder({}, 2);
    const told: TraceEvent[] = [];
    const listening = new TraceRecorder({ event: (event) => told.push(event) }, 2);
    for (const each of [recorder, listening]) {
      each.call(base);
      each.call(base);
      each.ioctlAs(form, 7.5, -22, 1n, 2n ** 64n - 1n, 0n);
      each.call(base);
    }
    const ioctl = {
      kind: 'ioctl',
      seq: 2,
      time: 7.5,
      fd: 'vcpu 0',
      name: 'KVM_RUN',
      args: '1 18446744073709551615 0',
      ret: -22,
      exit: 'KVM_EXIT_MMIO',
    };
    expect(recorder.ring.from(0)).toEqual([ioctl, { ...base, seq: 3 }]);
    expect(told.slice(2)).toEqual(recorder.ring.from(0));
    const { exit: _exit, ...plain } = form;
    recorder.ioctlAs(plain, 8, 0, 0n, 0n, 0n);
    expect(recorder.ring.from(4)).toEqual([
      { kind: 'ioctl', seq: 4, time: 8, fd: 'vcpu 0', name: 'KVM_RUN', args: '0 0 0', ret: 0 },
    ]);
  });
});

it('counts calls by extension, whichever order they come in', () => {
  const guest = { ...base, by: 'guest', eid: 0x14dn } as const;
  const unknown = { ...base, by: 'none', eid: 0x14dn } as const;
  const { calls } = recorded([base, base, guest, base, unknown, guest, unknown, unknown, guest]).counts();
  const none = { guest: 0, kvm: 0, vmm: 0, none: 0 };
  expect(calls).toEqual({ BASE: { ...none, kvm: 3 }, TIME: { ...none, guest: 3 }, '0x14d': { ...none, none: 3 } });
});
