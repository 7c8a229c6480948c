import { describe, expect, it } from 'vitest';
import { utf8 } from '../../base/bytes.ts';
import { MPXY_ATTRIBUTES, MPXY_CAPABILITIES, MPXY_VENDOR_PROTOCOLS } from '../../sbi/spec/mpxy.ts';
import { sbiExit } from '../../testing/fake-kvm.ts';
import { AT, MIB, type Overrides, running } from '../../testing/fake-machine.ts';
import { parseFdt } from '../fdt.ts';
import { RAM_BASE } from '../layout.ts';
import { QEMU } from '../profiles/index.ts';
import { channelIds, EVENTS_PER_CALL } from './mpxy.ts';
import { CHANNELS, DIAGNOSTICS_ATTRIBUTES, DIAGNOSTICS_MESSAGES } from './mpxy-channels.ts';
import { EVENT_QUEUE_LENGTH } from './mpxy-state.ts';

const MPXY = 0x4d505859;
const HSM = 0x48534d;
const [SHMEM_SIZE, SET_SHMEM, CHANNEL_IDS, READ, WRITE, ASK, POST, EVENTS] = [0, 1, 2, 3, 4, 5, 6, 7];
const [DIAGNOSTICS, CLOCK, NO_CHANNEL] = [1, 2, 3];
const { EVENT_MASK, INPUT_THRESHOLD } = DIAGNOSTICS_ATTRIBUTES;
const NEXT = AT + 0x1000n;

const DONE = [0n, 0n];
const FAILED = [-1n, 0n];
const NOT_SUPPORTED = [-2n, 0n];
const INVALID_PARAM = [-3n, 0n];
const DENIED = [-4n, 0n];
const INVALID_ADDRESS = [-5n, 0n];
const NO_SHMEM = [-9n, 0n];
const BAD_RANGE = [-11n, 0n];
const TIMEOUT = [-12n, 0n];
const IO = [-13n, 0n];

function proxied(overrides: Overrides = {}) {
  const it = running({ interface: 'userspace', modes: { MPXY: 'vmm', HSM: 'vmm' }, ...overrides });
  const call = (fid: number, ...args: readonly (number | bigint)[]) => it.call(MPXY, fid, ...args);
  const words = (count: number, offset = 0) => {
    const bytes = it.memory(AT + BigInt(offset), 4 * count);
    return [...new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))];
  };
  const put = (...values: readonly number[]) => it.poke(AT, new Uint8Array(Uint32Array.from(values).buffer));
  const read = (channel: number, attribute: number) => {
    expect(call(READ, channel, attribute, 1)).toEqual(DONE);
    return words(1)[0];
  };
  const write = (channel: number, attribute: number, ...values: readonly number[]) => {
    put(...values);
    return call(WRITE, channel, attribute, values.length);
  };
  const post = (value: number) => {
    put(value);
    return call(POST, DIAGNOSTICS, DIAGNOSTICS_MESSAGES.POST, 4);
  };
  return { ...it, call, words, put, read, write, post };
}

/** With shared memory at `AT`. */
function ready(overrides: Overrides = {}) {
  const it = proxied(overrides);
  expect(it.call(SET_SHMEM, AT, 0, 0)).toEqual(DONE);
  return it;
}

describe('the device tree of a guest', () => {
  const hasMailbox = (overrides: Overrides) => {
    const { deviceTree } = proxied(overrides).vmm;
    return parseFdt(deviceTree ?? new Uint8Array()).root.children.some(({ name }) => name === 'mailbox');
  };

  it('has the mailbox of MPXY where the VMM answers it, and not where it is off or newer than the SBI', () => {
    expect([hasMailbox({}), hasMailbox({ modes: { MPXY: 'off' } }), hasMailbox({ sbiVersion: '2.0' })]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('has none under a VMM that has no channels', () => {
    expect(hasMailbox({ interface: 'upstream', profile: QEMU })).toBe(false);
  });
});

describe('shared memory of MPXY', () => {
  it('has a size that every message fits into, in whole pages [SBI 3.0 §20.5]', () => {
    const size = Number(proxied().call(SHMEM_SIZE)?.[1]);
    expect(size % 4096).toBe(0);
    expect(size).toBeGreaterThanOrEqual(Math.max(4096, ...CHANNELS.map(({ maxLength }) => maxLength)));
  });

  it('is needed by every other function, again once it was withdrawn', () => {
    const { call } = proxied();
    const refusals = () => [
      call(CHANNEL_IDS, 0),
      call(READ, DIAGNOSTICS, 0, 1),
      call(WRITE, DIAGNOSTICS, EVENT_MASK, 1),
      call(ASK, DIAGNOSTICS, 1, 0),
      call(POST, DIAGNOSTICS, 3, 4),
      call(EVENTS, DIAGNOSTICS),
      call(READ, NO_CHANNEL, 0, 0),
    ];
    expect(refusals()).toEqual(Array(7).fill(NO_SHMEM));
    expect([call(SET_SHMEM, AT, 0, 0), call(CHANNEL_IDS, 0), call(SET_SHMEM, -1, -1, 0)]).toEqual(Array(3).fill(DONE));
    expect(refusals()).toEqual(Array(7).fill(NO_SHMEM));
  });

  it.each([2, 3, 4, 2n ** 32n, 2n ** 63n])('refuses the reserved flags %s, also when it is withdrawn', (flags) => {
    const { call } = proxied();
    expect([call(SET_SHMEM, AT, 0, flags), call(SET_SHMEM, -1, -1, flags)]).toEqual([INVALID_PARAM, INVALID_PARAM]);
  });

  it.each<[string, bigint, bigint, readonly bigint[]]>([
    ['not aligned', AT + 8n, 0n, INVALID_PARAM],
    ['all ones in the low half alone', -1n, 0n, INVALID_PARAM],
    ['all ones in the high half alone', AT, -1n, INVALID_ADDRESS],
    ['beyond 64 bits', AT, 1n, INVALID_ADDRESS],
    ['not RAM', 0x4000_0000n, 0n, INVALID_ADDRESS],
    ['just below RAM', RAM_BASE - 0x1000n, 0n, INVALID_ADDRESS],
    ['just beyond RAM', RAM_BASE + BigInt(16 * MIB), 0n, INVALID_ADDRESS],
  ])('refuses an address that is %s, and keeps the old one', (_, lo, hi, refusal) => {
    const { call, words } = ready();
    expect([call(SET_SHMEM, lo, hi, 0), call(CHANNEL_IDS, 0)]).toEqual([refusal, DONE]);
    expect(words(2)).toEqual([0, 2]);
  });

  it('writes the address of the old one into the new one on request [SBI 3.0 §20.6]', () => {
    const { call, words } = proxied();
    expect(call(SET_SHMEM, AT, 0, 1)).toEqual(DONE);
    expect(words(4)).toEqual(Array(4).fill(0xffff_ffff));
    expect(call(SET_SHMEM, NEXT, 0, 1)).toEqual(DONE);
    expect(words(4, 0x1000)).toEqual([Number(AT), 0, 0, 0]);
  });

  it('belongs to one hart, and is gone once HSM stopped the hart', () => {
    const { call, cpu, turn } = ready({ harts: 2 });
    const ofTheOther = (...exits: readonly ReturnType<typeof sbiExit>[]) => {
      cpu(1).returned.length = 0;
      cpu(1).script.push(...exits);
      for (let i = 0; i <= exits.length; i++) turn(1);
      return cpu(1).returned;
    };
    const ids = sbiExit(MPXY, CHANNEL_IDS, 0);
    expect(ofTheOther(ids, sbiExit(MPXY, SET_SHMEM, NEXT, 0, 0), ids)).toEqual([NO_SHMEM, DONE, DONE]);
    ofTheOther(sbiExit(HSM, 1));
    expect(ofTheOther(ids)).toEqual([NO_SHMEM]);
    expect(call(CHANNEL_IDS, 0)).toEqual(DONE);
  });
});

describe('channels of MPXY', () => {
  it('are listed from an index on, none from the end, and not from beyond it [SBI 3.0 §20.7]', () => {
    const { call, words } = ready();
    expect(call(CHANNEL_IDS, 0)).toEqual(DONE);
    expect(words(4)).toEqual([0, 2, DIAGNOSTICS, CLOCK]);
    expect(call(CHANNEL_IDS, 1)).toEqual(DONE);
    expect(words(3)).toEqual([0, 1, CLOCK]);
    expect([call(CHANNEL_IDS, 2), words(2)]).toEqual([DONE, [0, 0]]);
    expect([call(CHANNEL_IDS, 3), call(CHANNEL_IDS, 0xffff_ffff)]).toEqual([INVALID_PARAM, INVALID_PARAM]);
  });

  it('are listed in pages when they do not fit, with the number that remains', () => {
    const ids = [7, 8, 9, 10, 11];
    const page = (start: number) => {
      const bytes = channelIds(ids, start, 16);
      return bytes && [...new Uint32Array(bytes.buffer)];
    };
    expect([page(0), page(2), page(4), page(5), page(6)]).toEqual([
      [3, 2, 7, 8],
      [1, 2, 9, 10],
      [0, 1, 11],
      [0, 0],
      null,
    ]);
  });

  it.each(CHANNELS)('have the standard attributes: channel $id', (channel) => {
    const { call, words } = ready();
    expect(call(READ, channel.id, 0, 12)).toEqual(DONE);
    const [protocol, version, length, send, completion, capabilities, , ...rest] = words(12);
    expect(protocol).toBeGreaterThanOrEqual(MPXY_VENDOR_PROTOCOLS);
    expect([version, length, rest]).toEqual([0x1_0000, channel.maxLength, Array(5).fill(0)]);
    expect(completion).toBeGreaterThanOrEqual(send ?? Infinity);
    const can = (name: keyof typeof MPXY_CAPABILITIES) => ((capabilities ?? 0) & MPXY_CAPABILITIES[name]) !== 0;
    expect([can('MSI'), can('SSE'), (capabilities ?? 0) >> 6]).toEqual([false, false, 0]);
    expect(call(EVENTS, channel.id)?.[0]).toBe(can('GET_NOTIFICATIONS') ? 0n : -2n);
    expect(call(ASK, channel.id, 1, 0)?.[0]).toBe(can('SEND_WITH_RESPONSE') ? 0n : -2n);
    const posts = can('SEND_WITHOUT_RESPONSE');
    expect(call(POST, channel.id, 3, 5000)).toEqual(posts ? INVALID_PARAM : NOT_SUPPORTED);
  });

  it('can be written to where the table says so', () => {
    for (const { id, access } of Object.values(MPXY_ATTRIBUTES)) {
      expect(ready().write(DIAGNOSTICS, id, 0)).toEqual(access === 'read' ? BAD_RANGE : DONE);
    }
  });

  it('ignore what is written for MSIs, which nothing here takes, and for events where there are none', () => {
    const { write, read } = ready();
    expect(write(DIAGNOSTICS, MPXY_ATTRIBUTES.MSI_CONTROL.id, 1, 0x1000, 0, 0x55)).toEqual(DONE);
    expect([7, 8, 9, 10].map((id) => read(DIAGNOSTICS, id))).toEqual([0, 0, 0, 0]);
    expect(write(CLOCK, MPXY_ATTRIBUTES.EVENTS_STATE_CONTROL.id, 7)).toEqual(DONE);
    expect(read(CLOCK, MPXY_ATTRIBUTES.EVENTS_STATE_CONTROL.id)).toBe(0);
  });

  it.each<[string, number, number, number, readonly bigint[]]>([
    ['none', DIAGNOSTICS, 0, 0, INVALID_PARAM],
    ['more than fit into shared memory', DIAGNOSTICS, 0, 1025, INVALID_PARAM],
    ['from a reserved one on', DIAGNOSTICS, 0xc, 1, INVALID_PARAM],
    ['from the last reserved one into those of the protocol', DIAGNOSTICS, 0x7fff_ffff, 2, INVALID_PARAM],
    ['into the reserved ones', DIAGNOSTICS, 0xb, 2, BAD_RANGE],
    ['from a standard one into those of the protocol', DIAGNOSTICS, 0xb, 1024, BAD_RANGE],
    ['beyond the last of the protocol', DIAGNOSTICS, EVENT_MASK, 3, BAD_RANGE],
    ['that the protocol does not have', DIAGNOSTICS, 0xffff_ffff, 2, BAD_RANGE],
    ['of a protocol without any', CLOCK, 0x8000_0000, 1, BAD_RANGE],
    ['of no channel', NO_CHANNEL, 0, 1, NOT_SUPPORTED],
  ])('refuse attributes that are %s [SBI 3.0 §20.8]', (_, channel, base, count, refusal) => {
    const { call } = ready();
    expect([call(READ, channel, base, count), call(WRITE, channel, base, count)]).toEqual([refusal, refusal]);
  });

  it('have attributes of the protocol, written in order and all or none [SBI 3.0 §20.9]', () => {
    const { write, read, call, words } = ready();
    expect(call(READ, DIAGNOSTICS, 0x8000_0000, 3)).toEqual(DONE);
    expect(words(3)).toEqual([EVENT_QUEUE_LENGTH, 0, 1]);
    expect(write(DIAGNOSTICS, 0x8000_0000, 9)).toEqual(BAD_RANGE);
    expect(write(DIAGNOSTICS, EVENT_MASK, 4)).toEqual(INVALID_PARAM);
    expect(write(DIAGNOSTICS, INPUT_THRESHOLD, 0)).toEqual(INVALID_PARAM);
    expect(write(DIAGNOSTICS, MPXY_ATTRIBUTES.EVENTS_STATE_CONTROL.id, 2)).toEqual(INVALID_PARAM);
    expect(write(DIAGNOSTICS, EVENT_MASK, 1)).toEqual(DONE);
    expect(write(DIAGNOSTICS, INPUT_THRESHOLD, 5)).toEqual(DENIED);
    expect(write(DIAGNOSTICS, EVENT_MASK, 2, 5)).toEqual(DENIED);
    expect(write(DIAGNOSTICS, EVENT_MASK, 0, 5)).toEqual(DONE);
    expect(write(DIAGNOSTICS, EVENT_MASK, 3, 0)).toEqual(INVALID_PARAM);
    expect([read(DIAGNOSTICS, EVENT_MASK), read(DIAGNOSTICS, INPUT_THRESHOLD)]).toEqual([0, 5]);
  });

  it('take ids from the low 32 bits of a register', () => {
    const { call } = ready();
    const high = 0xabcd_0000_0000n;
    expect(call(READ, high | 1n, high, high | 1n)).toEqual(DONE);
    expect(call(CHANNEL_IDS, high)).toEqual(DONE);
    expect(call(ASK, high | 1n, high | 1n, high)).toEqual(INVALID_PARAM);
  });
});

describe('messages of MPXY', () => {
  it('are answered in shared memory, with the length of the response [SBI 3.0 §20.10]', () => {
    const { call, poke, memory, state, words } = ready();
    poke(AT, utf8('hello there'));
    expect(call(ASK, DIAGNOSTICS, DIAGNOSTICS_MESSAGES.ECHO, 5)).toEqual([0n, 5n]);
    expect(memory(AT, 11)).toEqual(utf8('hello there'));
    expect(call(ASK, DIAGNOSTICS, DIAGNOSTICS_MESSAGES.ECHO, 1024)).toEqual([0n, 1024n]);
    state.now = 0x2_0000_0007;
    expect([call(ASK, CLOCK, 1, 0), words(2)]).toEqual([
      [0n, 8n],
      [7, 2],
    ]);
  });

  it('are refused when they are too long, of no channel, unknown, or sent the other way', () => {
    const { call } = ready();
    const { ECHO, POST: POSTED } = DIAGNOSTICS_MESSAGES;
    for (const length of [1025, 4097, 2n ** 32n, 2n ** 64n - 1n]) {
      expect([call(ASK, DIAGNOSTICS, ECHO, length), call(POST, DIAGNOSTICS, POSTED, length)]).toEqual([
        INVALID_PARAM,
        INVALID_PARAM,
      ]);
    }
    expect([call(ASK, CLOCK, 1, 9), call(ASK, CLOCK, 1, 8)]).toEqual([INVALID_PARAM, FAILED]);
    expect([call(ASK, NO_CHANNEL, ECHO, 0), call(POST, NO_CHANNEL, POSTED, 4)]).toEqual([NOT_SUPPORTED, NOT_SUPPORTED]);
    expect([call(ASK, DIAGNOSTICS, 99, 0), call(POST, DIAGNOSTICS, 99, 0)]).toEqual([NOT_SUPPORTED, NOT_SUPPORTED]);
    expect([call(ASK, DIAGNOSTICS, POSTED, 4), call(POST, DIAGNOSTICS, ECHO, 0)]).toEqual([
      NOT_SUPPORTED,
      NOT_SUPPORTED,
    ]);
    expect(call(POST, DIAGNOSTICS, POSTED, 3)).toEqual(FAILED);
  });

  it('can be made to fail, so that a driver can be tried', () => {
    const { call, put } = ready();
    const fail = (which: number, length = 4) => {
      put(which);
      return call(ASK, DIAGNOSTICS, DIAGNOSTICS_MESSAGES.FAIL, length);
    };
    expect([fail(0), fail(1), fail(2), fail(3), fail(1, 3)]).toEqual([FAILED, TIMEOUT, IO, FAILED, FAILED]);
  });
});

describe('notifications of MPXY', () => {
  const events = (it: ReturnType<typeof ready>) => {
    const [error, bytes] = it.call(EVENTS, DIAGNOSTICS) ?? [];
    expect(error).toBe(0n);
    const found = it.words(Number(bytes) / 4, 16);
    return Array.from({ length: found.length / 4 }, (_, i) => found.slice(4 * i, 4 * i + 4));
  };

  it('come only while they are wanted, with kind, value and time, oldest first [SBI 3.0 §20.12]', () => {
    const it = ready();
    it.post(1);
    it.write(DIAGNOSTICS, EVENT_MASK, 2);
    it.state.now = 1000.5;
    expect([it.post(0xffff_ffff), it.post(5)]).toEqual([DONE, DONE]);
    expect(events(it)).toEqual([
      [2, 0xffff_ffff, 1000, 0],
      [2, 5, 1000, 0],
    ]);
    expect(events(it)).toEqual([]);
  });

  it('tell how many remain and were lost, once that was asked for', () => {
    const it = ready();
    const { EVENTS_STATE_CONTROL } = MPXY_ATTRIBUTES;
    it.write(DIAGNOSTICS, EVENT_MASK, 2);
    for (let i = 0; i <= EVENT_QUEUE_LENGTH; i++) it.post(i);
    it.put(7, 7, 7);
    expect([events(it).length, it.words(3)]).toEqual([EVENTS_PER_CALL, [7, 7, 7]]);
    it.write(DIAGNOSTICS, EVENTS_STATE_CONTROL.id, 1);
    for (let i = 0; i < EVENTS_PER_CALL + 3; i++) it.post(100 + i);
    expect([events(it)[0], it.words(3)]).toEqual([
      [2, EVENTS_PER_CALL, 0, 0],
      [EVENT_QUEUE_LENGTH - EVENTS_PER_CALL, EVENTS_PER_CALL, 3],
    ]);
    expect([events(it)[0], it.words(3)]).toEqual([
      [2, 100, 0, 0],
      [0, EVENTS_PER_CALL, 0],
    ]);
    expect([events(it), it.words(3)]).toEqual([[], [0, 0, 0]]);
  });

  it('tell of console input, however fast it is read, and of what waited before', () => {
    const it = ready();
    it.type('ab');
    it.write(DIAGNOSTICS, EVENT_MASK, 1);
    expect(events(it)).toEqual([[1, 2, 0, 0]]);
    it.type('cde');
    expect(events(it)).toEqual([[1, 3, 0, 0]]);
    expect(events(it)).toEqual([]);
  });

  it('wait until as much input has come as was asked for', () => {
    const it = ready();
    it.write(DIAGNOSTICS, INPUT_THRESHOLD, 4);
    it.write(DIAGNOSTICS, EVENT_MASK, 1);
    it.type('abc');
    expect(events(it)).toEqual([]);
    it.type('d');
    expect(events(it)).toEqual([[1, 4, 0, 0]]);
  });

  it('are fetched by any hart, and survive in the snapshot with everything else', () => {
    const options = { interface: 'userspace', modes: { MPXY: 'vmm' } } as const;
    const one = ready(options);
    one.write(DIAGNOSTICS, MPXY_ATTRIBUTES.EVENTS_STATE_CONTROL.id, 1);
    one.write(DIAGNOSTICS, EVENT_MASK, 3);
    for (let i = 0; i < EVENT_QUEUE_LENGTH + 1; i++) one.post(i);
    one.type('xyz');
    const saved = JSON.parse(JSON.stringify(one.vmm.save()));
    const two = running(options, undefined, saved);
    expect(two.vmm.save()).toEqual(saved);
    two.type('xyz');
    expect(two.call(MPXY, EVENTS, DIAGNOSTICS)).toEqual([0n, 128n]);
    const counts = new Uint32Array(two.memory(AT, 12).buffer);
    expect([...counts]).toEqual([8, 8, 2]);
  });
});
