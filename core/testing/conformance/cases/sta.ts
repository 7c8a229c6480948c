/** Cases of steal-time accounting. [SBI 3.0 §16] */
import { casesOf } from '../define.ts';
import { ALL_ONES, BUFFER, OUTSIDE, RAM_END } from '../layout.ts';
import { call, fill, memory, pass } from '../steps.ts';
import type { Step } from '../types.ts';

const SIZE = 64n;
/** What the area holds before. */
const OLD = 0x5a5a_5a5a_5a5a_5a5an;
/** Ticks in which a target may bring the area up to date. */
const AWHILE = 1000n;

const setArea = (id: string, shmem_phys_lo: bigint, shmem_phys_hi = 0n, flags = 0n) => ({
  id,
  function: 'steal_time_set_shmem' as const,
  section: '16.1',
  with: { shmem_phys_lo, shmem_phys_hi, flags },
});
const withdraw: Step = call('STA', 'steal_time_set_shmem', ALL_ONES, ALL_ONES, 0n);
const refused = (error: 'INVALID_PARAM' | 'INVALID_ADDRESS', what: string) => ({
  class: `invalid ${what}` as const,
  before: [fill(BUFFER, 128, OLD)],
  expects: { error },
  sees: [memory(BUFFER, OLD)],
});

export const sta = casesOf('STA', {
  cases: [
    {
      ...setArea('set', BUFFER),
      class: 'valid',
      before: [fill(BUFFER, 128, OLD)],
      expects: { error: 'SUCCESS', value: 0n },
      // All 64 bytes are zeroed, and nothing beyond; the steal time and its sequence stay 0 where no neighbour steals.
      sees: [0n, 8n, 16n, 24n, 32n, 40n, 48n, 56n]
        .map((at) => memory(BUFFER + at, 0n))
        .concat([memory(BUFFER + SIZE, OLD)]),
      after: [withdraw],
    },
    {
      ...setArea('set-last-of-ram', RAM_END - SIZE),
      class: 'valid',
      expects: { error: 'SUCCESS', value: 0n },
      sees: [memory(RAM_END - SIZE, 0n)],
      after: [withdraw],
    },
    {
      ...setArea('set-elsewhere', BUFFER + SIZE),
      class: 'valid',
      before: [fill(BUFFER, 192, OLD), call('STA', 'steal_time_set_shmem', BUFFER, 0n, 0n), fill(BUFFER, 64, OLD)],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [memory(BUFFER, OLD), memory(BUFFER + SIZE, 0n)],
      after: [withdraw],
    },
    {
      ...setArea('withdraw', ALL_ONES, ALL_ONES),
      class: 'valid',
      before: [call('STA', 'steal_time_set_shmem', BUFFER, 0n, 0n), fill(BUFFER, 64, OLD)],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [{ ...memory(BUFFER, OLD), read: `${pass(AWHILE)}\n${memory(BUFFER, OLD).read}` }],
    },
    {
      ...setArea('withdraw-nothing', ALL_ONES, ALL_ONES),
      class: 'valid',
      expects: { error: 'SUCCESS', value: 0n },
    },
    { ...setArea('unaligned', BUFFER + 8n), ...refused('INVALID_PARAM', 'address') },
    { ...setArea('unaligned-half', BUFFER + 32n), ...refused('INVALID_PARAM', 'address') },
    { ...setArea('all-ones-low-alone', ALL_ONES), ...refused('INVALID_PARAM', 'address') },
    { ...setArea('high-address', BUFFER, 1n), ...refused('INVALID_ADDRESS', 'address') },
    { ...setArea('all-ones-high-alone', BUFFER, ALL_ONES), ...refused('INVALID_ADDRESS', 'address') },
    { ...setArea('outside', OUTSIDE), ...refused('INVALID_ADDRESS', 'address') },
    { ...setArea('behind-ram', RAM_END), ...refused('INVALID_ADDRESS', 'address') },
    { ...setArea('wrapping', ALL_ONES - 63n), ...refused('INVALID_ADDRESS', 'address') },
    { ...setArea('reserved-flag', BUFFER, 0n, 1n), ...refused('INVALID_PARAM', 'flags'), class: 'reserved' },
    {
      ...setArea('reserved-flag-last', BUFFER, 0n, 1n << 63n),
      ...refused('INVALID_PARAM', 'flags'),
      class: 'reserved',
      after: [withdraw],
    },
    {
      ...setArea('withdraw-with-flag', ALL_ONES, ALL_ONES, 1n),
      ...refused('INVALID_PARAM', 'flags'),
      class: 'reserved',
    },
  ],
  differences: [
    {
      on: ['kvm'],
      cases: ['reserved-flag-last'],
      answers: 'SUCCESS, [0x80800000] 0x0',
      right: 'specification',
      because:
        '§16.1: flags is an unsigned long and MUST be zero. Linux keeps it in 32 bits, and takes the area when only the upper half is set.',
    },
  ],
});
