/** Surveys for tests of the page. */
import type { Finding, Survey } from '../../core/protocol/messages.ts';
import { SBI_NAMES, type SbiName } from '../../core/sbi/types.ts';

/** A survey in which all is absent but these. */
export function surveyWith(found: Partial<Record<SbiName, Finding>>): Extract<Survey, { starts: true }> {
  const entries = SBI_NAMES.map((name) => [name, found[name] ?? { kind: 'absent' }]);
  return { starts: true, version: '2.0', findings: Object.fromEntries(entries) as Record<SbiName, Finding>, runs: 1 };
}
