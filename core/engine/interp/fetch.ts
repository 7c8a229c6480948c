/**
 * Instruction fetch that leaves the fast path: refill of the fetch TLB, decoding, instructions that cross pages, and
 * triggers that look at instructions. Where few instructions of a page can make one fire, their records are marked, and
 * the host looks at these alone; where many can, nothing of the page is kept, and each of its instructions comes here.
 */
import { walk } from '../../memory/translate.ts';
import { CONTEXT, GUEST_PAGE, HART, RECORD, SCRATCH_RECORDS } from '../layout.ts';
import { isLong, LAST_HALFWORD } from './pages.ts';
import type { HartState } from './state.ts';

const PAGE_OFFSET = GUEST_PAGE - 1;
const NOWHERE: readonly number[] = [];

export class FetchCalls {
  constructor(readonly state: HartState) {}

  fetch(): number {
    const { core, space } = this.state;
    if (this.#breaks()) return 0;
    const watched = core.triggers.watchesFetch ? core.triggers.watchedCode(core.pc) : NOWHERE;
    const high = this.state.word(HART.pc + 4);
    const low = this.state.word(HART.pc);
    const found = walk(core.memory, core.translation.context, high >>> 0, low >>> 0, 'fetch');
    if (found.kind !== 'page' || found.offset < 0) {
      this.state.settle(() => core.fetchFault(found, core.pc));
      return 0;
    }
    if (watched === null) return this.#alone(found.offset, low);
    const records = space.recordsAt(found.offset);
    for (const inPage of watched) space.pages.mark(records + (inPage << RECORD.shift));
    this.state.tlb.fillFetch(this.#context(), { tag: high, high, low }, records, found);
    return 1;
  }

  /** A store has taken the mark away when the hart comes here from the same page, without a look-up. */
  decode(): void {
    const { core, space } = this.state;
    const { triggers } = core;
    const record = this.state.word(HART.record);
    const inPage = this.state.word(HART.pc) & PAGE_OFFSET;
    if (triggers.watchesFetch && triggers.watchedCode(core.pc)?.includes(inPage)) space.pages.mark(record);
    else space.pages.fill(record);
  }

  /** Of an instruction that crosses pages or is marked. */
  straddle(): number {
    const { state } = this;
    const { core, space } = state;
    if (this.#breaks()) return 0;
    const first = space.pages.offsetOf(state.word(HART.record));
    if (!this.#toScratch(first)) return 0;
    // The next time it may fire.
    if (core.triggers.watchesFetch) state.forgetStraddled();
    else {
      state.setWord(HART.straddled, state.word(HART.pc));
      state.setWord(HART.straddled + 4, state.word(HART.pc + 4));
    }
    return 1;
  }

  /** A trigger fires before the instruction at pc. */
  #breaks(): boolean {
    const { core } = this.state;
    if (!core.triggers.watchesFetch) return false;
    const at = core.triggers.fetched(core);
    if (at === null) return false;
    this.state.settle(() => core.breakpoint(at));
    return true;
  }

  /** Lets the instruction at pc run from the scratch page, and nothing be kept of its own page. */
  #alone(page: number, low: number): number {
    if (!this.#toScratch(page + (low & PAGE_OFFSET))) return 0;
    this.state.forgetStraddled();
    this.state.tlb.passFetch(this.#context(), low, this.state.block + SCRATCH_RECORDS);
    return 1;
  }

  /** Puts the instruction at that offset of RAM, which is pc's, into the scratch page; false when it raised. */
  #toScratch(first: number): boolean {
    const { space } = this.state;
    const { pages } = space;
    const inPage = first & PAGE_OFFSET;
    if (inPage !== LAST_HALFWORD || !isLong(pages.halfword(first))) {
      this.state.setScratch(inPage, pages.wordAt(first));
      return true;
    }
    const second = this.#secondPage();
    if (second < 0) return false;
    // Both pages must be known as code, so that a store to either is noticed; the first may just have been dropped.
    space.recordsAt(second);
    space.recordsAt(first - inPage);
    this.state.setScratch(inPage, (pages.halfword(first) | (pages.halfword(second) << 16)) >>> 0);
    return true;
  }

  /** Offset of the page behind that of pc, for an instruction that crosses into it; -1 when it raised. */
  #secondPage(): number {
    const { core } = this.state;
    const va = BigInt.asUintN(64, core.pc + 2n);
    const found = core.translation.translate(va, 'fetch');
    if (found.kind === 'page' && found.offset >= 0) return found.offset;
    this.state.settle(() => core.fetchFault(found, va));
    return -1;
  }

  #context(): typeof CONTEXT.user | typeof CONTEXT.supervisor {
    return this.state.context === CONTEXT.user ? CONTEXT.user : CONTEXT.supervisor;
  }
}
