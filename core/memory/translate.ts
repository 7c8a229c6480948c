/**
 * The page walk of the supervisor level: Bare, Sv39, Sv48 and Sv57. [Privileged ISA, Supervisor-Level ISA:
 * Virtual Address Translation Process] It keeps nothing between calls: caching is the engine's affair.
 * Svnapot and Svpbmt are absent, so their bits are reserved. Physical memory protection does not exist.
 */
import { PAGE_SHIFT, PAGE_SIZE, type SlottedMemory } from './guest-memory.ts';

export type Access = 'load' | 'store' | 'fetch';

export const PTE_V = 1 << 0;
export const PTE_R = 1 << 1;
export const PTE_W = 1 << 2;
export const PTE_X = 1 << 3;
export const PTE_U = 1 << 4;
export const PTE_G = 1 << 5;
export const PTE_A = 1 << 6;
export const PTE_D = 1 << 7;

export const SATP_MODE_BARE = 0;
export const SATP_MODE_SV39 = 8;

/** What satp, the privilege level and sstatus say about a translation. */
export interface TranslationContext {
  /** Levels of the page table: 3, 4 or 5; 0 is Bare. */
  readonly levels: 0 | 3 | 4 | 5;
  /** Page number of the root table. */
  readonly root: number;
  /** U level. */
  readonly user: boolean;
  readonly sum: boolean;
  readonly mxr: boolean;
  /** A clear A or D bit: a page fault (Svade), set by the walk (Svadu), or of no interest (debuggers). */
  readonly adBits: 'fault' | 'set' | 'ignore';
}

/** A page of 4 KiB: `frame` is its guest-physical page number, also inside a superpage. */
export interface TranslatedPage {
  readonly kind: 'page';
  readonly frame: number;
  /** Offset of the page in guest memory, or -1 when it is not RAM. */
  readonly offset: number;
  /** 0 for a 4 KiB leaf, 1 for 2 MiB and so on. */
  readonly level: number;
  /** The low eight bits of the leaf, A and D as they are after this access; in Bare mode all but U and G. */
  readonly flags: number;
}

export type Translation =
  | TranslatedPage
  | { readonly kind: 'page-fault' }
  /** The walk itself needs an entry that is not in RAM: a guest-page fault at that address. */
  | { readonly kind: 'table-outside-ram'; readonly gpa: bigint };

const PAGE_FAULT = { kind: 'page-fault' } as const;
const BARE_FLAGS = PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D;
/** Bits 63..54 of an entry, as bits of its upper word: N, PBMT and the reserved ones. */
const PTE_HIGH_RESERVED = 0xffc00000;
const PTE_HIGH_PPN = 0x003fffff;
const NON_LEAF_RESERVED = PTE_D | PTE_A | PTE_U;
const MAX_FRAME = 2 ** 44;

/** Translates the page of a 64-bit virtual address, given as two unsigned 32-bit halves. */
export function walk(
  memory: SlottedMemory,
  context: TranslationContext,
  high: number,
  low: number,
  access: Access,
): Translation {
  if (context.levels === 0) return bare(memory, high, low);
  if (!isCanonical(context.levels, high)) return PAGE_FAULT;
  let table = context.root;
  for (let level = context.levels - 1; level >= 0; level--) {
    const index = tableIndex(level, high, low);
    const tableOffset = memory.frameOffset(table);
    if (tableOffset < 0) {
      return { kind: 'table-outside-ram', gpa: (BigInt(table) << BigInt(PAGE_SHIFT)) + BigInt(index * 8) };
    }
    const at = tableOffset + index * 8;
    const pteLow = memory.view.getUint32(at, true);
    const pteHigh = memory.view.getUint32(at + 4, true);
    if (!isWellFormed(pteLow, pteHigh)) return PAGE_FAULT;
    const ppn = (pteHigh & PTE_HIGH_PPN) * 2 ** 22 + (pteLow >>> 10);
    if ((pteLow & (PTE_R | PTE_X)) === 0) {
      if ((pteLow & NON_LEAF_RESERVED) !== 0) return PAGE_FAULT;
      table = ppn;
      continue;
    }
    if (!isPermitted(context, pteLow, access)) return PAGE_FAULT;
    const frame = level === 0 ? ppn : frameInSuperpage(ppn, level, pageNumberLow(high, low));
    return frame < 0 ? PAGE_FAULT : leaf(memory, context, { at, flags: pteLow & 0xff, frame, level }, access);
  }
  return PAGE_FAULT;
}

/** `walk` for a virtual address in one piece. */
export function translate(memory: SlottedMemory, context: TranslationContext, va: bigint, access: Access): Translation {
  return walk(memory, context, Number((va >> 32n) & 0xffffffffn), Number(va & 0xffffffffn), access);
}

function bare(memory: SlottedMemory, high: number, low: number): Translation {
  const frame = high * 2 ** 20 + (low >>> PAGE_SHIFT);
  // Wider than a guest-physical address: there is nothing, so it must not alias RAM.
  const offset = frame < MAX_FRAME ? memory.frameOffset(frame) : -1;
  return { kind: 'page', frame, offset, level: 0, flags: BARE_FLAGS };
}

/** Bits above the virtual address repeat its highest bit. */
function isCanonical(levels: 3 | 4 | 5, high: number): boolean {
  const top = (high | 0) >> (9 * levels + PAGE_SHIFT - 1 - 32);
  return top === 0 || top === -1;
}

function tableIndex(level: number, high: number, low: number): number {
  const shift = PAGE_SHIFT + 9 * level;
  if (shift + 9 <= 32) return (low >>> shift) & 0x1ff;
  if (shift >= 32) return (high >>> (shift - 32)) & 0x1ff;
  return ((low >>> shift) | (high << (32 - shift))) & 0x1ff;
}

/** The virtual page number without its sign extension: enough bits for the offset in any superpage. */
function pageNumberLow(high: number, low: number): number {
  return (high & 0x01ffffff) * 2 ** 20 + (low >>> PAGE_SHIFT);
}

function isWellFormed(pteLow: number, pteHigh: number): boolean {
  if ((pteLow & PTE_V) === 0) return false;
  if ((pteLow & (PTE_R | PTE_W)) === PTE_W) return false;
  return (pteHigh & PTE_HIGH_RESERVED) === 0;
}

interface Leaf {
  /** Offset of the entry in guest memory. */
  readonly at: number;
  /** Its low eight bits. */
  readonly flags: number;
  readonly frame: number;
  readonly level: number;
}

/** Page numbers in a superpage, by level of the leaf. */
const SPANS = [1, 2 ** 9, 2 ** 18, 2 ** 27, 2 ** 36];

/** -1 when the superpage is misaligned. */
function frameInSuperpage(ppn: number, level: number, page: number): number {
  const span = SPANS[level] ?? 1;
  return ppn % span === 0 ? ppn + (page % span) : -1;
}

function leaf(memory: SlottedMemory, context: TranslationContext, found: Leaf, access: Access): Translation {
  const { at, frame, level } = found;
  const needed = access === 'store' ? PTE_A | PTE_D : PTE_A;
  let { flags } = found;
  if ((flags & needed) !== needed && context.adBits !== 'ignore') {
    if (context.adBits === 'fault') return PAGE_FAULT;
    flags |= needed;
    memory.view.setUint8(at, flags);
  }
  return { kind: 'page', frame, offset: memory.frameOffset(frame), level, flags };
}

function isPermitted(context: TranslationContext, pte: number, access: Access): boolean {
  if ((pte & PTE_U) === 0) {
    if (context.user) return false;
  } else if (!context.user && (access === 'fetch' || !context.sum)) {
    return false;
  }
  switch (access) {
    case 'fetch':
      return (pte & PTE_X) !== 0;
    case 'store':
      return (pte & PTE_W) !== 0;
    case 'load':
      return (pte & PTE_R) !== 0 || (context.mxr && (pte & PTE_X) !== 0);
    default:
      return access satisfies never;
  }
}

/** Bytes from `va` to the end of its page. */
export function bytesLeftInPage(low: number): number {
  return PAGE_SIZE - (low & (PAGE_SIZE - 1));
}
