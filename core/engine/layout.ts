/**
 * Where things are in the linear memory that the engine's modules share: hart blocks, predecoded
 * records, guest RAM, in this order. One module serves every hart: it gets the base of the hart block.
 */
import { PC, REGISTER_COUNT } from '../hart/layout.ts';

const REGISTER = 8;

export const GUEST_PAGE = 4096;

/** Offsets in a hart block, in bytes. */
export const HART = {
  /** x0..x31 and pc, as the privileged core sees them too; x0 is never written, pc is exact whenever the host runs. */
  x: 0,
  pc: PC * REGISTER,
  /** Where writes to x0 go. */
  sink: REGISTER_COUNT * REGISTER,
  /** Instructions left of the budget, the current one included: exact whenever the host runs, which may change it. */
  left: 0x110,
  /** Set by the host to come back from `run` when it returns to the engine. */
  stop: 0x114,
  /** Address of the record of the current instruction, whenever the host runs. */
  record: 0x118,
  /** Addresses of the TLBs of the current context, which lie in the current bank. */
  dataTlb: 0x120,
  fetchTlb: 0x124,
  /** Virtual address and value of the access that the host is asked to do. */
  va: 0x128,
  value: 0x130,
  /** LR/SC: `reservationKey` of the bytes, 0 for none; then the value that LR saw, sign-extended. */
  reservation: 0x138,
  reservedValue: 0x140,
  /** A load that crosses pages is put together here. */
  bounce: 0x148,
  /** Virtual address of the instruction in the scratch page, or `NO_TAG`. */
  straddled: 0x150,
  /** fcsr and sstatus.FS, a word each. */
  fcsr: 0x158,
  fs: 0x15c,
  /** f0..f31 */
  f: 0x200,
  /** Address of the current bank of TLBs. */
  bank: 0x160,
  /** What a walk in generated code needs to know: see `WALK`. */
  walk: 0x164,
  /** `LEAF` of the current context: its offset from the block. */
  leaf: 0x180,
  /** `LEAF` of each context. */
  leaves: 0x184,
  banks: 0x1000,
} as const;

/**
 * Offsets from `HART.walk`, a word each. Generated code walks the plain case and leaves the rest to the host: an entry
 * that must change, a superpage that is new, memory types, other slots than the largest, faults.
 */
export const WALK = {
  /** 3, 4 or 5; 0 when the host walks, 1 when there is no translation. */
  levels: 0x00,
  /** Linear address of the root table. */
  root: 0x04,
  /** The largest slot of guest memory: its first page number, its number of pages, where it begins in linear memory. */
  firstFrame: 0x08,
  frames: 0x0c,
  slot: 0x10,
  /** Address of the word that says where the records of a page are, less 4 for each page of linear memory before it. */
  recordsOf: 0x14,
} as const;

/** What a leaf must be for an access to be plain: the low bits that matter, then their values, a word each. */
export const LEAF = { load: 0x00, store: 0x08, fetch: 0x10, bytes: 0x18 } as const;

/** What tells a reservation from others: `address` in linear memory is a multiple of `bytes`. */
export function reservationKey(address: number, bytes: number): number {
  return address | (bytes >> 2);
}

/** Back from the key: bytes in linear memory. */
export function reservedBytes(key: number): { readonly address: number; readonly bytes: 4 | 8 } {
  return { address: (key & ~3) >>> 0, bytes: (key & 3) === 2 ? 8 : 4 };
}

/** A tag that no address equals, be it cut to its page or, for an atomic, to its page and its lowest bits. */
export const NO_TAG = 0x800;

/** One data TLB entry: page address for loads, for stores, what to add to an address to reach RAM, flags of the leaf. */
export const DATA_TLB = { load: 0, store: 8, addend: 16, flags: 20, bytes: 32, shift: 5, entries: 1024 } as const;
/** One fetch TLB entry: page address, the address of the page's records, flags of the leaf. */
export const FETCH_TLB = { tag: 0, records: 8, flags: 12, bytes: 16, shift: 4, entries: 256 } as const;

/** Each has TLBs of its own, so that a change of privilege or of SUM flushes nothing. */
export const CONTEXT = { user: 0, supervisor: 1, supervisorSum: 2 } as const;
export type Context = (typeof CONTEXT)[keyof typeof CONTEXT];
export const CONTEXTS = 3;
/** S level never fetches from pages of U level, with SUM or without. */
const FETCH_CONTEXTS = 2;

const DATA_TLB_BYTES = DATA_TLB.entries * DATA_TLB.bytes;
const FETCH_TLB_BYTES = FETCH_TLB.entries * FETCH_TLB.bytes;
const BANK_ENTRIES = CONTEXTS * DATA_TLB.entries + FETCH_CONTEXTS * FETCH_TLB.entries;
const TLBS_BYTES = CONTEXTS * DATA_TLB_BYTES + FETCH_CONTEXTS * FETCH_TLB_BYTES;

/** A bank holds the TLBs of one address space. */
export const BANK = {
  dataTlbs: 0,
  fetchTlbs: CONTEXTS * DATA_TLB_BYTES,
  /** How many entries are listed at `filled`. */
  count: TLBS_BYTES,
  /** Page numbers, 64 bits each, from the first to behind the last of all superpages that were entered. */
  superpagesFrom: TLBS_BYTES + 0x08,
  superpagesTo: TLBS_BYTES + 0x10,
  /** Addresses of entries that are not empty, each once: a flush costs what was filled and not what there is room for. */
  filled: TLBS_BYTES + 0x40,
} as const;
const BANK_STRIDE = alignUp(BANK.filled + 4 * BANK_ENTRIES, GUEST_PAGE);
/** Address spaces whose translations are kept while others run: a shell and the programs that it starts. */
export const BANKS = 4;

/** A predecoded instruction. Register slots are offsets in the hart block. */
export const RECORD = {
  op: 0,
  /** Four, as some instructions read three registers beside the one they write, which may be the sink. */
  registers: [2, 4, 6, 12],
  imm: 8,
  /** Left for a compiler's count of how often it was jumped to. */
  heat: 14,
  bytes: 16,
  /** log2 of record bytes for each byte of code: a record stands for a halfword. */
  shift: 3,
} as const;

const RECORDS_IN_PAGE = GUEST_PAGE / 2;
/** Bytes of records for a page of code; within them, a jump needs no look-up. */
export const PAGE_RECORDS_BYTES = RECORDS_IN_PAGE * RECORD.bytes;
/** Behind the last record: where a page is left, by an instruction that ends at its end or crosses it by a halfword. */
const END_RECORDS = 2;
export const RECORD_PAGE_BYTES = PAGE_RECORDS_BYTES + END_RECORDS * RECORD.bytes;

/**
 * Records of the hart's own: one instruction that crosses pages, last in it, or that is run alone, at its place;
 * everything else looks the pc up again.
 */
export const SCRATCH_RECORDS = alignUp(HART.banks + BANKS * BANK_STRIDE, GUEST_PAGE);
export const HART_STRIDE = alignUp(SCRATCH_RECORDS + RECORD_PAGE_BYTES, GUEST_PAGE);

export function bankAt(block: number, index: number): number {
  return block + HART.banks + index * BANK_STRIDE;
}

export function dataTlbAt(bank: number, context: Context): number {
  return bank + BANK.dataTlbs + context * DATA_TLB_BYTES;
}

export function fetchTlbAt(bank: number, context: Context): number {
  return bank + BANK.fetchTlbs + (context === CONTEXT.user ? 0 : FETCH_TLB_BYTES);
}

/** Address 0 stays unused, so that 0 can mean "none"; near it is the address of the block of the hart that runs. */
export const RUNNING_BLOCK = 8;
const FIRST_BLOCK = GUEST_PAGE;

export interface Layout {
  readonly hartBlock: (index: number) => number;
  readonly pool: number;
  readonly poolPages: number;
  /** A word for each page of RAM: where its records are, or 0. */
  readonly recordsOf: number;
  readonly ram: number;
  readonly ramBytes: number;
  readonly totalBytes: number;
}

export function layoutOf(harts: number, poolPages: number, ramBytes: number): Layout {
  const pool = FIRST_BLOCK + harts * HART_STRIDE;
  const recordsOf = pool + poolPages * RECORD_PAGE_BYTES;
  const ram = alignUp(recordsOf + 4 * Math.ceil(ramBytes / GUEST_PAGE), GUEST_PAGE);
  return {
    hartBlock: (index) => FIRST_BLOCK + index * HART_STRIDE,
    pool,
    poolPages,
    recordsOf,
    ram,
    ramBytes,
    totalBytes: ram + ramBytes,
  };
}

function alignUp(value: number, unit: number): number {
  return Math.ceil(value / unit) * unit;
}
