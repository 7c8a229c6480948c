/**
 * Into a handler and back, by the registers of a vcpu that is not in KVM_RUN. The harts have neither H nor Zicfilp nor
 * Ssdbltrp, so their flags are 0. [SBI 3.0 §17.5, §17.6; Linux uapi asm/kvm.h]
 */
import { KVM_RISCV_MODE_S, KVM_RISCV_MODE_U, type KvmVcpu } from '../../../kvm/uapi.ts';
import { SSE_FLAGS } from '../../../sbi/spec/sse.ts';
import { ioctlFailed, type Registers, type VmContext } from '../../context.ts';
import { trapped } from '../../fault.ts';
import { CORE, CSR, type Register, SSTATUS } from '../../registers.ts';
import type { Interrupted } from './event.ts';
import { nextFor, signalReady } from './route.ts';

const { SIE, SPIE, SPP } = SSTATUS;

/**
 * A vcpu thread that was signalled and has left KVM_RUN: the hart goes on in the handler of its event, when it still
 * has one. Null, or what failed in words.
 */
export function takeEvent(vm: VmContext, vcpu: KvmVcpu): string | null {
  vm.sbi.SSE.heard(vcpu.id);
  const event = nextFor(vm, vcpu.id, vcpu.id);
  if (!event) return null;
  const read = readAll(vcpu, {
    pc: CORE.pc,
    mode: CORE.mode,
    a6: CORE.a6,
    a7: CORE.a7,
    sepc: CSR.sepc,
    sstatus: CSR.sstatus,
  });
  if (typeof read === 'string') return read;
  const { pc, mode, a6, a7, sepc, sstatus } = read;
  const flags = bit(sstatus, SPP, SSE_FLAGS.SPP) | bit(sstatus, SPIE, SSE_FLAGS.SPIE);
  event.begin(vcpu.id, { sepc, flags, a6, a7 });
  // What else is pending may now belong to another hart.
  signalReady(vm, vcpu.id);
  return vm.set(vcpu, [
    [CORE.a6, BigInt(vcpu.id)],
    [CORE.a7, event.handler.arg],
    [CSR.sepc, pc],
    [CSR.sstatus, trapped(sstatus, mode)],
    [CORE.mode, KVM_RISCV_MODE_S],
    [CORE.pc, event.handler.pc],
  ]);
}

/** The registers with which a hart goes on after the handler, or what failed in words. */
export function afterHandler(vcpu: KvmVcpu, { sepc, flags, a6, a7 }: Interrupted): Registers | string {
  const read = readAll(vcpu, { pc: CSR.sepc, sstatus: CSR.sstatus });
  if (typeof read === 'string') return read;
  const { pc, sstatus } = read;
  const previous = bit(flags, SSE_FLAGS.SPP, SPP) | bit(flags, SSE_FLAGS.SPIE, SPIE);
  return [
    [CORE.pc, pc],
    [CORE.mode, (sstatus & SPP) !== 0n ? KVM_RISCV_MODE_S : KVM_RISCV_MODE_U],
    [CSR.sstatus, (sstatus & ~(SPP | SPIE | SIE)) | bit(sstatus, SPIE, SIE) | previous],
    [CORE.a7, a7],
    [CORE.a6, a6],
    [CSR.sepc, sepc],
  ];
}

/** `to` when `from` is set. */
function bit(value: bigint, from: bigint, to: bigint): bigint {
  return (value & from) !== 0n ? to : 0n;
}

function readAll<Name extends string>(
  vcpu: KvmVcpu,
  registers: Readonly<Record<Name, Register>>,
): Readonly<Record<Name, bigint>> | string {
  const values: Partial<Record<Name, bigint>> = {};
  for (const key of Object.keys(registers) as Name[]) {
    const { errno, value } = vcpu.getOneReg(registers[key].id);
    if (errno !== 0) return ioctlFailed(`KVM_GET_ONE_REG ${registers[key].name}`, vcpu, errno);
    values[key] = value;
  }
  return values as Record<Name, bigint>;
}
