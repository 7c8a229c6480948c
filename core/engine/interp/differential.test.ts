/** The interpreter against the reference hart: the same random program, compared after every short run. */
import { describe, expect, it } from 'vitest';
import type { Hart, HartExit, HartOptions } from '../../hart/api.ts';
import { HartClock, Timebase } from '../../hart/clock.ts';
import { ReferenceHart } from '../../hart/reference.ts';
import {
  ICOUNT,
  ICOUNT_ONE,
  MCONTROL6,
  MCONTROL6_MATCH_SHIFT,
  MCONTROL6_SIZE_SHIFT,
  TDATA1_TYPE_SHIFT,
  TRIGGER_ICOUNT,
  TRIGGER_MCONTROL6,
  type TriggerRegisters,
} from '../../hart/trigger-fields.ts';
import { TRIGGER_COUNT } from '../../hart/triggers.ts';
import { closure, EXTENSIONS } from '../../isa/defs/index.ts';
import { SlottedMemory } from '../../memory/guest-memory.ts';
import { InterpreterHart } from './hart.ts';
import { ADDRESS_REGISTERS, Random, randomCode } from './random-program.ts';
import { InterpreterSpace } from './space.ts';

const ALWAYS = ['I', 'M', 'A', 'Zicsr', 'Zifencei', 'Zicntr', 'Zihintpause'];
/** Random code holds all instructions, so that those of an extension that is off are illegal. */
const SETS = [
  [...ALWAYS, 'C', 'Sstc', 'Svade'],
  [...ALWAYS, 'C', 'Sstc', 'Svadu'],
  [...closure(EXTENSIONS.map(({ name }) => name)), 'Svade'],
  [...ALWAYS, 'C'],
  [...ALWAYS, 'Sstc'],
  ['I', 'Zicsr', 'C', 'Sstc'],
].map((names) => new Set(names));
const RAM = 0x8000_0000n;
const PAGE = 4096;
const RAM_PAGES = 32;
const CODE_PAGES = 3;
/** Physical pages: three of code, the handler, data, page tables at the end. */
const HANDLER_PAGE = 3;
const DATA_PAGE = 4;
const TABLE_PAGE = 24;
/** Sv39: code is mapped to scattered pages at this address, and so is data. */
const CODE_VA = 0x40_0000n;
const DATA_VA = 0x7f_0000n;
const HANDLER_VA = 0x10_0000n;
/** All of RAM once more, as a superpage. */
const SUPERPAGE_VA = 0x80_0000n;
const UNMAPPED = 0x1234_5678_9000n;
const CSRS = [0x003, 0x100, 0x104, 0x105, 0x106, 0x140, 0x141, 0x142, 0x143, 0x144, 0x14d, 0x180];
const [V, R, W, X, U, A, D] = [1, 2, 4, 8, 16, 64, 128] as const;
const ADVANCE_SEPC = [0x14102ff3, 0x004f8f93, 0x141f9073, 0x10200073];

const DATA_FLAGS = [V | R | W | A | D, V | R | W | A | D, V | R | W | A, V | R | A, V | X | A, V | R | W | U | A | D];

interface Machine {
  readonly memory: SlottedMemory;
  readonly hart: Hart;
}

function optionsFor(random: Random): HartOptions {
  return {
    id: 0,
    extensions: random.chance(60) ? (SETS[random.below(3)] as ReadonlySet<string>) : random.pick(SETS),
    hcounteren: random.pick([7, 2, 0]),
    delegatesIllegal: random.chance(50),
    satpMode: 10,
    misaligned: random.chance(30) ? 'traps' : 'done',
  };
}

function machines(options: HartOptions): readonly [Machine, Machine] {
  const ramBytes = RAM_PAGES * PAGE;
  const space = new InterpreterSpace({ ramBytes, harts: 1, poolPages: 2 });
  const memory = new SlottedMemory(new Uint8Array(ramBytes));
  return [
    { memory: space.guest, hart: new InterpreterHart(options, new HartClock(new Timebase(3)), space) },
    { memory, hart: new ReferenceHart(options, memory, new HartClock(new Timebase(3))) },
  ];
}

/** A three-level table in which pages differ in what they allow. */
function pageTables(random: Random): Uint8Array {
  const bytes = new Uint8Array(4 * PAGE);
  const view = new DataView(bytes.buffer);
  const root = Number(RAM >> 12n) + TABLE_PAGE;
  const set = (table: number, index: number, frame: number, flags: number) =>
    view.setBigUint64(table * PAGE + index * 8, (BigInt(frame) << 10n) | BigInt(flags), true);
  set(0, 0, root + 1, V);
  for (const [index, table] of [
    [0, 2],
    [2, 2],
    [3, 3],
  ] as const)
    set(1, index, root + table, V);
  set(1, Number(SUPERPAGE_VA >> 21n), Number(RAM >> 12n), V | R | W | A | D);
  const page = (va: bigint, physical: number, flags: number) =>
    set(va >> 21n === DATA_VA >> 21n ? 3 : 2, Number((va >> 12n) & 511n), Number(RAM >> 12n) + physical, flags);
  for (let i = 0; i < CODE_PAGES; i++) {
    page(CODE_VA + BigInt(i * PAGE), (i * 2) % CODE_PAGES, V | R | W | X | A | D | (random.chance(40) ? U : 0));
  }
  page(HANDLER_VA, HANDLER_PAGE, V | R | X | A);
  for (let i = 0; i < 8; i++) {
    const flags = random.pick(DATA_FLAGS);
    page(DATA_VA + BigInt(i * PAGE), DATA_PAGE + ((i * 3) % 8), flags);
  }
  return bytes;
}

/** An address in data or code, often just before the end of a page, or outside of everything. */
function address(random: Random, paged: boolean): bigint {
  const near = BigInt(PAGE - 8 + random.below(16));
  const [code, data] = paged ? [CODE_VA, DATA_VA] : [RAM, RAM + BigInt(DATA_PAGE * PAGE)];
  if (random.chance(5)) return paged ? UNMAPPED : 0x1000_0000n;
  if (random.chance(20)) return code + BigInt(random.below(CODE_PAGES * PAGE));
  if (paged && random.chance(10)) return SUPERPAGE_VA + BigInt(random.below((DATA_PAGE + 6) * PAGE));
  const aligned = BigInt(random.below(7 * PAGE) & ~7);
  return random.chance(30) ? data + BigInt(random.below(6) * PAGE) + near : data + aligned;
}

/** Often a boxed single, so that operations on these see more than NaN. */
function floatValue(random: Random): bigint {
  const value = random.value();
  return random.chance(50) ? value | 0xffff_ffff_0000_0000n : value;
}

function setUp(machine: Machine, seed: number): void {
  const random = new Random(seed);
  const paged = random.chance(60);
  const { memory, hart } = machine;
  memory.mapSlot(0, RAM, BigInt(memory.size), 0n);
  memory.write(0, randomCode(random, CODE_PAGES * PAGE));
  memory.write(HANDLER_PAGE * PAGE, new Uint8Array(Uint32Array.from(ADVANCE_SEPC).buffer));
  memory.write(TABLE_PAGE * PAGE, pageTables(random));
  for (let i = 1; i < 32; i++) hart.writeX(i, random.value());
  for (const i of ADDRESS_REGISTERS) hart.writeX(i, address(random, paged));
  hart.writeCsr(0x105, paged ? HANDLER_VA : RAM + BigInt(HANDLER_PAGE * PAGE));
  for (let i = 0; i < 32; i++) hart.writeF(i, floatValue(random));
  hart.writeCsr(0x003, random.value());
  const fs = random.chance(80) ? 0x6000n : 0n;
  hart.writeCsr(0x100, random.value() & (0xc_0122n | fs));
  hart.writeCsr(0x106, random.value());
  if (paged) hart.writeCsr(0x180, (8n << 60n) | ((RAM >> 12n) + BigInt(TABLE_PAGE)));
  hart.pc = paged ? CODE_VA : RAM;
}

function stateOf({ hart }: Machine): Record<string, unknown> {
  return {
    pc: hart.pc.toString(16),
    privilege: hart.privilege,
    x: Array.from({ length: 32 }, (_, i) => hart.readX(i).toString(16)),
    f: Array.from({ length: 32 }, (_, i) => hart.readF(i).toString(16)),
    csrs: CSRS.map((number) => hart.readCsr(number).toString(16)),
    retired: hart.clock.retired,
    waited: hart.clock.waited,
    reservation: hart.save().reservation,
    triggers: hart.save().triggers,
  };
}

/** Another mapping for a page of data, made known for that page, for a few or for all. */
function remapPage({ memory, hart }: Machine, random: Random): void {
  const index = random.below(8);
  const frame = (RAM >> 12n) + BigInt(DATA_PAGE + random.below(8));
  const entry = new BigUint64Array([(frame << 10n) | BigInt(random.pick(DATA_FLAGS))]);
  const va = DATA_VA + BigInt(index * PAGE);
  const at = (TABLE_PAGE + 3) * PAGE + Number((va >> 12n) & 511n) * 8;
  memory.write(at, new Uint8Array(entry.buffer));
  const fence = random.below(3);
  if (fence === 0) hart.sfenceVma();
  else hart.sfenceVma(va, fence === 1 ? 1n : 3n * BigInt(PAGE), 0n);
}

/** Any trigger, near code or data, often as a chain with the next one. */
function randomTrigger(random: Random, paged: boolean): TriggerRegisters {
  const some = (fields: readonly bigint[]): bigint =>
    fields.reduce((all, field) => (random.chance(50) ? all | field : all), 0n);
  if (random.chance(25)) {
    const count = ICOUNT_ONE * BigInt(random.below(random.pick([2, 40])));
    const modes = some([ICOUNT.vs, ICOUNT.vu, ICOUNT.pending]);
    return { tdata1: (TRIGGER_ICOUNT << TDATA1_TYPE_SHIFT) | count | modes, tdata2: 0n, tdata3: 0n };
  }
  const fields = some([MCONTROL6.load, MCONTROL6.store, MCONTROL6.execute, MCONTROL6.vs, MCONTROL6.vs, MCONTROL6.vu]);
  const chain = random.chance(20) ? MCONTROL6.chain : 0n;
  const match = BigInt(random.pick([0, 0, 1, 1, 2, 3])) << MCONTROL6_MATCH_SHIFT;
  const size = BigInt(random.pick([0, 0, 0, 2, 3, 5])) << MCONTROL6_SIZE_SHIFT;
  const span = BigInt(2 ** random.below(13) - 1);
  return {
    tdata1: (TRIGGER_MCONTROL6 << TDATA1_TYPE_SHIFT) | fields | chain | match | size,
    tdata2: match === 1n << MCONTROL6_MATCH_SHIFT ? address(random, paged) | (span >> 1n) : address(random, paged),
    tdata3: 0n,
  };
}

/** Sets a few triggers anew, and turns interrupts on, without which nothing fires at S level. */
function setTriggers({ hart }: Machine, random: Random, paged: boolean): void {
  for (let index = 0; index < TRIGGER_COUNT; index++) {
    if (random.chance(50)) hart.writeTrigger(index, randomTrigger(random, paged));
  }
  if (random.chance(70)) hart.writeCsr(0x100, hart.readCsr(0x100) | 2n);
}

/** Does what a hypervisor might, from `random` and the exit alone. */
function answer(machine: Machine, exit: HartExit, random: Random, paged: boolean): void {
  const { hart } = machine;
  const start = (paged ? CODE_VA : RAM) + BigInt(random.below((CODE_PAGES * PAGE) / 4) * 4);
  switch (exit.kind) {
    case 'ecall':
    case 'wfi':
    case 'csr':
      hart.complete(0, 0n, 4);
      break;
    case 'misaligned':
      if (exit.atomic || random.chance(40)) hart.trap(exit.store ? 6n : 4n, exit.va);
      else answer(machine, hart.emulateMisaligned(), random, paged);
      break;
    case 'mmio':
      hart.complete(exit.store ? 0 : exit.rd, random.value(), exit.length);
      break;
    case 'illegal':
      hart.trap(2n, BigInt(exit.word));
      break;
    case 'breakpoint':
    case 'fetch-fault':
      hart.pc = start;
      break;
    case 'limit':
      if (random.chance(10)) hart.pc = start;
      if (random.chance(10)) hart.setPending(random.pick([1, 5, 9] as const), random.chance(50));
      if (random.chance(10)) hart.writeCsr(0x14d, BigInt(Math.floor(hart.clock.now / 3) + random.below(40)));
      if (random.chance(5)) hart.writeCsr(0x105, hart.readCsr(0x105) & ~1n);
      if (random.chance(20)) hart.writeX(random.pick(ADDRESS_REGISTERS), address(random, paged));
      if (random.chance(10)) remapPage(machine, random);
      if (random.chance(5)) hart.delegatesMisaligned = random.chance(50);
      if (random.chance(2)) hart.load(hart.save());
      if (random.chance(5)) hart.privilege = random.pick(['U', 'S'] as const);
      break;
    default:
      exit satisfies never;
  }
}

function runBoth(seed: number, steps: number, withTriggers = false): void {
  const random = new Random(seed + 1_000_003);
  const options = optionsFor(random);
  const [one, two] = machines(options);
  setUp(one, seed);
  setUp(two, seed);
  const paged = one.hart.readCsr(0x180) !== 0n;
  for (let step = 0; step < steps; step++) {
    const limit = 1 + random.below(random.pick([1, 8, 60]));
    const exits = [one, two].map(({ hart }) => hart.run(limit));
    const where = `seed ${seed}, step ${step}, limit ${limit}`;
    expect({ exit: exits[0], ...stateOf(one) }, where).toEqual({ exit: exits[1], ...stateOf(two) });
    const choice = random.word();
    for (const machine of [one, two]) {
      answer(machine, exits[0] as HartExit, new Random(choice), paged);
      if (withTriggers && choice % 8 === 0) setTriggers(machine, new Random(choice), paged);
    }
  }
  expect(Buffer.compare(one.memory.read(0, one.memory.size), two.memory.read(0, two.memory.size)), `seed ${seed}`).toBe(
    0,
  );
}

describe('random programs end in the same state on the interpreter as on the reference hart', () => {
  it.each(Array.from({ length: 10 }, (_, tens) => [10 * tens, 10 * tens + 9]))('seeds %i to %i', (first, last) => {
    for (let seed = first as number; seed <= (last as number); seed++) runBoth(seed, 200);
  });
});

describe('with triggers too, random programs end in the same state on the interpreter as on the reference hart', () => {
  it.each(Array.from({ length: 5 }, (_, tens) => [10 * tens, 10 * tens + 9]))('seeds %i to %i', (first, last) => {
    for (let seed = first as number; seed <= (last as number); seed++) runBoth(seed, 200, true);
  });
});
