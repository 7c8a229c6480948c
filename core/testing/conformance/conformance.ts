/** What the test files of the targets share: every extension with written cases is run, judged and counted. */
import { describe, expect, it } from 'vitest';
import { CONFORMANCE } from './cases/index.ts';
import { judge, strayDifferences } from './judge.ts';
import { countOf, RENEW, type Results, readResults, writeResults } from './results.ts';
import { runCases } from './run.ts';
import type { TargetName } from './target-names.ts';
import { serves } from './targets.ts';

/** Tests of a target, skipped for a reason. */
export function testTarget(target: TargetName, reason: string | null): void {
  const extensions = CONFORMANCE.filter((extension) => serves(extension, target) !== null);
  const results: Results = {};
  describe.skipIf(reason !== null)(`conformance of ${target}${reason === null ? '' : ` (${reason})`}`, () => {
    it.each(extensions.map((extension) => [extension.name, extension] as const))(
      '%s answers as the specification says, or differs as explained',
      (name, extension) => {
        const came = runCases(extension, target);
        const judgements = judge(extension, target, came);
        const wrong = judgements.filter(({ verdict }) => verdict === 'unexplained');
        expect(wrong.map(({ id, expected, got }) => `${id}: expected ${expected}; got ${got}`)).toEqual([]);
        expect(strayDifferences(extension, target, came)).toEqual([]);
        results[name] = countOf(judgements);
      },
    );

    it('the kept results are those of this run', ({ skip }) => {
      if (Object.keys(results).length < extensions.length) skip('some extensions were not run');
      if (RENEW) writeResults(target, results);
      expect(readResults(target)).toEqual(results);
    });
  });
}
