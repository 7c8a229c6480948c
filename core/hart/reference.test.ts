import { describe, expect, it } from 'vitest';
import { SlottedMemory } from '../memory/guest-memory.ts';
import { HartClock, Timebase } from './clock.ts';
import { ReferenceHart } from './reference.ts';

const RAM = 0x8000_0000n;
const SIZE = 0x1_0000;
const DEVICE = 0x1000_0000n;

const ADDI_A0_1 = 0x00150513;
const JUMP_TO_SELF = 0x0000006f;
const JUMP_2 = 0x0020006f;
const ECALL = 0x73;
const CSRW_STIMECMP_A0 = 0x14d51073;
const EBREAK = 0x00100073;
const LD_A0_A1 = 0x0005b503;
const LBU_A0_A1 = 0x0005c503;
const SW_A0_A1 = 0x00a5a023;
const LR_D_A0_A1 = 0x1005b52f;
const SC_D_A2_A0_A1 = 0x18a5b62f;
const AMOADD_W_A0_A2_A1 = 0x00c5a52f;
const A0 = 10;
const A1 = 11;
const A2 = 12;

function make(
  words: readonly number[],
  extensions = ['I', 'M', 'A', 'C', 'Zicsr', 'Sstc'],
  onStimecmp: () => void = () => {},
): ReferenceHart {
  const memory = new SlottedMemory(new Uint8Array(SIZE));
  memory.mapSlot(0, RAM, BigInt(SIZE), 0n);
  memory.write(0, new Uint8Array(Uint32Array.from(words).buffer));
  const hart = new ReferenceHart(
    { id: 0, extensions: new Set(extensions), hcounteren: 2, delegatesIllegal: true, satpMode: 10, onStimecmp },
    memory,
    new HartClock(new Timebase(1)),
  );
  hart.pc = RAM;
  hart.writeX(A1, DEVICE);
  return hart;
}

describe('the reference hart', () => {
  it('runs at most the instructions that it may and counts them exactly', () => {
    const hart = make([ADDI_A0_1, ADDI_A0_1, ADDI_A0_1, ECALL]);
    expect(hart.run(2)).toEqual({ kind: 'limit' });
    expect([hart.readX(A0), hart.pc, hart.clock.retired]).toEqual([2n, RAM + 8n, 2]);
    expect(hart.run(10)).toEqual({ kind: 'ecall' });
    expect([hart.readX(A0), hart.pc, hart.clock.retired]).toEqual([3n, RAM + 12n, 3]);
  });

  it('comes back from a guest that does nothing but fault', () => {
    const hart = make([EBREAK]);
    hart.writeCsr(0x105, RAM);
    expect(hart.run(50)).toEqual({ kind: 'limit' });
    expect([hart.clock.retired, hart.clock.waited]).toEqual([0, 50]);
  });

  it('leaves a run that is interrupted at the next boundary', () => {
    const hart = make([CSRW_STIMECMP_A0, JUMP_TO_SELF], undefined, () => hart.interruptRun());
    expect(hart.run(1000)).toEqual({ kind: 'limit' });
    expect(hart.pc).toBe(RAM + 4n);
  });

  it('completes a load from a device once', () => {
    const hart = make([LBU_A0_A1, ADDI_A0_1, ECALL]);
    const exit = hart.run(10);
    expect(exit).toMatchObject({ kind: 'mmio', store: false, gpa: DEVICE, bytes: 1, signed: false, rd: A0, length: 4 });
    hart.complete(A0, 0x80n, 4);
    expect(hart.run(10)).toEqual({ kind: 'ecall' });
    expect(hart.readX(A0)).toBe(0x81n);
  });

  it('gives a store to a device with its value', () => {
    const hart = make([SW_A0_A1]);
    hart.writeX(A0, 0x1_2345_6789n);
    expect(hart.run(1)).toMatchObject({ kind: 'mmio', store: true, value: 0x2345_6789n, bytes: 4, rd: 0 });
  });

  it('marks atomics on a device, of which an AMO is a store', () => {
    expect(make([LR_D_A0_A1]).run(1)).toMatchObject({ kind: 'mmio', store: false, atomic: true });
    expect(make([AMOADD_W_A0_A2_A1]).run(1)).toMatchObject({ kind: 'mmio', store: true, atomic: true });
  });

  it('names the second part when only that lies outside RAM, and has then read or written nothing', () => {
    const end = RAM + BigInt(SIZE);
    const load = make([LD_A0_A1]);
    load.writeX(A1, end - 3n);
    expect(load.run(1)).toMatchObject({ kind: 'mmio', gpa: end, va: end, bytes: 8 });
    const store = make([SW_A0_A1]);
    store.writeX(A0, 0xffff_ffffn);
    store.writeX(A1, end - 3n);
    expect(store.run(1)).toMatchObject({ kind: 'mmio', gpa: end });
    const check = make([LD_A0_A1]);
    check.writeX(A1, end - 8n);
    check.run(1);
    expect(check.readX(A0)).toBe(0n);
  });

  it('holds a reservation from one run to the next, but not over an exit', () => {
    const hart = make([LR_D_A0_A1, SC_D_A2_A0_A1, LR_D_A0_A1, ECALL, SC_D_A2_A0_A1]);
    hart.writeX(A1, RAM + 0x1000n);
    for (let i = 0; i < 2; i++) hart.run(1);
    expect(hart.readX(A2)).toBe(0n);
    hart.run(2);
    hart.complete(0, 0n, 4);
    hart.run(1);
    expect(hart.readX(A2)).toBe(1n);
  });

  it('faults on a jump between instructions when they are four bytes, and writes no link', () => {
    const hart = make([(JUMP_2 | (1 << 7)) >>> 0], ['I', 'Zicsr']);
    hart.run(1);
    expect([hart.readCsr(0x142), hart.readCsr(0x143), hart.readCsr(0x141), hart.readX(1)]).toEqual([
      0n,
      RAM + 2n,
      RAM,
      0n,
    ]);
  });

  it('takes the timer interrupt before the instruction at which it is due', () => {
    const hart = make([JUMP_TO_SELF, JUMP_TO_SELF]);
    hart.writeCsr(0x105, RAM + 4n);
    hart.writeCsr(0x104, 0x20n);
    hart.writeCsr(0x100, 2n);
    hart.writeCsr(0x14d, 7n);
    hart.run(7);
    expect(hart.pc).toBe(RAM);
    hart.run(1);
    expect([hart.readCsr(0x142), hart.readCsr(0x141)]).toEqual([(1n << 63n) | 5n, RAM]);
  });

  it('goes on from a snapshot as it would have without', () => {
    const words = [ADDI_A0_1, ADDI_A0_1, ADDI_A0_1, ADDI_A0_1, ECALL];
    const [one, other] = [make(words), make(words)];
    one.run(2);
    other.load(one.save());
    one.run(10);
    other.run(10);
    expect(other.save()).toEqual(one.save());
  });
});
