/** Numbers as the page writes them. Pure; times are virtual nanoseconds. */

/** 64-bit value as `0x` and lower-case digits, padded to `digits`. */
export function hex(value: bigint | number, digits = 0): string {
  return `0x${value.toString(16).padStart(digits, '0')}`;
}

/** 1234567 as `1,234,567`. */
export function grouped(value: number): string {
  return Math.trunc(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Virtual time with the unit that fits: `840 ns`, `12.463 ms`, `3.200 s`. */
export function duration(ns: number): string {
  if (ns < 1000) return `${Math.round(ns)} ns`;
  if (ns < 1_000_000) return `${(ns / 1000).toFixed(1)} µs`;
  if (ns < 1_000_000_000) return `${(ns / 1_000_000).toFixed(3)} ms`;
  return `${(ns / 1_000_000_000).toFixed(3)} s`;
}

/** Millions of instructions per second of wall time; null before enough ran to tell. */
export function mips(instructions: number, wallMs: number): number | null {
  return wallMs <= 0 || instructions < FEWEST_MEASURED ? null : instructions / wallMs / 1000;
}

/** With fewer, starting up would be most of what is measured. */
const FEWEST_MEASURED = 100_000;

/** A rate as `512 MIPS`, with a decimal below ten. */
export function mipsWords(rate: number | null): string {
  if (rate === null) return '–';
  return `${rate < 10 ? rate.toFixed(1) : grouped(Math.round(rate))} MIPS`;
}

/** `1 exit`, `2 exits`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}
