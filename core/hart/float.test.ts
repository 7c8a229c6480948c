/** The state of floating point in a hart: on, off, dirty, and the accesses that it makes illegal. */
import { describe, expect, it } from 'vitest';
import { SlottedMemory } from '../memory/guest-memory.ts';
import { HartClock, Timebase } from './clock.ts';
import { ReferenceHart } from './reference.ts';

const RAM = 0x8000_0000n;
const HANDLER = RAM + 0x100n;
const SIZE = 0x4000;
const TABLE = 0x1000;
const LEAF = 0xcfn;
const UNMAPPED = 0x4000_0000n;
const SSTATUS = 0x100;
const [FFLAGS, FRM, FCSR] = [1, 2, 3] as const;
const FS = 0x6000n;
const [OFF, INITIAL, CLEAN, DIRTY] = [0n, 0x2000n, 0x4000n, 0x6000n] as const;
const SCAUSE = 0x142;
const STVAL = 0x143;
const ILLEGAL = 2n;
const LOAD_PAGE_FAULT = 13n;

const FADD_D = 0x02b57553; // fadd.d fa0, fa0, fa1
const FADD_D_RESERVED = 0x02b55553; // with rounding mode 5
const FADD_D_RTZ = 0x02b51553;
const FEQ_D = 0xa2b52553; // feq.d a0, fa0, fa1
const FLD = 0x0005b507; // fld fa0, 0(a1)
const FSD = 0x00a5b027; // fsd fa0, 0(a1)
const FLW = 0x0005a507; // flw fa0, 0(a1)
const FMV_X_W = 0xe0050553; // fmv.x.w a0, fa0
const FRCSR = 0x00302573; // frcsr a0
const FSRM = 0x00251073; // fsrm a0
const FSFLAGSI_0 = 0x00105073;

const ONE = 0x3ff0_0000_0000_0000n;
const TINY = 1n;
const NX = 1n;

interface Case {
  readonly words: readonly number[];
  readonly fs?: bigint;
  readonly fa0?: bigint;
  readonly fa1?: bigint;
  readonly privilege?: 'U' | 'S';
  readonly extensions?: readonly string[];
  /** Maps the page of the code at its own address, and nothing else. */
  readonly isPaged?: boolean;
}

function run(given: Case): ReferenceHart {
  const { words, fs = CLEAN, fa0 = 0n, fa1 = 0n, privilege = 'S', extensions = ['F', 'D'], isPaged = false } = given;
  const memory = new SlottedMemory(new Uint8Array(SIZE));
  memory.mapSlot(0, RAM, BigInt(SIZE), 0n);
  memory.write(0, new Uint8Array(Uint32Array.from(words).buffer));
  const options = { id: 0, hcounteren: 2, delegatesIllegal: true, satpMode: 10 } as const;
  const hart = new ReferenceHart(
    { ...options, extensions: new Set(['I', 'Zicsr', ...extensions]) },
    memory,
    new HartClock(new Timebase(1)),
  );
  hart.pc = RAM;
  hart.privilege = privilege;
  hart.writeCsr(0x105, HANDLER);
  hart.writeCsr(SSTATUS, fs);
  hart.writeF(10, fa0);
  hart.writeF(11, fa1);
  hart.writeX(11, isPaged ? UNMAPPED : RAM + 0x200n);
  if (isPaged) {
    const entry = ((RAM >> 12n) << 10n) | LEAF;
    memory.write(TABLE + 8 * Number(RAM >> 30n), new Uint8Array(BigUint64Array.of(entry).buffer));
    hart.writeCsr(0x180, (8n << 60n) | ((RAM >> 12n) + 1n));
  }
  hart.run(words.length);
  return hart;
}

const fsOf = (hart: ReferenceHart): bigint => hart.readCsr(SSTATUS) & FS;
const trap = (hart: ReferenceHart): readonly bigint[] | null =>
  hart.pc === HANDLER ? [hart.readCsr(SCAUSE), hart.readCsr(STVAL)] : null;

describe('floating point in a hart', () => {
  it.each([
    ['arithmetic', FADD_D],
    ['a comparison', FEQ_D],
    ['a load', FLD],
    ['a store', FSD],
    ['a move', FMV_X_W],
    ['reading fcsr', FRCSR],
    ['writing frm', FSRM],
  ])('makes %s an illegal instruction while FS is off, at both levels', (_, word) => {
    for (const privilege of ['S', 'U'] as const) {
      expect(trap(run({ words: [word], fs: OFF, privilege }))).toEqual([ILLEGAL, BigInt(word)]);
      expect(trap(run({ words: [word], privilege }))).toBeNull();
    }
  });

  it('does not exist without F, and FS is then always off', () => {
    for (const word of [FADD_D, FLW, FRCSR]) {
      const hart = run({ words: [word], fs: DIRTY, extensions: [] });
      expect([trap(hart), fsOf(hart)]).toEqual([[ILLEGAL, BigInt(word)], OFF]);
    }
    expect(trap(run({ words: [FLD], extensions: ['F'] }))).toEqual([ILLEGAL, BigInt(FLD)]);
  });

  it.each([
    ['a written register', FLD, DIRTY],
    ['an operation', FADD_D, DIRTY],
    ['a comparison without exception', FEQ_D, INITIAL],
    ['a store', FSD, INITIAL],
    ['a move to an integer register', FMV_X_W, INITIAL],
    ['a read of fcsr', FRCSR, INITIAL],
    ['a write of fflags, though nothing changes', FSFLAGSI_0, DIRTY],
  ])('after %s has FS as it should be', (_, word, expected) => {
    const hart = run({ words: [word], fs: INITIAL });
    expect([trap(hart), fsOf(hart)]).toEqual([null, expected]);
    expect(hart.readCsr(SSTATUS) >> 63n).toBe(expected === DIRTY ? 1n : 0n);
  });

  it('is dirty after a comparison that signals', () => {
    const hart = run({ words: [FEQ_D], fa0: 0x7ff0_0000_0000_0001n, fs: INITIAL });
    expect([hart.readCsr(FFLAGS), fsOf(hart)]).toEqual([16n, DIRTY]);
  });

  it('leaves register and FS alone when a load faults', () => {
    const faulting = run({ words: [FLD], fa0: ONE, isPaged: true });
    expect([faulting.readCsr(SCAUSE), faulting.readF(10), fsOf(faulting)]).toEqual([LOAD_PAGE_FAULT, ONE, CLEAN]);
  });

  it('rounds as the instruction or as frm says, and a reserved mode of either is illegal', () => {
    const operands = { fa0: ONE, fa1: TINY };
    expect(run({ words: [FADD_D], ...operands }).readF(10)).toBe(ONE);
    const up = run({ words: [], ...operands });
    up.writeCsr(FRM, 3n);
    expect(up.readCsr(FCSR)).toBe(0x60n);
    const add = (frm: bigint, word: number): ReferenceHart => {
      const hart = run({ words: [FSRM, word], ...operands });
      hart.pc = RAM;
      hart.writeX(10, frm);
      hart.writeF(10, ONE);
      hart.writeCsr(FCSR, 0n);
      hart.run(2);
      return hart;
    };
    expect(add(3n, FADD_D).readF(10)).toBe(ONE + 1n);
    expect(add(3n, FADD_D).readCsr(FFLAGS)).toBe(NX);
    expect(add(3n, FADD_D_RTZ).readF(10)).toBe(ONE);
    for (const frm of [5n, 6n, 7n]) {
      expect(trap(add(frm, FADD_D))).toEqual([ILLEGAL, BigInt(FADD_D)]);
      expect(trap(add(frm, FADD_D_RTZ))).toBeNull();
    }
    expect(trap(add(0n, FADD_D_RESERVED))).toEqual([ILLEGAL, BigInt(FADD_D_RESERVED)]);
  });

  it('keeps only the bits of fcsr that there are, and shows its parts', () => {
    const hart = run({ words: [] });
    hart.writeCsr(FCSR, 0xffff_ffffn);
    expect([FCSR, FRM, FFLAGS].map((number) => hart.readCsr(number))).toEqual([0xffn, 7n, 31n]);
    hart.writeCsr(FRM, 0xfan);
    hart.writeCsr(FFLAGS, 0xe1n);
    expect(hart.readCsr(FCSR)).toBe(0x41n);
  });

  it('is plain data in a snapshot, and off with empty registers at reset', () => {
    const hart = run({ words: [FADD_D], fa0: ONE, fa1: TINY });
    const snapshot = hart.save();
    expect([snapshot.f?.[10], snapshot.f?.[11], snapshot.fcsr]).toEqual(['0x3ff0000000000000', '0x1', '0x1']);
    hart.reset();
    expect([hart.readF(10), hart.readCsr(FCSR), fsOf(hart)]).toEqual([0n, 0n, OFF]);
    hart.load(snapshot);
    expect(hart.save()).toEqual(snapshot);
    expect([hart.readF(10), hart.readCsr(FCSR), fsOf(hart)]).toEqual([ONE, 1n, DIRTY]);
  });
});
