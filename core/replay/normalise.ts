/**
 * What of a line depends on the speed of the host or on chance, and is therefore not compared: times, counts of
 * host interrupts. Each rule replaces only the volatile value, never the line.
 */

interface Rule {
  readonly what: string;
  readonly pattern: RegExp;
  readonly replacement: string;
}

const TICKS = '<ticks>';

export const RULES: readonly Rule[] = [
  { what: 'seconds that the run took', pattern: /( after )\d+\.\d+( s;)/, replacement: '$1<seconds>$2' },
  {
    what: 'time that a sleep, a loop or two reads of time took',
    pattern: /^(slept ticks|wfi slept ticks|time advances|loop .* ticks\(10MHz\)=) ?\d+/,
    replacement: `$1 ${TICKS}`,
  },
  {
    what: 'a deadline counted from now',
    pattern: /^(set_timer \+\d+ \S+ \S+) 0x[0-9a-f]+/,
    replacement: `$1 ${TICKS}`,
  },
  {
    what: 'the time register',
    pattern: /^(reg 0x8030000004000001 .*TIMER\.time +=) (0x[0-9a-f]+|0)$/,
    replacement: `$1 ${TICKS}`,
  },
  {
    what: 'the time register, before and after it was set',
    pattern: /^(TIMER\.time .* GET=OK:)(?:0x[0-9a-f]+|0)( SET 0x1000 -> OK GET=)0x1[0-9a-f]{3}$/,
    replacement: `$1${TICKS}$2${TICKS}`,
  },
  { what: 'the time CSR', pattern: /^(csr 0xc01 time =) 0x[0-9a-f]+/, replacement: `$1 ${TICKS}` },
  { what: 'stolen time', pattern: /^( {2}shmem\[1\] \(steal\)=)0x[0-9a-f]+/, replacement: '$1<ns>' },
  {
    what: 'what a running counter has counted',
    pattern: /^(fw_read \d+(?: 0x504d55 0x5 0x[0-9a-f]+)? -> 0) (?:0x[0-9a-f]+|[1-9]\d*)$/,
    replacement: '$1 <count>',
  },
  {
    what: 'statistics of host interrupts, signals and waits',
    pattern: / (halt_\w+|signal_exits|exits)=\d+/g,
    replacement: '',
  },
];

export function normalised(line: string): string {
  return RULES.reduce((text, { pattern, replacement }) => text.replace(pattern, replacement), line);
}

/** A part of a line that is not compared. */
export interface Volatile {
  readonly start: number;
  readonly end: number;
  readonly what: string;
}

/** The parts of a line that the rules replace, in order and apart from each other. */
export function volatileIn(line: string): readonly Volatile[] {
  const parts: Volatile[] = [];
  for (const { what, pattern, replacement } of RULES) {
    for (const match of line.matchAll(new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`))) {
      const [text] = match;
      const put = text.replace(new RegExp(pattern.source), replacement);
      if (put === text) continue;
      const before = shared(text, put, (from, at) => from[at]);
      const after = shared(text.slice(before), put.slice(before), (from, at) => from[from.length - 1 - at]);
      parts.push({ start: match.index + before, end: match.index + text.length - after, what });
    }
  }
  return parts
    .filter(({ start, end }) => end > start)
    .sort((a, b) => a.start - b.start)
    .filter(({ start }, index, all) => index === 0 || start >= (all[index - 1]?.end ?? 0));
}

/** How many characters two texts have in common, as `character` counts them. */
function shared(left: string, right: string, character: (text: string, at: number) => string | undefined): number {
  const most = Math.min(left.length, right.length);
  let count = 0;
  while (count < most && character(left, count) === character(right, count)) count++;
  return count;
}
