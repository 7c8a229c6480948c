/** Programs about translation: every entry, mode, level and permission that the page walk distinguishes. */
import { HANDLER, OUTSIDE_RAM, type Program, RAM_BASE, type Slot } from './layout.ts';
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

const GIGAPAGE = 1 << 30;
const RET = 0x00008067;

/**
 * Probes addresses with a load, a store and a fetch each; a byte per access in the data area says the
 * cause plus one, or 0. x25 mixes every stval. Page 0 of the data area is what the tested pages show.
 * The fence before the fetch is for QEMU 7.2, which else fetches through what a load with SUM put in its TLB.
 */
const PROBE_HANDLER = `
90: csrr s11, scause
    addi s11, s11, 1
    csrr t5, stval
    slli t6, s9, 5
    add s9, s9, t6
    add s9, s9, t5
    li t6, 13
    beq s11, t6, 91f
    li t6, 9
    beq s11, t6, 92f
    csrr t5, sepc
    addi t5, t5, 4
    csrw sepc, t5
    sret
91: csrw sepc, ra
    sret
92: ecall
`;

const probe = (result: number): string => `
    li s0, ${TESTED_VA}
    li s2, ${hex(result)}
    li s3, 0
2:  li s11, 0
    ld t0, 0(s0)
    sb s11, 0(s2)
    li s11, 0
    sd s0, 16(s0)
    sb s11, 1(s2)
    sfence.vma
    la ra, 3f
    li s11, 0
    jr s0
3:  sb s11, 2(s2)
    addi s2, s2, 3
    lui t1, 1
    add s0, s0, t1
    addi s3, s3, 1
    slti t1, s3, 256
    bnez t1, 2b
    ecall
`;

/** All 256 values of the low eight bits of an entry, from one level with one setting of SUM and MXR. */
function everyFlags(mode: Mode, level: 'S' | 'U', sum: boolean, mxr: boolean): Program {
  const status = (sum ? 1 << 18 : 0) | (mxr ? 1 << 19 : 0);
  return {
    name: `${mode}: every entry flag from ${level} with SUM=${Number(sum)} MXR=${Number(mxr)}`,
    text: (slot) => {
      const leaves = Object.fromEntries(Array.from({ length: 256 }, (_, flags) => [flags, pte(slot.data, flags)]));
      const alias = level === 'U' ? USER_ALIAS : 0;
      const enter = level === 'S' ? '' : `la t0, 1f\n li t1, ${USER_ALIAS}\n add t0, t0, t1\n csrw sepc, t0\n sret\n1:`;
      return `
        .option norvc
        ${enablePaging(slot, mode)}
        la t0, 90f
        csrw stvec, t0
        li t0, ${status}
        csrs sstatus, t0
        ${enter}
        ${probe(slot.data + PAGE + alias)}
        .balign 4
        ${PROBE_HANDLER}
        .org ${slot.data - RAM_BASE}
        .dword ${RET}
        ${tableText(slot, tablesFor(slot, mode, {}, leaves))}
        .option rvc`;
    },
  };
}

/** Loads from each address, logged by the default handler; x10 collects what was read. */
function loads(
  name: string,
  mode: Mode,
  addresses: readonly (bigint | number)[],
  tables: (slot: Slot) => Tables,
): Program {
  return {
    name,
    text: (slot) => `
      li tp, ${slot.data}
      li t0, ${HANDLER}
      csrw stvec, t0
      ${enablePaging(slot, mode)}
      ${addresses.map((va) => `li t2, ${hex(va)}\n ld t3, 0(t2)\n slli a0, a0, 7\n xor a0, a0, t3`).join('\n')}
      ecall
      .org ${slot.data + 2 * PAGE - RAM_BASE}
      .dword 0x1122334455667788, 0x99aabbccddeeff00
      ${tableText(slot, tables(slot))}`,
  };
}

const MEGAPAGE = 1 << 21;

function superpages(mode: Mode): Program {
  return {
    name: `${mode}: superpages, aligned and misaligned`,
    text: (slot) => {
      const mega = slot.base - (slot.base % MEGAPAGE);
      const inMega = slot.data + 2 * PAGE - mega;
      const directory = {
        2: pte(mega, ALL),
        3: pte(mega + PAGE, ALL),
        4: pte(mega + MEGAPAGE / 2, ALL),
        5: pte(mega + 7 * PAGE, V | R | A),
      };
      const tables = (): Tables => {
        const base = tablesFor(slot, mode, directory, {});
        const giga = {
          ...base[3],
          4: pte(RAM_BASE, ALL),
          5: pte(RAM_BASE + MEGAPAGE, ALL),
          6: pte(RAM_BASE + PAGE, ALL),
        };
        return { ...base, 3: giga };
      };
      const addresses = [2, 3, 4, 5].map((index) => TESTED_VA + index * MEGAPAGE + inMega);
      const inGiga = slot.data + 2 * PAGE - RAM_BASE;
      const giga = [4, 5, 6].map((index) => index * GIGAPAGE + inGiga);
      return loads('', mode, [...addresses, ...giga], tables).text(slot);
    },
  };
}

/** A leaf without fault behind the pointers that are tested. */
const GOOD_LEAF = 100;

/** Bits 54..63 in a leaf and in a pointer, and A, D, U and G in a pointer. */
function reservedBits(mode: Mode): Program {
  const high = Array.from({ length: 10 }, (_, i) => 1n << BigInt(54 + i));
  const nonLeaf = [A, D, U, G, A | D | U];
  const addresses = [
    ...high.map((_, i) => TESTED_VA + i * PAGE),
    ...high.map((_, i) => TESTED_VA + (16 + i) * MEGAPAGE + GOOD_LEAF * PAGE),
    ...nonLeaf.map((_, i) => TESTED_VA + (32 + i) * MEGAPAGE + GOOD_LEAF * PAGE),
  ];
  return loads(`${mode}: reserved bits of entries`, mode, addresses, (slot) => {
    const target = slot.data + 2 * PAGE;
    const table = slot.tables + 2 * PAGE;
    const leaves = Object.fromEntries(high.map((bit, i) => [i, pte(target, ALL, bit)]));
    const pointers = Object.fromEntries(high.map((bit, i) => [16 + i, pte(table, V, bit)]));
    const flagged = Object.fromEntries(nonLeaf.map((flags, i) => [32 + i, pte(table, V | flags)]));
    return tablesFor(slot, mode, { ...pointers, ...flagged }, { ...leaves, [GOOD_LEAF]: pte(target, ALL) });
  });
}

/**
 * Sizes of NAPOT leaves, memory types, and both in superpages and pointers. PBMT = 3 is reserved, but QEMU 7.2 takes it.
 */
function attributes(mode: Mode): Program {
  const N = 1n << 63n;
  const NC = 1n << 61n;
  const IO = 2n << 61n;
  /** Of them only 8 says 64 KiB. */
  const encodings = [8, 0, 1, 2, 4, 12, 24, 40, 9];
  const addresses = [
    ...encodings.flatMap((_, i) => [0, 7, 15].map((page) => TESTED_VA + (16 * i + page) * PAGE)),
    ...[160, 161, 162].map((page) => TESTED_VA + page * PAGE),
    ...[16, 17, 18, 19].map((i) => TESTED_VA + i * MEGAPAGE + GOOD_LEAF * PAGE),
  ];
  return loads(`${mode}: NAPOT leaves and memory types`, mode, addresses, (slot) => {
    const target = slot.data + 2 * PAGE;
    const napot = encodings.flatMap((bits, i) =>
      Array.from({ length: 16 }, (_, page) => [16 * i + page, pte(slot.base + bits * PAGE, ALL, N)] as const),
    );
    const typed = { 160: pte(target, ALL, NC), 161: pte(target, ALL, IO), 162: pte(slot.base + 8 * PAGE, ALL, N | NC) };
    const mega = slot.base - (slot.base % MEGAPAGE);
    const directory = {
      16: pte(mega, ALL, NC),
      17: pte(mega + 8 * PAGE, ALL, N),
      18: pte(slot.tables + 2 * PAGE, V, N),
      19: pte(slot.tables + 2 * PAGE, V, IO),
    };
    return tablesFor(slot, mode, directory, { ...Object.fromEntries(napot), ...typed });
  });
}

/** For a processor with Svnapot and Svpbmt. */
export function typedPagePrograms(): Program[] {
  return (Object.keys(MODES) as Mode[]).map(attributes);
}

/** The highest of the addresses that are canonical, and the lowest whose upper bits are ones. */
function upperHalf(mode: Mode): Program {
  const { levels } = MODES[mode];
  const root = rootPage(mode);
  const span = BigInt(9 * (levels - 1) + 12);
  const addresses = (slot: Slot): bigint[] =>
    [256n, 511n].map((index) => (index << span) - (1n << (span + 9n)) + inTop(slot));
  const inTop = (slot: Slot): bigint => BigInt(slot.data + 2 * PAGE) - (levels === 3 ? BigInt(RAM_BASE) : 0n);
  return {
    name: `${mode}: the upper half of the address space`,
    text: (slot) => {
      const entry = levels === 3 ? pte(RAM_BASE, ALL) : pte(slot.tables + (root - 1) * PAGE, V);
      const tables = (): Tables => {
        const base = tablesFor(slot, mode, {}, {});
        return { ...base, [root]: { ...base[root], 256: entry, 511: entry } };
      };
      return loads('', mode, addresses(slot), tables).text(slot);
    },
  };
}

function nonCanonical(mode: Mode): Program {
  const top = BigInt(MODES[mode].levels * 9 + 12);
  const addresses = [
    1n << (top - 1n),
    (1n << top) - 8n,
    1n << top,
    -(1n << (top - 1n)),
    -(1n << (top - 1n)) - 8n,
    -(1n << top),
    1n << 62n,
    (1n << 63n) + BigInt(RAM_BASE),
    -8n,
  ];
  return loads(`${mode}: addresses that are not canonical`, mode, addresses, (slot) => tablesFor(slot, mode, {}, {}));
}

function jumpOut(mode: Mode, target: bigint): Program {
  return {
    name: `${mode}: jump to the unmapped ${hex(target)}`,
    text: (slot) => `
      li tp, ${slot.data}
      li t0, ${HANDLER}
      csrw stvec, t0
      ${enablePaging(slot, mode)}
      li t2, ${hex(target)}
      jr t2
      ${tableText(slot, tablesFor(slot, mode, {}, {}))}`,
  };
}

function pageOutsideRam(mode: Mode): Program {
  return loads(`${mode}: a page that is not in RAM`, mode, [TESTED_VA + 24], (slot) =>
    tablesFor(slot, mode, {}, { 0: pte(OUTSIDE_RAM, ALL) }),
  );
}

/** Accesses across a page end, where both, one or none of the pages allow it. */
function straddles(mode: Mode): Program {
  return {
    name: `${mode}: misaligned accesses across pages`,
    text: (slot) => {
      const [first, second] = [slot.data + 2 * PAGE, slot.data + PAGE];
      const leaves = {
        0: pte(first, ALL),
        1: pte(second, ALL),
        2: pte(first, V | R | A),
        3: pte(second, V | A | X),
        5: pte(first, ALL),
      };
      const at = (page: number, before: number): string => `li t2, ${TESTED_VA + page * PAGE - before}\n`;
      const access = (page: number): string =>
        [1, 3, 4, 7]
          .map((before) => `${at(page, before)} ld t3, 0(t2)\n xor a0, a0, t3\n ${at(page, before)} sd t2, 0(t2)`)
          .join('\n');
      return `
        li tp, ${slot.data}
        li t0, ${HANDLER}
        csrw stvec, t0
        ${enablePaging(slot, mode)}
        ${[1, 2, 3, 4, 5].map(access).join('\n')}
        ${at(1, 1)} lw a1, 0(t2)
        ${at(1, 1)} lhu a2, 0(t2)
        ${at(2, 3)} sw a1, 0(t2)
        ${at(3, 1)} sh a1, 0(t2)
        ecall
        .org ${slot.data + PAGE - RAM_BASE}
        .fill 1024, 8, 0x0123456789abcdef
        ${tableText(slot, tablesFor(slot, mode, {}, leaves))}`;
    },
  };
}

/** A 32-bit instruction whose second half lies in another page, mapped or not. */
function straddlingFetch(mode: Mode, mapped: boolean): Program {
  return {
    name: `${mode}: an instruction across pages, the second ${mapped ? 'mapped elsewhere' : 'unmapped'}`,
    text: (slot) => {
      const [first, second] = [slot.data + 2 * PAGE, slot.data + PAGE];
      return `
        li tp, ${slot.data}
        li t0, ${HANDLER}
        csrw stvec, t0
        ${enablePaging(slot, mode)}
        li t2, ${TESTED_VA + PAGE - 2}
        jalr t2
        ecall
        .org ${second - RAM_BASE}
        .2byte 0x1234
        .4byte ${RET}
        .org ${first + PAGE - 2 - RAM_BASE}
        .2byte 0x0537
        ${tableText(slot, tablesFor(slot, mode, {}, { 0: pte(first, ALL), ...(mapped ? { 1: pte(second, ALL) } : {}) }))}`;
    },
  };
}

/** Atomics on pages that allow less than they need. */
function atomics(mode: Mode): Program {
  return {
    name: `${mode}: atomics and page permissions`,
    text: (slot) => {
      const page = slot.data + 2 * PAGE;
      const flags = [ALL, V | R | A, V | X | A, V | R | W | A, 0, V | R | W | U | A | D];
      const each = flags.map(
        (_, i) => `li t2, ${TESTED_VA + i * PAGE}
          lr.d t3, (t2)
          xor a0, a0, t3
          amoadd.w t3, t2, (t2)
          xor a0, a0, t3
          amoswap.d t3, t2, (t2)
          addi t2, t2, 2
          lr.w t3, (t2)
          amoor.w t3, t2, (t2)
          amomax.d t3, t2, (t2)`,
      );
      return `
        li tp, ${slot.data}
        li t0, ${HANDLER}
        csrw stvec, t0
        ${enablePaging(slot, mode)}
        ${each.join('\n')}
        ecall
        ${tableText(slot, tablesFor(slot, mode, {}, Object.fromEntries(flags.map((f, i) => [i, pte(page, f)]))))}`;
    },
  };
}

/** What the page table says after a change must count after sfence.vma, and satp must switch tables. */
function changes(mode: Mode): Program {
  return {
    name: `${mode}: changed entries count after sfence.vma and a new satp`,
    text: (slot) => `
      li tp, ${slot.data}
      li t0, ${HANDLER}
      csrw stvec, t0
      ${enablePaging(slot, mode)}
      li t2, ${TESTED_VA}
      ld a0, 0(t2)
      li t3, ${slot.tables + 2 * PAGE}
      li t4, ${hex(pte(slot.data + PAGE, ALL))}
      sd t4, 0(t3)
      sfence.vma t2, zero
      ld a1, 0(t2)
      sd zero, 0(t3)
      sfence.vma
      ld a2, 0(t2)
      csrr a3, satp
      csrw satp, zero
      ld a4, 0(t3)
      csrw satp, a3
      sfence.vma zero, t2
      sd t4, 0(t3)
      ld a5, 0(t2)
      ecall
      .org ${slot.data + PAGE - RAM_BASE}
      .dword 0x1111
      .org ${slot.data + 2 * PAGE - RAM_BASE}
      .dword 0x2222
      ${tableText(slot, tablesFor(slot, mode, {}, { 0: pte(slot.data + 2 * PAGE, ALL) }))}`,
  };
}

const booleans = [false, true];

export function pagingPrograms(): Program[] {
  return (Object.keys(MODES) as Mode[]).flatMap((mode) => [
    ...booleans.flatMap((sum) => booleans.map((mxr) => everyFlags(mode, 'S', sum, mxr))),
    ...booleans.map((mxr) => everyFlags(mode, 'U', true, mxr)),
    superpages(mode),
    reservedBits(mode),
    nonCanonical(mode),
    upperHalf(mode),
    jumpOut(mode, 0x4000_1000n),
    jumpOut(mode, 1n << 62n),
    pageOutsideRam(mode),
    straddles(mode),
    straddlingFetch(mode, true),
    straddlingFetch(mode, false),
    atomics(mode),
    changes(mode),
  ]);
}
