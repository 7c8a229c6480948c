/** Cases of the debug console. [SBI 3.0 §12] */
import { casesOf } from '../define.ts';
import { ALL_ONES, BUFFER, OUTSIDE, RAM_END } from '../layout.ts';
import { between, call, drained, fill, memory, store, storeText, untilTyped } from '../steps.ts';
import type { Step } from '../types.ts';

const TEXT = 'Hello, console';
const LENGTH = BigInt(TEXT.length);
const Z = 0x5an;
const nothingTyped: Step = drained(`${call('DBCN', 'console_read', 64n, BUFFER, 0n)}\nmv t0, a1`);

const write = (id: string, num_bytes: bigint, base_addr_lo: bigint, base_addr_hi = 0n) => ({
  id,
  function: 'console_write' as const,
  section: '12.1',
  with: { num_bytes, base_addr_lo, base_addr_hi },
});
const read = (id: string, num_bytes: bigint, base_addr_lo: bigint, base_addr_hi = 0n) => ({
  id,
  function: 'console_read' as const,
  section: '12.2',
  with: { num_bytes, base_addr_lo, base_addr_hi },
});
const refused = { class: 'invalid address', expects: { error: 'INVALID_PARAM' } } as const;
const mayHang = true;

export const dbcn = casesOf('DBCN', {
  cases: [
    {
      ...write('write', LENGTH, BUFFER),
      class: 'valid',
      before: [storeText(BUFFER, TEXT)],
      expects: { error: 'SUCCESS', value: LENGTH },
      console: TEXT,
    },
    {
      ...write('write-unaligned', LENGTH, BUFFER + 3n),
      class: 'valid',
      before: [storeText(BUFFER + 3n, TEXT)],
      expects: { error: 'SUCCESS', value: LENGTH },
      console: TEXT,
    },
    {
      ...write('write-last-byte-of-ram', 1n, RAM_END - 1n),
      class: 'valid',
      before: [store(RAM_END - 1n, Z, 8)],
      expects: { error: 'SUCCESS', value: 1n },
      console: 'Z',
    },
    { ...write('write-nothing', 0n, BUFFER), class: 'valid', expects: { error: 'SUCCESS', value: 0n }, console: '' },
    { ...write('write-outside', LENGTH, OUTSIDE), ...refused, mayHang, console: '' },
    { ...write('write-over-the-end', 2n, RAM_END - 1n), ...refused, mayHang, console: '' },
    { ...write('write-high-address', LENGTH, BUFFER, 1n), ...refused, console: '' },
    { ...write('write-wrapping', 16n, ALL_ONES - 7n), ...refused, mayHang, class: 'invalid length', console: '' },
    {
      ...read('read', 16n, BUFFER),
      class: 'valid',
      before: [fill(BUFFER, 64, 0n), untilTyped],
      expects: { error: 'SUCCESS', value: between(1n, 16n) },
      sees: [memory(BUFFER, Z, 8), memory(BUFFER + 16n, 0n)],
    },
    {
      ...read('read-less-than-typed', 1n, BUFFER),
      class: 'valid',
      before: [fill(BUFFER, 64, 0n), untilTyped],
      expects: { error: 'SUCCESS', value: 1n },
      sees: [memory(BUFFER, Z)],
    },
    { ...read('read-nothing', 0n, BUFFER), class: 'valid', expects: { error: 'SUCCESS', value: 0n } },
    { ...read('read-outside', 16n, OUTSIDE), ...refused, before: [nothingTyped] },
    { ...read('read-over-the-end', 2n, RAM_END - 1n), ...refused, before: [nothingTyped] },
    { ...read('read-high-address', 16n, BUFFER, 1n), ...refused },
    { ...read('read-wrapping', 16n, ALL_ONES - 7n), ...refused, before: [nothingTyped], class: 'invalid length' },
    {
      ...read('read-when-nothing-is-typed', 16n, BUFFER),
      class: 'valid',
      before: [nothingTyped, fill(BUFFER, 64, 0n)],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [memory(BUFFER, 0n)],
    },
    {
      id: 'write-byte',
      function: 'console_write_byte',
      class: 'valid',
      section: '12.3',
      with: { byte: Z },
      expects: { error: 'SUCCESS', value: 0n },
      console: 'Z',
    },
    {
      id: 'write-byte-upper-bits',
      function: 'console_write_byte',
      class: 'reserved',
      section: '12.3',
      with: { byte: 0x1234_5678_9abc_de00n | Z },
      expects: { error: 'SUCCESS', value: 0n },
      console: 'Z',
    },
  ],
  differences: [
    {
      on: ['opensbi-1.6', 'opensbi-1.9'],
      cases: ['write-high-address', 'read-high-address'],
      answers: 'FAILED',
      right: 'open',
      because:
        '§3.2 lets an implementation answer FAILED where an address is beyond what it can reach itself, and M-mode has no way to addresses of more than 64 bits; §12.1 and §12.2 list FAILED for I/O errors alone.',
    },
    {
      on: ['opensbi-1.6', 'opensbi-1.9'],
      cases: ['write-outside'],
      answers: 'hangs',
      right: 'specification',
      because:
        '§3.2 wants the range to be checked for accessible addresses. OpenSBI checks it against its domains, which cover all addresses, reads where nothing is, and meets its own fault while it holds the lock of the console.',
    },
    {
      on: ['opensbi-1.6', 'opensbi-1.9'],
      cases: ['write-over-the-end'],
      answers: 'hangs, shows "\\u0000"',
      right: 'specification',
      because: '§3.2, as for write-outside: the byte in RAM is written, then the next one is read where nothing is.',
    },
    {
      on: ['opensbi-1.6', 'opensbi-1.9'],
      cases: ['read-outside', 'read-over-the-end'],
      answers: 'SUCCESS 0x0',
      right: 'specification',
      because:
        '§3.2 wants the range to be checked before it is used. OpenSBI checks it against its domains, which cover all addresses; with nothing typed it does not touch them.',
    },
    {
      on: ['opensbi-1.6'],
      cases: ['write-wrapping'],
      answers: 'hangs',
      right: 'specification',
      because: '§3.2: the sum of address and length is not checked for running over; OpenSBI 1.9 does.',
    },
    {
      on: ['opensbi-1.6'],
      cases: ['read-wrapping'],
      answers: 'SUCCESS 0x0',
      right: 'specification',
      because: '§3.2: the sum of address and length is not checked for running over; OpenSBI 1.9 does.',
    },
  ],
  unreachable: {
    console_write: { DENIED: 'No target forbids the console.' },
    console_read: { DENIED: 'No target forbids the console.' },
    console_write_byte: { DENIED: 'No target forbids the console.' },
  },
});
