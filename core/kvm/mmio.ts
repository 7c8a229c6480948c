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

/** Whether KVM can take apart the instruction at the pc: integer loads and stores only. */
export function isEmulated(cpu: VcpuState): boolean {
  const gpa = cpu.hart.translate(cpu.hart.pc, 'fetch');
  const bytes = gpa === null ? null : cpu.vm.readGuest(gpa, 2);
  if (bytes === null) return true;
  const half = (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
  if ((half & 3) === 3) return (half & OPCODE_MASK) === LOAD || (half & OPCODE_MASK) === STORE;
  return (half & 3) !== 1 && COMPRESSED_INTEGER.has(half >> 13);
}

export class MmioAccess {
  #done = 0;
  /** What the pieces of a load brought so far. */
  readonly #bytes = new Uint8Array(8);

  constructor(
    private readonly cpu: VcpuState,
    private readonly access: MmioExit,
  ) {}

  /** Fills `run.mmio` with the next piece; for a load the data stay what they were. */
  describe(run: KvmRun): void {
    const { access, piece } = this;
    const { mmio } = run;
    mmio.phys_addr = access.gpa + BigInt(this.#done);
    mmio.len = piece;
    mmio.is_write = access.store;
    if (!access.store) return;
    mmio.data.set(toLittleEndian(access.value, access.bytes).subarray(this.#done, this.#done + piece));
  }

  /** Takes the answer; false when another piece has to follow. */
  complete(run: KvmRun): boolean {
    const { access, cpu } = this;
    const { piece } = this;
    for (let index = 0; index < piece; index++) this.#bytes[this.#done + index] = run.mmio.data[index] ?? 0;
    this.#done += piece;
    if (this.#done < access.bytes) return false;
    const read = fromLittleEndian(this.#bytes);
    const value = access.signed ? u64(BigInt.asIntN(8 * access.bytes, read)) : read;
    cpu.hart.complete(access.store ? 0 : access.rd, value, access.length);
    return true;
  }

  private get piece(): number {
    const { gpa, bytes } = this.access;
    return (lowHalf(gpa) & (bytes - 1)) === 0 ? bytes : 1;
  }
}
