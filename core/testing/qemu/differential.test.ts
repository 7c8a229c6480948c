import { beforeAll, describe, expect, it } from 'vitest';
import { toolOrSkip } from '../tools.ts';
import { cacheBlockPrograms } from './cache-blocks.ts';
import { compareAndSwapPrograms } from './compare-and-swap.ts';
import {
  type Batch,
  compareBatch,
  labelOf,
  makeBatch,
  type Run,
  randomCase,
  report,
  shrinkCase,
} from './differential.ts';
import { PROFILE } from './extensions.ts';
import { floatPrograms } from './float.ts';
import { pagingPrograms } from './paging.ts';
import { WITHOUT_C } from './processors.ts';
import { DRAWN, programOf } from './random.ts';
import type { Subject } from './subject.ts';
import { interpreterSubject, referenceSubject } from './subjects.ts';
import { alignmentPrograms, trapPrograms } from './traps.ts';

const RANDOM_PROGRAMS = 160;
/** Everything runs in the setup; alone it takes two seconds. */
const SETUP_TIMEOUT_MS = 120_000;
const reasons = (['qemu', 'as', 'ld'] as const).map((name) => toolOrSkip(name).reason).filter((text) => text !== null);
const why = reasons.length > 0 ? ` (skipped: ${reasons.join(' ')})` : '';

const RUNS: readonly Run[] = [
  { subject: referenceSubject },
  { subject: interpreterSubject },
  { subject: interpreterSubject, limit: 5 },
];
const has = (extension: string): boolean => PROFILE.extensions.includes(extension);
const directed = [
  ...trapPrograms(),
  ...floatPrograms(),
  ...pagingPrograms(),
  ...(has('Zacas') ? compareAndSwapPrograms() : []),
  ...(has('Zicbop') ? cacheBlockPrograms() : []),
];
const random = Array.from({ length: RANDOM_PROGRAMS }, (_, seed) => randomCase(seed));

describe.skipIf(reasons.length > 0)(`a hart ends as QEMU does${why}`, () => {
  let batch: Batch;
  beforeAll(() => {
    batch = makeBatch([...directed, ...random.map(programOf)]);
  }, SETUP_TIMEOUT_MS);

  describe.each(RUNS.map((run) => [labelOf(run), run] as const))('on the %s', (_, run) => {
    let found: string[][];
    /** A mistake shows in many programs, and shrinking takes a second: the first one is enough. */
    let isShrunk = false;
    beforeAll(() => {
      found = compareBatch(batch, run);
    }, SETUP_TIMEOUT_MS);

    it.each(directed.map((program, index) => [program.name, index] as const))('%s', (_, index) => {
      if (found[index]?.length !== 0) expect.fail(report(directed[index]!, run, found[index]));
    });

    it.each(random.map(({ name }, index) => [name, index] as const))('%s', (_, index) => {
      const lines = found[directed.length + index];
      if (lines?.length === 0) return;
      const small = isShrunk ? null : shrinkCase(random[index]!, run);
      isShrunk = true;
      expect.fail(small ? report(programOf(small), run) : report(programOf(random[index]!), run, lines));
    });
  });
});

describe.skipIf(reasons.length > 0)(`a hart without C ends as QEMU does${why}`, () => {
  const programs = alignmentPrograms();
  let batch: Batch;
  beforeAll(() => {
    batch = makeBatch(programs, WITHOUT_C);
  }, SETUP_TIMEOUT_MS);

  it.each(RUNS.map((run) => [labelOf(run), run] as const))('on the %s', (_, run) => {
    const found = compareBatch(batch, run);
    const wrong = programs.flatMap((program, index) =>
      found[index]?.length === 0 ? [] : [report(program, run, found[index])],
    );
    expect(wrong).toEqual([]);
  });

  it('in a fetch fault where a jump is not aligned', () => {
    expect(batch.expected.filter(({ fields }) => fields.scause === 0n && fields.stval !== 0n).length).toBe(5);
  });
});

it('draws every instruction at random', () => {
  const text = random.flatMap(({ units }) => units).join('\n');
  expect(DRAWN.filter(({ name }) => !text.includes(`# ${name} `) && name !== 'sret').map(({ name }) => name)).toEqual(
    [],
  );
});

describe.skipIf(reasons.length > 0)(`a hart that is wrong${why}`, () => {
  const withoutMultiply: Subject = {
    name: 'hart without M',
    make: (size, options, clock) => {
      const extensions = new Set([...options.extensions].filter((name) => name !== 'M'));
      return referenceSubject.make(size, { ...options, extensions }, clock);
    },
  };
  const run: Run = { subject: withoutMultiply };

  it('is found out, with the one instruction that it does wrong', () => {
    const cases = [1, 2, 3].map((seed) => randomCase(seed));
    const found = compareBatch(makeBatch(cases.map(programOf)), run);
    const at = found.findIndex((lines) => lines.length > 0);
    expect(at).toBeGreaterThanOrEqual(0);
    const small = shrinkCase(cases[at]!, run);
    expect(small.units).toHaveLength(1);
    expect(small.units[0]).toMatch(/# (c\.)?(mul|div|rem)/);
    expect(report(programOf(small), run)).toMatch(/scause|memory at slot/);
  });

  it('is found out when it does not stop', () => {
    const endless = { name: 'endless', text: () => '1: j 1b' };
    const [lines] = compareBatch(makeBatch([endless], undefined, 1), { subject: referenceSubject });
    expect(lines?.join()).toMatch(/cause: QEMU 0x8000000000000007, hart -1/);
  });
});
