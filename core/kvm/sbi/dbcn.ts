/** WHAT-IF: DBCN answered in the kernel, on a console that the host gives it. Linux only forwards. [SBI 3.0 §12] */
import type { VcpuState } from '../state.ts';
import type { KernelExtension } from './handlers.ts';
import { done, type Outcome } from './outcome.ts';

/** One page a call: what a kernel would pin at a time. */
const MAX_BYTES = 4096n;

export const dbcn: KernelExtension<'DBCN'> = {
  console_write: (cpu, length, low, high) => {
    const target = consoleOf(cpu);
    if (target === undefined) return done('FAILED');
    if (length === 0n) return done('SUCCESS');
    const bytes = isReachable(cpu, length, low, high) ? cpu.vm.readGuest(low, chunk(length)) : null;
    return bytes === null ? done('INVALID_PARAM') : done('SUCCESS', BigInt(target.write(bytes)));
  },
  console_read: (cpu, length, low, high): Outcome<'SUCCESS' | 'INVALID_PARAM' | 'FAILED'> => {
    const source = consoleOf(cpu);
    if (source === undefined) return done('FAILED');
    if (length === 0n) return done('SUCCESS');
    if (!isReachable(cpu, length, low, high)) return done('INVALID_PARAM');
    const bytes = source.read(chunk(length));
    cpu.vm.writeGuest(low, bytes);
    return done('SUCCESS', BigInt(bytes.length));
  },
  console_write_byte: (cpu, byte) => {
    const target = consoleOf(cpu);
    if (target === undefined) return done('FAILED');
    target.write(Uint8Array.of(Number(byte & 0xffn)));
    return done('SUCCESS');
  },
};

/** All of the range has to be memory, though a call may take a part of it. [SBI 3.0 §3.2] */
function isReachable(cpu: VcpuState, length: bigint, low: bigint, high: bigint): boolean {
  if (high !== 0n || length > BigInt(Number.MAX_SAFE_INTEGER)) return false;
  return cpu.vm.options.memory.offsetOf(low, Number(length)) >= 0;
}

function chunk(length: bigint): number {
  return Number(length < MAX_BYTES ? length : MAX_BYTES);
}

function consoleOf(cpu: VcpuState) {
  return cpu.vm.options.hooks.console;
}
