import { expect, it } from 'vitest';
import { compareEndless, isEndless } from './endless.ts';

const END = ['vmm: end: WATCHDOG timeout after 5.01 s; exits per vcpu: 9 (print-channel 4)', 'stats vm:'];
const turns = (count: number): readonly string[] =>
  Array.from({ length: count }, () => ['call', 'slept ticks 5']).flat();
const compare = (recorded: readonly string[], ours: readonly string[]) => compareEndless(recorded, ours, () => null);

it('knows a run that the watchdog ended', () => {
  expect([isEndless(['a', ...END]), isEndless(['a', 'vmm: end: guest done after 0.1 s;'])]).toEqual([true, false]);
});

it('compares the turns that both sides have, and counts the others as one difference with a reason', () => {
  const { rows, lines, equal, differences } = compare(['start', ...turns(9), ...END], ['start', ...turns(4), ...END]);
  expect([lines, equal]).toEqual([12, 11]);
  expect(differences).toMatchObject([{ line: 10, recorded: '(10 lines more of the same)', ours: null }]);
  expect(differences[0]?.reason).toContain('watchdog');
  expect(rows.at(-1)).toMatchObject({ line: 21, recorded: 'stats vm:', equal: true });
  expect(compare(turns(3), turns(5)).differences).toMatchObject([
    { recorded: null, ours: '(4 lines more of the same)' },
  ]);
});

it('takes a half turn for one, and times for equal', () => {
  const { equal, lines } = compare([...turns(4), 'call', ...END], ['call', 'slept ticks 7', 'call', ...END]);
  expect([equal, lines]).toEqual([5, 6]);
});

it('leaves what is no further turn', () => {
  const { differences } = compare(['start', ...turns(4), 'another call', ...END], ['start', ...turns(4), ...END]);
  expect(differences).toMatchObject([{ line: 10, recorded: 'another call', ours: null, reason: null }]);
});
