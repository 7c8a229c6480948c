/** Cases of the message proxy, on the channels that the VMM of Ecall has. [SBI 3.0 §20] */
import { MPXY, MPXY_ATTRIBUTES, MPXY_EVENTS, MPXY_PROTOCOL_ATTRIBUTES } from '../../../sbi/spec/mpxy.ts';
import { DIAGNOSTICS_ATTRIBUTES, DIAGNOSTICS_MESSAGES } from '../../../vmm/sbi/mpxy-channels.ts';
import { casesOf } from '../define.ts';
import { ALL_ONES, BUFFER, OUTSIDE, RAM_BASE, RAM_END } from '../layout.ts';
import { between, call, fill, memory, onOther, otherThan, startOther, stopOther, store } from '../steps.ts';
import type { Expectation, Step } from '../types.ts';

type Fn = keyof typeof MPXY.functions;

const OVERWRITE = 0n;
const { OVERWRITE_RETURN } = MPXY.functions.set_shmem.args[2].values;
const NEXT = BUFFER + 0x1000n;
const UPPER_BITS = 1n << 32n;
const [TALKING, SILENT, NO_CHANNEL] = [1n, 2n, 99n];
const { MSG_PROT_ID, MSI_DATA, EVENTS_STATE_CONTROL } = MPXY_ATTRIBUTES;
const ECHO = BigInt(DIAGNOSTICS_MESSAGES.ECHO);
const FAIL = BigInt(DIAGNOSTICS_MESSAGES.FAIL);
const POST = BigInt(DIAGNOSTICS_MESSAGES.POST);
const MASK = BigInt(DIAGNOSTICS_ATTRIBUTES.EVENT_MASK);
const THRESHOLD = BigInt(DIAGNOSTICS_ATTRIBUTES.INPUT_THRESHOLD);
const POSTED_EVENTS = 2n;
const NO_MESSAGE = 77n;

const ready: Step = call('MPXY', 'set_shmem', BUFFER, 0n, 0n);
const none: Step = call('MPXY', 'set_shmem', ALL_ONES, ALL_ONES, 0n);
const word = (at: number | bigint, value: bigint): Step => store(BUFFER + BigInt(at), value, 32);
const wanted = (events: bigint): readonly Step[] => [
  word(0, events),
  call('MPXY', 'write_attributes', TALKING, MASK, 1n),
];

const SECTIONS: Readonly<Record<Fn, string>> = {
  get_shmem_size: '20.5',
  set_shmem: '20.6',
  get_channel_ids: '20.7',
  read_attributes: '20.8',
  write_attributes: '20.9',
  send_message_with_response: '20.10',
  send_message_without_response: '20.11',
  get_notification_events: '20.12',
};

const shmem = (id: string, lo: bigint, hi: bigint, flags: bigint) => ({
  id,
  function: 'set_shmem' as const,
  section: SECTIONS.set_shmem,
  before: [none],
  with: { shmem_phys_lo: lo, shmem_phys_hi: hi, flags },
  after: [none],
});
const list = (id: string, start_index: bigint) => ({
  id,
  function: 'get_channel_ids' as const,
  section: SECTIONS.get_channel_ids,
  before: [ready],
  with: { start_index },
  after: [none],
});
const attributes = <F extends 'read_attributes' | 'write_attributes'>(
  id: string,
  fn: F,
  channel_id: bigint,
  base: number | bigint,
  count: bigint,
) => ({
  id,
  function: fn,
  section: SECTIONS[fn],
  before: [ready, fill(BUFFER, 64, 0n)],
  with: { channel_id, base_attribute_id: BigInt(base), attribute_count: count },
  after: [none],
});
const send = <F extends 'send_message_with_response' | 'send_message_without_response'>(
  id: string,
  fn: F,
  channel_id: bigint,
  message_id: bigint,
  length: bigint,
) => ({
  id,
  function: fn,
  section: SECTIONS[fn],
  before: [ready],
  with: { channel_id, message_id, message_data_len: length },
  after: [none],
});
const events = (id: string, channel_id: bigint) => ({
  id,
  function: 'get_notification_events' as const,
  section: SECTIONS.get_notification_events,
  before: [ready],
  with: { channel_id },
  after: [...wanted(0n), none],
});

const INVALID: Expectation = { error: 'INVALID_PARAM' };
const UNSUPPORTED: Expectation = { error: 'NOT_SUPPORTED' };
const RANGE: Expectation = { error: 'BAD_RANGE' };
/** Asked before shared memory is named: the memory is looked for first, whatever else is wrong. */
const unnamed = { class: 'invalid state', before: [none], expects: { error: 'NO_SHMEM' } } as const;
const failing = (which: bigint) => [ready, word(0, which)];
const outOfTheOther: Step = onOther(call('MPXY', 'get_channel_ids', 0n), 'la t0, mpxy_seen\nsd a0, 0(t0)');

export const mpxy = casesOf('MPXY', {
  routines: '        .bss\n        .balign 8\nmpxy_seen: .skip 8\n        .text\n',
  cases: [
    {
      id: 'shmem-size',
      function: 'get_shmem_size',
      class: 'valid',
      section: SECTIONS.get_shmem_size,
      expects: { error: 'SUCCESS', value: { words: 'whole pages', holds: (size) => size > 0n && size % 4096n === 0n } },
    },
    { ...shmem('shmem', BUFFER, 0n, OVERWRITE), class: 'valid', expects: { error: 'SUCCESS' } },
    { ...shmem('shmem-at-end-of-ram', RAM_END - 0x1000n, 0n, 0n), class: 'valid', expects: { error: 'SUCCESS' } },
    {
      ...shmem('shmem-return-none', BUFFER, 0n, BigInt(OVERWRITE_RETURN)),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: [memory(BUFFER, ALL_ONES), memory(BUFFER + 8n, ALL_ONES)],
    },
    {
      ...shmem('shmem-return', NEXT, 0n, BigInt(OVERWRITE_RETURN)),
      class: 'valid',
      before: [ready],
      expects: { error: 'SUCCESS' },
      sees: [memory(NEXT, BUFFER), memory(NEXT + 8n, 0n)],
    },
    {
      ...shmem('shmem-withdrawn', ALL_ONES, ALL_ONES, 0n),
      class: 'valid',
      before: [ready],
      expects: { error: 'SUCCESS' },
    },
    {
      ...shmem('shmem-of-one-hart', BUFFER, 0n, 0n),
      class: 'valid',
      before: [none, startOther],
      expects: { error: 'SUCCESS' },
      sees: [
        { ...memory('mpxy_seen', BigInt.asUintN(64, -9n)), read: `${outOfTheOther}\nla t0, mpxy_seen\nld t0, 0(t0)` },
      ],
      after: [none, stopOther],
    },
    { ...shmem('shmem-flags-first', BUFFER, 0n, 2n), class: 'reserved', expects: INVALID },
    { ...shmem('shmem-flags-both', BUFFER, 0n, 3n), class: 'reserved', expects: INVALID },
    { ...shmem('shmem-flags-upper', BUFFER, 0n, 1n << 63n), class: 'reserved', expects: INVALID },
    { ...shmem('shmem-unaligned', BUFFER + 8n, 0n, 0n), class: 'invalid address', expects: INVALID },
    { ...shmem('shmem-half-withdrawn', ALL_ONES, 0n, 0n), class: 'invalid address', expects: INVALID },
    { ...shmem('shmem-outside', OUTSIDE, 0n, 0n), class: 'invalid address', expects: { error: 'INVALID_ADDRESS' } },
    { ...shmem('shmem-behind-ram', RAM_END, 0n, 0n), class: 'invalid address', expects: { error: 'INVALID_ADDRESS' } },
    {
      ...shmem('shmem-before-ram', RAM_BASE - 0x1000n, 0n, 0n),
      class: 'invalid address',
      expects: { error: 'INVALID_ADDRESS' },
    },
    { ...shmem('shmem-high-address', BUFFER, 1n, 0n), class: 'invalid address', expects: { error: 'INVALID_ADDRESS' } },

    {
      ...list('channels', 0n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: [
        memory(BUFFER, 0n, 32),
        memory(BUFFER + 4n, 2n, 32),
        memory(BUFFER + 8n, TALKING, 32),
        memory(BUFFER + 12n, SILENT, 32),
      ],
    },
    {
      ...list('channels-rest', 1n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: [memory(BUFFER, 0n, 32), memory(BUFFER + 4n, 1n, 32), memory(BUFFER + 8n, SILENT, 32)],
    },
    { ...list('channels-upper-bits', UPPER_BITS), class: 'reserved', section: '3', expects: { error: 'SUCCESS' } },
    { ...list('channels-beyond', 3n), class: 'invalid index', expects: INVALID },
    { ...list('channels-without-memory', 0n), ...unnamed },

    {
      ...attributes('attributes-standard', 'read_attributes', TALKING, MSG_PROT_ID.id, 12n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: [
        memory(BUFFER, between(0x8000_0000n, 0xffff_ffffn), 32),
        memory(BUFFER + 8n, between(1n, 4096n), 32),
        // Reserved bits are 0; it notifies, so it may tell the state of events; it has neither MSI nor SSE.
        memory(BUFFER + 20n, 0b11_1100n, 32),
        memory(BUFFER + 44n, 0n, 32),
      ],
    },
    {
      ...attributes('attributes-protocol', 'read_attributes', TALKING, MPXY_PROTOCOL_ATTRIBUTES, 3n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: [memory(BUFFER, otherThan(0n), 32)],
    },
    {
      ...attributes('attributes-upper-bits', 'read_attributes', UPPER_BITS | TALKING, UPPER_BITS, UPPER_BITS | 1n),
      class: 'reserved',
      section: '3',
      expects: { error: 'SUCCESS' },
    },
    { ...attributes('attributes-none', 'read_attributes', TALKING, 0n, 0n), class: 'invalid count', expects: INVALID },
    {
      ...attributes('attributes-too-many', 'read_attributes', TALKING, 0n, 1025n),
      class: 'invalid count',
      expects: INVALID,
    },
    {
      ...attributes('attributes-reserved-first', 'read_attributes', TALKING, 0xcn, 1n),
      class: 'reserved',
      expects: INVALID,
    },
    {
      ...attributes('attributes-reserved-last', 'read_attributes', TALKING, 0x7fff_ffffn, 1n),
      class: 'reserved',
      expects: INVALID,
    },
    {
      ...attributes('attributes-into-reserved', 'read_attributes', TALKING, 0n, 13n),
      class: 'invalid range',
      expects: RANGE,
    },
    {
      ...attributes('attributes-beyond', 'read_attributes', TALKING, MPXY_PROTOCOL_ATTRIBUTES, 4n),
      class: 'invalid range',
      expects: RANGE,
    },
    {
      ...attributes('attributes-last', 'read_attributes', TALKING, 0xffff_ffffn, 2n),
      class: 'invalid range',
      expects: RANGE,
    },
    {
      ...attributes('attributes-of-none', 'read_attributes', NO_CHANNEL, 0n, 1n),
      class: 'invalid channel',
      expects: UNSUPPORTED,
    },
    { ...attributes('attributes-without-memory', 'read_attributes', TALKING, 0n, 1n), ...unnamed },

    {
      ...attributes('write-protocol', 'write_attributes', TALKING, THRESHOLD, 1n),
      class: 'valid',
      before: [ready, word(0, 3n)],
      expects: { error: 'SUCCESS' },
      sees: [
        {
          ...memory(BUFFER, 3n, 32),
          read: `${call('MPXY', 'read_attributes', TALKING, THRESHOLD, 1n)}\n${memory(BUFFER, 3n, 32).read}`,
        },
      ],
      after: [word(0, 1n), call('MPXY', 'write_attributes', TALKING, THRESHOLD, 1n), none],
    },
    {
      ...attributes('write-msi-ignored', 'write_attributes', TALKING, MSI_DATA.id, 1n),
      class: 'valid',
      before: [ready, word(0, 0x55n)],
      expects: { error: 'SUCCESS' },
      sees: [
        {
          ...memory(BUFFER, 0n, 32),
          read: `${call('MPXY', 'read_attributes', TALKING, BigInt(MSI_DATA.id), 1n)}\n${memory(BUFFER, 0n, 32).read}`,
        },
      ],
    },
    {
      ...attributes(
        'write-upper-bits',
        'write_attributes',
        UPPER_BITS | TALKING,
        UPPER_BITS | BigInt(MSI_DATA.id),
        UPPER_BITS | 1n,
      ),
      class: 'reserved',
      section: '3',
      expects: { error: 'SUCCESS' },
    },
    {
      ...attributes('write-dependency', 'write_attributes', TALKING, THRESHOLD, 1n),
      class: 'invalid state',
      before: [ready, ...wanted(POSTED_EVENTS), word(0, 3n)],
      expects: { error: 'DENIED' },
      after: [...wanted(0n), none],
    },
    { ...attributes('write-none', 'write_attributes', TALKING, MASK, 0n), class: 'invalid count', expects: INVALID },
    {
      ...attributes('write-too-many', 'write_attributes', TALKING, MASK, 1025n),
      class: 'invalid count',
      expects: INVALID,
    },
    { ...attributes('write-reserved', 'write_attributes', TALKING, 0xcn, 1n), class: 'reserved', expects: INVALID },
    {
      ...attributes('write-read-only', 'write_attributes', TALKING, MSG_PROT_ID.id, 1n),
      class: 'invalid access',
      expects: RANGE,
    },
    {
      ...attributes('write-some-read-only', 'write_attributes', TALKING, 6n, 2n),
      class: 'invalid access',
      expects: RANGE,
    },
    {
      ...attributes('write-overlapping', 'write_attributes', TALKING, EVENTS_STATE_CONTROL.id, 1024n),
      class: 'invalid range',
      expects: RANGE,
    },
    {
      ...attributes('write-of-none', 'write_attributes', NO_CHANNEL, MASK, 1n),
      class: 'invalid channel',
      expects: UNSUPPORTED,
    },
    { ...attributes('write-without-memory', 'write_attributes', TALKING, MASK, 1n), ...unnamed },

    {
      ...send('ask', 'send_message_with_response', TALKING, ECHO, 8n),
      class: 'valid',
      before: [ready, store(BUFFER, 0x1122_3344_5566_7788n)],
      expects: { error: 'SUCCESS', value: 8n },
      sees: [memory(BUFFER, 0x1122_3344_5566_7788n)],
    },
    {
      ...send('ask-nothing', 'send_message_with_response', TALKING, ECHO, 0n),
      class: 'valid',
      expects: { error: 'SUCCESS', value: 0n },
    },
    {
      ...send('ask-upper-bits', 'send_message_with_response', UPPER_BITS | TALKING, UPPER_BITS | ECHO, 0n),
      class: 'reserved',
      section: '3',
      expects: { error: 'SUCCESS', value: 0n },
    },
    {
      ...send('ask-too-long', 'send_message_with_response', TALKING, ECHO, 1025n),
      class: 'invalid length',
      expects: INVALID,
    },
    {
      ...send('ask-longer-than-memory', 'send_message_with_response', TALKING, ECHO, ALL_ONES),
      class: 'invalid length',
      expects: INVALID,
    },
    {
      ...send('ask-unknown', 'send_message_with_response', TALKING, NO_MESSAGE, 0n),
      class: 'invalid message',
      expects: UNSUPPORTED,
    },
    {
      ...send('ask-none', 'send_message_with_response', NO_CHANNEL, ECHO, 0n),
      class: 'invalid channel',
      expects: UNSUPPORTED,
    },
    {
      ...send('ask-late', 'send_message_with_response', TALKING, FAIL, 4n),
      class: 'invalid state',
      before: failing(1n),
      expects: { error: 'TIMEOUT' },
    },
    {
      ...send('ask-broken', 'send_message_with_response', TALKING, FAIL, 4n),
      class: 'invalid state',
      before: failing(2n),
      expects: { error: 'IO' },
    },
    { ...send('ask-without-memory', 'send_message_with_response', TALKING, ECHO, 0n), ...unnamed },

    {
      ...send('post', 'send_message_without_response', TALKING, POST, 4n),
      class: 'valid',
      before: [ready, word(0, 7n)],
      expects: { error: 'SUCCESS' },
    },
    {
      ...send('post-upper-bits', 'send_message_without_response', UPPER_BITS | TALKING, UPPER_BITS | POST, 4n),
      class: 'reserved',
      section: '3',
      expects: { error: 'SUCCESS' },
    },
    {
      ...send('post-too-long', 'send_message_without_response', TALKING, POST, 1025n),
      class: 'invalid length',
      expects: INVALID,
    },
    {
      ...send('post-unknown', 'send_message_without_response', TALKING, NO_MESSAGE, 0n),
      class: 'invalid message',
      expects: UNSUPPORTED,
    },
    {
      ...send('post-none', 'send_message_without_response', NO_CHANNEL, POST, 4n),
      class: 'invalid channel',
      expects: UNSUPPORTED,
    },
    {
      ...send('post-cannot', 'send_message_without_response', SILENT, 1n, 0n),
      class: 'invalid channel',
      expects: UNSUPPORTED,
    },
    { ...send('post-without-memory', 'send_message_without_response', TALKING, POST, 4n), ...unnamed },

    {
      ...events('events', TALKING),
      class: 'valid',
      before: [
        ready,
        ...wanted(POSTED_EVENTS),
        word(0, 7n),
        call('MPXY', 'send_message_without_response', TALKING, POST, 4n),
      ],
      expects: { error: 'SUCCESS', value: 16n },
      sees: [
        memory(BUFFER + BigInt(MPXY_EVENTS.events), POSTED_EVENTS, 32),
        memory(BUFFER + BigInt(MPXY_EVENTS.events) + 4n, 7n, 32),
      ],
    },
    { ...events('events-none', TALKING), class: 'valid', expects: { error: 'SUCCESS', value: 0n } },
    {
      ...events('events-upper-bits', UPPER_BITS | TALKING),
      class: 'reserved',
      section: '3',
      expects: { error: 'SUCCESS', value: 0n },
    },
    { ...events('events-of-none', NO_CHANNEL), class: 'invalid channel', expects: UNSUPPORTED },
    { ...events('events-cannot', SILENT), class: 'invalid channel', expects: UNSUPPORTED },
    { ...events('events-without-memory', TALKING), ...unnamed, after: [] },
  ],
  unreachable: {
    get_channel_ids: { DENIED: 'No target keeps its channels from a hart.' },
    send_message_without_response: {
      TIMEOUT: 'No channel makes a message wait.',
      IO: 'No channel loses a message that has no response.',
    },
    get_notification_events: { IO: 'No channel has its events anywhere but in the SBI implementation.' },
  },
});
