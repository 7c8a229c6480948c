/** Random page tables, and random accesses through them from both levels while the tables change. */
import { HANDLER, type Program, RAM_BASE, type Slot } from '../qemu/layout.ts';
import { pagingProgramOf, randomPaging } from '../qemu/paging-random.ts';
import { GENERAL, type Processor, TYPED_PAGES } from '../qemu/processors.ts';
import type { Unit } from '../qemu/random-word.ts';
import { Rng } from '../qemu/rng.ts';
import {
  A,
  ALL,
  D,
  enablePaging,
  G,
  hex,
  MODES,
  type Mode,
  PAGE,
  pte,
  R,
  type Tables,
  TESTED_VA,
  tablesFor,
  tableText,
  U,
  USER_ALIAS,
  V,
  W,
  X,
} from '../qemu/tables.ts';
import type { FuzzCase, Kind } from './kind.ts';

const BATCH = 200;
const UNITS = 40;
const MEGAPAGE = 1 << 21;
const GIGAPAGE = 1 << 30;
/** Entries of each level that are drawn; the addresses under test lie in them. */
const LEAVES = 12;
const DIRECTORY = 8;
/** The one before is that of the window. */
const FIRST_DIRECTORY = 1;
const GIGAPAGES = [4, 5, 6, 7];
const DATA_PAGES = 4;
/** A second page of leaves, for whole programs the same. */
const OTHER_LEAVES = 7;
/** Behind the log, which fills the first page of data, every halfword is `ret`, so that any even address can be called. */
const RETURNS = '0x8082808280828082';
const RETURN = '0x8082';

const FLAGS = [
  ALL,
  ALL,
  ALL | U,
  ALL | U,
  ALL | G,
  V | R | W,
  V | R | W | U,
  V | R | A,
  V | X | A,
  V | X | U,
  V | W | A,
];

/** Bits beyond those of the base architecture, mostly none. */
function highBits(rng: Rng): bigint {
  if (rng.chance(90)) return 0n;
  return 1n << BigInt(54 + rng.below(10));
}

function flags(rng: Rng): number {
  const some = rng.chance(75) ? rng.pick(FLAGS) : rng.below(256);
  return some | (rng.chance(20) ? rng.below(4) << 8 : 0);
}

/** An entry as text, since where the slot lies is known late: `@N` is page N of its data, `@tN` of its tables. */
type Target = { readonly area: 'data' | 'tables' | 'mega' | 'giga'; readonly page: number };
interface Entry {
  readonly target: Target;
  readonly flags: number;
  readonly high: bigint;
}

function addressOf(slot: Slot, { area, page }: Target): number {
  switch (area) {
    case 'data':
      return slot.data + page * PAGE;
    case 'tables':
      return slot.tables + page * PAGE;
    case 'mega':
      return slot.base - (slot.base % MEGAPAGE) + page * PAGE;
    case 'giga':
      return RAM_BASE + page * PAGE;
    default:
      return area satisfies never;
  }
}

const entryBits = (slot: Slot, entry: Entry): bigint => pte(addressOf(slot, entry.target), entry.flags, entry.high);

/** Not outside RAM: which half of an access across pages faults first is then anybody's choice. */
function leaf(rng: Rng): Entry {
  return { target: { area: 'data', page: 1 + rng.below(DATA_PAGES - 1) }, flags: flags(rng), high: highBits(rng) };
}

/**
 * A megapage around the slot, or a pointer to leaves. Addresses in entries of even number can lie in the slots of other
 * programs, which must be neither written nor run.
 */
function directoryEntry(rng: Rng, number: number): Entry {
  const high = highBits(rng);
  if (rng.chance(40)) {
    const page = rng.chance(25) ? rng.pick([1, 3, 512, 511]) : 0;
    const low = flags(rng);
    return { target: { area: 'mega', page }, flags: number % 2 === 0 ? low & ~(W | X) : low, high };
  }
  const page = rng.pick([2, OTHER_LEAVES]);
  const extra = rng.chance(20) ? rng.pick([A, D, U, G, A | D]) : 0;
  return { target: { area: 'tables', page }, flags: V | extra, high };
}

function gigapageEntry(rng: Rng): Entry {
  const page = rng.chance(25) ? rng.pick([1, 512, 513]) : 0;
  if (rng.chance(30)) return { target: { area: 'tables', page: 1 }, flags: V, high: highBits(rng) };
  return { target: { area: 'giga', page }, flags: flags(rng), high: highBits(rng) };
}

type Level = 'leaf' | 'other' | 'directory' | 'giga';

interface World {
  readonly mode: Mode;
  readonly leaf: readonly Entry[];
  readonly other: readonly Entry[];
  readonly directory: readonly Entry[];
  readonly giga: readonly Entry[];
}

const draw = <T>(count: number, one: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => one(index));

function randomWorld(rng: Rng): World {
  return {
    mode: rng.pick(Object.keys(MODES) as Mode[]),
    leaf: draw(LEAVES, () => leaf(rng)),
    other: draw(LEAVES, () => leaf(rng)),
    directory: draw(DIRECTORY, (index) => directoryEntry(rng, FIRST_DIRECTORY + index)),
    giga: draw(GIGAPAGES.length, () => gigapageEntry(rng)),
  };
}

function tables(slot: Slot, world: World): Tables {
  const numbered = (entries: readonly Entry[], first: number): Record<number, bigint> =>
    Object.fromEntries(entries.map((entry, index) => [first + index, entryBits(slot, entry)]));
  const base = tablesFor(slot, world.mode, numbered(world.directory, FIRST_DIRECTORY), numbered(world.leaf, 0));
  return {
    ...base,
    3: { ...base[3], ...numbered(world.giga, GIGAPAGES[0] ?? 0) },
    [OTHER_LEAVES]: numbered(world.other, 0),
  };
}

/** Somewhere that the drawn entries decide about; near the end of a page as often as not. */
function randomAddress(rng: Rng): string {
  const offset = rng.chance(50) ? PAGE - 8 + rng.below(8) : rng.below(PAGE);
  const page = rng.below(LEAVES + 1) * PAGE;
  const inData = PAGE * (1 + rng.below(DATA_PAGES - 1)) + offset;
  switch (rng.below(8)) {
    case 0:
    case 1:
      return `${rng.pick([...GIGAPAGES, 3]) * GIGAPAGE} + @data + ${inData} - ${RAM_BASE}`;
    case 2:
    case 3:
      return `${TESTED_VA + (1 + 2 * rng.below(DIRECTORY / 2)) * MEGAPAGE} + @mega + ${inData}`;
    case 4:
      return `${TESTED_VA + (2 + 2 * rng.below(DIRECTORY / 2)) * MEGAPAGE + page + offset}`;
    default:
      return `${TESTED_VA + page + offset}`;
  }
}

const LOADS = ['lb', 'lbu', 'lh', 'lhu', 'lw', 'lwu', 'ld', 'lr.w', 'lr.d'];
const STORES = ['sb', 'sh', 'sw', 'sd'];
const ATOMICS = ['amoor.w', 'amoor.d', 'amoand.w', 'amoand.d'];

function accessUnit(rng: Rng): Unit {
  const address = `li t2, ${randomAddress(rng)}\n`;
  switch (rng.below(7)) {
    case 0:
    case 1:
      return `${address}${rng.pick(STORES)} s1, ${'0(t2)'}\n`;
    case 2:
      return `${address}andi t2, t2, -8\n${rng.pick(ATOMICS)} t3, s1, (t2)\nxor a0, a0, t3\n`;
    case 3:
      // QEMU 7.2 else fetches through what a load with SUM put in its TLB. At U level this traps.
      return `${address}andi t2, t2, -2\nsfence.vma\nla ra, 77f\nmv t0, ra\njr t2\n77:\n`;
    default: {
      const name = rng.pick(LOADS);
      const aligned = name.startsWith('lr') ? 'andi t2, t2, -8\n' : '';
      return `${address}${aligned}${name} t3, ${name.startsWith('lr') ? '' : 0}(t2)\nslli a0, a0, 7\nxor a0, a0, t3\n`;
    }
  }
}

/** Another entry, made known in one of the ways that are enough for it. */
function changeUnit(rng: Rng): Unit {
  const level = rng.pick<Level>(['leaf', 'leaf', 'other', 'directory', 'giga']);
  const [page, first, entries] = placeOf(level);
  const index = rng.below(entries);
  const entry =
    level === 'directory' ? directoryEntry(rng, first + index) : level === 'giga' ? gigapageEntry(rng) : leaf(rng);
  const fences = ['sfence.vma', 'sfence.vma zero, zero'];
  if (level === 'leaf') fences.push('sfence.vma t2, zero');
  return `li t3, @tables + ${page * PAGE + (first + index) * 8}
    li t4, ${entryToken(entry)}
    li t2, ${TESTED_VA + index * PAGE}
    sd t4, 0(t3)
    ${rng.pick(fences)}
  `;
}

function placeOf(level: Level): readonly [page: number, first: number, entries: number] {
  switch (level) {
    case 'leaf':
      return [2, 0, LEAVES];
    case 'other':
      return [OTHER_LEAVES, 0, LEAVES];
    case 'directory':
      return [1, FIRST_DIRECTORY, DIRECTORY];
    case 'giga':
      return [3, GIGAPAGES[0] ?? 0, GIGAPAGES.length];
    default:
      return level satisfies never;
  }
}

const entryToken = ({ target, flags: low, high }: Entry): string =>
  `@pte{${target.area},${target.page},${low},${hex(high)}}`;

const LEVEL_UNITS = [
  // To U level, at the address where it sees this code; and back.
  `la t0, 77f\n li t1, ${USER_ALIAS}\n or t0, t0, t1\n csrw sepc, t0\n li t0, 0x100\n csrc sstatus, t0\n sret\n77:\n`,
  '.4byte 0xb # to S level\n',
];
const STATUS_UNITS = ['csrs', 'csrc'].flatMap((op) => [18, 19].map((bit) => `li t0, 1 << ${bit}\n${op} sstatus, t0\n`));

function unit(rng: Rng): Unit {
  const kind = rng.below(12);
  if (kind === 0) return rng.pick(LEVEL_UNITS);
  if (kind === 1) return rng.pick(STATUS_UNITS);
  if (kind <= 3) return changeUnit(rng);
  return accessUnit(rng);
}

function pagingCase(seed: number): FuzzCase {
  const rng = new Rng(seed);
  const world = randomWorld(rng);
  const units = draw(UNITS, () => unit(rng));
  const compose = (some: readonly Unit[]): Program => ({
    name: `random ${world.mode} tables`,
    text: (slot) => pagingText(slot, world, some),
  });
  return { name: `random ${world.mode} tables, seed ${seed}`, units, seeds: [], compose };
}

function pagingText(slot: Slot, world: World, units: readonly Unit[]): string {
  const shown = units
    .join('\n')
    .replaceAll('@data', String(slot.data))
    .replaceAll('@tables', String(slot.tables))
    .replaceAll('@mega', String(slot.data % MEGAPAGE))
    .replaceAll(
      /@pte\{(\w+),(\d+),(\d+),(\w+)\}/g,
      (_, area: Target['area'], page: string, low: string, high: string) =>
        hex(entryBits(slot, { target: { area, page: Number(page) }, flags: Number(low), high: BigInt(high) })),
    );
  return `
    li tp, ${slot.data}
    li t0, ${HANDLER}
    csrw stvec, t0
    sd t0, 24(tp)
    ${enablePaging(slot, world.mode)}
    li s1, ${RETURNS}
    ${shown}
    ecall
    .org ${slot.data + PAGE - RAM_BASE}
    .fill ${((DATA_PAGES - 1) * PAGE) / 2}, 2, ${RETURN}
    ${tableText(slot, tables(slot, world))}`;
}

/** Scenarios with fences that are just enough, address spaces, and, with a processor that has them, typed pages. */
function scenarioKind(name: string, processor: Processor, typed: boolean): Kind {
  return {
    name,
    subject: 'paging',
    batch: BATCH,
    processor,
    draw: (seed) => {
      const drawn = randomPaging(seed, { typed });
      const compose = (units: readonly Unit[]): Program => pagingProgramOf({ ...drawn, units });
      return { name: drawn.name, units: drawn.units, seeds: [], compose };
    },
  };
}

export function pagingKinds(): Kind[] {
  return [
    { name: 'paging:tables', subject: 'paging', batch: BATCH, draw: pagingCase },
    scenarioKind('paging:spaces', GENERAL, false),
    scenarioKind('paging:types', TYPED_PAGES, true),
  ];
}
