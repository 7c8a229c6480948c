/** DBCN on the VMM's console. Bytes are in guest-physical memory, which the VMM reaches directly. [SBI 3.0 §12] */
import type { VmContext } from '../context.ts';
import type { Server } from './server.ts';

/** Bytes that one call moves at most; a call may take fewer than asked, and this bounds what it costs. */
export const MAX_BYTES = 64 * 1024;

export const dbcn: Server<'DBCN'> = {
  console_write(vm, { num_bytes, base_addr_lo, base_addr_hi }) {
    if (!isReachable(vm, num_bytes, base_addr_lo, base_addr_hi)) return { error: 'INVALID_PARAM' };
    const length = atMost(num_bytes);
    if (length > 0) vm.options.console.write(vm.ram.read(base_addr_lo, length));
    return { value: BigInt(length) };
  },
  console_read(vm, { num_bytes, base_addr_lo, base_addr_hi }) {
    if (!isReachable(vm, num_bytes, base_addr_lo, base_addr_hi)) return { error: 'INVALID_PARAM' };
    const bytes = vm.options.console.read(atMost(num_bytes));
    if (bytes.length > 0) vm.ram.write(base_addr_lo, bytes);
    return { value: BigInt(bytes.length) };
  },
  console_write_byte(vm, { byte }) {
    vm.options.console.write(Uint8Array.of(Number(byte & 0xffn)));
    return { value: 0n };
  },
};

function isReachable(vm: VmContext, length: bigint, lo: bigint, hi: bigint): boolean {
  return length === 0n || (hi === 0n && vm.ram.contains(lo, length));
}

function atMost(length: bigint): number {
  return length > BigInt(MAX_BYTES) ? MAX_BYTES : Number(length);
}
