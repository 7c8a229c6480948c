/** Floating-point arithmetic as RISC-V has it, exact, over bit patterns. */
export type { FusedSigns } from './arithmetic.ts';
export { CLASSES, classOf, type FloatClass } from './compare.ts';
export { FLI_CONSTANTS } from './constants.ts';
export type { IntegerType } from './convert.ts';
export { box, FLOAT_FORMATS, type FloatFormat, SHAPES, unbox } from './format.ts';
export {
  FLOAT_OPERATIONS,
  FLOAT_OPS,
  type FloatOp,
  type FloatOperation,
  floatOperate,
  floatOperation,
  type OperandKind,
} from './operations.ts';
export { FLAG, type FloatResult, ROUNDING, ROUNDING_MODES, type RoundingMode } from './round.ts';
