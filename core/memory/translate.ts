/**
 * The page walk of the supervisor level: Bare, Sv39, Sv48 and Sv57. [Privileged ISA, Supervisor-Level ISA:
 * Virtual Address Translation Process; Svnapot, Svpbmt, Svade, Svadu, Pointer Masking] It keeps nothing between
 * calls: caching is the engine's affair. Physical memory protection does not exist, and memory types change nothing.
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
  /** Address space: what is cached for one is not used for another. */
  readonly asid: number;
  /** U level. */
  readonly user: boolean;
  readonly sum: boolean;
  readonly mxr: boolean;
  /** A clear A or D bit: a page fault (Svade), set by the walk (Svadu), or of no interest (debuggers). */
  readonly adBits: 'fault' | 'set' | 'ignore';
  /** Svnapot: leaves of 64 KiB exist. */
  readonly napot: boolean;
  /** Svpbmt, as the hypervisor allows it: leaves have a memory type. */
  readonly pbmt: boolean;
  /** Upper bits of the addresses of loads and stores that are ignored: PMLEN of pointer masking. */
  readonly maskedBits: 0 | 7 | 16;
}

/** A page of 4 KiB: `frame` is its guest-physical page number, also inside a superpage. */
export interface TranslatedPage {
  readonly kind: 'page';
  readonly frame: number;
  /** Offset of the page in guest memory, or -1 when it is not RAM. */
  readonly offset: number;
  /** Pages of the leaf: 1, 16 for a NAPOT leaf, 512 for 2 MiB and so on. */
  readonly span: number;
  /**
   * The low eight bits of the leaf, A and D as they are after this access and G also from the entries above; in
   * Bare mode all but U and G.
   */
  readonly flags: number;
}

export type Translation =
  | TranslatedPage
  | { readonly kind: 'page-fault' }
  /** The walk itself needs an entry that is not in RAM: a guest-page fault at that address. */
  | { readonly kind: 'table-outside-ram'; readonly gpa: bigint };

const PAGE_FAULT = { kind: 'page-fault' } as const;
/** Of every page in Bare mode. */
export const BARE_FLAGS = PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D;
/** Bits 63..54 of an entry, as bits of its upper word: N, PBMT and the reserved ones. */
const PTE_HIGH_NAPOT = 0x8000_0000;
const PTE_HIGH_PBMT = 0x6000_0000;
const PTE_HIGH_RESERVED = 0x1fc0_0000;
const PTE_HIGH_ATTRIBUTES = 0xffc0_0000;
/** The only size of a NAPOT leaf, in pages, and the low bits of its page number that say so. */
const NAPOT_SPAN = 16;
const NAPOT_SIZE_BITS = 8;
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
  let global = 0;
  for (let level = context.levels - 1; level >= 0; level--) {
    const index = tableIndex(level, high, low);
    const tableOffset = memory.frameOffset(table);
    if (tableOffset < 0) {
      return { kind: 'table-outside-ram', gpa: (BigInt(table) << BigInt(PAGE_SHIFT)) + BigInt(index * 8) };
    }
    const at = tableOffset + index * 8;
    const pteLow = memory.view.getUint32(at, true);
    const pteHigh = memory.view.getUint32(at + 4, true);
    if ((pteLow & PTE_V) === 0 || (pteLow & (PTE_R | PTE_W)) === PTE_W) return PAGE_FAULT;
    global |= pteLow & PTE_G;
    const ppn = (pteHigh & PTE_HIGH_PPN) * 2 ** 22 + (pteLow >>> 10);
    if ((pteLow & (PTE_R | PTE_X)) === 0) {
      if ((pteLow & NON_LEAF_RESERVED) !== 0 || (pteHigh & PTE_HIGH_ATTRIBUTES) !== 0) return PAGE_FAULT;
      table = ppn;
      continue;
    }
    if (!isPermitted(context, pteLow, access)) return PAGE_FAULT;
    const span = spanOf(context, level, pteHigh, ppn);
    if (span === 0) return PAGE_FAULT;
    const frame = span === 1 ? ppn : ppn - (ppn % span) + (pageNumberLow(high, low) % span);
    return leaf(memory, context, { at, flags: (pteLow & 0xff) | global, frame, span }, access);
  }
  return PAGE_FAULT;
}

/** `walk` for a virtual address in one piece. */
export function translate(memory: SlottedMemory, context: TranslationContext, va: bigint, access: Access): Translation {
  return walk(memory, context, Number((va >> 32n) & 0xffffffffn), Number(va & 0xffffffffn), access);
}

/**
 * The upper half of the address that a load or store uses, from that which its instruction computed: with
 * translation the masked bits repeat the highest other bit, without it they are zero. Fetches are not masked.
 * [Privileged ISA, Pointer Masking: The Ignore Transformation] Unsigned.
 */
export function maskedHigh({ maskedBits, levels }: TranslationContext, high: number): number {
  if (maskedBits === 0) return high >>> 0;
  const shifted = high << maskedBits;
  return levels === 0 ? shifted >>> maskedBits : (shifted >> maskedBits) >>> 0;
}

/** The same for an address in one piece. */
export function maskedAddress(context: TranslationContext, va: bigint): bigint {
  if (context.maskedBits === 0) return va;
  return (BigInt(maskedHigh(context, Number(va >> 32n))) << 32n) | (va & 0xffff_ffffn);
}

function bare(memory: SlottedMemory, high: number, low: number): Translation {
  const frame = high * 2 ** 20 + (low >>> PAGE_SHIFT);
  // Wider than a guest-physical address: there is nothing, so it must not alias RAM.
  const offset = frame < MAX_FRAME ? memory.frameOffset(frame) : -1;
  return { kind: 'page', frame, offset, span: 1, flags: BARE_FLAGS };
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

interface Leaf {
  /** Offset of the entry in guest memory. */
  readonly at: number;
  readonly flags: number;
  readonly frame: number;
  readonly span: number;
}

/** Page numbers in a superpage, by level of the leaf. */
const SPANS = [1, 2 ** 9, 2 ** 18, 2 ** 27, 2 ** 36];

/** Pages of a leaf; 0 when it is misaligned or has reserved bits set. */
function spanOf(context: TranslationContext, level: number, pteHigh: number, ppn: number): number {
  if ((pteHigh & PTE_HIGH_RESERVED) !== 0) return 0;
  const type = pteHigh & PTE_HIGH_PBMT;
  if (type !== 0 && (!context.pbmt || type === PTE_HIGH_PBMT)) return 0;
  if ((pteHigh & PTE_HIGH_NAPOT) !== 0) {
    const isNapot = context.napot && level === 0 && ppn % NAPOT_SPAN === NAPOT_SIZE_BITS;
    return isNapot ? NAPOT_SPAN : 0;
  }
  const span = SPANS[level] ?? 1;
  return ppn % span === 0 ? span : 0;
}

function leaf(memory: SlottedMemory, context: TranslationContext, found: Leaf, access: Access): Translation {
  const { at, frame, span } = found;
  const needed = access === 'store' ? PTE_A | PTE_D : PTE_A;
  let { flags } = found;
  if ((flags & needed) !== needed && context.adBits !== 'ignore') {
    if (context.adBits === 'fault') return PAGE_FAULT;
    flags |= needed;
    memory.writeByte(at, memory.view.getUint8(at) | needed);
  }
  return { kind: 'page', frame, offset: memory.frameOffset(frame), span, flags };
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
