/**
 * Cases of performance monitoring. Counters 0 and 2 count cycles and instructions on every target that has hardware
 * counters, and 19 is the first firmware counter. [SBI 3.0 §11]
 */
import { SBI } from '../../../sbi/spec/index.ts';
import { PMU_EVENT_INFO, PMU_FIRMWARE_EVENTS, PMU_SNAPSHOT } from '../../../sbi/spec/pmu.ts';
import { casesOf } from '../define.ts';
import { ALL_ONES, BUFFER, OUTSIDE, RAM_END } from '../layout.ts';
import { answer, between, call, clearBits, csr, fill, memory, pass, store } from '../steps.ts';
import type { CaseClass, Expectation, Observation, Rule, Step } from '../types.ts';
import { PMU_DIFFERENCES } from './pmu-differences.ts';

const { functions } = SBI.PMU;
const CONFIG = functions.counter_config_matching.args[2].values;
const START = functions.counter_start.args[2].values;
const STOP = functions.counter_stop.args[2].values;
const [SKIP_MATCH, CLEAR_VALUE, AUTO_START] = [CONFIG.SKIP_MATCH, CONFIG.CLEAR_VALUE, CONFIG.AUTO_START].map(
  BigInt,
) as [bigint, bigint, bigint];
const [SET_INIT_VALUE, INIT_SNAPSHOT] = [BigInt(START.SET_INIT_VALUE), BigInt(START.INIT_SNAPSHOT)] as const;
const [RESET, TAKE_SNAPSHOT] = [BigInt(STOP.RESET), BigInt(STOP.TAKE_SNAPSHOT)] as const;

const [CYCLE, INSTRET, FIRMWARE] = [0n, 2n, 19n] as const;
const [CYCLES, INSTRUCTIONS] = [1n, 2n] as const;
const SET_TIMER = 0xf_0000n | BigInt(PMU_FIRMWARE_EVENTS.indexOf('SET_TIMER'));
/** No target has so many. */
const BEYOND = 200n;
const WIDTH_63 = 63n << 12n;
const CSR_CYCLE = 0xc00n;
const CSR_INSTRET = 0xc02n;
const LCOF = 1n << 13n;
/** Ticks of 100 ns, in which a thousand instructions retire on every target. */
const AWHILE = 10_000n;

/** Counters that cases use, stopped and without events; no snapshot area. */
const clean: readonly Step[] = [
  call('PMU', 'counter_stop', CYCLE, 0b101n, RESET),
  call('PMU', 'counter_stop', FIRMWARE, 0b11n, RESET),
  call('PMU', 'snapshot_set_shmem', ALL_ONES, ALL_ONES, 0n),
];
/** From base 0: OpenSBI 1.6 takes a place in the mask for the number of a firmware counter, and writes elsewhere. */
const config = (index: bigint, event: bigint, flags = CLEAR_VALUE): Step =>
  call('PMU', 'counter_config_matching', 0n, 1n << index, flags, event, 0n);
const start = (index: bigint, flags = 0n, value = 0n): Step => call('PMU', 'counter_start', index, 1n, flags, value);
const setArea = [fill(BUFFER, PMU_SNAPSHOT.size, 0n), call('PMU', 'snapshot_set_shmem', BUFFER, 0n, 0n)];
/** An answer of TIME that a firmware counter sees. */
const setTimer: Step = call('TIME', 'set_timer', ALL_ONES);

const isFirmware: Rule = { words: 'a firmware counter', holds: (value) => value >> 63n === 1n };
const isRefused = (...errors: readonly ('INVALID_PARAM' | 'NOT_SUPPORTED')[]): Expectation => ({ error: errors });
const value = (place: bigint, is: Parameters<typeof memory>[1]): Observation =>
  memory(BUFFER + BigInt(PMU_SNAPSHOT.values.offset) + BigInt(PMU_SNAPSHOT.values.size) * place, is);
const stopped = (index: bigint, is: Parameters<typeof memory>[1]): Observation => {
  const seen = value(0n, is);
  return { ...seen, read: `${call('PMU', 'counter_stop', index, 1n, TAKE_SNAPSHOT)}\n${seen.read}` };
};
const firmwareReads = (is: Parameters<typeof memory>[1]): Observation => answer('PMU', 'counter_fw_read', is, FIRMWARE);

/** After a thousand instructions and more. */
const MORE = between(0x1_0064n, 0x1000_0000n);
const instret = csr('instret', MORE);

const info = (id: string, counter_idx: bigint) => ({
  id,
  function: 'counter_get_info' as const,
  section: '11.8',
  with: { counter_idx },
});
const match = (id: string, base: bigint, mask: bigint, config_flags: bigint, event_idx: bigint, event_data = 0n) => ({
  id,
  function: 'counter_config_matching' as const,
  section: '11.9',
  with: { counter_idx_base: base, counter_idx_mask: mask, config_flags, event_idx, event_data },
  after: clean,
});
const begin = (id: string, base: bigint, mask: bigint, start_flags = 0n, initial_value = 0n) => ({
  id,
  function: 'counter_start' as const,
  section: '11.10',
  with: { counter_idx_base: base, counter_idx_mask: mask, start_flags, initial_value },
  after: clean,
});
const end = (id: string, base: bigint, mask: bigint, stop_flags = 0n) => ({
  id,
  function: 'counter_stop' as const,
  section: '11.11',
  with: { counter_idx_base: base, counter_idx_mask: mask, stop_flags },
  after: clean,
});
const read = (id: string, counter_idx: bigint) => ({
  id,
  function: 'counter_fw_read' as const,
  section: '11.12',
  with: { counter_idx },
  after: clean,
});
const readHigh = (id: string, counter_idx: bigint) => ({
  id,
  function: 'counter_fw_read_hi' as const,
  section: '11.13',
  with: { counter_idx },
  after: clean,
});
const area = (id: string, shmem_phys_lo: bigint, shmem_phys_hi = 0n, flags = 0n) => ({
  id,
  function: 'snapshot_set_shmem' as const,
  section: '11.14',
  with: { shmem_phys_lo, shmem_phys_hi, flags },
  after: clean,
});
const events = (id: string, num_entries: bigint, shmem_phys_lo = BUFFER, shmem_phys_hi = 0n, flags = 0n) => ({
  id,
  function: 'event_get_info' as const,
  section: '11.15',
  with: { shmem_phys_lo, shmem_phys_hi, num_entries, flags },
});
/** A list of event_get_info with every output word set. */
const list = (...entries: readonly bigint[]): readonly Step[] =>
  entries.flatMap((event, index) => {
    const at = BUFFER + BigInt(PMU_EVENT_INFO.size * index);
    return [store(at, event, 32), store(at + 4n, 0xffff_ffffn, 32), store(at + 8n, 0n)];
  });
const output = (index: number, is: bigint): Observation =>
  memory(BUFFER + BigInt(PMU_EVENT_INFO.size * index + PMU_EVENT_INFO.output.offset), is, 32);

const invalid = (what: string) => ({
  class: `invalid ${what}` as CaseClass,
  expects: { error: 'INVALID_PARAM' } as Expectation,
});

export const pmu = casesOf('PMU', {
  isa: ['Sscofpmf'],
  alongside: ['TIME'],
  cases: [
    {
      id: 'num-counters',
      function: 'num_counters',
      class: 'valid',
      section: '11.7',
      expects: { error: 'SUCCESS', value: between(FIRMWARE + 1n, BEYOND) },
    },
    { ...info('info-cycle', CYCLE), class: 'valid', expects: { error: 'SUCCESS', value: WIDTH_63 | CSR_CYCLE } },
    { ...info('info-instret', INSTRET), class: 'valid', expects: { error: 'SUCCESS', value: WIDTH_63 | CSR_INSTRET } },
    { ...info('info-firmware', FIRMWARE), class: 'valid', expects: { error: 'SUCCESS', value: isFirmware } },
    { ...info('info-time', 1n), ...invalid('counter') },
    { ...info('info-behind-the-last', 60n), ...invalid('counter') },
    { ...info('info-beyond', BEYOND), ...invalid('counter') },
    { ...info('info-all-ones', ALL_ONES), ...invalid('counter') },

    {
      ...match('config-cycles', CYCLE, 1n, CLEAR_VALUE, CYCLES),
      class: 'valid',
      expects: { error: 'SUCCESS', value: CYCLE },
    },
    {
      ...match('config-instructions', CYCLE, 0b101n, CLEAR_VALUE, INSTRUCTIONS),
      class: 'valid',
      expects: { error: 'SUCCESS', value: INSTRET },
    },
    {
      ...match('config-firmware', 0n, 0b11n << FIRMWARE, CLEAR_VALUE, SET_TIMER),
      class: 'valid',
      expects: { error: 'SUCCESS', value: FIRMWARE },
    },
    {
      ...match('config-firmware-by-base', FIRMWARE, 0b11n, CLEAR_VALUE, SET_TIMER),
      class: 'valid',
      mayHang: true,
      expects: { error: 'SUCCESS', value: FIRMWARE },
    },
    {
      ...match('config-auto-start', 0n, 1n << FIRMWARE, CLEAR_VALUE | AUTO_START, SET_TIMER),
      class: 'valid',
      expects: { error: 'SUCCESS', value: FIRMWARE },
      sees: [{ ...firmwareReads(2n), read: `${setTimer}\n${setTimer}\n${firmwareReads(2n).read}` }],
    },
    {
      ...match('config-skip-match', 0n, 0b11n << FIRMWARE, SKIP_MATCH | CLEAR_VALUE, SET_TIMER),
      class: 'valid',
      before: [config(FIRMWARE, SET_TIMER)],
      expects: { error: 'SUCCESS', value: FIRMWARE },
    },
    {
      ...match('config-skip-match-unconfigured', 0n, 0b11n << FIRMWARE, SKIP_MATCH | CLEAR_VALUE, SET_TIMER),
      class: 'valid',
      expects: { error: 'SUCCESS', value: FIRMWARE },
    },
    {
      ...match('config-started', 0n, 1n << FIRMWARE, CLEAR_VALUE, SET_TIMER),
      class: 'invalid state',
      before: [config(FIRMWARE, SET_TIMER), start(FIRMWARE)],
      expects: { error: 'NOT_SUPPORTED' },
    },
    {
      ...match('config-other-kind', 0n, 1n << FIRMWARE, 0n, CYCLES),
      class: 'invalid event',
      expects: { error: 'NOT_SUPPORTED' },
    },
    {
      ...match('config-firmware-on-hardware', CYCLE, 0b101n, 0n, SET_TIMER),
      class: 'invalid event',
      expects: { error: 'NOT_SUPPORTED' },
    },
    { ...match('config-no-event', CYCLE, 0b101n, 0n, 0n), class: 'reserved', expects: { error: 'NOT_SUPPORTED' } },
    {
      ...match('config-reserved-type', CYCLE, 0b101n, 0n, 0x7_0000n),
      class: 'reserved',
      expects: { error: 'NOT_SUPPORTED' },
    },
    {
      ...match('config-reserved-firmware', 0n, 0b11n << FIRMWARE, 0n, 0xf_0016n),
      class: 'reserved',
      expects: { error: 'NOT_SUPPORTED' },
    },
    {
      ...match('config-reserved-flag', CYCLE, 1n, 0x100n, CYCLES),
      class: 'reserved',
      expects: [{ error: 'SUCCESS', value: CYCLE }, isRefused('INVALID_PARAM')],
    },
    {
      ...match('config-reserved-data', CYCLE, 1n, 0n, CYCLES, 1n),
      class: 'reserved',
      expects: [{ error: 'SUCCESS', value: CYCLE }, isRefused('NOT_SUPPORTED')],
    },
    {
      ...match('config-empty-set', CYCLE, 0n, 0n, CYCLES),
      class: 'invalid set',
      expects: isRefused('INVALID_PARAM', 'NOT_SUPPORTED'),
    },
    { ...match('config-one-beyond', CYCLE, 1n | (1n << 63n), 0n, CYCLES), ...invalid('set') },
    { ...match('config-base-beyond', BEYOND, 1n, 0n, CYCLES), ...invalid('set') },
    { ...match('config-base-all-ones', ALL_ONES, 1n, 0n, CYCLES), ...invalid('set') },

    {
      ...begin('start-instructions', INSTRET, 1n, SET_INIT_VALUE, 0x1_0000n),
      class: 'valid',
      before: [config(INSTRET, INSTRUCTIONS)],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [{ ...instret, read: `${pass(AWHILE)}\n${instret.read}` }],
    },
    {
      ...begin('start-instructions-into-snapshot', INSTRET, 1n, SET_INIT_VALUE, 0x1_0000n),
      class: 'valid',
      before: [...setArea, config(INSTRET, INSTRUCTIONS)],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [{ ...stopped(INSTRET, MORE), read: `${pass(AWHILE)}\n${stopped(INSTRET, 0n).read}` }],
    },
    {
      ...begin('start-firmware', FIRMWARE, 1n, SET_INIT_VALUE, 40n),
      class: 'valid',
      before: [config(FIRMWARE, SET_TIMER), setTimer],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [{ ...firmwareReads(42n), read: `${setTimer}\n${setTimer}\n${firmwareReads(42n).read}` }],
    },
    {
      ...begin('start-from-where-it-stands', FIRMWARE, 1n),
      class: 'valid',
      before: [
        config(FIRMWARE, SET_TIMER),
        start(FIRMWARE, SET_INIT_VALUE, 7n),
        setTimer,
        call('PMU', 'counter_stop', FIRMWARE, 1n, 0n),
        setTimer,
      ],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [{ ...firmwareReads(9n), read: `${setTimer}\n${firmwareReads(9n).read}` }],
    },
    {
      ...begin('start-from-snapshot', FIRMWARE, 1n, INIT_SNAPSHOT),
      class: 'valid',
      before: [...setArea, config(FIRMWARE, SET_TIMER), store(BUFFER + 8n, 30n)],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [firmwareReads(30n)],
    },
    {
      ...begin('start-overflow', CYCLE, 1n, SET_INIT_VALUE, ALL_ONES - 2000n),
      class: 'valid',
      before: [clearBits('sip', LCOF), config(CYCLE, CYCLES)],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [{ ...csr('sip', LCOF, LCOF), read: `${pass(AWHILE)}\n${csr('sip', LCOF, LCOF).read}` }],
      after: [...clean, clearBits('sip', LCOF)],
    },
    {
      ...begin('start-started', FIRMWARE, 1n),
      class: 'invalid state',
      before: [config(FIRMWARE, SET_TIMER), start(FIRMWARE)],
      expects: { error: 'ALREADY_STARTED' },
    },
    {
      ...begin('start-one-started', FIRMWARE, 0b11n),
      class: 'invalid state',
      before: [config(FIRMWARE, SET_TIMER), config(FIRMWARE + 1n, SET_TIMER), start(FIRMWARE)],
      expects: { error: 'ALREADY_STARTED' },
    },
    {
      ...begin('start-unconfigured', FIRMWARE, 1n),
      class: 'invalid counter',
      expects: { error: ['INVALID_PARAM', 'SUCCESS'] },
    },
    {
      ...begin('start-without-area', FIRMWARE, 1n, INIT_SNAPSHOT),
      class: 'invalid state',
      before: [config(FIRMWARE, SET_TIMER)],
      expects: { error: 'NO_SHMEM' },
    },
    { ...begin('start-one-beyond', CYCLE, 1n | (1n << 63n)), ...invalid('set'), before: [config(CYCLE, CYCLES)] },
    { ...begin('start-base-beyond', BEYOND, 1n), ...invalid('set') },
    { ...begin('start-base-all-ones', ALL_ONES, 1n), ...invalid('set') },
    {
      ...begin('start-reserved-flag', FIRMWARE, 1n, 4n),
      class: 'reserved',
      before: [config(FIRMWARE, SET_TIMER)],
      expects: { error: ['SUCCESS', 'INVALID_PARAM'] },
    },

    {
      ...end('stop', FIRMWARE, 1n),
      class: 'valid',
      before: [config(FIRMWARE, SET_TIMER), start(FIRMWARE, SET_INIT_VALUE, 5n), setTimer],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [{ ...firmwareReads(6n), read: `${setTimer}\n${firmwareReads(6n).read}` }],
    },
    {
      ...end('stop-reset', FIRMWARE, 1n, RESET),
      class: 'valid',
      before: [config(FIRMWARE, SET_TIMER), start(FIRMWARE)],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [answer('PMU', 'counter_config_matching', FIRMWARE, 0n, 1n << FIRMWARE, 0n, SET_TIMER, 0n)],
    },
    {
      ...end('stop-into-snapshot', FIRMWARE, 0b10n, TAKE_SNAPSHOT),
      class: 'valid',
      before: [
        ...setArea,
        store(BUFFER + 8n, 3n),
        config(FIRMWARE + 1n, SET_TIMER),
        start(FIRMWARE + 1n, SET_INIT_VALUE, 50n),
        setTimer,
      ],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [memory(BUFFER, 0n), value(0n, 3n), value(1n, 51n), value(2n, 0n)],
    },
    {
      ...end('stop-stopped', FIRMWARE, 1n),
      class: 'invalid state',
      before: [config(FIRMWARE, SET_TIMER)],
      expects: { error: 'ALREADY_STOPPED' },
    },
    {
      ...end('stop-unconfigured', FIRMWARE, 1n),
      class: 'invalid counter',
      expects: { error: ['ALREADY_STOPPED', 'SUCCESS'] },
    },
    {
      ...end('stop-without-area', FIRMWARE, 1n, TAKE_SNAPSHOT),
      class: 'invalid state',
      before: [config(FIRMWARE, SET_TIMER), start(FIRMWARE)],
      expects: { error: 'NO_SHMEM' },
    },
    { ...end('stop-one-beyond', CYCLE, 1n | (1n << 63n)), ...invalid('set') },
    { ...end('stop-base-beyond', BEYOND, 1n), ...invalid('set') },
    { ...end('stop-base-all-ones', ALL_ONES, 1n), ...invalid('set') },
    {
      ...end('stop-reserved-flag', FIRMWARE, 1n, 4n),
      class: 'reserved',
      before: [config(FIRMWARE, SET_TIMER), start(FIRMWARE)],
      expects: { error: ['SUCCESS', 'INVALID_PARAM'] },
    },

    {
      ...read('read-firmware', FIRMWARE),
      class: 'valid',
      before: [config(FIRMWARE, SET_TIMER), start(FIRMWARE, SET_INIT_VALUE, 11n)],
      expects: { error: 'SUCCESS', value: 11n },
    },
    { ...read('read-hardware', CYCLE), ...invalid('counter'), before: [config(CYCLE, CYCLES)] },
    { ...read('read-time', 1n), ...invalid('counter') },
    { ...read('read-beyond', BEYOND), ...invalid('counter') },
    { ...read('read-all-ones', ALL_ONES), ...invalid('counter') },
    {
      ...readHigh('read-high-firmware', FIRMWARE),
      class: 'valid',
      before: [config(FIRMWARE, SET_TIMER), start(FIRMWARE, SET_INIT_VALUE, 1n << 40n)],
      expects: { error: 'SUCCESS', value: 0n },
    },
    { ...readHigh('read-high-hardware', CYCLE), ...invalid('counter') },
    { ...readHigh('read-high-beyond', BEYOND), ...invalid('counter') },

    {
      ...area('area', BUFFER),
      class: 'valid',
      before: [fill(BUFFER, PMU_SNAPSHOT.size, 0x5an)],
      expects: { error: 'SUCCESS', value: 0n },
      sees: [memory(BUFFER, 0x5an), memory(BUFFER + 4088n, 0x5an)],
    },
    {
      ...area('area-withdraw', ALL_ONES, ALL_ONES),
      class: 'valid',
      before: setArea,
      expects: { error: 'SUCCESS', value: 0n },
    },
    { ...area('area-last-page', RAM_END - 4096n), class: 'valid', expects: { error: 'SUCCESS', value: 0n } },
    { ...area('area-unaligned', BUFFER + 64n), ...invalid('address') },
    { ...area('area-high-address', BUFFER, 1n), class: 'invalid address', expects: { error: 'INVALID_ADDRESS' } },
    { ...area('area-outside', OUTSIDE), class: 'invalid address', expects: { error: 'INVALID_ADDRESS' } },
    { ...area('area-behind-ram', RAM_END), class: 'invalid address', expects: { error: 'INVALID_ADDRESS' } },
    { ...area('area-reserved-flag', BUFFER, 0n, 1n), class: 'reserved', expects: { error: 'INVALID_PARAM' } },
    {
      ...area('area-withdraw-with-flag', ALL_ONES, ALL_ONES, 1n << 63n),
      class: 'reserved',
      expects: { error: 'INVALID_PARAM' },
    },

    {
      ...events('events', 3n),
      class: 'valid',
      before: list(CYCLES, INSTRUCTIONS, 0xf_0016n),
      expects: { error: 'SUCCESS', value: 0n },
      sees: [output(0, 1n), output(1, 1n), output(2, 0n)],
    },
    {
      ...events('events-firmware', 1n),
      class: 'valid',
      before: list(SET_TIMER),
      expects: { error: 'SUCCESS', value: 0n },
      sees: [output(0, 1n)],
    },
    {
      ...events('events-empty', 0n),
      class: 'invalid length',
      expects: { error: ['SUCCESS', 'INVALID_PARAM'] },
    },
    { ...events('events-reserved-type', 1n), ...invalid('event'), before: list(0x7_0000n) },
    { ...events('events-reserved-bits', 1n), ...invalid('event'), before: list(0x10_0001n) },
    { ...events('events-unaligned', 1n, BUFFER + 8n), ...invalid('address') },
    {
      ...events('events-high-address', 1n, BUFFER, 1n),
      class: 'invalid address',
      expects: { error: 'INVALID_ADDRESS' },
    },
    {
      ...events('events-outside', 1n, OUTSIDE),
      class: 'invalid address',
      mayHang: true,
      expects: { error: 'INVALID_ADDRESS' },
    },
    {
      ...events('events-over-the-end', 2n, RAM_END - 16n),
      class: 'invalid length',
      mayHang: true,
      expects: { error: 'INVALID_ADDRESS' },
    },
    {
      ...events('events-wrapping', 1n << 60n, RAM_END - 16n),
      class: 'invalid length',
      mayHang: true,
      expects: { error: ['INVALID_ADDRESS', 'INVALID_PARAM'] },
    },
    { ...events('events-reserved-flag', 1n, BUFFER, 0n, 1n), class: 'reserved', expects: { error: 'INVALID_PARAM' } },
  ],
  unreachable: {
    snapshot_set_shmem: { NOT_SUPPORTED: 'Ecall has snapshots whoever answers.' },
    event_get_info: { NOT_SUPPORTED: 'Every target of SBI 3.0 has the function.' },
  },
  differences: PMU_DIFFERENCES,
});
