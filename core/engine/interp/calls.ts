/**
 * Host calls of the interpreter for one hart: TLB refill, accesses off the fast path, CSR and system
 * instructions, decoding. State is exact in the hart block while they run. Whatever raises or exits is
 * settled by `HartCore`; this file only brings the operands there and the accounting back.
 */
import type { HartExit } from '../../hart/api.ts';
import {
  CAUSE_MISALIGNED_LOAD,
  CAUSE_MISALIGNED_STORE,
  CSR_SIE,
  CSR_SIP,
  CSR_SSTATUS,
  CSR_STIMECMP,
} from '../../hart/constants.ts';
import type { HartCore } from '../../hart/core.ts';
import type { Expr, Stmt } from '../../isa/dsl/ir.ts';
import type { Decoded } from '../../isa/dsl/types.ts';
import { visitExpressions } from '../../isa/dsl/walk.ts';
import { type Access, PTE_D, PTE_W, type TranslatedPage, type Translation, walk } from '../../memory/translate.ts';
import {
  CONTEXT,
  type Context,
  dataTlbAt,
  fetchTlbAt,
  GUEST_PAGE,
  HART,
  HART_STRIDE,
  NO_TAG,
  reservationKey,
} from '../layout.ts';
import { HartTlb } from '../tlb.ts';
import type { InterpreterSpace, SpaceHart } from './space.ts';

const WORD = 2;
const PAGE_OFFSET = GUEST_PAGE - 1;
/** Above this, a range is not worth dropping page by page. */
const MAX_PAGES_FENCED_SINGLY = 16;
/** Writing these can make an interrupt due. */
const INTERRUPT_CSRS: ReadonlySet<number> = new Set([CSR_SSTATUS, CSR_SIE, CSR_SIP, CSR_STIMECMP]);

type Bytes = 1 | 2 | 4 | 8;

export class HostCalls implements SpaceHart {
  readonly block: number;
  readonly tlb: HartTlb;
  readonly #words: Int32Array;
  readonly #values: BigInt64Array;
  readonly #bytes: Uint8Array;
  #core: HartCore | null = null;
  /** Why the slice ended, when it did not end by its budget. */
  exit: HartExit | null = null;
  #context: Context = CONTEXT.supervisor;
  /** What the TLBs were filled under, besides `#context`. */
  #root = 0;
  #levels = 0;
  #mxr = false;
  #scratchWord = 0;
  /** Of the slice: `clock.retired` at its start plus its budget, less units spent on traps. */
  #retiredAtEnd = 0;

  constructor(readonly space: InterpreterSpace) {
    this.block = space.add(this);
    this.#words = space.words;
    this.#values = new BigInt64Array(space.buffer);
    this.#bytes = new Uint8Array(space.buffer);
    this.tlb = new HartTlb(space.words, this.block);
    space.pages.prepareScratch(this.block);
    this.#setWord(HART.straddled, NO_TAG);
    this.#selectTlbs();
  }

  attach(core: HartCore): void {
    this.#core = core;
    core.attach({
      contextChanged: () => this.contextChanged(),
      sfenceVma: (address, size) => this.#sfence(address, size),
      fenceI: () => {},
    });
    this.contextChanged();
  }

  get core(): HartCore {
    if (this.#core === null) throw new Error('the hart has no core yet');
    return this.#core;
  }

  /** Runs at most `budget` units; `clock` is exact afterwards. Gives the units used. */
  runSlice(budget: number): number {
    const { clock } = this.core;
    this.exit = null;
    this.#setWord(HART.stop, 0);
    this.#retiredAtEnd = clock.retired + budget;
    const left = this.space.run(this, this.block, budget);
    clock.retired = this.#retiredAtEnd - left;
    return budget - left;
  }

  /** Ends the slice when the host call under way, if any, returns. */
  stop(): void {
    this.#setWord(HART.stop, 1);
  }

  load(bytes: number): number {
    if (this.#crossesPage(bytes)) return this.#loadAcross(bytes as Bytes);
    return this.#address('load', bytes as Bytes, false);
  }

  loadReserved(bytes: number): number {
    if (this.#isMisaligned(bytes)) return this.#misaligned(CAUSE_MISALIGNED_LOAD);
    return this.#address('load', bytes as Bytes, true);
  }

  atomic(bytes: number): number {
    if (this.#isMisaligned(bytes)) return this.#misaligned(CAUSE_MISALIGNED_STORE);
    const address = this.#address('store', bytes as Bytes, true);
    if (address !== 0) this.space.written(address - this.space.layout.ram, bytes);
    return address;
  }

  store(bytes: number): number {
    if (this.#crossesPage(bytes)) return this.#storeAcross(bytes as Bytes);
    const address = this.#address('store', bytes as Bytes, false);
    if (address === 0) return 0;
    this.#copyValue(address, 0, bytes);
    return 1;
  }

  system(): void {
    const word = this.#currentWord();
    const decoded = this.space.decode(word);
    this.#settle((core) => {
      if (decoded === null) return core.illegal(word);
      const stmt = leavingStmt(decoded);
      const exit = this.#carryOut(core, decoded, stmt);
      if (exit === null && mayEnableInterrupt(decoded, stmt) && this.#mustLookAgain(decoded, stmt)) this.stop();
      return exit;
    });
  }

  fetch(): number {
    const { core, space } = this;
    const high = this.#word(HART.pc + 4);
    const low = this.#word(HART.pc);
    const found = walk(core.memory, core.context, high >>> 0, low >>> 0, 'fetch');
    if (found.kind !== 'page' || found.offset < 0) {
      this.#settle(() => core.fetchFault(found, core.pc));
      return 0;
    }
    const records = space.recordsAt(found.offset);
    const context = this.#context === CONTEXT.user ? CONTEXT.user : CONTEXT.supervisor;
    this.tlb.fillFetch(context, { high, low }, records, found.level);
    return 1;
  }

  decode(): void {
    this.space.pages.fill(this.#word(HART.record));
  }

  straddle(): number {
    const { core, space } = this;
    const { pages } = space;
    const first = pages.offsetOf(this.#word(HART.record));
    const secondVa = BigInt.asUintN(64, core.pc + 2n);
    const found = core.translateAddress(secondVa, 'fetch');
    if (found.kind !== 'page' || found.offset < 0) {
      this.#settle(() => core.fetchFault(found, secondVa));
      return 0;
    }
    // Both pages must be known as code, so that a store to either is noticed; the first may just have been dropped.
    space.recordsAt(found.offset);
    space.recordsAt(first - (first & PAGE_OFFSET));
    this.#scratchWord = (pages.halfword(first) | (pages.halfword(found.offset) << 16)) >>> 0;
    pages.writeScratch(this.block, this.#scratchWord);
    this.#setWord(HART.straddled, this.#word(HART.pc));
    this.#setWord(HART.straddled + 4, this.#word(HART.pc + 4));
    return 1;
  }

  recordsDropped(): void {
    this.tlb.flushFetch();
    this.#forgetStraddled();
  }

  becameCode(page: number): void {
    this.tlb.dropStores(page);
  }

  codeWritten(): void {
    this.#forgetStraddled();
  }

  remapped(): void {
    this.tlb.flush();
    this.#forgetStraddled();
  }

  contextChanged(): void {
    const { levels, root, mxr, user, sum } = this.core.context;
    this.#context = user ? CONTEXT.user : sum ? CONTEXT.supervisorSum : CONTEXT.supervisor;
    if (levels !== this.#levels || root !== this.#root || mxr !== this.#mxr) this.tlb.flush();
    this.#levels = levels;
    this.#root = root;
    this.#mxr = mxr;
    this.#forgetStraddled();
    this.#selectTlbs();
  }

  /** The core drops reservations; in generated code they live in the hart block. */
  shareReservation(): void {
    const key = this.#word(HART.reservation) >>> 0;
    if (key === 0) {
      this.core.reservation = null;
      return;
    }
    const bytes = (key & 3) === 2 ? 8 : 4;
    const value = BigInt.asUintN(bytes * 8, this.#value(HART.reservedValue));
    this.core.reservation = { offset: key - (key & 3) - this.space.layout.ram, bytes, value };
  }

  /** Takes over the reservation that the core has now. */
  takeReservation(): void {
    const { reservation } = this.core;
    if (reservation === null) {
      this.#setWord(HART.reservation, 0);
      return;
    }
    const { offset, bytes, value } = reservation;
    this.#setWord(HART.reservation, reservationKey(this.space.layout.ram + offset, bytes));
    this.#values[(this.block + HART.reservedValue) >>> 3] = BigInt.asIntN(bytes * 8, value);
  }

  /**
   * Lets the core do the current instruction and accounts for it: an exit does not retire, a trap taken
   * by the guest costs units of the budget without retiring.
   */
  #settle(act: (core: HartCore) => HartExit | null): void {
    const { core } = this;
    const left = this.#word(HART.left);
    core.clock.retired = this.#retiredAtEnd - left;
    const waited = core.clock.waited;
    this.shareReservation();
    this.exit = act(core);
    this.takeReservation();
    if (this.exit !== null) {
      this.stop();
      return;
    }
    const spent = core.clock.waited - waited;
    this.#retiredAtEnd -= spent;
    this.#setWord(HART.left, left - Math.max(spent, 1));
  }

  #carryOut(core: HartCore, decoded: Decoded, stmt: Stmt): HartExit | null {
    const { values, word, instruction } = decoded;
    if (stmt.op === 'system') {
      const args = stmt.args.map((arg) => this.#operand(decoded, arg));
      return core.system(stmt.name, args, word, instruction.length);
    }
    if (stmt.op === 'csr') {
      return core.csr({
        csr: values[stmt.csr] ?? 0,
        access: stmt.kind,
        rd: values[stmt.rd] ?? 0,
        source: this.#operand(decoded, stmt.source),
        hasSource: (values[stmt.sourceField] ?? 0) !== 0,
        word,
      });
    }
    return core.illegal(word);
  }

  #operand({ values, instruction }: Decoded, expr: Expr): bigint {
    if (expr.op === 'x') return this.core.readX(values[expr.field] ?? 0);
    if (expr.op === 'imm') return BigInt.asUintN(64, BigInt(values[expr.field] ?? 0));
    throw new Error(`${instruction.name}: system operands are registers or immediates`);
  }

  #mustLookAgain({ values }: Decoded, stmt: Stmt): boolean {
    return (stmt.op === 'csr' && values[stmt.csr] === CSR_STIMECMP) || this.core.nextInterrupt() >= 0;
  }

  /** Linear address of the bytes at `HART.va`, all in one page, with the TLB filled; 0 when it raised. */
  #address(access: Access, bytes: Bytes, atomic: boolean): number {
    const { core, space } = this;
    const high = this.#word(HART.va + 4);
    const low = this.#word(HART.va);
    const found = walk(core.memory, core.context, high >>> 0, low >>> 0, access);
    if (found.kind !== 'page' || found.offset < 0) {
      return this.#dataFault(found, this.#unsignedVa(), { store: access === 'store', bytes, atomic });
    }
    this.#fill(found, high, low);
    return space.layout.ram + found.offset + (low & PAGE_OFFSET);
  }

  #fill(page: TranslatedPage, high: number, low: number): void {
    const { pages, layout } = this.space;
    const writable = (page.flags & PTE_W) !== 0 && (page.flags & PTE_D) !== 0;
    const allowed = { load: true, store: writable && !pages.isCode(page.offset) };
    this.tlb.fillData(this.#context, { high, low }, layout.ram + page.offset, allowed, page.level);
  }

  #loadAcross(bytes: Bytes): number {
    const parts = this.#partsAcross('load', bytes);
    if (parts === null) return 0;
    const bounce = this.block + HART.bounce;
    const { ram } = this.space.layout;
    this.#bytes.copyWithin(bounce, ram + parts.first, ram + parts.first + parts.firstBytes);
    this.#bytes.copyWithin(
      bounce + parts.firstBytes,
      ram + parts.second,
      ram + parts.second + bytes - parts.firstBytes,
    );
    return bounce;
  }

  #storeAcross(bytes: Bytes): number {
    const parts = this.#partsAcross('store', bytes);
    if (parts === null) return 0;
    const { ram } = this.space.layout;
    this.#copyValue(ram + parts.first, 0, parts.firstBytes);
    this.#copyValue(ram + parts.second, parts.firstBytes, bytes - parts.firstBytes);
    return 1;
  }

  /** Offsets in RAM of the two parts of an access that crosses pages; null when it raised. */
  #partsAcross(access: Access, bytes: Bytes): { first: number; firstBytes: number; second: number } | null {
    const va = this.#unsignedVa();
    const inPage = Number(va & BigInt(PAGE_OFFSET));
    const firstBytes = GUEST_PAGE - inPage;
    const secondVa = BigInt.asUintN(64, va + BigInt(firstBytes));
    const what = { store: access === 'store', bytes, atomic: false };
    const one = this.core.translateAddress(va, access);
    if (one.kind !== 'page' || one.offset < 0) {
      this.#dataFault(one, va, what);
      return null;
    }
    const two = this.core.translateAddress(secondVa, access);
    if (two.kind !== 'page' || two.offset < 0) {
      this.#dataFault(two, secondVa, what);
      return null;
    }
    return { first: one.offset + inPage, firstBytes, second: two.offset };
  }

  /** Copies bytes `from..from+count-1` of `HART.value` to a linear address in RAM. */
  #copyValue(address: number, from: number, count: number): void {
    const value = this.block + HART.value + from;
    this.#bytes.copyWithin(address, value, value + count);
    this.space.written(address - this.space.layout.ram, count);
  }

  #misaligned(cause: bigint): number {
    const va = this.#unsignedVa();
    this.#settle((core) => core.raise(cause, va));
    return 0;
  }

  #dataFault(found: Translation, va: bigint, what: { store: boolean; bytes: Bytes; atomic: boolean }): number {
    const decoded = this.space.decode(this.#currentWord());
    if (decoded === null) throw new Error('a data access without an instruction');
    this.#settle((core) =>
      core.dataFault(found, va, {
        ...what,
        value: this.#value(HART.value),
        signed: isSignedLoad(decoded),
        rd: decoded.values.rd ?? 0,
        length: decoded.instruction.length,
      }),
    );
    return 0;
  }

  #sfence(address?: bigint, size = 1n): void {
    this.#forgetStraddled();
    if (address === undefined) {
      this.tlb.flush();
      return;
    }
    const first = address >> 12n;
    const last = (address + (size > 0n ? size : 1n) - 1n) >> 12n;
    if (last - first >= BigInt(MAX_PAGES_FENCED_SINGLY)) {
      this.tlb.flush();
      return;
    }
    for (let page = first; page <= last; page++) {
      const va = BigInt.asUintN(64, page << 12n);
      this.tlb.flushPage({ high: Number(va >> 32n) | 0, low: Number(va & 0xffff_ffffn) | 0 });
    }
  }

  /** Bits of the instruction whose record is the current one. */
  #currentWord(): number {
    const record = this.#word(HART.record);
    const { pages } = this.space;
    const inScratch = record >= this.block && record < this.block + HART_STRIDE;
    return inScratch ? this.#scratchWord : pages.wordAt(pages.offsetOf(record));
  }

  #crossesPage(bytes: number): boolean {
    return (this.#word(HART.va) & PAGE_OFFSET) + bytes > GUEST_PAGE;
  }

  #isMisaligned(bytes: number): boolean {
    return (this.#word(HART.va) & (bytes - 1)) !== 0;
  }

  #unsignedVa(): bigint {
    return BigInt.asUintN(64, this.#value(HART.va));
  }

  #selectTlbs(): void {
    const fetchContext = this.#context === CONTEXT.user ? CONTEXT.user : CONTEXT.supervisor;
    this.#setWord(HART.dataTlb, dataTlbAt(this.block, this.#context));
    this.#setWord(HART.fetchTlb, fetchTlbAt(this.block, fetchContext));
  }

  #forgetStraddled(): void {
    this.#setWord(HART.straddled, NO_TAG);
    this.#setWord(HART.straddled + 4, 0);
  }

  #word(offset: number): number {
    return this.#words[(this.block + offset) >>> WORD] ?? 0;
  }

  #setWord(offset: number, value: number): void {
    this.#words[(this.block + offset) >>> WORD] = value;
  }

  #value(offset: number): bigint {
    return this.#values[(this.block + offset) >>> 3] ?? 0n;
  }
}

/** The statement for which an instruction leaves generated code. */
function leavingStmt({ instruction }: Decoded): Stmt {
  const found = instruction.semantics.body.find((s) => s.op === 'csr' || s.op === 'system' || s.op === 'illegal');
  if (found === undefined) throw new Error(`${instruction.name} has nothing for the host to do`);
  return found;
}

function mayEnableInterrupt({ values }: Decoded, stmt: Stmt): boolean {
  if (stmt.op === 'csr') return INTERRUPT_CSRS.has(values[stmt.csr] ?? 0);
  return stmt.op === 'system' && stmt.name === 'sret';
}

function isSignedLoad({ instruction }: Decoded): boolean {
  let signed = false;
  visitExpressions(instruction.semantics, (e) => {
    if ((e.op === 'load' && e.signed) || e.op === 'loadReserved' || e.op === 'atomic') signed = true;
  });
  return signed;
}
