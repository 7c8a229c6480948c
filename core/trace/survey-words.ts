/** A survey in words and counts. */
import { SBI_NAMES } from '../sbi/types.ts';
import type { Finding, Survey } from './survey.ts';

export type Findings = Extract<Survey, { readonly starts: true }>['findings'];

/** `kvm`, `vmm`, `absent`, `stops` or `unanswered`. */
export function findingWords(finding: Finding): string {
  return finding.kind === 'present' ? finding.by : finding.kind;
}

/** How many extensions a guest finds, and how many stop the VM. */
export function countsOf(findings: Findings): { readonly present: number; readonly stops: number } {
  const kinds = SBI_NAMES.map((name) => findings[name].kind);
  const count = (wanted: Finding['kind']): number => kinds.filter((kind) => kind === wanted).length;
  return { present: count('present'), stops: count('stops') };
}
