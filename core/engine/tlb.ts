/**
 * Host side of one hart's TLBs, which lie in linear memory and are read by generated code: refill and
 * invalidation. Hot: it works on 32-bit halves and keeps lists of filled entries, so that a flush costs
 * what was filled and not what there is room for.
 */
import {
  CONTEXT,
  CONTEXTS,
  type Context,
  DATA_TLB,
  dataTlbAt,
  FETCH_TLB,
  fetchTlbAt,
  GUEST_PAGE,
  NO_TAG,
} from './layout.ts';

const WORD = 2;
const ALL_CONTEXTS: readonly Context[] = [CONTEXT.user, CONTEXT.supervisor, CONTEXT.supervisorSum];
const PAGE_MASK = -GUEST_PAGE;

/** A page of virtual addresses as the halves of the address of one of its bytes. */
export interface PageAddress {
  /** The upper half as the instruction computed it: pointer masking may have changed it. */
  readonly tag: number;
  readonly high: number;
  readonly low: number;
}

export class HartTlb {
  readonly #dataFilled = new Int32Array(CONTEXTS * DATA_TLB.entries);
  #dataCount = 0;
  readonly #fetchFilled = new Int32Array(CONTEXTS * FETCH_TLB.entries);
  #fetchCount = 0;
  /** Page numbers from the first to behind the last of all superpages that were entered: few in kind, far from other pages. */
  #superpagesFrom = Number.POSITIVE_INFINITY;
  #superpagesTo = 0;

  constructor(
    /** All of linear memory. */
    readonly words: Int32Array,
    readonly block: number,
  ) {
    for (const context of ALL_CONTEXTS) {
      const data = dataTlbAt(block, context);
      for (let i = 0; i < DATA_TLB.entries; i++) {
        this.#setTag(data + (i << DATA_TLB.shift) + DATA_TLB.load, NO_TAG, 0);
        this.#setTag(data + (i << DATA_TLB.shift) + DATA_TLB.store, NO_TAG, 0);
      }
      const fetch = fetchTlbAt(block, context);
      for (let i = 0; i < FETCH_TLB.entries; i++) this.#setTag(fetch + (i << FETCH_TLB.shift), NO_TAG, 0);
    }
  }

  /** Enters the page at linear address `page` for loads, stores or both; `span` is the pages of its leaf. */
  fillData(
    context: Context,
    va: PageAddress,
    page: number,
    allowed: { load: boolean; store: boolean },
    span: number,
  ): void {
    const entry = dataTlbAt(this.block, context) + (((va.low >>> 12) & (DATA_TLB.entries - 1)) << DATA_TLB.shift);
    if (!this.#isFilled(entry)) this.#dataFilled[this.#dataCount++] = entry;
    const tag = va.low & PAGE_MASK;
    if (allowed.load) this.#setTag(entry + DATA_TLB.load, tag, va.tag);
    else this.#setTag(entry + DATA_TLB.load, NO_TAG, 0);
    if (allowed.store) this.#setTag(entry + DATA_TLB.store, tag, va.tag);
    else this.#setTag(entry + DATA_TLB.store, NO_TAG, 0);
    this.words[(entry + DATA_TLB.addend) >>> WORD] = (page - tag) | 0;
    this.#noteSuperpage(va, span);
  }

  /** Enters the page whose records are at linear address `records`. */
  fillFetch(context: Context, va: PageAddress, records: number, span: number): void {
    const entry = fetchTlbAt(this.block, context) + (((va.low >>> 12) & (FETCH_TLB.entries - 1)) << FETCH_TLB.shift);
    if (this.words[entry >>> WORD] === NO_TAG) this.#fetchFilled[this.#fetchCount++] = entry;
    this.#setTag(entry, va.low & PAGE_MASK, va.tag);
    this.words[(entry + FETCH_TLB.records) >>> WORD] = records;
    this.#noteSuperpage(va, span);
  }

  flush(): void {
    for (let i = 0; i < this.#dataCount; i++) {
      const entry = this.#dataFilled[i] ?? 0;
      this.#setTag(entry + DATA_TLB.load, NO_TAG, 0);
      this.#setTag(entry + DATA_TLB.store, NO_TAG, 0);
    }
    this.#dataCount = 0;
    this.flushFetch();
    this.#superpagesFrom = Number.POSITIVE_INFINITY;
    this.#superpagesTo = 0;
  }

  flushFetch(): void {
    for (let i = 0; i < this.#fetchCount; i++) this.#setTag(this.#fetchFilled[i] ?? 0, NO_TAG, 0);
    this.#fetchCount = 0;
  }

  /** Drops what was entered for the page, in every context; all there is when the page may belong to a superpage. */
  flushPage(high: number, low: number): void {
    const number = pageNumber(high, low);
    if (number >= this.#superpagesFrom && number < this.#superpagesTo) {
      this.flush();
      return;
    }
    const page = low >>> 12;
    for (const context of ALL_CONTEXTS) {
      const data = dataTlbAt(this.block, context) + ((page & (DATA_TLB.entries - 1)) << DATA_TLB.shift);
      // The entry stays in the list of filled ones; a tag that never matches keeps it marked as filled.
      if (this.#isFilled(data)) {
        this.#setTag(data + DATA_TLB.load, DROPPED, 0);
        this.#setTag(data + DATA_TLB.store, DROPPED, 0);
      }
      const fetch = fetchTlbAt(this.block, context) + ((page & (FETCH_TLB.entries - 1)) << FETCH_TLB.shift);
      if (this.words[fetch >>> WORD] !== NO_TAG) this.#setTag(fetch, DROPPED, 0);
    }
  }

  /** From now on stores to the page at that linear address take the slow path. */
  dropStores(page: number): void {
    for (let i = 0; i < this.#dataCount; i++) {
      const entry = this.#dataFilled[i] ?? 0;
      const tag = this.words[(entry + DATA_TLB.store) >>> WORD] ?? 0;
      const addend = this.words[(entry + DATA_TLB.addend) >>> WORD] ?? 0;
      if ((tag & ~PAGE_MASK) === 0 && (tag + addend) >>> 0 === page) this.#setTag(entry + DATA_TLB.store, DROPPED, 0);
    }
  }

  #isFilled(entry: number): boolean {
    const load = this.words[(entry + DATA_TLB.load) >>> WORD];
    const store = this.words[(entry + DATA_TLB.store) >>> WORD];
    return load !== NO_TAG || store !== NO_TAG;
  }

  #setTag(at: number, low: number, high: number): void {
    this.words[at >>> WORD] = low;
    this.words[(at >>> WORD) + 1] = high;
  }

  #noteSuperpage({ high, low }: PageAddress, span: number): void {
    if (span === 1) return;
    const number = pageNumber(high, low);
    const from = number - (number % span);
    if (from < this.#superpagesFrom) this.#superpagesFrom = from;
    if (from + span > this.#superpagesTo) this.#superpagesTo = from + span;
  }
}

function pageNumber(high: number, low: number): number {
  return (high >>> 0) * 2 ** 20 + (low >>> 12);
}

/** Like `NO_TAG`, but of an entry that is in the list of filled ones. */
const DROPPED = 0x400;
