/** Worked examples of definitions: shown in the documentation and run by the tests. */
import { u64 } from '../../base/u64.ts';
import type { FieldName } from './ir.ts';
import type { Example } from './types.ts';

/** With these operands, signed or not, `rd` becomes `rd`. */
export function gives(before: Readonly<Record<FieldName, bigint>>, rd: bigint): Example {
  return Object.fromEntries(Object.entries({ ...before, rd }).map(([name, value]) => [name, u64(value)]));
}
