/**
 * Host side of one hart's TLBs, which lie in linear memory: generated code reads them and fills in the plain case;
 * the rest of refill and all invalidation are here. Every address space that was used lately has a bank of its own,
 * so that a switch of satp flushes nothing. Hot: it works on 32-bit halves.
 */

import { PTE_G } from '../memory/translate.ts';
import {
  BANK,
  BANKS,
  bankAt,
  CONTEXT,
  type Context,
  DATA_TLB,
  dataTlbAt,
  FETCH_TLB,
  fetchTlbAt,
  GUEST_PAGE,
  NO_TAG,
} from './layout.ts';

const WORD = 2;
const DOUBLE_WORD = 3;
export const ALL_CONTEXTS: readonly Context[] = [CONTEXT.user, CONTEXT.supervisor, CONTEXT.supervisorSum];
const FETCH_CONTEXTS: readonly Context[] = [CONTEXT.user, CONTEXT.supervisor];
const PAGE_MASK = -GUEST_PAGE;
const HIGHEST_PAGE = (1n << 63n) - 1n;

/** A page of virtual addresses as the halves of the address of one of its bytes. */
export interface PageAddress {
  /** The upper half as the instruction computed it: pointer masking may have changed it. */
  readonly tag: number;
  readonly high: number;
  readonly low: number;
}

/** What an address space is known by. Two that share an ASID are kept apart, which is more than software may expect. */
export interface AddressSpace {
  readonly levels: number;
  readonly root: number;
  readonly asid: number;
}

/** What is to be entered for a page. */
export interface TlbPage {
  /** Pages of the leaf. */
  readonly span: number;
  /** Low bits of the leaf. */
  readonly flags: number;
}

interface Bank {
  readonly at: number;
  space: AddressSpace;
  lastUsed: number;
}

const NOWHERE: AddressSpace = { levels: 0, root: 0, asid: 0 };

export class HartTlb {
  readonly #banks: readonly Bank[];
  #current: Bank;
  #uses = 0;
  readonly #pageNumbers: BigInt64Array;

  constructor(
    /** All of linear memory. */
    readonly words: Int32Array,
    readonly block: number,
  ) {
    this.#pageNumbers = new BigInt64Array(words.buffer);
    this.#banks = Array.from({ length: BANKS }, (_, index) => {
      const bank = { at: bankAt(block, index), space: NOWHERE, lastUsed: 0 };
      this.#prepare(bank.at);
      return bank;
    });
    const [first] = this.#banks;
    if (first === undefined) throw new Error('a hart has at least one bank of TLBs');
    this.#current = first;
  }

  /** Address of the bank of the current address space. */
  get bank(): number {
    return this.#current.at;
  }

  /** The current address space. */
  get space(): AddressSpace {
    return this.#current.space;
  }

  /** From now on that space is current: with what was entered for it before, if its bank has not been given away since. */
  select(space: AddressSpace): void {
    const known = this.#banks.find((bank) => isSameSpace(bank.space, space));
    const chosen = known ?? this.#banks.reduce((oldest, bank) => (bank.lastUsed < oldest.lastUsed ? bank : oldest));
    if (known === undefined) {
      this.#flushBank(chosen);
      chosen.space = space;
    }
    chosen.lastUsed = ++this.#uses;
    this.#current = chosen;
  }

  /** Enters the page at linear address `page` for loads, stores or both. */
  fillData(
    context: Context,
    va: PageAddress,
    page: number,
    allowed: { load: boolean; store: boolean },
    { span, flags }: TlbPage,
  ): void {
    const entry = dataTlbAt(this.bank, context) + (((va.low >>> 12) & (DATA_TLB.entries - 1)) << DATA_TLB.shift);
    if (!this.#isFilled(entry)) this.#list(entry);
    const tag = va.low & PAGE_MASK;
    if (allowed.load) this.#setTag(entry + DATA_TLB.load, tag, va.tag);
    else this.#setTag(entry + DATA_TLB.load, NO_TAG, 0);
    if (allowed.store) this.#setTag(entry + DATA_TLB.store, tag, va.tag);
    else this.#setTag(entry + DATA_TLB.store, NO_TAG, 0);
    this.words[(entry + DATA_TLB.addend) >>> WORD] = (page - tag) | 0;
    this.words[(entry + DATA_TLB.flags) >>> WORD] = flags;
    this.#noteSuperpage(va, span);
  }

  /** Enters the page whose records are at linear address `records`. */
  fillFetch(context: Context, va: PageAddress, records: number, { span, flags }: TlbPage): void {
    const entry = fetchTlbAt(this.bank, context) + (((va.low >>> 12) & (FETCH_TLB.entries - 1)) << FETCH_TLB.shift);
    if (this.words[entry >>> WORD] === NO_TAG) this.#list(entry);
    this.#setTag(entry, va.low & PAGE_MASK, va.tag);
    this.words[(entry + FETCH_TLB.records) >>> WORD] = records;
    this.words[(entry + FETCH_TLB.flags) >>> WORD] = flags;
    this.#noteSuperpage(va, span);
  }

  /** Lets the look-up that is under way, of a page that is not to be entered, find these records. */
  passFetch(context: Context, low: number, records: number): void {
    const entry = fetchTlbAt(this.bank, context) + (((low >>> 12) & (FETCH_TLB.entries - 1)) << FETCH_TLB.shift);
    if (this.words[entry >>> WORD] !== NO_TAG) this.#drop(entry, true);
    this.words[(entry + FETCH_TLB.records) >>> WORD] = records;
  }

  /** Drops everything; with an ASID, what was entered for it and is not global. */
  flush(asid?: number): void {
    for (const bank of this.#banks) {
      if (asid === undefined) this.#flushBank(bank);
      else if (bank.space.asid === asid) this.#flushSpace(bank);
    }
  }

  flushFetch(): void {
    for (const { at } of this.#banks) {
      this.#forFilled(at, (entry) => {
        if (this.#isFetch(at, entry)) this.#setTag(entry, DROPPED, 0);
      });
    }
  }

  /**
   * Drops what was entered for the page, in every context and, without an ASID, in every space; all there is in a
   * bank where the page may belong to a superpage.
   */
  flushPage(high: number, low: number, asid?: number): void {
    for (const bank of this.#banks) {
      if (asid === undefined || bank.space.asid === asid) this.#flushPageIn(bank, high, low);
    }
  }

  /** From now on stores to the page at that linear address take the slow path. */
  dropStores(page: number): void {
    for (const { at } of this.#banks) {
      this.#forFilled(at, (entry) => {
        if (this.#isFetch(at, entry)) return;
        const tag = this.words[(entry + DATA_TLB.store) >>> WORD] ?? 0;
        const addend = this.words[(entry + DATA_TLB.addend) >>> WORD] ?? 0;
        if ((tag & ~PAGE_MASK) === 0 && (tag + addend) >>> 0 === page) this.#setTag(entry + DATA_TLB.store, DROPPED, 0);
      });
    }
  }

  #prepare(bank: number): void {
    this.words[(bank + BANK.count) >>> WORD] = 0;
    for (const context of ALL_CONTEXTS) {
      const data = dataTlbAt(bank, context);
      for (let i = 0; i < DATA_TLB.entries; i++) this.#empty(data + (i << DATA_TLB.shift), false);
    }
    for (const context of FETCH_CONTEXTS) {
      const fetch = fetchTlbAt(bank, context);
      for (let i = 0; i < FETCH_TLB.entries; i++) this.#empty(fetch + (i << FETCH_TLB.shift), true);
    }
    this.#forgetSuperpages(bank);
  }

  #empty(entry: number, isFetch: boolean): void {
    this.#setTag(entry, NO_TAG, 0);
    if (!isFetch) this.#setTag(entry + DATA_TLB.store, NO_TAG, 0);
  }

  #isFetch(bank: number, entry: number): boolean {
    return entry >= bank + BANK.fetchTlbs;
  }

  #list(entry: number): void {
    const { bank } = this;
    const count = this.words[(bank + BANK.count) >>> WORD] ?? 0;
    this.words[((bank + BANK.filled) >>> WORD) + count] = entry;
    this.words[(bank + BANK.count) >>> WORD] = count + 1;
  }

  #forFilled(bank: number, act: (entry: number) => void): void {
    const list = (bank + BANK.filled) >>> WORD;
    const count = this.words[(bank + BANK.count) >>> WORD] ?? 0;
    for (let i = 0; i < count; i++) act(this.words[list + i] ?? 0);
  }

  #flushBank({ at }: Bank): void {
    this.#forFilled(at, (entry) => this.#empty(entry, this.#isFetch(at, entry)));
    this.words[(at + BANK.count) >>> WORD] = 0;
    this.#forgetSuperpages(at);
  }

  /** Keeps global entries, and the note of superpages for their sake. */
  #flushSpace({ at }: Bank): void {
    this.#forFilled(at, (entry) => {
      const isFetch = this.#isFetch(at, entry);
      const flags = this.words[(entry + (isFetch ? FETCH_TLB.flags : DATA_TLB.flags)) >>> WORD] ?? 0;
      if ((flags & PTE_G) === 0) this.#drop(entry, isFetch);
    });
  }

  /** An empty entry that stays in the list of filled ones: a tag that never matches keeps it marked as such. */
  #drop(entry: number, isFetch: boolean): void {
    this.#setTag(entry, DROPPED, 0);
    if (!isFetch) this.#setTag(entry + DATA_TLB.store, DROPPED, 0);
  }

  #flushPageIn(bank: Bank, high: number, low: number): void {
    const { at } = bank;
    if (this.#isSuperpage(at, high, low)) {
      this.#flushBank(bank);
      return;
    }
    const page = low >>> 12;
    for (const context of ALL_CONTEXTS) {
      const data = dataTlbAt(at, context) + ((page & (DATA_TLB.entries - 1)) << DATA_TLB.shift);
      if (this.#isFilled(data)) this.#drop(data, false);
    }
    for (const context of FETCH_CONTEXTS) {
      const fetch = fetchTlbAt(at, context) + ((page & (FETCH_TLB.entries - 1)) << FETCH_TLB.shift);
      if (this.words[fetch >>> WORD] !== NO_TAG) this.#drop(fetch, true);
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

  #forgetSuperpages(bank: number): void {
    this.#pageNumbers[(bank + BANK.superpagesFrom) >>> DOUBLE_WORD] = HIGHEST_PAGE;
    this.#pageNumbers[(bank + BANK.superpagesTo) >>> DOUBLE_WORD] = 0n;
  }

  #isSuperpage(bank: number, high: number, low: number): boolean {
    const to = this.#pageNumbers[(bank + BANK.superpagesTo) >>> DOUBLE_WORD] ?? 0n;
    if (to === 0n) return false;
    const number = BigInt(pageNumber(high, low));
    return number < to && number >= (this.#pageNumbers[(bank + BANK.superpagesFrom) >>> DOUBLE_WORD] ?? 0n);
  }

  #noteSuperpage({ high, low }: PageAddress, span: number): void {
    if (span === 1) return;
    const number = pageNumber(high, low);
    const from = BigInt(number - (number % span));
    const to = from + BigInt(span);
    const first = (this.bank + BANK.superpagesFrom) >>> DOUBLE_WORD;
    const last = (this.bank + BANK.superpagesTo) >>> DOUBLE_WORD;
    if (from < (this.#pageNumbers[first] ?? 0n)) this.#pageNumbers[first] = from;
    if (to > (this.#pageNumbers[last] ?? 0n)) this.#pageNumbers[last] = to;
  }
}

export function isSameSpace(a: AddressSpace, b: AddressSpace): boolean {
  return a.levels === b.levels && a.root === b.root && a.asid === b.asid;
}

function pageNumber(high: number, low: number): number {
  return (high >>> 0) * 2 ** 20 + (low >>> 12);
}

/** Like `NO_TAG`, but of an entry that is in the list of filled ones. */
const DROPPED = 0x400;
