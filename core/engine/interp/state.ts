/**
 * One hart as generated code sees it: its block of linear memory, its TLBs, and the accounting of a slice.
 * Whatever raises or exits is settled by `HartCore`.
 */
import type { HartExit } from '../../hart/api.ts';
import type { HartCore } from '../../hart/core.ts';
import { PTE_A, PTE_D, PTE_R, PTE_U, PTE_V, PTE_W, PTE_X } from '../../memory/translate.ts';
import {
  CONTEXT,
  type Context,
  dataTlbAt,
  fetchTlbAt,
  HART,
  HART_STRIDE,
  LEAF,
  NO_TAG,
  RECORD,
  reservationKey,
  reservedBytes,
  WALK,
} from '../layout.ts';
import { type AddressSpace, ALL_CONTEXTS, HartTlb, isSameSpace } from '../tlb.ts';
import type { InterpreterCode } from './code.ts';
import { NO_TRANSLATION } from './refill.ts';
import type { InterpreterSpace, SpaceHart } from './space.ts';

const WORD = 2;
const GUEST_PAGE_SHIFT = 12;
const BARE: AddressSpace = { levels: 0, root: 0, asid: 0 };
/** Above this, a range is not worth dropping page by page. */
const MAX_PAGES_FENCED_SINGLY = 16;

export class HartState {
  readonly tlb: HartTlb;
  readonly bytes: Uint8Array;
  readonly #words: Int32Array;
  readonly #values: BigInt64Array;
  #core: HartCore | null = null;
  /** Why the slice ended, when it did not end by its budget. */
  exit: HartExit | null = null;
  context: Context = CONTEXT.supervisor;
  /** Bits of the instruction in the scratch page, and where it is. */
  #scratchWord = 0;
  #scratchAt = 0;
  /** Of the slice: `clock.retired` at its start plus its budget, less units spent on traps. */
  #retiredAtEnd = 0;
  /** `clock.waited` when the core began the current instruction. */
  #waited = 0;

  constructor(
    readonly space: InterpreterSpace,
    readonly code: InterpreterCode,
    readonly block: number,
  ) {
    this.#words = space.words;
    this.#values = new BigInt64Array(space.buffer);
    this.bytes = new Uint8Array(space.buffer);
    this.tlb = new HartTlb(space.words, block);
    space.pages.prepareScratch(block);
    this.forgetStraddled();
    this.#selectTlbs();
    this.#placeMemory();
  }

  attach(core: HartCore): void {
    this.#core = core;
    core.attach({
      contextChanged: () => this.contextChanged(),
      rulesChanged: () => this.#rulesChanged(),
      sfenceVma: (address, size, asid) => this.#sfence(address, size, asid),
      fencePage: (high, low, asid) => {
        this.forgetStraddled();
        this.tlb.flushPage(high, low | 0, asid);
      },
      fenceI: () => {},
    });
    this.#prepareWalk();
    this.contextChanged();
    this.#rulesChanged();
  }

  get core(): HartCore {
    if (this.#core === null) throw new Error('the hart has no core yet');
    return this.#core;
  }

  /** Runs at most `budget` units; `clock` is exact afterwards. Gives the units used. */
  runSlice(hart: SpaceHart, budget: number): number {
    const { clock } = this.core;
    this.exit = null;
    this.setWord(HART.stop, 0);
    this.#retiredAtEnd = clock.retired + budget;
    const left = this.space.run(hart, this.code, this.block, budget);
    clock.retired = this.#retiredAtEnd - left;
    return budget - left;
  }

  /** Ends the slice when the host call under way, if any, returns. */
  stop(): void {
    this.setWord(HART.stop, 1);
  }

  contextChanged(): void {
    const { levels, root, asid, user, sum } = this.core.translation.context;
    this.context = user ? CONTEXT.user : sum ? CONTEXT.supervisorSum : CONTEXT.supervisor;
    const { space } = this.tlb;
    const next = levels === 0 ? BARE : { levels, root, asid };
    if (!isSameSpace(space, next)) {
      this.tlb.select(next);
      this.#prepareWalk();
    }
    this.forgetStraddled();
    this.#selectTlbs();
  }

  /** The core drops reservations; in generated code they live in the hart block. */
  shareReservation(): void {
    const key = this.word(HART.reservation);
    if (key === 0) {
      this.core.reservation = null;
      return;
    }
    const { address, bytes } = reservedBytes(key);
    const value = BigInt.asUintN(bytes * 8, this.value(HART.reservedValue));
    this.core.reservation = { offset: address - this.space.layout.ram, bytes, value };
  }

  /** Takes over the reservation that the core has now. */
  takeReservation(): void {
    const { reservation } = this.core;
    if (reservation === null) {
      this.setWord(HART.reservation, 0);
      return;
    }
    const { offset, bytes, value } = reservation;
    this.setWord(HART.reservation, reservationKey(this.space.layout.ram + offset, bytes));
    this.#values[(this.block + HART.reservedValue) >>> 3] = BigInt.asIntN(bytes * 8, value);
  }

  /**
   * Lets the core do the current instruction and accounts for it: an exit does not retire, a trap taken
   * by the guest costs units of the budget without retiring.
   */
  settle(act: (core: HartCore) => HartExit | null): void {
    this.finish(act(this.begin()));
  }

  /** The core, ready for the current instruction: the first half of `settle`, for calls too frequent for a closure. */
  begin(): HartCore {
    const { core } = this;
    core.clock.retired = this.#retiredAtEnd - this.word(HART.left);
    this.#waited = core.clock.waited;
    this.shareReservation();
    return core;
  }

  finish(exit: HartExit | null): void {
    const { clock } = this.core;
    this.exit = exit;
    this.takeReservation();
    // Where instructions are counted depends on the level and SIE, which may have changed.
    if (exit !== null || this.core.triggers.counting) this.stop();
    if (exit !== null) return;
    const spent = clock.waited - this.#waited;
    this.#retiredAtEnd -= spent;
    this.setWord(HART.left, this.word(HART.left) - Math.max(spent, 1));
  }

  /** The only instruction in the scratch page from now on. */
  setScratch(inPage: number, word: number): void {
    const { pages } = this.space;
    pages.clearScratch(this.block, this.#scratchAt);
    pages.writeScratch(this.block, inPage, word);
    this.#scratchAt = inPage;
    this.#scratchWord = word;
  }

  /** Bits of the instruction whose record is the current one. */
  currentWord(): number {
    const record = this.word(HART.record);
    const { pages } = this.space;
    const inScratch = record >= this.block && record < this.block + HART_STRIDE;
    return inScratch ? this.#scratchWord : pages.wordAt(pages.offsetOf(record));
  }

  /** The same for a CSR or system instruction, whose record holds its bits: as a signed number. */
  recordedWord(): number {
    return this.#words[(this.word(HART.record) + RECORD.imm) >>> WORD] ?? 0;
  }

  #selectTlbs(): void {
    const { bank } = this.tlb;
    this.setWord(HART.bank, bank);
    this.setWord(HART.dataTlb, dataTlbAt(bank, this.context));
    this.setWord(HART.fetchTlb, fetchTlbAt(bank, this.context));
    this.setWord(HART.leaf, HART.leaves + this.context * LEAF.bytes);
  }

  /** Where generated code begins a walk; not at all when the root is not in RAM. */
  #prepareWalk(): void {
    const { space } = this;
    const { levels, root } = this.core.translation.context;
    const table = levels === 0 ? 0 : space.guest.frameOffset(root);
    this.#setWalk(WALK.levels, table < 0 ? 0 : levels === 0 ? NO_TRANSLATION : levels);
    this.#setWalk(WALK.root, space.layout.ram + table);
  }

  /** What leaves generated code takes in each context. */
  #prepareLeaves(): void {
    const data = PTE_V | PTE_R | PTE_A;
    // A fill for loads is one for stores too, and an AMO, which loads, looks for a page to store to.
    const { watchesData, watchesFetch } = this.core.triggers;
    for (const context of ALL_CONTEXTS) {
      const { mxr, maskedBits } = this.core.translation.contextOf(context === CONTEXT.user ? 'U' : 'S');
      const user = context === CONTEXT.user ? PTE_U : 0;
      const anyLevel = context === CONTEXT.supervisorSum;
      const at = HART.leaves + context * LEAF.bytes;
      const levelMask = anyLevel ? 0 : PTE_U;
      const levelBits = anyLevel ? 0 : user;
      this.#setLeaf(at + LEAF.load, mxr || maskedBits !== 0 || watchesData, data | levelMask, data | levelBits);
      const written = data | PTE_W | PTE_D;
      this.#setLeaf(at + LEAF.store, maskedBits !== 0 || watchesData, written | levelMask, written | levelBits);
      const fetched = PTE_V | PTE_X | PTE_A;
      this.#setLeaf(at + LEAF.fetch, watchesFetch, fetched | PTE_U, fetched | user);
    }
  }

  /** When the host has to look at it, a value is set that no masked bits have. */
  #setLeaf(at: number, byHost: boolean, mask: number, value: number): void {
    this.setWord(at, byHost ? 0 : mask);
    this.setWord(at + 4, byHost ? 1 : value);
  }

  #setWalk(at: number, value: number): void {
    this.setWord(HART.walk + at, value);
  }

  #placeMemory(): void {
    const { layout, guest } = this.space;
    const { firstPage, pages, offset } = guest.largestSlot();
    this.#setWalk(WALK.firstFrame, firstPage);
    this.#setWalk(WALK.frames, firstPage < 2 ** 32 ? pages : 0);
    this.#setWalk(WALK.slot, layout.ram + offset);
    this.#setWalk(WALK.recordsOf, layout.recordsOf - (layout.ram >>> GUEST_PAGE_SHIFT) * 4);
  }

  forgetStraddled(): void {
    this.setWord(HART.straddled, NO_TAG);
    this.setWord(HART.straddled + 4, 0);
  }

  word(offset: number): number {
    return this.#words[(this.block + offset) >>> WORD] ?? 0;
  }

  setWord(offset: number, value: number): void {
    this.#words[(this.block + offset) >>> WORD] = value;
  }

  value(offset: number): bigint {
    return this.#values[(this.block + offset) >>> 3] ?? 0n;
  }

  remapped(): void {
    this.tlb.flush();
    this.forgetStraddled();
    this.#placeMemory();
    this.#prepareWalk();
  }

  #rulesChanged(): void {
    this.space.unmark();
    this.#prepareLeaves();
    this.#sfence();
  }

  #sfence(address?: bigint, size = 1n, space?: bigint): void {
    const asid = space === undefined ? undefined : Number(space);
    this.forgetStraddled();
    if (address === undefined) {
      this.tlb.flush(asid);
      return;
    }
    const first = address >> 12n;
    const last = (address + (size > 0n ? size : 1n) - 1n) >> 12n;
    if (last - first >= BigInt(MAX_PAGES_FENCED_SINGLY)) {
      this.tlb.flush(asid);
      return;
    }
    for (let page = first; page <= last; page++) {
      const va = BigInt.asUintN(64, page << 12n);
      this.tlb.flushPage(Number(va >> 32n), Number(va & 0xffff_ffffn) | 0, asid);
    }
  }
}
