/**
 * Loads and stores that leave the fast path: TLB refill, accesses that cross pages, faults, device memory,
 * and stores to pages with predecoded code.
 */
import { fromHalves } from '../../base/u64.ts';
import { type AccessWords, accessWords } from '../../hart/exits.ts';
import type { DataKinds } from '../../hart/triggers.ts';
import type { Decoded } from '../../isa/dsl/types.ts';
import { visitExpressions } from '../../isa/dsl/walk.ts';
import {
  type Access,
  maskedHigh,
  PTE_D,
  PTE_W,
  type TranslatedPage,
  type Translation,
  walk,
} from '../../memory/translate.ts';
import { GUEST_PAGE, HART } from '../layout.ts';
import type { PageAddress } from '../tlb.ts';
import type { HartState } from './state.ts';

const PAGE_OFFSET = GUEST_PAGE - 1;

type Bytes = 1 | 2 | 4 | 8;

/** Plans kept, a power of two: drivers reach their devices from few places. */
const PLANS = 256;

/** What a fault tells of its instruction, worked out once for its bits. */
interface FaultPlan {
  readonly word: number;
  readonly decoded: Decoded;
  readonly access: AccessWords;
  readonly isConditional: boolean;
}

const LOAD: DataKinds = ['load'];
const STORE: DataKinds = ['store'];
const BOTH: DataKinds = ['load', 'store'];

/** An exit tells of one register; the first half stands for a pair. */
const MOST_BYTES_TOLD = 8;

export class DataCalls {
  readonly #plans = new Array<FaultPlan | null>(PLANS).fill(null);

  constructor(readonly state: HartState) {}

  load(bytes: number): number {
    if (this.#breaks(LOAD, bytes)) return 0;
    if (this.state.core.trapsMisaligned && this.#isMisaligned(bytes)) return this.#misaligned(false, false);
    if (this.#crossesPage(bytes)) return this.#loadAcross(bytes as Bytes);
    return this.#address('load', bytes as Bytes, false);
  }

  loadReserved(bytes: number): number {
    if (this.#breaks(LOAD, bytes)) return 0;
    if (this.#isMisaligned(bytes)) return this.#misaligned(false, true);
    return this.#address('load', bytes as Bytes, true);
  }

  atomic(bytes: number): number {
    if (this.#breaks(BOTH, bytes)) return 0;
    if (this.#isMisaligned(bytes)) return this.#misaligned(true, true);
    const told = Math.min(bytes, MOST_BYTES_TOLD) as Bytes;
    const address = this.#address('store', told, true);
    if (address !== 0) this.state.space.stored(address - this.state.space.layout.ram, bytes);
    return address;
  }

  store(bytes: number): number {
    if (this.#breaks(STORE, bytes)) return 0;
    if (this.state.core.trapsMisaligned && this.#isMisaligned(bytes)) return this.#misaligned(true, false);
    if (this.#crossesPage(bytes)) return this.#storeAcross(bytes as Bytes);
    const address = this.#address('store', bytes as Bytes, false);
    if (address === 0) return 0;
    this.#copyValue(address, 0, bytes);
    return 1;
  }

  /** Linear address of the bytes at `HART.va`, all in one page, with the TLB filled; 0 when it raised. */
  #address(access: Access, bytes: Bytes, atomic: boolean): number {
    const { core, space } = this.state;
    const tag = this.state.word(HART.va + 4);
    const { context } = core.translation;
    const high = maskedHigh(context, tag);
    const low = this.state.word(HART.va);
    const found = walk(core.memory, context, high, low >>> 0, access);
    if (found.kind !== 'page' || found.offset < 0) {
      return this.#dataFault(found, core.translation.dataAddress(this.#unsignedVa()), {
        store: access === 'store',
        bytes,
        atomic,
      });
    }
    this.#fill(found, { tag, high, low });
    return space.layout.ram + found.offset + (low & PAGE_OFFSET);
  }

  /** A trigger fires before the access. */
  #breaks(kinds: DataKinds, bytes: number): boolean {
    const { core } = this.state;
    if (!core.triggers.watchesData) return false;
    const known = kinds === BOTH && this.#plan(this.state.currentWord()).isConditional ? STORE : kinds;
    const at = core.triggers.accessed(core, known, core.translation.dataAddress(this.#unsignedVa()), bytes);
    if (at === null) return false;
    this.state.settle(() => core.breakpoint(at));
    return true;
  }

  /** Where a trigger may fire, accesses go on to come here. */
  #fill(page: TranslatedPage, va: PageAddress): void {
    const { pages, layout } = this.state.space;
    const { triggers } = this.state.core;
    const writable = (page.flags & PTE_W) !== 0 && (page.flags & PTE_D) !== 0;
    const allowed = { load: true, store: writable && !pages.isWatched(page.offset) };
    if (triggers.watchesData) {
      const address = fromHalves(va.high, va.low);
      if (triggers.watches('load', address)) return;
      if (triggers.watches('store', address)) allowed.store = false;
    }
    this.state.tlb.fillData(this.state.context, va, layout.ram + page.offset, allowed, page);
  }

  #loadAcross(bytes: Bytes): number {
    const parts = this.#partsAcross('load', bytes);
    if (parts === null) return 0;
    const bounce = this.state.block + HART.bounce;
    const { ram } = this.state.space.layout;
    this.state.bytes.copyWithin(bounce, ram + parts.first, ram + parts.first + parts.firstBytes);
    this.state.bytes.copyWithin(
      bounce + parts.firstBytes,
      ram + parts.second,
      ram + parts.second + bytes - parts.firstBytes,
    );
    return bounce;
  }

  #storeAcross(bytes: Bytes): number {
    const parts = this.#partsAcross('store', bytes);
    if (parts === null) return 0;
    const { ram } = this.state.space.layout;
    this.#copyValue(ram + parts.first, 0, parts.firstBytes);
    this.#copyValue(ram + parts.second, parts.firstBytes, bytes - parts.firstBytes);
    return 1;
  }

  /** Offsets in RAM of the two parts of an access that crosses pages; null when it raised. */
  #partsAcross(access: Access, bytes: Bytes): { first: number; firstBytes: number; second: number } | null {
    const va = this.state.core.translation.dataAddress(this.#unsignedVa());
    const inPage = Number(va & BigInt(PAGE_OFFSET));
    const firstBytes = GUEST_PAGE - inPage;
    const secondVa = this.state.core.translation.dataAddress(BigInt.asUintN(64, va + BigInt(firstBytes)));
    const what = { store: access === 'store', bytes, atomic: false };
    const one = this.state.core.translation.translate(va, access);
    if (one.kind !== 'page' || one.offset < 0) {
      this.#dataFault(one, va, what);
      return null;
    }
    const two = this.state.core.translation.translate(secondVa, access);
    if (two.kind !== 'page' || two.offset < 0) {
      this.#dataFault(two, secondVa, what);
      return null;
    }
    return { first: one.offset + inPage, firstBytes, second: two.offset };
  }

  /** Copies bytes `from..from+count-1` of `HART.value` to a linear address in RAM. */
  #copyValue(address: number, from: number, count: number): void {
    const value = this.state.block + HART.value + from;
    this.state.bytes.copyWithin(address, value, value + count);
    this.state.space.stored(address - this.state.space.layout.ram, count);
  }

  #misaligned(store: boolean, atomic: boolean): number {
    const va = this.state.core.translation.dataAddress(this.#unsignedVa());
    this.state.settle((core) => core.misaligned(va, store, atomic));
    return 0;
  }

  #dataFault(found: Translation, va: bigint, what: { store: boolean; bytes: Bytes; atomic: boolean }): number {
    const { decoded, access } = this.#plan(this.state.currentWord());
    const { store, bytes, atomic } = what;
    const { rd, length, signed, word } = access;
    const core = this.state.begin();
    const value = this.#storedValue(decoded, what);
    // Field by field: a spread here costs more than the whole exit to the VMM.
    this.state.finish(core.dataFault(found, va, { store, bytes, atomic, value, rd, length, signed, word }));
    return 0;
  }

  #plan(word: number): FaultPlan {
    const place = (word ^ (word >>> 12) ^ (word >>> 20)) & (PLANS - 1);
    const known = this.#plans[place];
    if (known?.word === word) return known;
    const decoded = this.state.code.decode(word);
    if (decoded === null) throw new Error('a data access without an instruction');
    let isConditional = false;
    visitExpressions(decoded.instruction.semantics, (e) => {
      if (e.op === 'storeConditional') isConditional = true;
    });
    const plan = { word, decoded, access: accessWords(decoded), isConditional };
    this.#plans[place] = plan;
    return plan;
  }

  /** Of a store and of SC; an AMO has none before it has read. */
  #storedValue({ instruction, values }: Decoded, what: { store: boolean; atomic: boolean }): bigint {
    if (!what.store) return 0n;
    if (!what.atomic) return this.state.value(HART.value);
    let value = 0n;
    visitExpressions(instruction.semantics, (e) => {
      if (e.op === 'storeConditional' && e.value.op === 'x')
        value = this.state.core.registers.read(values[e.value.field] ?? 0);
    });
    return value;
  }

  #crossesPage(bytes: number): boolean {
    return (this.state.word(HART.va) & PAGE_OFFSET) + bytes > GUEST_PAGE;
  }

  #isMisaligned(bytes: number): boolean {
    return (this.state.word(HART.va) & (bytes - 1)) !== 0;
  }

  #unsignedVa(): bigint {
    return BigInt.asUintN(64, this.state.value(HART.va));
  }
}
