/**
 * Host calls of the interpreter for one hart: CSR and system instructions, instruction fetch, decoding; those
 * for data are in `data.ts`. State is exact in the hart block while they run. This file only brings the
 * operands to `HartCore`.
 */
import type { HartExit, HartOptions } from '../../hart/api.ts';
import { CAUSE_MISALIGNED_FETCH, CSR_SIE, CSR_SIP, CSR_SSTATUS, CSR_STIMECMP } from '../../hart/constants.ts';
import type { HartCore } from '../../hart/core.ts';
import type { CsrStmt, SystemStmt } from '../../isa/derive/lower.ts';
import type { Expr } from '../../isa/dsl/ir.ts';
import type { Decoded } from '../../isa/dsl/types.ts';
import { walk } from '../../memory/translate.ts';
import { CONTEXT, GUEST_PAGE, HART } from '../layout.ts';
import { DataCalls } from './data.ts';
import type { InterpreterSpace, SpaceHart } from './space.ts';
import { HartState } from './state.ts';

const PAGE_OFFSET = GUEST_PAGE - 1;
/** Writing these can make an interrupt due. */
const INTERRUPT_CSRS: ReadonlySet<number> = new Set([CSR_SSTATUS, CSR_SIE, CSR_SIP, CSR_STIMECMP]);

/** A guest has few different system instructions; this bounds one that makes them up. */
const MAX_PLANS = 4096;

export class HostCalls implements SpaceHart {
  readonly state: HartState;
  readonly #data: DataCalls;
  readonly #plans = new Map<number, Plan>();

  constructor(space: InterpreterSpace, options: HartOptions) {
    this.state = new HartState(space, space.codes.for(options.extensions), space.add(this, options.id));
    this.#data = new DataCalls(this.state);
  }

  load(bytes: number): number {
    return this.#data.load(bytes);
  }

  loadReserved(bytes: number): number {
    return this.#data.loadReserved(bytes);
  }

  store(bytes: number): number {
    return this.#data.store(bytes);
  }

  atomic(bytes: number): number {
    return this.#data.atomic(bytes);
  }

  system(): void {
    const plan = this.#planOf(this.state.currentWord());
    this.state.settle((core) => {
      const exit = this.#carryOut(core, plan);
      if (exit === null && plan.mayEnableInterrupt && this.#mustLookAgain(plan)) this.state.stop();
      return exit;
    });
  }

  misalignedJump(): void {
    const target = BigInt.asUintN(64, this.state.value(HART.va));
    this.state.settle((core) => core.raise(CAUSE_MISALIGNED_FETCH, target));
  }

  fetch(): number {
    const { core, space } = this.state;
    const high = this.state.word(HART.pc + 4);
    const low = this.state.word(HART.pc);
    const found = walk(core.memory, core.context, high >>> 0, low >>> 0, 'fetch');
    if (found.kind !== 'page' || found.offset < 0) {
      this.state.settle(() => core.fetchFault(found, core.pc));
      return 0;
    }
    const records = space.recordsAt(found.offset);
    const context = this.state.context === CONTEXT.user ? CONTEXT.user : CONTEXT.supervisor;
    this.state.tlb.fillFetch(context, { high, low }, records, found.level);
    return 1;
  }

  decode(): void {
    this.state.space.pages.fill(this.state.word(HART.record));
  }

  straddle(): number {
    const { core, space } = this.state;
    const { pages } = space;
    const first = pages.offsetOf(this.state.word(HART.record));
    const secondVa = BigInt.asUintN(64, core.pc + 2n);
    const found = core.translateAddress(secondVa, 'fetch');
    if (found.kind !== 'page' || found.offset < 0) {
      this.state.settle(() => core.fetchFault(found, secondVa));
      return 0;
    }
    // Both pages must be known as code, so that a store to either is noticed; the first may just have been dropped.
    space.recordsAt(found.offset);
    space.recordsAt(first - (first & PAGE_OFFSET));
    this.state.scratchWord = (pages.halfword(first) | (pages.halfword(found.offset) << 16)) >>> 0;
    pages.writeScratch(this.state.block, this.state.scratchWord);
    this.state.setWord(HART.straddled, this.state.word(HART.pc));
    this.state.setWord(HART.straddled + 4, this.state.word(HART.pc + 4));
    return 1;
  }

  recordsDropped(): void {
    this.state.tlb.flushFetch();
    this.state.forgetStraddled();
  }

  becameCode(page: number): void {
    this.state.tlb.dropStores(page);
  }

  codeWritten(): void {
    this.state.forgetStraddled();
  }

  #planOf(word: number): Plan {
    const known = this.#plans.get(word);
    if (known !== undefined) return known;
    const plan = planFor(word, this.state.code.decode(word));
    if (this.#plans.size === MAX_PLANS) this.#plans.clear();
    this.#plans.set(word, plan);
    return plan;
  }

  #carryOut(core: HartCore, { decoded, stmt, word }: Plan): HartExit | null {
    if (decoded === null || stmt === null) return core.illegal(word);
    const { values, instruction } = decoded;
    if (stmt.op === 'system') {
      const args = stmt.args.map((arg) => this.#operand(decoded, arg));
      return core.system(stmt.name, args, word, instruction.length);
    }
    return core.csr({
      csr: values[stmt.csr] ?? 0,
      access: stmt.kind,
      rd: values[stmt.rd] ?? 0,
      source: this.#operand(decoded, stmt.source),
      hasSource: (values[stmt.sourceField] ?? 0) !== 0,
      word,
    });
  }

  #operand({ values, instruction }: Decoded, expr: Expr): bigint {
    if (expr.op === 'x') return this.state.core.readX(values[expr.field] ?? 0);
    if (expr.op === 'imm') return BigInt.asUintN(64, BigInt(values[expr.field] ?? 0));
    throw new Error(`${instruction.name}: system operands are registers or immediates`);
  }

  #mustLookAgain(plan: Plan): boolean {
    return plan.csr === CSR_STIMECMP || this.state.core.nextInterrupt() >= 0;
  }

  remapped(): void {
    this.state.remapped();
  }
}

/** What an instruction that leaves generated code is, worked out once for its bits. */
interface Plan {
  readonly word: number;
  /** Null when it is illegal. */
  readonly decoded: Decoded | null;
  /** Null when all it does is to be illegal. */
  readonly stmt: CsrStmt | SystemStmt | null;
  readonly csr: number;
  readonly mayEnableInterrupt: boolean;
}

function planFor(word: number, decoded: Decoded | null): Plan {
  const stmt = decoded?.instruction.semantics.body.find((s) => s.op === 'csr' || s.op === 'system') ?? null;
  const csr = stmt?.op === 'csr' ? (decoded?.values[stmt.csr] ?? -1) : -1;
  const returns = stmt?.op === 'system' && stmt.name === 'sret';
  return { word, decoded, stmt, csr, mayEnableInterrupt: returns || INTERRUPT_CSRS.has(csr) };
}
