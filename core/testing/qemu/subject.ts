/**
 * Runs the programs of the differential tests on a `Hart`, with the least of a hypervisor around it: what
 * Linux KVM would redirect is redirected, and what needs a VMM ends the program.
 */
import { type Hart, type HartOptions, IRQ_S_EXT } from '../../hart/api.ts';
import { HartClock, Timebase } from '../../hart/clock.ts';
import * as k from '../../hart/constants.ts';
import type { GuestMemory } from '../../memory/api.ts';
import { EXTERNAL_PENDING, type Outcome, PENDING_OFFSET, RAM_BASE, RAM_SIZE, SLOT_SIZE, slotOf } from './layout.ts';
import { GENERAL, type Processor } from './processors.ts';

/** An engine under test. */
export interface Subject {
  readonly name: string;
  /** A hart and its memory of `size` bytes, all mapped at `RAM_BASE` by the caller. */
  make(size: number, options: HartOptions, clock: HartClock): { readonly hart: Hart; readonly memory: GuestMemory };
}

/** More than any program here needs. */
const MAX_INSTRUCTIONS = 100_000;
const ACCESS_FAULT = { fetch: 1n, load: 5n, store: 7n } as const;
const SUPERVISOR_ECALL = 9n;
const RAN_TOO_LONG = -1n;

/** The hart that is compared with a processor of QEMU. */
function optionsFor({ extensions }: Processor): HartOptions {
  return { id: 0, extensions, hcounteren: 2, delegatesIllegal: true, satpMode: 10 };
}

const CSRS = {
  sstatus: k.CSR_SSTATUS,
  sie: k.CSR_SIE,
  sip: k.CSR_SIP,
  stvec: k.CSR_STVEC,
  scounteren: k.CSR_SCOUNTEREN,
  senvcfg: k.CSR_SENVCFG,
  sscratch: k.CSR_SSCRATCH,
  sepc: k.CSR_SEPC,
  scause: k.CSR_SCAUSE,
  stval: k.CSR_STVAL,
  satp: k.CSR_SATP,
  stimecmp: k.CSR_STIMECMP,
} as const;

interface End {
  readonly cause: bigint;
  readonly tval: bigint;
}

/** A hart that is ready for images, one after the other: making one is not cheap. */
export interface Bench {
  readonly hart: Hart;
  readonly memory: GuestMemory;
}

export function benchOf(subject: Subject, processor = GENERAL): Bench {
  const bench = subject.make(RAM_SIZE, optionsFor(processor), new HartClock(new Timebase(1)));
  if (!bench.memory.mapSlot(0, BigInt(RAM_BASE), BigInt(RAM_SIZE), 0n))
    throw new Error('guest memory refuses the slot');
  return bench;
}

/** Runs the `count` programs of an image, each from the reset state. `limit` is what one `run` is given. */
export function runOnHart(bench: Bench, image: Uint8Array, count: number, limit = MAX_INSTRUCTIONS): Outcome[] {
  const { hart, memory } = bench;
  const { clock } = hart;
  memory.write(0, image);
  return Array.from({ length: count }, (_, index) => {
    const { base } = slotOf(index);
    hart.reset();
    clock.retired = 0;
    clock.waited = 0;
    hart.pc = BigInt(base);
    const pending = new DataView(memory.read(base - RAM_BASE + PENDING_OFFSET, 8).buffer).getUint32(0, true);
    hart.setPending(IRQ_S_EXT, (pending & EXTERNAL_PENDING) !== 0);
    const end = runProgram(hart, limit);
    const fields = fieldsOf(hart, end);
    return { fields, memory: memory.read(base - RAM_BASE, SLOT_SIZE), retired: clock.retired };
  });
}

function runProgram(hart: Hart, limit: number): End {
  for (let turn = 0; turn < MAX_INSTRUCTIONS; turn++) {
    const exit = hart.run(limit);
    switch (exit.kind) {
      case 'limit':
        if (hart.clock.now > MAX_INSTRUCTIONS) return { cause: RAN_TOO_LONG, tval: 0n };
        break;
      case 'ecall':
        return { cause: SUPERVISOR_ECALL, tval: 0n };
      case 'breakpoint':
        return { cause: k.CAUSE_BREAKPOINT, tval: hart.pc };
      case 'misaligned':
        hart.trap(exit.store ? k.CAUSE_MISALIGNED_STORE : k.CAUSE_MISALIGNED_LOAD, exit.va);
        hart.clock.spend(1);
        break;
      case 'mmio':
        return { cause: exit.store ? ACCESS_FAULT.store : ACCESS_FAULT.load, tval: exit.va };
      case 'fetch-fault':
        return { cause: ACCESS_FAULT.fetch, tval: exit.va };
      case 'wfi':
        if (hart.privilege === 'U') hart.trap(k.CAUSE_ILLEGAL_INSTRUCTION, 0x10500073n);
        else hart.complete(0, 0n, 4);
        break;
      case 'csr':
      case 'illegal':
        hart.trap(k.CAUSE_ILLEGAL_INSTRUCTION, BigInt(exit.word >>> 0));
        break;
      default:
        return exit satisfies never;
    }
  }
  return { cause: RAN_TOO_LONG, tval: 0n };
}

function fieldsOf(hart: Hart, end: End): Record<string, bigint> {
  const fields: Record<string, bigint> = {};
  for (let index = 1; index < 32; index++) fields[`x${index}`] = hart.readX(index);
  for (const [name, number] of Object.entries(CSRS)) fields[name] = hart.readCsr(number);
  for (let index = 0; index < 32; index++) fields[`f${index}`] = hart.readF(index);
  fields.fcsr = BigInt(hart.fcsr);
  return { ...fields, pc: hart.pc, cause: end.cause, tval: end.tval, level: hart.privilege === 'S' ? 1n : 0n };
}
