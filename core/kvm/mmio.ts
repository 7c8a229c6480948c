/**
 * Loads and stores outside the memory slots: KVM_EXIT_MMIO and its completion. A misaligned access
 * comes byte by byte, as the firmware below the host takes it apart. [Linux arch/riscv/kvm/vcpu_insn.c]
 */
import { fromLittleEndian, toLittleEndian } from '../base/bytes.ts';
import { lowHalf, u64 } from '../base/u64.ts';
import type { MmioExit } from '../hart/api.ts';
import type { VcpuState } from './state.ts';
import type { KvmRun } from './uapi.ts';

const OPCODE_MASK = 0x7f;
const LOAD = 0x03;
const STORE = 0x23;
/** funct3 of the compressed integer loads and stores, in both of the quadrants that have them. */
const COMPRESSED_INTEGER: ReadonlySet<number> = new Set([2, 3, 6, 7]);

/** Whether KVM can take apart the instruction that made the access: integer loads and stores only. */
export function isEmulated({ word, length }: MmioExit): boolean {
  if (length === 4) return (word & OPCODE_MASK) === LOAD || (word & OPCODE_MASK) === STORE;
  return (word & 3) !== 1 && COMPRESSED_INTEGER.has(word >> 13);
}

/** An access under way: plain data, so that a machine can be saved between its pieces. */
export interface OpenAccess {
  readonly exit: Omit<MmioExit, 'word'>;
  /** Bytes that were transferred. */
  done: number;
  /** What the pieces of a load brought so far: 8 bytes. */
  readonly bytes: Uint8Array;
}

export function openAccess(exit: MmioExit): OpenAccess {
  return { exit, done: 0, bytes: new Uint8Array(8) };
}

/** Fills `run.mmio` with the next piece; for a load the data stay what they were. */
export function describeAccess({ exit, done }: OpenAccess, run: KvmRun): void {
  const { mmio } = run;
  const piece = pieceOf(exit);
  mmio.phys_addr = exit.gpa + BigInt(done);
  mmio.len = piece;
  mmio.is_write = exit.store;
  if (exit.store) mmio.data.set(toLittleEndian(exit.value, exit.bytes).subarray(done, done + piece));
}

/** Takes the answer; false when another piece has to follow. */
export function completeAccess(cpu: VcpuState, access: OpenAccess, run: KvmRun): boolean {
  const { exit, bytes } = access;
  const piece = pieceOf(exit);
  for (let index = 0; index < piece; index++) bytes[access.done + index] = run.mmio.data[index] ?? 0;
  access.done += piece;
  if (access.done < exit.bytes) return false;
  const read = fromLittleEndian(bytes);
  const value = exit.signed ? u64(BigInt.asIntN(8 * exit.bytes, read)) : read;
  cpu.hart.complete(exit.store ? 0 : exit.rd, value, exit.length);
  return true;
}

function pieceOf({ gpa, bytes }: OpenAccess['exit']): number {
  return (lowHalf(gpa) & (bytes - 1)) === 0 ? bytes : 1;
}
