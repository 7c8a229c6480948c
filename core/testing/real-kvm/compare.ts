/** What of a run depends on the speed of the host or on chance, and is therefore not compared. */
import type { Shown } from './ours.ts';

interface Rule {
  readonly what: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

const RULES: readonly Rule[] = [
  { what: 'how late a tick was seen', pattern: /(late by time units: )\d+/g, replacement: '$1N' },
  { what: 'how long arming takes', pattern: /(by (?:set_timer|stimecmp) )\d+/g, replacement: '$1N' },
  { what: 'how long writing takes', pattern: /((?:by UART: |by DBCN: |by a factor of ))\d+/g, replacement: '$1N' },
  { what: 'how long loads take', pattern: /\d+( time units)/g, replacement: 'N$1' },
  { what: 'how long a nap was', pattern: /(Awake after )\d+( ms)/g, replacement: '$1N$2' },
  {
    what: 'whether a translation that was not fenced is still cached',
    pattern: /(Moved, not yet fenced: +)[12]/g,
    replacement: '$1N',
  },
];

/** A write of a text whose length is that of a number: its place and length are left out, what it writes is compared. */
const CONSOLE_WRITE = /(KVM_EXIT_RISCV_SBI 0x4442434e 0x0) \(.*/;

/** A run in the form in which two are equal: exits of each vcpu in order, of different ones in any. */
export function comparable({ console, exits, status }: Shown): Shown {
  const text = RULES.reduce((before, { pattern, replacement }) => before.replace(pattern, replacement), console);
  const lines = text === console ? exits : exits.map((line) => line.replace(CONSOLE_WRITE, '$1'));
  const byVcpu = lines.toSorted((a, b) => vcpuOf(a) - vcpuOf(b));
  return { console: text, exits: byVcpu, status };
}

/** KVM wakes a vcpu by a timer of the host, after which that of the emulated hart may take a moment to show. */
const WOKEN_BY_TIMER = /^(suspend-retentive[\w-]*: SUCCESS), sip 0x(?:20|0)$/;

/** What came of a conformance case, in the form in which two are equal. */
export function comparableOutcome(text: string): string {
  return text.replace(WOKEN_BY_TIMER, '$1, sip N');
}

function vcpuOf(line: string): number {
  return Number(/^vcpu (\d+)/.exec(line)?.[1]);
}
