import { describe, expect, it } from 'vitest';
import type { HartExit, HartOptions } from '../../hart/api.ts';
import { HartClock, Timebase } from '../../hart/clock.ts';
import { assemble } from '../../isa/asm/index.ts';
import { InterpreterHart } from './hart.ts';
import { InterpreterSpace } from './space.ts';

const EXTENSIONS = new Set(['I', 'M', 'A', 'C', 'Zicsr', 'Zifencei', 'Zicntr', 'Sstc']);
const RAM = 0x8000_0000n;
const A0 = 10;

interface SetUp {
  readonly harts?: number;
  readonly poolPages?: number;
  readonly options?: Partial<HartOptions>;
}

function machine(source: string, { harts = 1, poolPages, options = {} }: SetUp = {}) {
  const space = new InterpreterSpace({ ramBytes: 0x40_0000, harts, ...(poolPages === undefined ? {} : { poolPages }) });
  space.guest.mapSlot(0, RAM, 0x40_0000n, 0n);
  const extensions = options.extensions ?? EXTENSIONS;
  const { image, diagnostics } = assemble(source, { base: RAM, extensions });
  if (image === null) throw new Error(diagnostics.map((d) => `${d.line}: ${d.message}`).join('\n'));
  space.guest.write(0, image.bytes);
  const timebase = new Timebase(10);
  const all = Array.from({ length: harts }, (_, id) => {
    const base = { id, extensions: EXTENSIONS, hcounteren: 7, delegatesIllegal: true, satpMode: 8 as const };
    const hart = new InterpreterHart({ ...base, ...options }, new HartClock(timebase), space);
    hart.pc = RAM;
    return hart;
  });
  return { space, image, harts: all, hart: all[0] as InterpreterHart };
}

function runToEcall(hart: InterpreterHart): void {
  const exit = hart.run(1_000_000);
  expect(exit).toEqual<HartExit>({ kind: 'ecall' });
}

const SUM = `
  li a0, 0
  li a1, 100
1: add a0, a0, a1
  c.addi a1, -1
  .option norvc
  bnez a1, 1b
  ecall
`;

describe('budgets', () => {
  it('end after exactly as many instructions as they have, wherever that is', () => {
    for (const limit of [1, 2, 3, 7, 100]) {
      const { hart } = machine(SUM);
      while (hart.run(limit).kind === 'limit') expect(hart.clock.retired % limit).toBe(0);
      expect(hart.readX(A0)).toBe(5050n);
      expect(hart.clock.retired).toBe(2 + 3 * 100);
    }
  });

  it('do not count an instruction that leaves, and count it once when it is completed by running on', () => {
    const { hart } = machine('ecall\n nop\n ecall');
    runToEcall(hart);
    expect(hart.clock.retired).toBe(0);
    hart.complete(0, 0n, 4);
    runToEcall(hart);
    expect(hart.clock.retired).toBe(1);
  });

  it('are used up by traps too, so that a guest that only faults comes back', () => {
    const { hart } = machine('.word 0');
    hart.writeCsr(0x105, RAM);
    expect(hart.run(1000)).toEqual({ kind: 'limit' });
    expect([hart.clock.retired, hart.clock.waited]).toEqual([0, 1000]);
  });

  it('let a guest read the exact count of instructions and of time', () => {
    const { hart } = machine('nop\n nop\n rdinstret a0\n.rept 20\n nop\n.endr\n rdtime a1\n ecall');
    runToEcall(hart);
    expect([hart.readX(10), hart.readX(11)]).toEqual([2n, 2n]);
  });

  it('are cut at the timer deadline, and the interrupt is taken there', () => {
    const { hart } = machine('la t0, 2f\n csrw stvec, t0\n1: addi a0, a0, 1\n j 1b\n.balign 4\n2: ecall');
    hart.writeCsr(0x104, 1n << 5n);
    hart.writeCsr(0x100, 1n << 1n);
    hart.writeCsr(0x14d, 5n);
    runToEcall(hart);
    expect(hart.clock.retired).toBe(50);
    expect(hart.readCsr(0x142)).toBe((1n << 63n) | 5n);
  });

  it('end early when the run is interrupted from a host call', () => {
    const { hart } = machine('li t0, 1000\n csrw stimecmp, t0\n1: j 1b', {
      options: { onStimecmp: () => hart.interruptRun() },
    });
    expect(hart.run(1_000_000)).toEqual({ kind: 'limit' });
    expect(hart.clock.retired).toBe(2);
  });
});

describe('predecoded code', () => {
  it('follows a store into the instruction that comes next, without fence.i', () => {
    const { hart } = machine(`
      .option norvc
      la t0, target
      li t1, 0x00700513   # li a0, 7
      sw t1, 8(t0)
      target:
      nop
      sw t1, 8(t0)
      li a0, 1
      bnez a2, done
      li a2, 1
      li t1, 0x00800513   # li a0, 8
      j target
      done: ecall`);
    runToEcall(hart);
    expect(hart.readX(A0)).toBe(8n);
  });

  it('follows a write from outside', () => {
    const { hart, space } = machine('.option norvc\n1: li a0, 1\n j 1b');
    hart.run(100);
    space.guest.write(0, Uint8Array.from([0x73, 0, 0, 0]));
    hart.pc = RAM;
    runToEcall(hart);
  });

  it('sees a new memory slot at the same address', () => {
    const { hart, space } = machine('li a0, 1\n ecall');
    runToEcall(hart);
    space.guest.write(0x1000, Uint8Array.from([0x09, 0x45, 0x73, 0, 0, 0]));
    space.guest.mapSlot(0, RAM, 0n, 0n);
    space.guest.mapSlot(0, RAM, 0x1000n, 0x1000n);
    hart.pc = RAM;
    runToEcall(hart);
    expect(hart.readX(A0)).toBe(2n);
  });

  it('runs an instruction that crosses pages, and drops it when either half is written', () => {
    const { hart, space } = machine('.org 0xffc\n c.nop\n.option norvc\n lui a0, 0x12345\n ecall');
    const run = () => {
      hart.pc = RAM + 0xffcn;
      runToEcall(hart);
      return hart.readX(A0);
    };
    expect(run()).toBe(0x1234_5000n);
    expect(run()).toBe(0x1234_5000n);
    space.guest.write(0x1000, Uint8Array.from([0x23, 0x01]));
    expect(run()).toBe(0x0123_5000n);
    space.guest.write(0xffe, Uint8Array.from([0x37, 0x65]));
    expect(run()).toBe(0x0123_6000n);
  });

  it('goes on when more pages of code are in use than the pool has room for', () => {
    const pages = 8;
    const source = `li a1, 20\n j page0\n${Array.from(
      { length: pages },
      (_, i) =>
        `.balign 4096\npage${i}: addi a0, a0, 1\n ${i + 1 < pages ? `j page${i + 1}` : 'addi a1, a1, -1\n bnez a1, page0\n ecall'}`,
    ).join('\n')}`;
    const { hart } = machine(source, { poolPages: 2 });
    runToEcall(hart);
    expect(hart.readX(A0)).toBe(BigInt(20 * pages));
  });
});

describe('memory', () => {
  it('gives the exact state of a device access that crosses into no RAM', () => {
    const { hart } = machine('li t0, 0x10000004\n nop\n sw a0, -4(t0)');
    hart.writeX(A0, 0xffff_ffff_1234_5678n);
    expect(hart.run(100)).toEqual({
      kind: 'mmio',
      store: true,
      gpa: 0x1000_0000n,
      va: 0x1000_0000n,
      bytes: 4,
      value: 0x1234_5678n,
      signed: false,
      rd: 0,
      length: 4,
      word: 0xfea2ae23,
    });
    expect(hart.clock.retired).toBe(3);
    expect(hart.pc).toBe(RAM + 8n);
  });

  it.each([1, 2, 3, 4, 5, 6, 7])('loads and stores eight bytes of which %i are in the first of two pages', (bytes) => {
    const { hart, space } = machine('sd a0, 0(a1)\n ld a2, 0(a1)\n ecall');
    hart.writeX(10, 0x8877_6655_4433_2211n);
    hart.writeX(11, RAM + 0x3000n - BigInt(bytes));
    runToEcall(hart);
    expect(hart.readX(12)).toBe(0x8877_6655_4433_2211n);
    expect([...space.guest.read(0x3000 - bytes, 8)]).toEqual([0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]);
  });
});

describe('compare-and-swap with x0', () => {
  const SOURCE = `
    li t0, 0x80002000
    li sp, 7
    li gp, 8
    amocas.q zero, sp, (t0)
    ld a0, 0(t0)
    ld a1, 8(t0)
    amocas.q zero, sp, (t0)
    amocas.q sp, zero, (t0)
    ld a2, 0(t0)
    ld a3, 8(t0)
    ecall`;

  it('takes the pair of x0 for zeros, leaves ra alone, and writes neither', () => {
    const { hart } = machine(SOURCE, { options: { extensions: new Set([...EXTENSIONS, 'Zacas']) } });
    hart.writeX(1, 0x1234n);
    runToEcall(hart);
    expect([0, 1, 10, 11, 12, 13, 2, 3].map((register) => hart.readX(register))).toEqual([
      ...[0n, 0x1234n, 7n, 8n, 0n, 0n, 7n, 8n],
    ]);
  });
});

describe('harts on one memory', () => {
  const CONTEND = 'lr.d a0, (t0)\n nop\n sc.d a1, a2, (t0)\n ecall';

  it('lose a reservation to a store of another', () => {
    const { harts } = machine(CONTEND, { harts: 2 });
    const [one, two] = harts as [InterpreterHart, InterpreterHart];
    for (const hart of harts) hart.writeX(5, RAM + 0x2000n);
    one.writeX(12, 5n);
    two.writeX(12, 6n);
    one.run(2);
    runToEcall(two);
    runToEcall(one);
    expect([one.readX(11), two.readX(11)]).toEqual([1n, 0n]);
  });

  it('keep a reservation over the turn of another that did not touch it', () => {
    const { harts } = machine(CONTEND, { harts: 2 });
    const [one, two] = harts as [InterpreterHart, InterpreterHart];
    for (const hart of harts) hart.writeX(5, RAM + 0x2000n);
    one.run(2);
    two.run(2);
    runToEcall(one);
    expect(one.readX(11)).toBe(0n);
  });

  it('see the code that another has changed', () => {
    const { harts } = machine('.option norvc\n li a0, 1\n ecall\n sw a1, 0(a2)\n ecall', { harts: 2 });
    const [one, two] = harts as [InterpreterHart, InterpreterHart];
    runToEcall(one);
    two.pc = RAM + 8n;
    two.writeX(11, 0x0020_0513n);
    two.writeX(12, RAM);
    runToEcall(two);
    one.pc = RAM;
    runToEcall(one);
    expect(one.readX(A0)).toBe(2n);
  });

  it('run with different extensions', () => {
    const { space, hart } = machine('mul a0, a0, a0\n ecall', { harts: 2 });
    const options = { id: 1, hcounteren: 7, delegatesIllegal: false, satpMode: 8 as const };
    const plain = new InterpreterHart(
      { ...options, extensions: new Set(['I', 'C']) },
      new HartClock(new Timebase(1)),
      space,
    );
    plain.pc = RAM;
    for (let turn = 0; turn < 2; turn++) {
      hart.pc = RAM;
      hart.writeX(A0, 3n);
      runToEcall(hart);
      expect(hart.readX(A0)).toBe(9n);
      expect(plain.run(10).kind).toBe('illegal');
    }
  });

  it('are refused beyond the number that the machine was made for, except in place of an old one', () => {
    const { space } = machine('nop');
    const make = (id: number) =>
      new InterpreterHart(
        { id, extensions: EXTENSIONS, hcounteren: 7, delegatesIllegal: true, satpMode: 8 },
        new HartClock(new Timebase(1)),
        space,
      );
    expect(make(0).readX(2)).toBe(0n);
    expect(() => make(1)).toThrow(/made for 1/);
  });
});
