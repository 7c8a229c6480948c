/** Page tables for test programs, as assembler directives. */
import { RAM_BASE, type Slot } from './layout.ts';

export const MODES = {
  Sv39: { satp: 8, levels: 3 },
  Sv48: { satp: 9, levels: 4 },
  Sv57: { satp: 10, levels: 5 },
} as const;
export type Mode = keyof typeof MODES;

export const V = 1;
export const R = 2;
export const W = 4;
export const X = 8;
export const U = 16;
export const G = 32;
export const A = 64;
export const D = 128;
export const ALL = V | R | W | X | A | D;

export const PAGE = 4096;
/** Where the pages under test appear, in every mode; identity mapping covers RAM and its user alias. */
export const TESTED_VA = 0x4000_0000;
/** Added to an identity-mapped address, it gives the one at which U level sees the same. */
export const USER_ALIAS = 0x4000_0000;

export const hex = (value: bigint | number): string => `0x${BigInt.asUintN(64, BigInt(value)).toString(16)}`;

export function pte(address: number | bigint, flags: number, high = 0n): bigint {
  return ((BigInt(address) >> 12n) << 10n) | BigInt(flags) | high;
}

/** Entries by table page of the slot and index. */
export type Tables = Readonly<Record<number, Readonly<Record<number, bigint>>>>;

/** Directives that fill the slot's table pages. They move the location counter there. */
export function tableText(slot: Slot, tables: Tables): string {
  const lines: string[] = [];
  for (const [page, entries] of Object.entries(tables)) {
    for (const [index, entry] of Object.entries(entries)) {
      lines.push(`.org ${slot.tables - RAM_BASE + Number(page) * PAGE + Number(index) * 8}`, `.dword ${hex(entry)}`);
    }
  }
  return lines.join('\n');
}

/**
 * Tables for `mode` whose lowest directory (table page 1, for TESTED_VA) and leaf table (page 2) the caller fills.
 * RAM is mapped onto itself for S level, and again for U level above it. The root is the last page.
 */
export function tablesFor(
  slot: Slot,
  mode: Mode,
  directory: Record<number, bigint>,
  leaves: Record<number, bigint>,
): Tables {
  const { levels } = MODES[mode];
  const gigapages = {
    1: pte(slot.tables + PAGE, V),
    2: pte(RAM_BASE, ALL),
    3: pte(RAM_BASE, ALL | U),
  };
  const upper = Array.from({ length: levels - 3 }, (_, step) => [
    4 + step,
    { 0: pte(slot.tables + (3 + step) * PAGE, V) },
  ]);
  return {
    1: { 0: pte(slot.tables + 2 * PAGE, V), ...directory },
    2: leaves,
    3: gigapages,
    ...Object.fromEntries(upper),
  };
}

/** Which table page of the slot is the root. */
export const rootPage = (mode: Mode): number => MODES[mode].levels;

export function enablePaging(slot: Slot, mode: Mode): string {
  const root = slot.tables + rootPage(mode) * PAGE;
  return `li t0, ${hex((BigInt(MODES[mode].satp) << 60n) | BigInt(root / PAGE))}
    csrw satp, t0
    sfence.vma`;
}
