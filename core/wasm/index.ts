/** WebAssembly module encoder: the part of the binary format that the engine needs; knows no RISC-V. */
export { CodeBuilder, type Label } from './code.ts';
export { type DefinedFunction, encodeModule, type FunctionType, type ImportedFunction } from './module.ts';
export { type BlockType, MEM, type MemOp, OP, type Op, VALTYPE, type ValType, VOID } from './opcodes.ts';
