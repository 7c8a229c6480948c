import { beforeAll, describe, expect, it } from 'vitest';
import { toolOrSkip } from '../tools.ts';
import { type Batch, compareBatch, labelOf, makeBatch, type Run, report, shrinkPaging } from './differential.ts';
import { typedPagePrograms } from './paging.ts';
import { pagingProgramOf, randomPaging } from './paging-random.ts';
import { FAULTING, GENERAL, MASKING, TYPED_PAGES } from './processors.ts';
import { interpreterSubject, referenceSubject } from './subjects.ts';

const SCENARIOS = 40;
const SETUP_TIMEOUT_MS = 120_000;
const reasons = (['qemu', 'as', 'ld'] as const).map((name) => toolOrSkip(name).reason).filter((text) => text !== null);
const why = reasons.length > 0 ? ` (skipped: ${reasons.join(' ')})` : '';

const RUNS: readonly Run[] = [
  { subject: referenceSubject },
  { subject: interpreterSubject },
  { subject: interpreterSubject, limit: 3 },
];
const PROCESSORS = [
  { processor: GENERAL, directed: [], taste: {} },
  { processor: TYPED_PAGES, directed: typedPagePrograms(), taste: { typed: true } },
  ...FAULTING.map((processor) => ({ processor, directed: [], taste: {} })),
  ...MASKING.map((processor) => ({ processor, directed: [], taste: { masked: true } })),
];

describe.each(PROCESSORS)('$processor.name processor', ({ processor, directed, taste }) => {
  const random = Array.from({ length: SCENARIOS }, (_, seed) => randomPaging(seed, taste));
  const programs = [...directed, ...random.map(pagingProgramOf)];

  describe.skipIf(reasons.length > 0)(`translates as QEMU does${why}`, () => {
    let batch: Batch;
    beforeAll(() => {
      batch = makeBatch(programs, processor);
    }, SETUP_TIMEOUT_MS);

    describe.each(RUNS.map((run) => [labelOf(run), run] as const))('on the %s', (_, run) => {
      let found: string[][];
      let isShrunk = false;
      beforeAll(() => {
        found = compareBatch(batch, run);
      }, SETUP_TIMEOUT_MS);

      it.each(programs.map((program, index) => [program.name, index] as const))('%s', (_, index) => {
        if (found[index]?.length === 0) return;
        const scenario = random[index - directed.length];
        const small = isShrunk || scenario === undefined ? null : shrinkPaging(scenario, run, processor);
        isShrunk = true;
        const program = small === null ? programs[index]! : pagingProgramOf(small);
        expect.fail(report(program, run, small === null ? found[index] : undefined, processor));
      });
    });

    it('reaches pages, faults of every kind and memory in most scenarios', () => {
      const written = batch.expected.slice(directed.length).filter(({ fields }) => fields.s3 !== 0n);
      expect(written.length).toBe(SCENARIOS);
    });
  });
});
