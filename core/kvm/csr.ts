/**
 * CSR accesses that trap to KVM: the counters of the guest and the priorities of its interrupts; the seed goes to user
 * space when the guest has Zkr, and so does what belongs to an interrupt controller; all others are illegal.
 * [Linux arch/riscv/kvm/vcpu_insn.c, vcpu_pmu.c]
 */
import { U64_MAX } from '../base/u64.ts';
import type { HartExit } from '../hart/api.ts';
import { emulateAia, type MaskedWrite } from './aia.ts';
import { readCounter } from './sbi/pmu.ts';
import type { VcpuState } from './state.ts';
import type { KvmRun } from './uapi.ts';

type CsrExit = Extract<HartExit, { readonly kind: 'csr' }>;

const CSR_SEED = 0x015;
const CSR_CYCLE = 0xc00;
const CSR_INSTRET = 0xc02;
const CSR_HPMCOUNTER31 = 0xc1f;
const CSR_LENGTH = 4;

/** `emulated` and `illegal` are finished here; `exit` leaves `run.riscv_csr` filled for user space. */
export function emulateCsr(cpu: VcpuState, exit: CsrExit, run: KvmRun): 'emulated' | 'illegal' | 'exit' {
  const counter = exit.writes ? null : counterValue(cpu, exit.csr);
  const write = writeOf(exit);
  const answer = counter ?? emulateAia(cpu, exit.csr, write);
  if (typeof answer === 'bigint') {
    cpu.hart.complete(exit.rd, answer, CSR_LENGTH);
    cpu.stats.add('csr_exit_kernel');
    return 'emulated';
  }
  if (answer === 'exit' || (exit.csr === CSR_SEED && cpu.isa.has('ZKR'))) {
    run.riscv_csr = { csr_num: exit.csr, new_value: write.value, write_mask: write.mask, ret_value: 0n };
    return 'exit';
  }
  injectIllegal(cpu, exit.word);
  return 'illegal';
}

/** What a read of a counter gives, or null where it is illegal: without a PMU cycle and instret read 0. */
function counterValue(cpu: VcpuState, csr: number): bigint | null {
  if (csr < CSR_CYCLE || csr > CSR_HPMCOUNTER31) return null;
  if (cpu.hasPmu) return readCounter(cpu, BigInt(csr - CSR_CYCLE));
  return csr === CSR_CYCLE || csr === CSR_INSTRET ? 0n : null;
}

/** User space gives the old value in `ret_value`. */
export function completeCsr(cpu: VcpuState, rd: number, run: KvmRun): void {
  cpu.hart.complete(rd, run.riscv_csr.ret_value, CSR_LENGTH);
}

const CAUSE_ILLEGAL = 2n;

/** The guest gets an illegal-instruction exception with the instruction in stval. */
export function injectIllegal(cpu: VcpuState, word: number): void {
  cpu.hart.trap(CAUSE_ILLEGAL, BigInt(word >>> 0));
}

/** From the instruction alone: one that reads only sets or clears no bit. */
function writeOf(exit: CsrExit): MaskedWrite {
  switch (exit.access) {
    case 'rw':
      return { value: exit.source, mask: U64_MAX };
    case 'rs':
      return { value: U64_MAX, mask: exit.source };
    case 'rc':
      return { value: 0n, mask: exit.source };
    default:
      return exit.access satisfies never;
  }
}
