import { describe, expect, it } from 'vitest';
import { casesOf } from './define.ts';
import { judge, strayDifferences } from './judge.ts';
import { outcomeFor, outcomesIn } from './outcome.ts';
import type { Difference } from './types.ts';

const DIFFERENCE: Difference = {
  on: ['kvm'],
  cases: ['write'],
  answers: 'FAILED',
  right: 'open',
  because: '§12.1 of this test',
};

/** The verdict on one call of console_write that should write 5 bytes, after these lines of a guest. */
function verdictOn(lines: readonly string[], differences: readonly Difference[] = [], ended = 'shutdown') {
  const extension = casesOf('DBCN', {
    cases: [
      {
        id: 'write',
        function: 'console_write',
        class: 'valid',
        section: '12.1',
        with: { num_bytes: 5n },
        expects: { error: 'SUCCESS', value: 5n },
        console: 'hello',
      },
    ],
    differences,
  });
  const outcomes = outcomesIn(['OpenSBI says this', '= conformance', ...lines].join('\r\n'), ended);
  const results = extension.cases.map((one) => ({ case: one, outcome: outcomeFor(outcomes, one) }));
  const [{ verdict = 'none', got = '' } = {}] = judge(extension, 'kvm', results);
  return [verdict, got];
}

const shown = (line: string) => ['> write', 'hello', line];

describe('a case', () => {
  it.each([
    ['is as specified', shown('< 1 0 5 c00'), 'as specified', 'SUCCESS 0x5'],
    ['with another value is not', shown('< 1 0 4 c00'), 'unexplained', 'SUCCESS 0x4'],
    ['with an error is not', shown('< 1 ffffffffffffffff 0 c00'), 'unexplained', 'FAILED'],
    ['that changes s0 is not', shown('< 1 0 5 d00'), 'unexplained', 'SUCCESS 0x5, changes x8'],
    ['that shows nothing is not', ['> write', '< 1 0 5 c00'], 'unexplained', 'SUCCESS 0x5, shows ""'],
    ['that traps is not', shown('< 3 5 90 0'), 'unexplained', 'exception 5, stval 0x90'],
    ['that does not return is not', shown('< 0 0 0 0'), 'unexplained', 'does not return'],
    ['in which the machine ends is not', shown('').slice(0, 2), 'unexplained', 'the machine ends: shutdown'],
    ['over which the other hart loses patience is not', shown('= hangs'), 'unexplained', 'hangs'],
    ['that was never begun is not', [], 'unexplained', 'was not reached, shows ""'],
  ])('%s', (_, lines, verdict, got) => {
    expect(verdictOn(lines)).toEqual([verdict, got]);
  });

  it('may differ as it is explained, and in no other way', () => {
    expect(verdictOn(shown('< 1 ffffffffffffffff 0 c00'), [DIFFERENCE])[0]).toBe('explained');
    expect(verdictOn(shown('< 1 fffffffffffffffe 0 c00'), [DIFFERENCE])[0]).toBe('unexplained');
    expect(verdictOn(shown('< 1 ffffffffffffffff 0 c00'), [{ ...DIFFERENCE, on: ['vmm'] }])[0]).toBe('unexplained');
  });

  it('fails once an explained difference is gone', () => {
    expect(verdictOn(shown('< 1 0 5 c00'), [DIFFERENCE])[0]).toBe('unexplained');
  });
});

it('an explanation of a case that a target does not run is found', () => {
  const extension = casesOf('DBCN', { cases: [], differences: [DIFFERENCE] });
  expect(strayDifferences(extension, 'kvm', [])).toEqual(['write']);
  expect(strayDifferences(extension, 'vmm', [])).toEqual([]);
});
