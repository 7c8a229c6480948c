import { beforeEach, describe, expect, it } from 'vitest';
import { HartClock, Timebase } from '../../hart/clock.ts';
import { HENVCFG_PMM_7, HENVCFG_PMM_16 } from '../../hart/environment.ts';
import { BANKS } from '../layout.ts';
import { InterpreterHart } from './hart.ts';
import { InterpreterSpace } from './space.ts';

const RAM = 0x8000_0000n;
const SIZE = 1n << 20n;
/** Guest-physical memory apart from the rest, and smaller. */
const SECOND_SLOT = 0x2_0000_0000n;
const SECOND_SIZE = 0x4000n;
const PAGE = 0x1000n;
const SATP = 0x180;
const A0 = 10;
const A1 = 11;
const [V, R, W, X, G, A, D] = [1n, 2n, 4n, 8n, 32n, 64n, 128n] as const;
const LD_A0_A1 = 0x0005b503;
const SD_A0_A1 = 0x00a5b023;
/** Where the code is mapped, and the page under test. */
const CODE_VA = 0x10_0000n;
const VA = 0x20_0000n;
const CODE_PAGE = 1n;

/** Tables of three levels from page `first` of RAM on, with the code and one leaf. */
class Space {
  constructor(
    readonly world: World,
    readonly first: bigint,
    readonly asid: bigint,
  ) {
    const at = (page: bigint): bigint => RAM + (first + page) * PAGE;
    world.put(at(0n), entry(at(1n), V));
    world.put(at(1n), entry(at(2n), V));
    world.put(at(1n) + 8n, entry(at(3n), V));
    world.put(at(2n) + 8n * 0x100n, entry(RAM + CODE_PAGE * PAGE, V | R | X | A));
  }

  /** Sets the leaf without telling the hart. */
  map(gpa: bigint, flags: bigint): void {
    this.world.put(RAM + (this.first + 3n) * PAGE, entry(gpa, V | A | D | flags));
  }

  enter(): void {
    const root = (RAM >> 12n) + this.first;
    this.world.hart.writeCsr(SATP, (8n << 60n) | (this.asid << 44n) | root);
  }
}

const entry = (gpa: bigint, flags: bigint): bigint => ((gpa >> 12n) << 10n) | flags;

class World {
  readonly hart: InterpreterHart;
  readonly #space = new InterpreterSpace({ ramBytes: Number(SIZE + SECOND_SIZE), harts: 1 });

  constructor() {
    this.#space.guest.mapSlot(0, RAM, SIZE, 0n);
    this.#space.guest.mapSlot(1, SECOND_SLOT, SECOND_SIZE, SIZE);
    const extensions = new Set(['I', 'Zicsr', 'Ssnpm']);
    const options = { id: 0, extensions, hcounteren: 2, delegatesIllegal: true, satpMode: 10 } as const;
    this.hart = new InterpreterHart(options, new HartClock(new Timebase(10)), this.#space);
    this.#space.guest.write(Number(CODE_PAGE * PAGE), new Uint8Array(new Uint32Array([LD_A0_A1, SD_A0_A1]).buffer));
  }

  put(gpa: bigint, value: bigint): void {
    this.#space.guest.write(this.#space.guest.offsetOf(gpa, 8), new Uint8Array(new BigUint64Array([value]).buffer));
  }

  get(gpa: bigint): bigint {
    return new DataView(this.#space.guest.read(this.#space.guest.offsetOf(gpa, 8), 8).buffer).getBigUint64(0, true);
  }

  /** What a load from there gives, or the cause and stval of its trap. */
  load(va = VA): bigint | readonly [bigint, bigint] {
    return this.#access(CODE_VA, va);
  }

  store(va: bigint, value: bigint): void {
    this.hart.writeX(A0, value);
    this.#access(CODE_VA + 4n, va);
  }

  #access(pc: bigint, va: bigint): bigint | readonly [bigint, bigint] {
    const { hart } = this;
    hart.pc = pc;
    hart.writeX(A1, va);
    hart.run(1);
    return hart.pc === pc + 4n ? hart.readX(A0) : [hart.readCsr(0x142), hart.readCsr(0x143)];
  }
}

const [OLD, NEW] = [RAM + 0x60n * PAGE, RAM + 0x61n * PAGE];
let world: World;
beforeEach(() => {
  world = new World();
  world.put(OLD, 0x111n);
  world.put(NEW, 0x222n);
});

describe('translations of an address space', () => {
  it('stay while another one runs, until a fence for it', () => {
    const one = new Space(world, 0x10n, 1n);
    const two = new Space(world, 0x20n, 2n);
    one.map(OLD, R);
    two.map(NEW, R);
    one.enter();
    expect(world.load()).toBe(0x111n);
    two.enter();
    expect(world.load()).toBe(0x222n);
    one.map(NEW, R);
    one.enter();
    expect(world.load()).toBe(0x111n);
    world.hart.sfenceVma(undefined, undefined, 2n);
    world.hart.sfenceVma(VA, 1n, 2n);
    world.hart.sfenceVma(VA + PAGE, 1n, 1n);
    expect(world.load()).toBe(0x111n);
    two.enter();
    world.hart.sfenceVma(VA, 1n, 1n);
    one.enter();
    expect(world.load()).toBe(0x222n);
  });

  it.each([
    ['everything', undefined, undefined],
    ['its address', VA + 0x123n, undefined],
    ['its space', undefined, 1n],
    ['its address in its space', VA, 1n],
  ] as const)('go with a fence of %s', (_, address, asid) => {
    const one = new Space(world, 0x10n, 1n);
    one.map(OLD, R | W);
    one.enter();
    world.load();
    one.map(NEW, R);
    world.hart.sfenceVma(address, 1n, asid);
    expect(world.load()).toBe(0x222n);
    world.store(VA, 5n);
    expect(world.get(OLD)).toBe(0x111n);
  });

  it('survive a fence of their space when they are global, but no other', () => {
    const one = new Space(world, 0x10n, 1n);
    one.map(OLD, R | G);
    one.enter();
    world.load();
    one.map(NEW, R | G);
    world.hart.sfenceVma(undefined, undefined, 1n);
    expect(world.load()).toBe(0x111n);
    world.hart.sfenceVma(VA, 1n);
    expect(world.load()).toBe(0x222n);
  });

  it('are right for more spaces than are kept', () => {
    const spaces = Array.from(
      { length: BANKS + 3 },
      (_, index) => new Space(world, 0x10n + 4n * BigInt(index), BigInt(index)),
    );
    const pages = spaces.map((_, index) => RAM + (0x70n + BigInt(index)) * PAGE);
    for (const [index, space] of spaces.entries()) {
      world.put(pages[index] ?? 0n, BigInt(index));
      space.map(pages[index] ?? 0n, R);
    }
    for (let round = 0; round < 3; round++) {
      for (const [index, space] of spaces.entries()) {
        space.enter();
        expect(world.load()).toBe(BigInt(index));
      }
    }
  });

  it('are kept apart when software gives two tables one ASID', () => {
    const one = new Space(world, 0x10n, 1n);
    const two = new Space(world, 0x20n, 1n);
    one.map(OLD, R);
    two.map(NEW, R);
    for (const [space, value] of [
      [one, 0x111n],
      [two, 0x222n],
      [one, 0x111n],
    ] as const) {
      space.enter();
      expect(world.load()).toBe(value);
    }
  });

  it('reach memory that is not in the largest slot, for data and for tables', () => {
    const one = new Space(world, 0x10n, 1n);
    world.put(SECOND_SLOT, 0x333n);
    one.map(SECOND_SLOT, R | W);
    one.enter();
    expect(world.load()).toBe(0x333n);
    world.store(VA + 8n, 9n);
    expect(world.get(SECOND_SLOT + 8n)).toBe(9n);
    world.put(SECOND_SLOT + PAGE, entry(OLD, V | R | A));
    world.put(RAM + 0x11n * PAGE + 8n, entry(SECOND_SLOT + PAGE, V));
    world.hart.sfenceVma();
    expect(world.load()).toBe(0x111n);
  });
});

describe('pointer masking', () => {
  it('ignores upper bits of the addresses of data, from the write of henvcfg to the next', () => {
    const one = new Space(world, 0x10n, 1n);
    one.map(OLD, R | W);
    one.enter();
    const tagged = VA | (0xabn << 56n);
    expect(world.load(tagged)).toEqual([13n, tagged]);
    world.hart.henvcfg |= HENVCFG_PMM_16;
    expect(world.load(tagged)).toBe(0x111n);
    expect(world.load(VA | (0x1234n << 48n))).toBe(0x111n);
    world.store(tagged | 8n, 7n);
    expect(world.get(OLD + 8n)).toBe(7n);
    world.hart.henvcfg = HENVCFG_PMM_7;
    expect(world.load(tagged)).toEqual([13n, VA | (0xffn << 56n)]);
    world.hart.henvcfg = 0n;
    expect(world.load(tagged)).toEqual([13n, tagged]);
  });

  it('drops what was cached under a tag by a fence of the address', () => {
    const one = new Space(world, 0x10n, 1n);
    one.map(OLD, R);
    one.enter();
    world.hart.henvcfg |= HENVCFG_PMM_16;
    const tagged = VA | (0x77n << 56n);
    expect(world.load(tagged)).toBe(0x111n);
    one.map(NEW, R);
    world.hart.sfenceVma(VA, 1n);
    expect(world.load(tagged)).toBe(0x222n);
  });

  it('rests while MXR makes code readable', () => {
    const one = new Space(world, 0x10n, 1n);
    one.map(OLD, R);
    one.enter();
    world.hart.henvcfg |= HENVCFG_PMM_16;
    const tagged = VA | (0x77n << 56n);
    world.load(tagged);
    world.hart.writeCsr(0x100, 1n << 19n);
    expect(world.load(tagged)).toEqual([13n, tagged]);
    expect(world.load(VA)).toBe(0x111n);
  });

  it('is of each level: senvcfg is for U level alone', () => {
    const one = new Space(world, 0x10n, 1n);
    one.map(OLD, R | 16n);
    one.enter();
    world.put(RAM + 0x12n * PAGE + 8n * 0x100n, entry(RAM + CODE_PAGE * PAGE, V | R | X | A | 16n));
    world.hart.sfenceVma();
    world.hart.writeCsr(0x10a, 3n << 32n);
    const tagged = VA | (0x77n << 56n);
    world.hart.privilege = 'U';
    expect(world.load(tagged)).toBe(0x111n);
    world.hart.writeCsr(0x10a, 0n);
    expect(world.load(tagged)).toEqual([13n, tagged]);
  });
});
