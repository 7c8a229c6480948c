/** Triggers that fire in a guest, on the reference hart and on the interpreter alike. [Debug Specification 1.0, Sdtrig] */
import { describe, expect, it } from 'vitest';
import type { Hart, HartOptions } from '../../hart/api.ts';
import { HartClock, Timebase } from '../../hart/clock.ts';
import { ReferenceHart } from '../../hart/reference.ts';
import { ICOUNT, ICOUNT_ONE, MCONTROL6, TRIGGER_ICOUNT, TRIGGER_MCONTROL6 } from '../../hart/trigger-fields.ts';
import { assemble } from '../../isa/asm/index.ts';
import { SlottedMemory } from '../../memory/guest-memory.ts';
import { InterpreterHart } from './hart.ts';
import { InterpreterSpace } from './space.ts';

const RAM = 0x8000_0000n;
const SIZE = 0x2_0000;
const HANDLER = RAM + 0x8000n;
const DATA = RAM + 0x1_0000n;
const DEVICE = 0x1000_0000n;
const [A0, A1, A2] = [10, 11, 12];
const SIE = 2n;
const SEPC = 0x141;
const SCAUSE = 0x142;
const STVAL = 0x143;

const ADDI_A0_1 = 0x00150513;
const C_ADDI_A0_1_TWICE = 0x05050505;
const ECALL = 0x73;
const EBREAK = 0x00100073;
const BACK_4 = 0xffdff06f;
const LB_A0_A1 = 0x00058503;
const LD_A0_A1 = 0x0005b503;
const SB_A0_A1 = 0x00a58023;
const SW_A0_A1 = 0x00a5a023;
const LR_D_A0_A1 = 0x1005b52f;
const SC_D_A2_A0_A1 = 0x18a5b62f;
const AMOADD_D_A0_A2_A1 = 0x00c5b52f;
const AMOCAS_Q_A0_A2_A1 = 0x28c5c52f;
const CBO_ZERO_A1 = 0x0045a00f;
const CBO_FLUSH_A1 = 0x0025a00f;
const SRET = 0x10200073;

const OPTIONS: HartOptions = {
  id: 0,
  extensions: new Set(['I', 'M', 'A', 'C', 'Zicsr', 'Zacas', 'Zicboz', 'Zicbom', 'Ssnpm']),
  hcounteren: 2,
  delegatesIllegal: true,
  satpMode: 10,
};

interface Machine {
  readonly hart: Hart;
  readonly memory: SlottedMemory;
}

function reference(): Machine {
  const memory = new SlottedMemory(new Uint8Array(SIZE));
  return { memory, hart: new ReferenceHart(OPTIONS, memory, new HartClock(new Timebase(10))) };
}

function interpreter(): Machine {
  const space = new InterpreterSpace({ ramBytes: SIZE, harts: 1 });
  return { memory: space.guest, hart: new InterpreterHart(OPTIONS, new HartClock(new Timebase(10)), space) };
}

const { load, store, execute, vs, vu } = MCONTROL6;

describe.each([
  ['the reference hart', reference],
  ['the interpreter', interpreter],
])('on %s', (_, make) => {
  /** At S level with interrupts on, a1 at data; the handler leaves by ecall. */
  function start(words: readonly number[]): Machine {
    const machine = make();
    const { hart, memory } = machine;
    memory.mapSlot(0, RAM, BigInt(SIZE), 0n);
    memory.write(0, new Uint8Array(Uint32Array.from(words).buffer));
    memory.write(0x8000, new Uint8Array(Uint32Array.from([ECALL]).buffer));
    hart.pc = RAM;
    hart.writeCsr(0x105, HANDLER);
    hart.writeCsr(0x100, SIE);
    hart.writeX(A1, DATA);
    return machine;
  }

  const arm = (hart: Hart, fields: bigint, tdata2: bigint, index = 0): void =>
    hart.writeTrigger(index, { tdata1: (TRIGGER_MCONTROL6 << 60n) | fields, tdata2, tdata3: 0n });

  /** Runs until the handler leaves; null when a trigger did not lead there. */
  function trapOf(hart: Hart): { readonly at: bigint; readonly value: bigint } | null {
    expect(hart.run(1000)).toEqual({ kind: 'ecall' });
    if (hart.pc !== HANDLER) return null;
    expect(hart.readCsr(SCAUSE)).toBe(3n);
    return { at: hart.readCsr(SEPC), value: hart.readCsr(STVAL) };
  }

  it('an execute trigger comes before its instruction', () => {
    const { hart } = start([ADDI_A0_1, ADDI_A0_1, ADDI_A0_1, ECALL]);
    arm(hart, execute | vs, RAM + 8n);
    expect(trapOf(hart)).toEqual({ at: RAM + 8n, value: RAM + 8n });
    expect([hart.readX(A0), hart.clock.retired, hart.clock.waited]).toEqual([2n, 2, 1]);
    expect((hart.readTrigger(0)?.tdata1 ?? 0n) & MCONTROL6.hit0).not.toBe(0n);
  });

  it('code around an execute trigger runs as it would without', () => {
    const { hart } = start([C_ADDI_A0_1_TWICE, ADDI_A0_1, C_ADDI_A0_1_TWICE, ECALL]);
    arm(hart, execute | vs, RAM + 0x100n);
    expect(trapOf(hart)).toBeNull();
    expect([hart.readX(A0), hart.clock.retired]).toEqual([5n, 5]);
  });

  it('a watched page can be left and come to, by a jump and by an instruction that crosses into the next', () => {
    const { hart, memory } = start([]);
    memory.write(0xffe, new Uint8Array(Uint32Array.from([ADDI_A0_1, BACK_4]).buffer));
    hart.pc = RAM + 0xffen;
    arm(hart, execute | vs, RAM + 0x800n);
    expect(hart.run(7)).toEqual({ kind: 'limit' });
    expect([hart.readX(A0), hart.pc]).toEqual([4n, RAM + 0x1002n]);
    arm(hart, execute | vs, RAM + 0xffen);
    expect(trapOf(hart)).toEqual({ at: RAM + 0xffen, value: RAM + 0xffen });
  });

  it('an execute trigger outlasts a store to its instruction', () => {
    const { hart } = start([SW_A0_A1, C_ADDI_A0_1_TWICE, EBREAK, ECALL]);
    hart.writeX(A1, RAM + 8n);
    hart.writeX(A0, BigInt(ADDI_A0_1));
    arm(hart, execute | vs, RAM + 8n);
    expect(trapOf(hart)).toEqual({ at: RAM + 8n, value: RAM + 8n });
    hart.pc = RAM + 8n;
    hart.writeCsr(0x100, 0n);
    expect(trapOf(hart)).toBeNull();
    expect(hart.readX(A0)).toBe(BigInt(ADDI_A0_1) + 3n);
  });

  it('an execute trigger comes before the fault of an instruction that nobody can fetch', () => {
    const { hart } = start([]);
    hart.pc = DEVICE;
    arm(hart, execute | vs, DEVICE);
    expect(trapOf(hart)).toEqual({ at: DEVICE, value: DEVICE });
  });

  it.each([
    ['a load', LD_A0_A1, load],
    ['a store', SW_A0_A1, store],
    ['lr, which is a load', LR_D_A0_A1, load],
    ['sc, which is a store even when it fails', SC_D_A2_A0_A1, store],
    ['an AMO, which is a load', AMOADD_D_A0_A2_A1, load],
    ['and a store', AMOADD_D_A0_A2_A1, store],
    ['an AMO of two registers', AMOCAS_Q_A0_A2_A1, store | (6n << 16n)],
    ['cbo.zero, which is a store', CBO_ZERO_A1, store],
    ['cbo.flush, which counts as one', CBO_FLUSH_A1, store],
  ])('a data trigger comes before %s', (_name, word, kind) => {
    const { hart, memory } = start([ADDI_A0_1, word, ECALL]);
    hart.henvcfg = 0xf0n;
    memory.write(0x1_0000, Uint8Array.of(1, 2, 3));
    arm(hart, kind | vs, DATA);
    expect(trapOf(hart)).toEqual({ at: RAM + 4n, value: DATA });
    expect([hart.readX(A0), hart.clock.retired]).toEqual([1n, 1]);
    expect([...memory.read(0x1_0000, 3)]).toEqual([1, 2, 3]);
  });

  it.each([
    ['lr', LR_D_A0_A1, store],
    ['sc', SC_D_A2_A0_A1, load],
    ['a store', SW_A0_A1, load],
    ['a load', LD_A0_A1, store],
    ['a load of other bytes', LD_A0_A1, load | (1n << 16n)],
  ])('what %s does not do is not watched', (_name, word, kind) => {
    const { hart } = start([word, ECALL]);
    arm(hart, kind | vs, DATA);
    expect(trapOf(hart)).toBeNull();
  });

  it('a page that was used before is watched from the moment that a trigger is set', () => {
    const { hart } = start([SB_A0_A1, LB_A0_A1, SB_A0_A1, LB_A0_A1, ECALL]);
    hart.run(2);
    arm(hart, load | vs, DATA);
    expect(trapOf(hart)).toEqual({ at: RAM + 12n, value: DATA });
    hart.writeTrigger(0, { tdata1: 0n, tdata2: 0n, tdata3: 0n });
    hart.pc = RAM;
    hart.writeCsr(0x100, SIE);
    expect(trapOf(hart)).toBeNull();
  });

  it('the value is the first byte that matched, of an access across pages too', () => {
    const { hart } = start([LD_A0_A1, ECALL]);
    hart.writeX(A1, DATA + 0xffcn);
    arm(hart, load | vs, DATA + 0x1000n);
    expect(trapOf(hart)).toEqual({ at: RAM, value: DATA + 0x1000n });
  });

  it('a data trigger comes before an access to a device and before misalignment', () => {
    const { hart } = start([AMOADD_D_A0_A2_A1]);
    hart.writeX(A1, DEVICE + 1n);
    arm(hart, store | vs, DEVICE + 1n);
    expect(trapOf(hart)).toEqual({ at: RAM, value: DEVICE + 1n });
  });

  it('masked bits of a pointer are not compared', () => {
    const { hart } = start([LD_A0_A1]);
    hart.henvcfg = 3n << 32n;
    hart.writeX(A1, DATA | (0xabcdn << 48n));
    arm(hart, load | vs, DATA);
    expect(trapOf(hart)).toEqual({ at: RAM, value: DATA });
  });

  it('nothing fires at S level while interrupts are off, and a handler runs through', () => {
    const { hart } = start([SB_A0_A1, ECALL]);
    hart.writeCsr(0x100, 0n);
    arm(hart, store | vs, DATA);
    arm(hart, execute | vs, RAM, 1);
    expect(trapOf(hart)).toBeNull();
  });

  it('a trigger for U level fires there alone', () => {
    const { hart } = start([SB_A0_A1, SRET, SB_A0_A1]);
    hart.writeCsr(SEPC, RAM + 8n);
    arm(hart, store | vu, DATA);
    expect(trapOf(hart)).toEqual({ at: RAM + 8n, value: DATA });
  });

  it('exits instead for a guest that is debugged', () => {
    const { hart } = start([SB_A0_A1]);
    hart.exitsOnBreakpoint = true;
    arm(hart, store | vs, DATA);
    expect(hart.run(10)).toEqual({ kind: 'breakpoint' });
    expect([hart.pc, hart.clock.waited]).toEqual([RAM, 0]);
  });

  it('are no registers of the guest', () => {
    const CSRR_A0_TDATA1 = 0x7a102573;
    const { hart } = start([CSRR_A0_TDATA1]);
    expect(hart.run(10)).toEqual({ kind: 'ecall' });
    expect([hart.pc, hart.readCsr(SCAUSE)]).toEqual([HANDLER, 2n]);
  });

  it('stay over a reset and a snapshot', () => {
    const { hart } = start([SB_A0_A1]);
    arm(hart, store | vs, DATA, 2);
    hart.reset();
    const other = start([SB_A0_A1]);
    other.hart.load(hart.save());
    expect(other.hart.readTrigger(2)).toEqual(hart.readTrigger(2));
    other.hart.pc = RAM;
    other.hart.writeX(A1, DATA);
    other.hart.writeCsr(0x100, SIE);
    other.hart.writeCsr(0x105, HANDLER);
    expect(trapOf(other.hart)).toEqual({ at: RAM, value: DATA });
  });

  const count = (hart: Hart, instructions: bigint, modes: bigint): void =>
    hart.writeTrigger(0, {
      tdata1: (TRIGGER_ICOUNT << 60n) | (instructions * ICOUNT_ONE) | modes,
      tdata2: 0n,
      tdata3: 0n,
    });

  it('icount fires after as many instructions, with no value', () => {
    const { hart } = start([ADDI_A0_1, C_ADDI_A0_1_TWICE, ADDI_A0_1, ECALL]);
    count(hart, 3n, ICOUNT.vs);
    expect(trapOf(hart)).toEqual({ at: RAM + 8n, value: 0n });
    expect([hart.readX(A0), hart.clock.retired, hart.clock.waited]).toEqual([3n, 3, 1]);
    expect(hart.readTrigger(0)?.tdata1).toBe((TRIGGER_ICOUNT << 60n) | ICOUNT.vs | ICOUNT.hit);
  });

  it('icount counts a trap, and waits until it is back where it is enabled', () => {
    const { hart, memory } = start([SRET, EBREAK, ADDI_A0_1]);
    memory.write(0x8000, new Uint8Array(Uint32Array.from([ADDI_A0_1, SRET]).buffer));
    hart.writeCsr(SEPC, RAM + 4n);
    count(hart, 1n, ICOUNT.vu);
    // sret, ebreak's trap, the handler's addi and sret, then the breakpoint before ebreak is done again.
    expect(hart.run(5)).toEqual({ kind: 'limit' });
    expect([hart.pc, hart.readCsr(SCAUSE), hart.readCsr(SEPC), hart.readX(A0)]).toEqual([HANDLER, 3n, RAM + 4n, 1n]);
    expect(hart.readTrigger(0)?.tdata1).toBe((TRIGGER_ICOUNT << 60n) | ICOUNT.vu | ICOUNT.hit);
  });

  it('icount counts an interrupt', () => {
    const { hart } = start([ADDI_A0_1]);
    hart.writeCsr(0x104, 2n);
    hart.setPending(1, true);
    count(hart, 2n, ICOUNT.vs);
    hart.run(1);
    expect(hart.readTrigger(0)?.tdata1).toBe((TRIGGER_ICOUNT << 60n) | ICOUNT_ONE | ICOUNT.vs);
  });

  it('icount keeps a reservation between lr and sc', () => {
    const { hart } = start([LR_D_A0_A1, SC_D_A2_A0_A1, ECALL]);
    count(hart, 100n, ICOUNT.vs);
    hart.run(3);
    expect(hart.readX(A2)).toBe(0n);
  });
});

/** Fills two pages by a generator whose halves lie in two pages of code, and sums them up. */
const LONG = `
        la      s0, words
        li      s1, 800
        li      s2, 1
1:      call    mix
        sd      s2, 0(s0)
        addi    s0, s0, 8
        addi    s1, s1, -1
        bnez    s1, 1b
        la      s0, words
        li      s1, 800
2:      ld      t0, 0(s0)
        add     a0, a0, t0
        amoadd.d t0, a0, (s0)
        addi    s0, s0, 8
        addi    s1, s1, -1
        bnez    s1, 2b
        ecall
mix:    slli    t0, s2, 13
        xor     s2, s2, t0
        j       other
        .balign 4096
other:  srli    t0, s2, 7
        xor     s2, s2, t0
        slli    t0, s2, 17
        xor     s2, s2, t0
        ret
        .balign 4096
words:
`;
const WORDS_PAGE = RAM + 0x2000n;

describe('a long program ends in the same state', () => {
  function run(make: () => Machine, arm: (hart: Hart) => void) {
    const { hart, memory } = make();
    memory.mapSlot(0, RAM, BigInt(SIZE), 0n);
    memory.write(0, assemble(LONG, { base: RAM }).image?.bytes ?? new Uint8Array(0));
    hart.pc = RAM;
    hart.writeCsr(0x100, SIE);
    arm(hart);
    expect(hart.run(1_000_000)).toEqual({ kind: 'ecall' });
    const registers = Array.from({ length: 32 }, (_, index) => hart.readX(index));
    return {
      registers,
      pc: hart.pc,
      retired: hart.clock.retired,
      waited: hart.clock.waited,
      bytes: Buffer.from(memory.read(0, SIZE)).toString('hex'),
    };
  }
  const plain = run(reference, () => {});
  const set = (fields: bigint, tdata2: bigint) => (hart: Hart) =>
    hart.writeTrigger(0, { tdata1: (TRIGGER_MCONTROL6 << 60n) | fields | vs, tdata2, tdata3: 0n });

  it('that is not that of its beginning', () => {
    expect(plain.retired).toBeGreaterThan(10_000);
    expect(plain.registers[A0]).not.toBe(0n);
  });

  it.each<readonly [string, (hart: Hart) => void]>([
    ['no trigger', () => {}],
    ['a trigger on a page of its data', set(load | store, WORDS_PAGE + 0x1fffn)],
    ['one for stores alone', set(store, WORDS_PAGE + 0x1fffn)],
    ['a trigger on its first page of code', set(execute, RAM + 0xff0n)],
    ['a trigger on its second page of code', set(execute, RAM + 0x1ff0n)],
    ['a range of addresses above it', set(execute | load | store | (2n << 7n), RAM + 0x1_0000n)],
  ])('with %s on both harts', (_, arm) => {
    expect(run(interpreter, arm)).toEqual(plain);
    expect(run(reference, arm)).toEqual(plain);
  });
});

describe('on two interpreters that share their code', () => {
  it('a trigger of one leaves the other alone, while it is set and when it is gone', () => {
    const space = new InterpreterSpace({ ramBytes: SIZE, harts: 2 });
    const timebase = new Timebase(10);
    space.guest.mapSlot(0, RAM, BigInt(SIZE), 0n);
    space.guest.write(0, new Uint8Array(Uint32Array.from([ADDI_A0_1, ADDI_A0_1, BACK_4]).buffer));
    const make = (id: number) => new InterpreterHart({ ...OPTIONS, id }, new HartClock(timebase), space);
    const [one, other] = [make(0), make(1)];
    for (const hart of [one, other]) {
      hart.pc = RAM;
      hart.writeCsr(0x100, SIE);
      hart.writeCsr(0x105, HANDLER);
    }
    const set = (fields: bigint) =>
      one.writeTrigger(0, { tdata1: (TRIGGER_MCONTROL6 << 60n) | fields, tdata2: RAM + 4n, tdata3: 0n });
    other.run(10);
    set(execute | vs);
    other.run(10);
    one.run(2);
    other.run(10);
    set(0n);
    other.run(11);
    expect([one.pc, one.readX(A0), other.readX(A0)]).toEqual([HANDLER, 1n, 21n]);
    one.pc = RAM;
    one.run(41);
    expect(one.readX(A0)).toBe(22n);
  });
});
