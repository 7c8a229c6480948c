/** Puts an assembled program into an ELF file, so that its entry and its zeroed memory travel with it. [System V ABI, object files] */
import { viewOf } from '../base/bytes.ts';

const EHDR_SIZE = 64;
const PHDR_SIZE = 56;
const HEADERS = EHDR_SIZE + PHDR_SIZE;
const ET_EXEC = 2;
const EM_RISCV = 243;
const PT_LOAD = 1;
const READ_WRITE_EXECUTE = 7;
const PAGE = 0x1000n;

export interface Program {
  /** Address of the first byte. */
  readonly base: bigint;
  readonly bytes: Uint8Array;
  /** Bytes in memory, the zero-filled ones at the end included. */
  readonly memorySize: number;
  readonly entry: bigint;
}

/** An ELF64 executable with one segment and no symbols. */
export function elfImage(program: Program): Uint8Array {
  const file = new Uint8Array(HEADERS + program.bytes.length);
  const view = viewOf(file);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, ET_EXEC, true);
  view.setUint16(18, EM_RISCV, true);
  view.setUint32(20, 1, true);
  view.setBigUint64(24, program.entry, true);
  view.setBigUint64(32, BigInt(EHDR_SIZE), true);
  view.setUint16(52, EHDR_SIZE, true);
  view.setUint16(54, PHDR_SIZE, true);
  view.setUint16(56, 1, true);
  view.setUint32(64, PT_LOAD, true);
  view.setUint32(68, READ_WRITE_EXECUTE, true);
  view.setBigUint64(72, BigInt(HEADERS), true);
  view.setBigUint64(80, program.base, true);
  view.setBigUint64(88, program.base, true);
  view.setBigUint64(96, BigInt(program.bytes.length), true);
  view.setBigUint64(104, BigInt(Math.max(program.memorySize, program.bytes.length)), true);
  view.setBigUint64(112, PAGE, true);
  file.set(program.bytes, HEADERS);
  return file;
}
