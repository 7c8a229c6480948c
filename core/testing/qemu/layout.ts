/** Where the differential tests put things in memory; the firmware gets the same numbers as symbols. */

export const RAM_BASE = 0x8000_0000;
export const RAM_SIZE = 64 * 1024 * 1024;
/** An address that is no memory and no device in QEMU's virt machine nor in ours. */
export const OUTSIDE_RAM = RAM_BASE + RAM_SIZE + 0x10_0000;
export const HANDLER = RAM_BASE + 0x8000;
export const RESULTS = RAM_BASE + 0x1_0000;
export const SLOTS = RAM_BASE + 0x10_0000;
export const SLOT_SIZE = 0x1_0000;
const DATA_OFFSET = 0x4000;
const TABLES_OFFSET = 0x8000;
/** Pages of a slot that a program may fill with page tables. */
export const TABLE_PAGES = 8;
export const RECORD_SIZE = 1024;
/** The records lie between `RESULTS` and `SLOTS`, the slots between `SLOTS` and the end of RAM. */
export const MAX_PROGRAMS = Math.min((SLOTS - RESULTS) / RECORD_SIZE, (RAM_BASE + RAM_SIZE - SLOTS) / SLOT_SIZE);

/** The last doubleword of a slot tells the firmware which interrupts are pending from the start: bits of mip. */
export const PENDING_OFFSET = SLOT_SIZE - 8;
export const EXTERNAL_PENDING = 1 << 9;

/** Addresses of one program's slot. */
export interface Slot {
  /** First instruction. */
  readonly base: number;
  /** 16 KiB of data, which tp points to in programs with the default handler. */
  readonly data: number;
  /** 32 KiB, zero at the start. */
  readonly tables: number;
}

export function slotOf(index: number): Slot {
  const base = SLOTS + index * SLOT_SIZE;
  return { base, data: base + DATA_OFFSET, tables: base + TABLES_OFFSET };
}

/** A program in GNU assembler text, with numeric labels only: one file holds many of them. */
export interface Program {
  readonly name: string;
  /** An external interrupt is pending all the time. */
  readonly external?: boolean;
  readonly text: (slot: Slot) => string;
}

/** What is compared after a program, in the order of the firmware's record behind x0. */
export const RECORD_FIELDS = [
  ...Array.from({ length: 31 }, (_, i) => `x${i + 1}`),
  'pc',
  'cause',
  'tval',
  'mstatus',
  'sstatus',
  'sie',
  'sip',
  'stvec',
  'scounteren',
  'senvcfg',
  'sscratch',
  'sepc',
  'scause',
  'stval',
  'satp',
  'stimecmp',
  ...Array.from({ length: 32 }, (_, i) => `f${i}`),
  'fcsr',
] as const;
/** Machine state tells the level at which the program ended; its other bits mean nothing here. */
export type RecordField = Exclude<(typeof RECORD_FIELDS)[number], 'mstatus'> | 'level';

/** State at the end of a program and the memory of its slot. */
export interface Outcome {
  readonly fields: Readonly<Record<string, bigint>>;
  readonly memory: Uint8Array;
  /** Instructions retired, where they are counted as Ecall counts them. */
  readonly retired?: number;
}
