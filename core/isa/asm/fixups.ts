/** What reading leaves behind for the linker. */

import type { Instruction } from '../dsl/types.ts';
import type { FieldValues } from './encoding.ts';
import type { Modifier } from './operands.ts';
import type { Place } from './problem.ts';
import type { Expression, Fragment } from './program.ts';

/** Bytes to be written when addresses are known. */
export type Fixup = {
  readonly fragment: Fragment;
  readonly offset: number;
  readonly expression: Expression;
  readonly place: Place;
} & (
  | { readonly kind: 'data'; readonly size: 1 | 2 | 4 | 8 }
  /** One field of an instruction. */
  | {
      readonly kind: 'field';
      readonly instruction: Instruction;
      readonly values: FieldValues;
      readonly field: string;
      readonly modifier: Modifier | null;
    }
  /** auipc and the instruction after it, which takes the low part. */
  | { readonly kind: 'pair'; readonly high: PairPart; readonly low: PairPart }
);

export interface PairPart {
  readonly instruction: Instruction;
  readonly values: FieldValues;
}

/** From where to where a statement put bytes. */
export interface Extent {
  readonly line: number;
  readonly from: Fragment;
  readonly fromOffset: number;
  readonly to: Fragment;
  readonly toOffset: number;
}
