/** The border between the interpreter module and the host: imported functions, in order, and what follows them. */
import { type FunctionType, type ImportedFunction, VALTYPE } from '../../wasm/index.ts';

/** Everything that the generated code does not do itself. State is exact when these run: `HART` in `layout.ts`. */
export interface InterpreterHost {
  /** Address in linear memory of the bytes at `HART.va` (perhaps a copy), or 0 when the instruction was not done. */
  load(bytes: number): number;
  /** The same for LR: never a copy. */
  loadReserved(bytes: number): number;
  /** Stores `HART.value`; 0 when the instruction was not done. */
  store(bytes: number): number;
  /** As `loadReserved`, for a read and write. */
  atomic(bytes: number): number;
  /** Does the CSR or system instruction, or raises what it raises. */
  system(): void;
  /** The operation with that number of `FLOAT_CALLS`, in that rounding mode; accrues its exceptions. Never raises. */
  float(operation: number, rounding: number, a: bigint, b: bigint, c: bigint): bigint;
  /** Raises the exception of an illegal instruction. */
  illegal(): void;
  /** Raises the exception of a jump to `HART.va`. */
  misalignedJump(): void;
  /** Puts the page of pc into the fetch TLB; 0 when it raised instead. */
  fetch(): number;
  /** Fills in the record. */
  decode(): void;
  /** Puts the page-crossing instruction at pc into the scratch page; 0 when it raised instead. */
  straddle(): number;
}

const NOTHING: FunctionType = { params: [], results: [] };
const GIVES_I32: FunctionType = { params: [], results: [VALTYPE.i32] };
const BYTES_TO_I32: FunctionType = { params: [VALTYPE.i32], results: [VALTYPE.i32] };

export const HOST_TYPES: Record<keyof InterpreterHost, FunctionType> = {
  load: BYTES_TO_I32,
  loadReserved: BYTES_TO_I32,
  store: BYTES_TO_I32,
  atomic: BYTES_TO_I32,
  system: NOTHING,
  float: {
    params: [VALTYPE.i32, VALTYPE.i32, VALTYPE.i64, VALTYPE.i64, VALTYPE.i64],
    results: [VALTYPE.i64],
  },
  illegal: NOTHING,
  misalignedJump: NOTHING,
  fetch: GIVES_I32,
  decode: NOTHING,
  straddle: GIVES_I32,
};
const NAMES = Object.keys(HOST_TYPES) as (keyof InterpreterHost)[];

export const HOST_MODULE = 'host';
export const MEMORY_NAME = 'memory';
export const RUN_NAME = 'run';
export const HOST_IMPORTS: readonly ImportedFunction[] = NAMES.map((name) => ({
  module: HOST_MODULE,
  name,
  type: HOST_TYPES[name],
}));
/** Function index of each import. */
export const HOST = Object.fromEntries(NAMES.map((name, index) => [name, index])) as Record<
  keyof InterpreterHost,
  number
>;

/** `save(va, block, left, pageVa, record, pageRecords)`: writes the state into the hart block. */
export const SAVE = NAMES.length;
export const SAVE_TYPE: FunctionType = {
  params: [VALTYPE.i64, VALTYPE.i32, VALTYPE.i32, VALTYPE.i64, VALTYPE.i32, VALTYPE.i32],
  results: [],
};
const RUN = SAVE + 1;
/** Behind `run`, instructions that are functions of their own: see `outlined.ts`. */
export const FIRST_OUTLINED = RUN + 1;
/** `run(budget, block)`: executes from the pc in the block; gives what is left of the budget (at least 1 instruction). */
export const RUN_TYPE: FunctionType = { params: [VALTYPE.i32, VALTYPE.i32], results: [VALTYPE.i32] };
export type Run = (budget: number, block: number) => number;
