/**
 * How other VMMs answer the calls that they have code for, where that differs from the specification: they look at
 * neither the modes nor the SBI version, since KVM decides what comes to them. Each profile says which of these
 * functions its VMM has. [sources: `core/vmm/profiles`]
 */
import { u64FromNumber } from '../../base/u64.ts';
import { SBI_ERRORS } from '../../sbi/types.ts';
import type { VmContext } from '../context.ts';
import { MAX_BYTES } from './dbcn.ts';
import { type Call, giveUp, type Outcome, type Server, SUCCESS } from './server.ts';

/** getchar's answer when nothing is pending. */
const NO_BYTE = SBI_ERRORS.FAILED;

export const FOREIGN_SERVERS: {
  readonly V01: Pick<Server<'V01'>, 'console_putchar' | 'console_getchar'>;
  readonly DBCN: Server<'DBCN'>;
  readonly SUSP: Server<'SUSP'>;
} = {
  V01: {
    console_putchar(vm, { ch }, call) {
      vm.options.console.write(Uint8Array.of(Number(ch & 0xffn)));
      return vm.options.profile.habits.putchar === 'success' ? legacy(0) : untouched(call);
    },
    console_getchar: (vm) => legacy(read(vm, 1)[0] ?? NO_BYTE),
  },
  DBCN: {
    console_write(vm, { num_bytes, base_addr_lo }) {
      const bytes = bufferOf(vm, num_bytes, base_addr_lo);
      if (!(bytes instanceof Uint8Array)) return bytes;
      if (bytes.length > 0) vm.options.console.write(bytes);
      return { value: BigInt(bytes.length) };
    },
    console_read(vm, { num_bytes, base_addr_lo }) {
      const buffer = bufferOf(vm, num_bytes, base_addr_lo);
      if (!(buffer instanceof Uint8Array)) return buffer;
      const bytes = read(vm, buffer.length);
      if (bytes.length > 0 && vm.ram.contains(base_addr_lo, BigInt(bytes.length))) vm.ram.write(base_addr_lo, bytes);
      return { value: BigInt(bytes.length) };
    },
    console_write_byte(vm, { byte }) {
      vm.options.console.write(Uint8Array.of(Number(byte & 0xffn)));
      return SUCCESS;
    },
  },
  SUSP: {
    system_suspend(vm, { sleep_type }) {
      if (sleep_type !== 0n) return { error: 'INVALID_PARAM' };
      const end = vm.options.now() + vm.options.profile.habits.suspendNs;
      return { kind: 'sleep', sleep: { kind: 'fixed', end }, next: { kind: 'return', a0: 0n, a1: 0n } };
    },
  },
};

/**
 * What stands in the buffer of a call, at most `MAX_BYTES`, or what becomes of the call without one. The upper half of
 * the address is not looked at.
 */
function bufferOf(vm: VmContext, length: bigint, address: bigint): Uint8Array | Outcome | { error: 'INVALID_PARAM' } {
  const some = length > BigInt(MAX_BYTES) ? MAX_BYTES : Number(length);
  if (some === 0) return new Uint8Array(0);
  if (vm.ram.contains(address, length)) return vm.ram.read(address, some);
  const { label, habits } = vm.options.profile;
  if (habits.badBuffer === 'INVALID_PARAM') return { error: 'INVALID_PARAM' };
  if (length >= USER_SPACE) return giveUp(`${label} aborts: it cannot allocate ${length} bytes`);
  const bytes = new Uint8Array(some);
  const inRam = vm.ram.lengthFrom(address, some);
  if (inRam > 0) bytes.set(vm.ram.read(address, inRam));
  return bytes;
}

/** Bytes that a program of the host can never allocate, with Sv48; less may fail too, as the host has memory. */
const USER_SPACE = 1n << 47n;

function read(vm: VmContext, max: number): Uint8Array {
  return vm.options.profile.habits.reads === 'pending' ? vm.options.console.read(max) : new Uint8Array(0);
}

function legacy(a0: number): Outcome {
  return { kind: 'return', a0: u64FromNumber(a0), a1: 0n };
}

/** What KVM filled in before the exit. */
function untouched({ vcpu }: Call): Outcome {
  const [a0, a1] = vcpu.run.riscv_sbi.ret;
  return { kind: 'return', a0, a1 };
}
