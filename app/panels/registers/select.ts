/** Registers of a hart with what changed since the last stop. Pure. */
import type { HartView } from '../../../core/protocol/messages.ts';

/** ABI names of x0..x31. [RISC-V psABI, register convention] */
export const X_NAMES: readonly string[] = [
  ...['zero', 'ra', 'sp', 'gp', 'tp', 't0', 't1', 't2', 's0', 's1'],
  ...Array.from({ length: 8 }, (_, n) => `a${n}`),
  ...Array.from({ length: 10 }, (_, n) => `s${n + 2}`),
  ...['t3', 't4', 't5', 't6'],
];

export interface RegisterRow {
  readonly name: string;
  /** `x10` beside `a0`. */
  readonly number: string;
  readonly value: bigint;
  /** What it was at the last stop; undefined when it did not change. */
  readonly old: bigint | undefined;
}

function changedFrom(old: bigint | undefined, value: bigint): bigint | undefined {
  return old === undefined || old === value ? undefined : old;
}

export function integerRows(hart: HartView, before: HartView | undefined): readonly RegisterRow[] {
  const pc = { name: 'pc', number: '', value: hart.pc, old: changedFrom(before?.pc, hart.pc) };
  const x = hart.x.map((value, index) => ({
    name: X_NAMES[index] ?? `x${index}`,
    number: `x${index}`,
    value,
    old: changedFrom(before?.x[index], value),
  }));
  return [pc, ...x];
}

export function csrRows(hart: HartView, before: HartView | undefined): readonly RegisterRow[] {
  const old = new Map(before?.csrs.map(({ name, value }) => [name, value]));
  return hart.csrs.map(({ name, value }) => ({ name, number: '', value, old: changedFrom(old.get(name), value) }));
}
