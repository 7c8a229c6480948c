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
