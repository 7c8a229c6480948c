/** The contradictions of the working copy, worked out once for each. */
import { coherenceOf, type Warning } from '../../../core/config/index.ts';
import { type Draft, machineConfig } from '../../state/draft.ts';

const known = new WeakMap<Draft, readonly Warning[]>();
/** One for all, so that edits of a program draw nothing anew. */
const NONE: readonly Warning[] = [];

/** Those of the machine that Run would build, with the program or image that it then has. */
export function warningsOf(draft: Draft): readonly Warning[] {
  const found = known.get(draft);
  if (found !== undefined) return found;
  const warnings = coherenceOf(machineConfig(draft));
  const kept = warnings.length === 0 ? NONE : warnings;
  known.set(draft, kept);
  return kept;
}

/** What is said of a field (`harts`, `sbi.HSM`), or null. */
export function warningAt(draft: Draft, field: string): string | null {
  const concerned = warningsOf(draft).filter(({ fields }) => fields.includes(field));
  return concerned.length === 0 ? null : concerned.map(({ says }) => says).join(' ');
}

export function countWords(count: number): string {
  return `${count === 1 ? '1 warning' : `${count} warnings`}: the configuration contradicts itself`;
}
