/**
 * SSE in user space: no Linux answers it in the kernel, and the VMM needs nothing of KVM but the registers of a vcpu
 * and a signal to its thread. [SBI 3.0 §17]
 */
import { fromLittleEndian, toLittleEndian } from '../../../base/bytes.ts';
import type { VmContext } from '../../context.ts';
import { isStopped, vcpuOf } from '../harts.ts';
import { type Call, giveUp, type Server, SUCCESS } from '../server.ts';
import { isRange, readAttributes, writeAttributes } from './attributes.ts';
import { isGlobal, type SoftwareEvent } from './event.ts';
import { followState, refusal } from './overflow.ts';
import { raise, runningOn, signalReady } from './route.ts';
import type { SseEvents } from './state.ts';
import { afterHandler } from './switch.ts';

/** Bytes of an attribute: XLEN / 8. */
const ATTRIBUTE_BYTES = 8;

export const sse: Server<'SSE'> = {
  read_attrs(vm, { event_id, base_attr_id, attr_count, output_phys_lo, output_phys_hi }, call) {
    const event = eventOf(vm, event_id, call);
    if ('error' in event) return event;
    const range = rangeOf(vm, base_attr_id, attr_count, output_phys_lo, output_phys_hi);
    if ('error' in range) return range;
    const values = readAttributes(event, range.first, range.count);
    // Each at its place behind the first: a place counted from attribute 0 would lie outside of the memory named.
    const bytes = values.flatMap((value) => [...toLittleEndian(value, ATTRIBUTE_BYTES)]);
    vm.ram.write(output_phys_lo, Uint8Array.from(bytes));
    return SUCCESS;
  },
  write_attrs(vm, { event_id, base_attr_id, attr_count, input_phys_lo, input_phys_hi }, call) {
    const event = eventOf(vm, event_id, call);
    if ('error' in event) return event;
    const range = rangeOf(vm, base_attr_id, attr_count, input_phys_lo, input_phys_hi);
    if ('error' in range) return range;
    const bytes = vm.ram.read(input_phys_lo, range.count * ATTRIBUTE_BYTES);
    const values = Array.from({ length: range.count }, (_, index) =>
      fromLittleEndian(bytes.subarray(index * ATTRIBUTE_BYTES, (index + 1) * ATTRIBUTE_BYTES)),
    );
    const writer = { hart: call.vcpu.id, isHart: (id: bigint) => vcpuOf(vm, id) !== undefined };
    const refusal = writeAttributes(event, range.first, values, writer);
    return refusal === null ? SUCCESS : { error: refusal };
  },
  register(vm, { event_id, handler_entry_pc, handler_entry_arg }, call) {
    const event = eventOf(vm, event_id, call);
    if ('error' in event) return event;
    if ((handler_entry_pc & 1n) !== 0n) return { error: 'INVALID_PARAM' };
    if (event.state !== 'UNUSED') return { error: 'INVALID_STATE' };
    event.handler = { pc: handler_entry_pc, arg: handler_entry_arg };
    event.state = 'REGISTERED';
    return SUCCESS;
  },
  unregister: (vm, { event_id }, call) => step(vm, event_id, call, 'REGISTERED', 'UNUSED'),
  enable: (vm, { event_id }, call) => step(vm, event_id, call, 'REGISTERED', 'ENABLED'),
  disable: (vm, { event_id }, call) => step(vm, event_id, call, 'ENABLED', 'REGISTERED'),
  complete(vm, _args, { vcpu }) {
    const event = runningOn(vm, vcpu.id);
    if (!event) return SUCCESS;
    const registers = afterHandler(vcpu, event.interrupted);
    if (typeof registers === 'string') return giveUp(registers);
    event.end();
    if (event.oneShot) followState(vm, vcpu, event);
    signalReady(vm, vcpu.id);
    return { kind: 'resume', registers };
  },
  inject(vm, { event_id, hart_id }, call) {
    const global = isGlobal(Number(BigInt.asUintN(32, event_id)));
    const known = eventOf(vm, event_id, call);
    if ('error' in known) return known;
    const target = global ? call.vcpu : vcpuOf(vm, hart_id);
    if (!target) return { error: 'INVALID_PARAM' };
    if (!known.isInjectable) return { error: 'FAILED' };
    // Nothing waits for a stopped hart: it starts with every event unused.
    if (target !== call.vcpu && isStopped(target)) return { error: 'FAILED' };
    raise(vm, known.id, target.id, call.vcpu.id);
    return SUCCESS;
  },
  hart_unmask(vm, _args, { vcpu }) {
    if (!vm.sbi.SSE.isMasked(vcpu.id)) return { error: 'ALREADY_STARTED' };
    vm.sbi.SSE.setMasked(vcpu.id, false);
    signalReady(vm, vcpu.id);
    return SUCCESS;
  },
  hart_mask(vm, _args, { vcpu }) {
    if (vm.sbi.SSE.isMasked(vcpu.id)) return { error: 'ALREADY_STOPPED' };
    vm.sbi.SSE.setMasked(vcpu.id, true);
    // A global event that was to come here may go elsewhere.
    signalReady(vm, vcpu.id);
    return SUCCESS;
  },
};

/** The event that a call names; what is missing for one that could be there is said in the log. */
function eventOf(vm: VmContext, id: bigint, { vcpu }: Call): ReturnType<SseEvents['find']> {
  const event = vm.sbi.SSE.find(id, vcpu.id);
  const why = 'error' in event ? refusal(vm, id) : null;
  if (why !== null) vm.say(`SSE: ${why}`);
  return event;
}

/** Moves an event from one state to another. */
function step(vm: VmContext, id: bigint, call: Call, from: SoftwareEvent['state'], to: SoftwareEvent['state']) {
  const event = eventOf(vm, id, call);
  if ('error' in event) return event;
  if (event.state !== from) return { error: 'INVALID_STATE' } as const;
  event.state = to;
  followState(vm, call.vcpu, event);
  signalReady(vm, call.vcpu.id);
  return SUCCESS;
}

type Range = { readonly first: number; readonly count: number };
type NoRange = { readonly error: 'INVALID_PARAM' | 'BAD_RANGE' | 'INVALID_ADDRESS' };

/** The attributes that a call names, once they exist and their memory is there. */
function rangeOf(vm: VmContext, base: bigint, number: bigint, lo: bigint, hi: bigint): Range | NoRange {
  const first = Number(BigInt.asUintN(32, base));
  const count = Number(BigInt.asUintN(32, number));
  if (count === 0) return { error: 'INVALID_PARAM' };
  if (!isRange(first, count)) return { error: 'BAD_RANGE' };
  const isThere = hi === 0n && vm.ram.contains(lo, BigInt(count * ATTRIBUTE_BYTES));
  if (!isThere || lo % BigInt(ATTRIBUTE_BYTES) !== 0n) return { error: 'INVALID_ADDRESS' };
  return { first, count };
}
