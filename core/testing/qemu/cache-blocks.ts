/**
 * Programs about Zicbom, Zicboz and Zicbop. The instructions are written field by field, as older assemblers do not
 * know them. Addresses that fault begin a block: QEMU 10.0 gives that of the block, not that in rs1.
 */
import { OUTSIDE_RAM, type Program, type Slot } from './layout.ts';
import { A, D, enablePaging, PAGE, pte, R, TESTED_VA, tablesFor, tableText, U, V, W, X } from './tables.ts';
import { logged, TO_USER } from './traps.ts';

const OPERATIONS = { inval: 0, clean: 1, flush: 2, zero: 4 } as const;
const PREFETCHES = { i: 0, r: 1, w: 3 } as const;
/** What senvcfg may hold: FIOM, CBIE, CBCFE, CBZE, and all of them. */
const ENVIRONMENTS = [0x00, 0x01, 0x10, 0x30, 0x40, 0x80, 0xf1];
const PAGES = [
  0,
  V | R,
  V | R | A,
  V | R | W,
  V | R | W | A,
  V | R | W | A | D,
  V | X,
  V | X | A,
  V | W,
  V | R | A | U,
  V | R | W | A | D | U,
];

const cbo = (operation: keyof typeof OPERATIONS, rs1: string): string =>
  `.insn i 0x0f, 2, zero, ${rs1}, ${OPERATIONS[operation]}\n`;
const prefetch = (kind: keyof typeof PREFETCHES, rs1: string): string =>
  `.insn i 0x13, 6, zero, ${rs1}, ${PREFETCHES[kind]}\n`;

const operations = Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[];
const prefetches = Object.keys(PREFETCHES) as (keyof typeof PREFETCHES)[];
const everything = (rs1: string): string => operations.map((operation) => cbo(operation, rs1)).join('');

/** Every kind of page, in turn, from the level that `enter` leads to. */
function onPages(name: string, enter: string): Program {
  const leaves = Object.fromEntries(PAGES.map((flags, index) => [index, flags] as const));
  return logged(name, (slot: Slot) => {
    const entries = Object.fromEntries(
      Object.entries(leaves).map(([index, flags]) => [Number(index), pte(slot.data + 2 * PAGE, flags)]),
    );
    return `
      li t0, 0xf0
      csrw 0x10a, t0
      ${enablePaging(slot, 'Sv39')}
      ${enter}
      li t2, ${TESTED_VA}
      li t3, ${PAGE}
      ${PAGES.map(() => `${everything('t2')}${prefetch('w', 't2')} add t2, t2, t3\n`).join('')}
      ecall
      ${tableText(slot, tablesFor(slot, 'Sv39', {}, entries))}
    `;
  });
}

export function cacheBlockPrograms(): Program[] {
  return [
    logged(
      'cbo.zero clears the 64 bytes around an address, and nothing beside them',
      (slot) => `
      li t2, ${slot.data + 0x1000}
      li t3, 0x1122334455667788
      .rept 40
      sd t3, 0(t2)
      addi t2, t2, 8
      .endr
      li t2, ${slot.data + 0x1000 + 64}
      ${cbo('zero', 't2')}
      li t2, ${slot.data + 0x1000 + 255}
      ${cbo('zero', 't2')}
      ${cbo('clean', 't2')}${cbo('flush', 't2')}`,
    ),
    logged(
      'code that was zeroed is gone',
      `
      la t2, 76f
      jalr t2
      li a1, 1
      ${cbo('zero', 't2')}
      fence.i
      la t2, 77f
      jr t2
      .balign 64
  76: li a0, 3
      ret
      .balign 64
  77: nop`,
    ),
    logged('a prefetch reaches nothing and never faults', prefetches.map((kind) => prefetch(kind, 'zero')).join('')),
    ...ENVIRONMENTS.map((value) =>
      logged(
        `cache-block instructions at U level with senvcfg 0x${value.toString(16)}`,
        (slot) => `
        li t0, ${value}
        csrw 0x10a, t0
        ${TO_USER}
        li t2, ${slot.data + 0x1000}
        ${everything('t2')}${prefetch('r', 't2')}`,
      ),
    ),
    onPages('cache-block instructions on pages of every kind at S level', ''),
    // The others reach nothing in QEMU, which has no second stage here that would lack the page.
    { name: 'cbo.zero outside RAM', text: () => `li t2, ${OUTSIDE_RAM}\n${cbo('zero', 't2')} ecall\n` },
    logged(
      'words beside the cache-block instructions are illegal',
      [0x0030200f, 0x0050200f, 0x0060200f, 0x8000200f, 0x0000208f, 0x0010208f]
        .map((illegal) => `.4byte 0x${illegal.toString(16)}\n`)
        .join(''),
    ),
  ];
}
