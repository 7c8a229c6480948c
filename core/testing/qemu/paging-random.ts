/**
 * Random scenarios of translation: two address spaces with three ASIDs, entries of every kind that change, fences in
 * all four forms, SUM and MXR, both levels, and accesses of every kind in between. Every change is fenced as the
 * specification asks, so what QEMU gives is the only right answer. A program is a list of units, as in `random.ts`.
 */
import { type Program, RAM_BASE, type Slot } from './layout.ts';
import type { Unit } from './random-word.ts';
import { Rng } from './rng.ts';
import {
  A,
  ALL,
  D,
  G,
  hex,
  MODES,
  type Mode,
  PAGE,
  pte,
  R,
  rootPage,
  type Tables,
  TESTED_VA,
  tablesFor,
  tableText,
  U,
  USER_ALIAS,
  V,
  W,
  X,
} from './tables.ts';

export interface PagingCase {
  readonly name: string;
  readonly mode: Mode;
  /** None: scenarios set what they use. */
  readonly seeds: readonly bigint[];
  readonly units: readonly Unit[];
}

/** Pages under test; those from `GLOBAL_FROM` on are the same in every address space. */
const PAGES = 24;
const GLOBAL_FROM = 16;
const RET = 0x00008067;
/** Pages of the data area: two to read and write, and one of returns to run. */
const DATA_PAGES = [1, 2] as const;
const CODE_PAGE = 3;
/** Page of the slot at which the data area starts. */
const FIRST_DATA_PAGE = 4;
/** Table pages of the second space; its root is another page where there are four levels. */
const SECOND = { gigapages: 0, root: 5, directory: 6, leaves: 7 } as const;
const N: bigint = 1n << 63n;
const MEMORY_TYPES = [1n << 61n, 2n << 61n] as const;

/** Entries of the lowest directory beside that of the window: superpages come and go in one of them. */
const MEGAPAGE = 2 ** 21;
const MEGAPAGE_INDEX = 2;

type Space = 'first' | 'second';
/** Which tables each ASID has. Sv57 leaves no room for a second root, so there all have the same. */
type Asids = Readonly<Record<number, Space>>;
const TWO_SPACES: Asids = { 1: 'first', 2: 'second', 3: 'first' };
const ONE_SPACE: Asids = { 1: 'first', 2: 'first', 3: 'first' };

/** What units are drawn from. */
interface Scenario {
  readonly rng: Rng;
  readonly asids: Asids;
  /** The processor has Svnapot and Svpbmt. */
  readonly typed: boolean;
  /** It has Ssnpm, and addresses at U level have tags. */
  readonly masked: boolean;
}

const anySpace = ({ rng, asids }: Scenario): Space => asids[1 + rng.below(3)] ?? 'first';

/**
 * A leaf for a page under test, over the tokens that stand for addresses. What is executable is the page of returns,
 * and that is never writable; a NAPOT leaf shows the slot of the program, of which only data may be written.
 */
function randomEntry({ rng, typed }: Scenario, page: number, global: boolean): string {
  const more = (rng.chance(75) ? A : 0) | (rng.chance(60) ? D : 0) | (rng.chance(35) ? U : 0) | (global ? G : 0);
  const kept = more | (rng.chance(88) ? V : 0);
  if (rng.chance(20)) return `@page${CODE_PAGE} + ${kept | rng.pick([X, X, X | R, X | W, R])}`;
  const access = rng.pick([R | W, R | W, R | W, R, R, W, 0]);
  if (typed && rng.chance(15)) return `@slot + ${hex(N | BigInt(kept | (isData(page % 16) ? access : R)))}`;
  const reserved = rng.chance(4) ? 1n << BigInt(54 + rng.below(10)) : 0n;
  const high = typed ? rng.pick([0n, 0n, 0n, ...MEMORY_TYPES]) : reserved;
  return `@page${rng.pick(DATA_PAGES)} + ${hex(high | BigInt(kept | access))}`;
}

/** Of the pages of a slot. */
function isData(page: number): boolean {
  return DATA_PAGES.some((index) => page === FIRST_DATA_PAGE + index);
}

const pageAddress = (page: number): string => `@window + ${page * PAGE}`;

/** A fence that is enough for a changed leaf at that page, or more than enough. */
function fenceUnit({ rng, asids }: Scenario, page: number, space: Space): Unit {
  const concerned = Object.keys(asids).filter((asid) => asids[Number(asid)] === space);
  const address = `li t0, ${pageAddress(page)} + ${rng.below(PAGE)}\n`;
  const forms = ['sfence.vma\n', `${address} sfence.vma t0, zero\n`];
  if (page < GLOBAL_FROM) {
    forms.push(concerned.map((asid) => `li t1, ${asid}\n sfence.vma zero, t1\n`).join(''));
    forms.push(address + concerned.map((asid) => `li t1, ${asid}\n sfence.vma t0, t1\n`).join(''));
  }
  return rng.pick(forms);
}

function changeUnit(scenario: Scenario, page = scenario.rng.below(PAGES)): Unit {
  const { rng } = scenario;
  const isGlobal = page >= GLOBAL_FROM;
  const entry = randomEntry(scenario, page, isGlobal && rng.chance(80));
  const store = (space: Space): string => `li t0, @leaves_${space} + ${page * 8}\n li t1, ${entry}\n sd t1, 0(t0)\n`;
  const spaces: readonly Space[] = isGlobal ? ['first', 'second'] : [anySpace(scenario)];
  return [...spaces.map(store), ...spaces.map((space) => fenceUnit(scenario, page, space))].join('');
}

/** A page used before and after its entry changes, so that what is cached of it counts. */
function usedChange(scenario: Scenario): Unit {
  const { rng } = scenario;
  const page = rng.below(PAGES);
  return [accessUnit(rng, page), changeUnit(scenario, page), accessUnit(rng, page), accessUnit(rng, page)].join('');
}

const ALL_FENCES = ['sfence.vma\n', [1, 2, 3].map((asid) => `li t1, ${asid}\n sfence.vma zero, t1\n`).join('')];

/**
 * A superpage that shows RAM to read, a table, or nothing, with loads before and after. A superpage that gives way to
 * another leaf or to nothing needs no more than the fence of any of its addresses.
 */
function superpageUnit(scenario: Scenario): Unit {
  const { rng } = scenario;
  const space = anySpace(scenario);
  const leaves = [`@mega + ${V | R | A}`, `@mega + ${V | R}`, `@mega + ${V | R | U | A}`, '0'];
  const put = (entry: string): string =>
    `li t0, @directory_${space} + ${8 * MEGAPAGE_INDEX}\n li t1, ${entry}\n sd t1, 0(t0)\n`;
  const base = `@window + ${MEGAPAGE_INDEX * MEGAPAGE}`;
  const load = (): string =>
    `li t0, ${base} + ${rng.pick(['@data_in_mega', '@data_in_mega', '0'])} + ${8 * rng.below(16)}\n ld t1, 0(t0)\n xor s3, s3, t1\n ${MIX}`;
  const fenceOne = `li t0, ${base} + ${rng.below(MEGAPAGE)}\n sfence.vma t0, zero\n`;
  const first = put(rng.pick([...leaves, `@table_${space} + ${V}`])) + rng.pick(ALL_FENCES) + load();
  const second = put(rng.pick(leaves)) + rng.pick(ALL_FENCES) + load() + put(rng.pick(leaves)) + fenceOne + load();
  return rng.chance(50) ? first : second;
}

function switchUnit({ rng, asids }: Scenario): Unit {
  const asid = 1 + rng.below(3);
  return `li t0, @satp_${asids[asid]} | (${asid} << 44)\n csrw satp, t0\n`;
}

/** MXR turns pointer masking off, which QEMU 10.0 leaves on. */
function statusUnit({ rng, masked }: Scenario): Unit {
  const bits = rng.pick(masked ? ['1 << 18'] : ['1 << 18', '1 << 19', '3 << 18']);
  return `li t0, ${bits}\n ${rng.pick(['csrs', 'csrc', 'csrs'])} sstatus, t0\n`;
}

const LOADS = ['lb', 'lbu', 'lh', 'lhu', 'lw', 'lwu', 'ld', 'ld'] as const;
const STORES = ['sb', 'sh', 'sw', 'sd', 'sd'] as const;
const ATOMICS = ['amoadd.d', 'amoswap.d', 'amoor.w', 'amomaxu.w'] as const;
/** No lr is likely to give this value. */
const NOTHING_LOADED = 0x5a5a_c3c3_a5a5_3c3cn;
const MIX = 'slli s4, s3, 7\n xor s3, s3, s4\n srli s4, s3, 9\n xor s3, s3, s4\n';

/** One access; now and then at the end of a page, so that it crosses to the next. */
function accessUnit(rng: Rng, page = rng.below(PAGES)): Unit {
  const offset = rng.chance(20) ? PAGE - 1 - rng.below(7) : rng.below(64);
  const at = (where: number): string => `li t0, ${pageAddress(page)} + ${where}\n`;
  switch (rng.below(8)) {
    case 0:
    case 1:
    case 2:
      return `${at(offset)} ${rng.pick(LOADS)} t1, 0(t0)\n xor s3, s3, t1\n ${MIX}`;
    case 3:
    case 4:
      return `${at(offset)} ${rng.pick(STORES)} s3, 0(t0)\n`;
    case 5:
      return `${at(rng.below(16) * 8)} ${rng.pick(ATOMICS)} t1, s3, (t0)\n xor s3, s3, t1\n ${MIX}`;
    case 6:
      // Where lr faults there is no reservation, and QEMU then does not look at the page for sc.
      return `${at(rng.below(16) * 8)} li t1, @nothing\n lr.d t1, (t0)\n li t2, @nothing\n beq t1, t2, 77f\n sc.d t2, s3, (t0)\n xor s3, s3, t2\n77:\n`;
    default:
      return fetchUnit(page, rng.below(PAGE / 4) * 4);
  }
}

const FENCE_BEFORE_FETCH = 'sfence.vma\n';

/**
 * A call of code under test, which is nothing but returns. The fence is for QEMU 7.2: it fetches through what a
 * load with SUM put in its TLB.
 */
function fetchUnit(page: number, offset: number): Unit {
  return `${FENCE_BEFORE_FETCH} li t0, ${pageAddress(page)} + ${offset}\n la ra, 77f\n jr t0\n77:\n`;
}

/** Upper bits that pointer masking may ignore, or that make the address fault. */
const TAGS = [0n, 0n, 0x7fn << 57n, 0x15n << 57n, 0xffffn << 48n, 0x1234n << 48n, 1n << 47n];

/** Loads and stores with a tag in their address. */
function tagged(rng: Rng, unit: Unit): Unit {
  const tag = rng.pick(TAGS);
  const isFetch = unit.startsWith(FENCE_BEFORE_FETCH);
  return tag === 0n || isFetch ? unit : unit.replace('\n', `\n li t2, ${hex(tag)}\n or t0, t0, t2\n`);
}

/** PMM of senvcfg: no masking, the reserved value, 7 bits or 16. */
function maskUnit(rng: Rng): Unit {
  return `li t0, ${hex(BigInt(rng.below(4)) << 32n)}\n csrw senvcfg, t0\n`;
}

/** At U level fences would trap, so a fetch goes without. */
function userUnit({ rng, masked }: Scenario): Unit {
  const access = (): Unit => (masked ? tagged(rng, accessUnit(rng)) : accessUnit(rng)).replace(FENCE_BEFORE_FETCH, '');
  const accesses = Array.from({ length: 1 + rng.below(4) }, access);
  const enter = 'la t0, 78f\n li t1, @alias\n add t0, t0, t1\n csrw sepc, t0\n li t0, 0x100\n csrc sstatus, t0\n';
  return `${masked ? maskUnit(rng) : ''} sfence.vma\n ${enter} sret\n78:\n${accesses.join('')} ecall\n`;
}

/**
 * Mixes what a trap told into s5 and goes on behind the instruction; behind the call for a fetch. A call from U level
 * goes on at S level.
 */
const HANDLER = `
90: csrr t5, scause
    slli t6, s5, 5
    add s5, s5, t6
    add s5, s5, t5
    csrr t4, stval
    slli t6, s5, 5
    add s5, s5, t6
    add s5, s5, t4
    csrr t4, sepc
    slli t6, s5, 5
    add s5, s5, t6
    add s5, s5, t4
    li t6, 12
    beq t5, t6, 91f
    addi t4, t4, 4
    csrw sepc, t4
    li t6, 8
    beq t5, t6, 92f
    sret
91: csrw sepc, ra
    sret
92: li t6, @alias
    sub t4, t4, t6
    csrw sepc, t4
    li t6, 0x100
    csrs sstatus, t6
    sret
`;

/** Tables of both spaces: the second has its own from the root to the leaves. */
function allTables(slot: Slot, mode: Mode): Tables {
  const first = tablesFor(slot, mode, {}, {});
  if (mode === 'Sv57') return first;
  const { gigapages, directory, leaves, root } = SECOND;
  const second = {
    [gigapages]: { 1: pte(slot.tables + directory * PAGE, V), 2: pte(RAM_BASE, ALL), 3: pte(RAM_BASE, ALL | U) },
    [directory]: { 0: pte(slot.tables + leaves * PAGE, V) },
  };
  return mode === 'Sv39' ? { ...first, ...second } : { ...first, ...second, [root]: { 0: pte(slot.tables, V) } };
}

/** Table pages by space: those of the first are as `tablesFor` lays them out. */
function tablePages(mode: Mode): Record<Space, { root: number; directory: number; leaves: number }> {
  const first = { root: rootPage(mode), directory: 1, leaves: 2 };
  if (mode === 'Sv57') return { first, second: first };
  return { first, second: { ...SECOND, root: mode === 'Sv39' ? SECOND.gigapages : SECOND.root } };
}

/** The text with the tokens of its units replaced. */
function settled(text: string, slot: Slot, mode: Mode): string {
  const values: Record<string, number | bigint> = {
    window: TESTED_VA,
    alias: USER_ALIAS,
    nothing: NOTHING_LOADED,
    // Bits 15..12 of the address say that the leaf is of 64 KiB.
    slot: pte(slot.base + 8 * PAGE, 0),
    mega: pte(slot.base - (slot.base % MEGAPAGE), 0),
    data_in_mega: (slot.data + PAGE) % MEGAPAGE,
  };
  for (const page of [...DATA_PAGES, CODE_PAGE]) values[`page${page}`] = pte(slot.data + page * PAGE, 0);
  for (const [space, pages] of Object.entries(tablePages(mode))) {
    const at = (page: number): number => slot.tables + page * PAGE;
    values[`leaves_${space}`] = at(pages.leaves);
    values[`directory_${space}`] = at(pages.directory);
    values[`table_${space}`] = pte(at(pages.leaves), 0);
    values[`satp_${space}`] = (BigInt(MODES[mode].satp) << 60n) | BigInt(at(pages.root) / PAGE);
  }
  return text.replace(/@(\w+)/g, (token, name: string) => (name in values ? hex(values[name] ?? 0) : token));
}

export function pagingProgramOf({ name, mode, units }: PagingCase): Program {
  return {
    name,
    text: (slot) =>
      settled(
        `.option norvc
        la t0, 90f
        csrw stvec, t0
        li t0, @satp_first | (1 << 44)
        csrw satp, t0
        sfence.vma
        ${units.join('')}
        ecall
        .balign 4
        ${HANDLER}
        .org ${slot.data + PAGE - RAM_BASE}
        .fill 1024, 8, 0x0123456789abcdef
        .org ${slot.data + CODE_PAGE * PAGE - RAM_BASE}
        .fill 1024, 4, ${RET}
        ${tableText(slot, allTables(slot, mode))}
        .option rvc`,
        slot,
        mode,
      ),
  };
}

const UNITS = 60;

/** What the processor has beyond translation as such. */
export type PagingTaste = Partial<Pick<Scenario, 'typed' | 'masked'>>;

export function randomPaging(seed: number, { typed = false, masked = false }: PagingTaste = {}): PagingCase {
  const rng = new Rng(seed);
  const mode = rng.pick(Object.keys(MODES) as Mode[]);
  const scenario: Scenario = { rng, asids: mode === 'Sv57' ? ONE_SPACE : TWO_SPACES, typed, masked };
  const units = Array.from({ length: PAGES }, () => changeUnit(scenario));
  while (units.length < PAGES + UNITS) units.push(randomUnit(scenario));
  return {
    name: `random paging ${seed} under ${mode}${typed ? ' with types' : ''}${masked ? ' with tags' : ''}`,
    mode,
    seeds: [],
    units,
  };
}

function randomUnit(scenario: Scenario): Unit {
  const { rng } = scenario;
  const dice = rng.below(100);
  if (dice < 46) return accessUnit(rng);
  if (dice < 66) return usedChange(scenario);
  if (dice < 74) return switchUnit(scenario);
  if (dice < 82) return statusUnit(scenario);
  if (dice < 86) return superpageUnit(scenario);
  // A fence that nothing asks for must change nothing.
  if (dice < 90) return fenceUnit(scenario, rng.below(PAGES), anySpace(scenario));
  return userUnit(scenario);
}
