import { expect, it } from 'vitest';
import type { HartView } from '../../../core/protocol/messages.ts';
import { csrRows, integerRows } from './select.ts';

const hart = (pc: bigint, a0: bigint, sepc: bigint): HartView => ({
  id: 0,
  pc,
  privilege: 'S',
  x: Array.from({ length: 32 }, (_, index) => (index === 10 ? a0 : 0n)),
  float: null,
  csrs: [{ name: 'sepc', value: sepc }],
  hsm: 'STARTED',
  activity: 'running',
  retired: 0,
  time: 0,
});

it('marks what changed since the last stop with its old value, and nothing else', () => {
  const rows = integerRows(hart(4n, 7n, 0n), hart(0n, 6n, 0n));
  expect(rows).toHaveLength(33);
  expect(rows.filter(({ old }) => old !== undefined).map(({ name, value, old }) => [name, value, old])).toEqual([
    ['pc', 4n, 0n],
    ['a0', 7n, 6n],
  ]);
});

it('marks CSRs by their name', () => {
  expect(csrRows(hart(0n, 0n, 9n), hart(0n, 0n, 8n))[0]).toMatchObject({ name: 'sepc', value: 9n, old: 8n });
});

it('marks nothing where there was no stop before', () => {
  expect(integerRows(hart(4n, 7n, 0n), undefined).every(({ old }) => old === undefined)).toBe(true);
});
