/** Compares what came of the cases with what the specification says and with the differences that are explained. */
import { conforms, expectedText, outcomeText } from './outcome.ts';
import type { CaseResult } from './run.ts';
import type { TargetName } from './target-names.ts';
import type { Difference, ExtensionCases } from './types.ts';

export interface Judgement {
  readonly id: string;
  readonly verdict: 'as specified' | 'explained' | 'unexplained';
  readonly expected: string;
  readonly got: string;
  readonly difference?: Difference;
}

export function differenceOf(extension: ExtensionCases, target: TargetName, id: string): Difference | undefined {
  return extension.differences.find(({ on, cases }) => on.includes(target) && cases.includes(id));
}

/** A case for each result. One that is as specified although a difference is explained is unexplained too. */
export function judge(
  extension: ExtensionCases,
  target: TargetName,
  results: readonly CaseResult[],
): readonly Judgement[] {
  return results.map(({ case: one, outcome }): Judgement => {
    const got = outcomeText(extension.name, one, outcome);
    const expected = expectedText(one);
    const difference = differenceOf(extension, target, one.id);
    const fits = conforms(one, outcome);
    if (difference === undefined) return { id: one.id, verdict: fits ? 'as specified' : 'unexplained', expected, got };
    if (fits) {
      const gone = `no difference any more; remove what explains ${difference.answers}`;
      return { id: one.id, verdict: 'unexplained', expected: gone, got, difference };
    }
    return { id: one.id, verdict: difference.answers === got ? 'explained' : 'unexplained', expected, got, difference };
  });
}

/** What is wrong with the table of differences itself: entries for cases that the target does not run. */
export function strayDifferences(
  extension: ExtensionCases,
  target: TargetName,
  results: readonly CaseResult[],
): readonly string[] {
  const ids = new Set(results.map(({ case: one }) => one.id));
  return extension.differences
    .filter(({ on }) => on.includes(target))
    .flatMap(({ cases }) => cases.filter((id) => !ids.has(id)));
}
