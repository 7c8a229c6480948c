/** What the test files of the targets share: every extension with written cases is run and judged. */
import { describe, expect, it } from 'vitest';
import { CONFORMANCE } from './cases/index.ts';
import { judge, strayDifferences } from './judge.ts';
import { runCases } from './run.ts';
import type { TargetName } from './target-names.ts';
import { serves } from './targets.ts';

/** Tests of a target, skipped for a reason. */
export function testTarget(target: TargetName, reason: string | null): void {
  const extensions = CONFORMANCE.filter((extension) => serves(extension, target) !== null);
  describe.skipIf(reason !== null)(`conformance of ${target}${reason === null ? '' : ` (${reason})`}`, () => {
    it.each(extensions.map((extension) => [extension.name, extension] as const))(
      '%s answers as the specification says, or differs as explained',
      (_name, extension) => {
        const results = runCases(extension, target);
        const wrong = judge(extension, target, results).filter(({ verdict }) => verdict === 'unexplained');
        expect(wrong.map(({ id, expected, got }) => `${id}: expected ${expected}; got ${got}`)).toEqual([]);
        expect(strayDifferences(extension, target, results)).toEqual([]);
      },
    );
  });
}
