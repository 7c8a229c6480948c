/**
 * Legacy calls in KVM: the console part always goes to user space, hart masks are read from guest
 * virtual memory, and an address that cannot be read gives the guest the fault. [SBI 3.0 §5]
 */
import { IRQ_S_SOFT } from '../../hart/api.ts';
import type { VcpuState } from '../state.ts';
import { KVM_SYSTEM_EVENT_SHUTDOWN } from '../uapi.ts';
import type { KernelExtension } from './handlers.ts';
import { fenceInstructions, fenceTranslation, vcpusOf } from './harts.ts';
import { done, FORWARD, type Outcome } from './outcome.ts';

const LOAD_PAGE_FAULT = 13n;
const LOAD_GUEST_PAGE_FAULT = 21n;
const MASK_BYTES = 8;

export const v01: KernelExtension<'V01'> = {
  set_timer: (cpu, ticks) => {
    cpu.setTimer(ticks);
    return done('SUCCESS');
  },
  console_putchar: () => FORWARD,
  console_getchar: () => FORWARD,
  clear_ipi: (cpu) => {
    cpu.lower(IRQ_S_SOFT);
    return done('SUCCESS');
  },
  send_ipi: (cpu, pointer) =>
    withMask(cpu, pointer, (targets) => {
      for (const target of targets) target.raise(IRQ_S_SOFT);
    }),
  remote_fence_i: (cpu, pointer) => withMask(cpu, pointer, fenceInstructions),
  remote_sfence_vma: (cpu, pointer, start, size) =>
    withMask(cpu, pointer, (targets) => fenceTranslation(targets, start, size, undefined)),
  remote_sfence_vma_asid: (cpu, pointer, start, size, asid) =>
    withMask(cpu, pointer, (targets) => fenceTranslation(targets, start, size, asid)),
  shutdown: () => ({ kind: 'stop', event: { type: KVM_SYSTEM_EVENT_SHUTDOWN, reason: 0n } }),
};

function withMask(cpu: VcpuState, pointer: bigint, act: (targets: readonly VcpuState[]) => void): Outcome<'SUCCESS'> {
  if (pointer === 0n) {
    act(cpu.vm.vcpus);
    return done('SUCCESS');
  }
  let mask = 0n;
  for (let index = 0; index < MASK_BYTES; index++) {
    const address = BigInt.asUintN(64, pointer + BigInt(index));
    const gpa = cpu.hart.translate(address, 'load');
    if (gpa === null) return { kind: 'trap', cause: LOAD_PAGE_FAULT, tval: address };
    const byte = cpu.vm.readGuest(gpa, 1);
    if (byte === null) return { kind: 'trap', cause: LOAD_GUEST_PAGE_FAULT, tval: address };
    mask |= BigInt(byte[0] ?? 0) << BigInt(8 * index);
  }
  act(vcpusOf(cpu, mask, 0n));
  return done('SUCCESS');
}
