/** Misaligned accesses on both engines. [Privileged ISA, Supervisor Cause Register: causes 4 and 6] */
import { describe, expect, it } from 'vitest';
import type { Hart, HartExit, HartOptions } from '../../hart/api.ts';
import { HartClock, Timebase } from '../../hart/clock.ts';
import { ReferenceHart } from '../../hart/reference.ts';
import { ICOUNT, ICOUNT_ONE, TRIGGER_ICOUNT } from '../../hart/trigger-fields.ts';
import { assemble } from '../../isa/asm/index.ts';
import type { GuestMemory } from '../../memory/api.ts';
import { SlottedMemory } from '../../memory/guest-memory.ts';
import { InterpreterHart } from './hart.ts';
import { InterpreterSpace } from './space.ts';

const EXTENSIONS = new Set(['I', 'M', 'A', 'F', 'D', 'C', 'Zicsr', 'Sstc']);
const RAM = 0x8000_0000n;
const BYTES = 0x1_0000;
const DATA = RAM + 0x4000n;
const [A0, FA0] = [10, 10];
const [SCAUSE, STVAL, SEPC, STVEC, SIE, SSTATUS] = [0x142, 0x143, 0x141, 0x105, 0x104, 0x100];

const ENGINES: Readonly<Record<string, (options: HartOptions) => { hart: Hart; memory: GuestMemory }>> = {
  reference: (options) => {
    const memory = new SlottedMemory(new Uint8Array(BYTES));
    return { memory, hart: new ReferenceHart(options, memory, new HartClock(new Timebase(10))) };
  },
  interpreter: (options) => {
    const space = new InterpreterSpace({ ramBytes: BYTES, harts: 1 });
    return { memory: space.guest, hart: new InterpreterHart(options, new HartClock(new Timebase(10)), space) };
  },
};

describe.each(Object.keys(ENGINES))('a misaligned access on the %s', (engine) => {
  function machine(source: string, misaligned: 'done' | 'traps') {
    const options = { id: 0, extensions: EXTENSIONS, hcounteren: 7, delegatesIllegal: true, satpMode: 8, misaligned };
    const made = ENGINES[engine]?.(options as HartOptions);
    if (made === undefined) throw new Error(engine);
    const { image } = assemble(`${source}\n ecall`, { base: RAM, extensions: EXTENSIONS });
    if (image === null) throw new Error(source);
    const { hart, memory } = made;
    memory.mapSlot(0, RAM, BigInt(BYTES), 0n);
    memory.write(0, image.bytes);
    memory.write(
      0x4000,
      Uint8Array.from({ length: 0x2000 }, (_, index) => (index * 7 + 0x81) & 0xff),
    );
    hart.pc = RAM;
    hart.writeX(11, DATA + 3n);
    hart.writeX(12, 0x1122_3344_5566_7788n);
    hart.writeCsr(SSTATUS, 0x6000n);
    const bytes = (offset: number, length: number) => memory.read(0x4000 + offset, length);
    return { hart, bytes };
  }
  const ECALL: HartExit = { kind: 'ecall' };
  const LOADS = ['lh a0, (a1)', 'lhu a0, (a1)', 'lw a0, (a1)', 'lwu a0, (a1)', 'ld a0, (a1)', 'ld a0, 0x7fa(a1)'];

  it.each([...LOADS, 'fld fa0, (a1)', 'flw fa0, (a1)'])('is carried out, or leaves and is emulated: %s', (load) => {
    const done = machine(load, 'done');
    expect(done.hart.run(10)).toEqual(ECALL);
    const traps = machine(load, 'traps');
    const va = load.includes('0x7fa') ? DATA + 0x7fdn : DATA + 3n;
    expect(traps.hart.run(10)).toEqual({ kind: 'misaligned', store: false, va, atomic: false });
    expect([traps.hart.pc, traps.hart.clock.now]).toEqual([RAM, 0]);
    expect(traps.hart.emulateMisaligned()).toEqual({ kind: 'limit' });
    expect(traps.hart.clock.now).toBe(1);
    expect(traps.hart.run(10)).toEqual(ECALL);
    expect(traps.hart.readX(A0)).toBe(done.hart.readX(A0));
    expect(traps.hart.readF(FA0)).toBe(done.hart.readF(FA0));
    expect(done.hart.readX(A0) + done.hart.readF(FA0)).not.toBe(0n);
  });

  it.each(['sh a2, (a1)', 'sw a2, (a1)', 'sd a2, (a1)', 'fsd fa0, (a1)'])('stores when emulated: %s', (store) => {
    const done = machine(store, 'done');
    const traps = machine(store, 'traps');
    for (const { hart } of [done, traps]) hart.writeF(FA0, 0x99aa_bbcc_ddee_ff00n);
    expect(done.hart.run(10)).toEqual(ECALL);
    const before = traps.bytes(0, 16);
    expect(traps.hart.run(10)).toEqual({ kind: 'misaligned', store: true, va: DATA + 3n, atomic: false });
    expect(traps.bytes(0, 16)).toEqual(before);
    expect(traps.hart.emulateMisaligned()).toEqual({ kind: 'limit' });
    expect(traps.bytes(0, 16)).toEqual(done.bytes(0, 16));
    expect(traps.bytes(0, 16)).not.toEqual(before);
  });

  it('across two pages is one access, whose faults are those of the page that is missing', () => {
    const { hart } = machine('ld a0, (a1)', 'traps');
    hart.writeX(11, RAM + BigInt(BYTES) - 3n);
    expect(hart.run(1)).toMatchObject({ kind: 'misaligned' });
    expect(hart.emulateMisaligned()).toMatchObject({ kind: 'mmio', va: RAM + BigInt(BYTES), bytes: 8, rd: A0 });
  });

  it('does not trap when it is a byte or when the address is right', () => {
    const { hart } = machine('lb a0, (a1)\n sb a2, (a1)\n addi a1, a1, 1\n lw a0, (a1)\n sw a2, (a1)', 'traps');
    expect(hart.run(10)).toEqual(ECALL);
  });

  it.each([
    ['lw a0, (a1)', 4n],
    ['sd a2, (a1)', 6n],
    ['lr.w a0, (a1)', 4n],
    ['sc.d a0, a2, (a1)', 6n],
    ['amoadd.w a0, a2, (a1)', 6n],
  ])('goes to the guest where it is delegated: %s', (access, cause) => {
    const { hart } = machine(access, 'traps');
    hart.delegatesMisaligned = true;
    hart.writeCsr(STVEC, RAM + 0x100n);
    expect(hart.run(1)).toEqual({ kind: 'limit' });
    expect([SCAUSE, STVAL, SEPC].map((csr) => hart.readCsr(csr))).toEqual([cause, DATA + 3n, RAM]);
    expect([hart.pc, hart.clock.retired, hart.clock.waited]).toEqual([RAM + 0x100n, 0, 1]);
  });

  it.each(['done', 'traps'] as const)('leaves when it is an atomic, also where plain ones are %s', (misaligned) => {
    for (const [access, store] of [
      ['lr.d a0, (a1)', false],
      ['sc.w a0, a2, (a1)', true],
      ['amoswap.d a0, a2, (a1)', true],
    ] as const) {
      const { hart } = machine(access, misaligned);
      expect(hart.run(10)).toEqual({ kind: 'misaligned', store, va: DATA + 3n, atomic: true });
    }
  });

  it('is counted once by an icount trigger, which fires behind it', () => {
    const { hart } = machine('.option norvc\n ld a0, (a1)', 'traps');
    hart.writeTrigger(0, { tdata1: (TRIGGER_ICOUNT << 60n) | ICOUNT_ONE | ICOUNT.vs, tdata2: 0n, tdata3: 0n });
    hart.writeCsr(STVEC, RAM + 0x100n);
    hart.writeCsr(SSTATUS, 2n);
    expect(hart.run(10)).toMatchObject({ kind: 'misaligned' });
    expect(hart.emulateMisaligned()).toEqual({ kind: 'limit' });
    expect([hart.pc, hart.readX(A0) !== 0n]).toEqual([RAM + 4n, true]);
    hart.run(1);
    expect([SCAUSE, SEPC].map((csr) => hart.readCsr(csr))).toEqual([3n, RAM + 4n]);
  });

  it('is emulated before an interrupt that became pending meanwhile', () => {
    const { hart } = machine('.option norvc\n ld a0, (a1)', 'traps');
    expect(hart.run(10)).toMatchObject({ kind: 'misaligned' });
    hart.writeCsr(SIE, 2n);
    hart.writeCsr(SSTATUS, 2n);
    hart.setPending(1, true);
    expect(hart.emulateMisaligned()).toEqual({ kind: 'limit' });
    expect([hart.pc, hart.readX(A0) !== 0n]).toEqual([RAM + 4n, true]);
    hart.run(1);
    expect(hart.readCsr(SCAUSE)).toBe((1n << 63n) | 1n);
  });
});
