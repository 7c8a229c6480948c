/**
 * Host calls of the interpreter for one hart: CSR and system instructions, those for data are
 * in `data.ts`, for instruction fetch in `fetch.ts`. State is exact in the hart block while they run. This file only brings the
 * operands to `PrivilegedInstructions` and `HartCore`.
 */
import type { HartExit, HartOptions } from '../../hart/api.ts';
import {
  CAUSE_MISALIGNED_FETCH,
  CSR_SCAUSE,
  CSR_SEPC,
  CSR_SIE,
  CSR_SIP,
  CSR_SSCRATCH,
  CSR_SSTATUS,
  CSR_STIMECMP,
  CSR_STVAL,
} from '../../hart/constants.ts';
import type { HartCore } from '../../hart/core.ts';
import { writtenValue } from '../../hart/csrs.ts';
import type { CsrAccess } from '../../hart/exits.ts';
import { CSR_LENGTH, PrivilegedInstructions } from '../../hart/instructions.ts';
import type { IntegerRegisters } from '../../hart/integer.ts';
import type { Expr, SystemOp } from '../../isa/dsl/ir.ts';
import type { Decoded } from '../../isa/dsl/types.ts';
import { HART } from '../layout.ts';
import { DataCalls } from './data.ts';
import { FetchCalls } from './fetch.ts';
import { floatCall } from './float.ts';
import type { InterpreterSpace, SpaceHart } from './space.ts';
import { HartState } from './state.ts';

/** Writing these can make an interrupt due. */
const INTERRUPT_CSRS: ReadonlySet<number> = new Set([CSR_SSTATUS, CSR_SIE, CSR_SIP, CSR_STIMECMP]);

/** Hold what was written, and nothing looks at them before a trap or SRET does. */
const STORED_CSRS: ReadonlySet<number> = new Set([CSR_SSCRATCH, CSR_SEPC, CSR_SCAUSE, CSR_STVAL]);

/** Plans kept, a power of two: a guest has few different system instructions, and one that makes them up pays for it. */
const PLANS = 1024;

export class HostCalls implements SpaceHart {
  readonly state: HartState;
  readonly #data: DataCalls;
  readonly #fetch: FetchCalls;
  #instructions: PrivilegedInstructions | null = null;
  readonly #plans = new Array<Plan | null>(PLANS).fill(null);

  constructor(space: InterpreterSpace, options: HartOptions) {
    this.state = new HartState(space, space.codes.for(options), space.add(this, options.id));
    this.#data = new DataCalls(this.state);
    this.#fetch = new FetchCalls(this.state);
  }

  attach(core: HartCore): void {
    this.state.attach(core);
    this.#instructions = new PrivilegedInstructions(core);
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
    const { state } = this;
    const plan = this.#planOf(state.recordedWord());
    if (plan.stored !== null && this.#accessStored(plan.stored)) return;
    const exit = this.#carryOut(state.begin(), plan);
    if (exit === null && plan.mayEnableInterrupt && this.#mustLookAgain(plan)) state.stop();
    state.finish(exit);
  }

  float(operation: number, rounding: number, a: bigint, b: bigint, c: bigint): bigint {
    return floatCall(this.state.core.float, operation, rounding, [a, b, c]);
  }

  illegal(): void {
    this.state.settle((core) => core.illegal(this.state.currentWord()));
  }

  misalignedJump(): void {
    const target = BigInt.asUintN(64, this.state.value(HART.va));
    this.state.settle((core) => core.raise(CAUSE_MISALIGNED_FETCH, target));
  }

  fetch(): number {
    return this.#fetch.fetch();
  }

  decode(): void {
    this.#fetch.decode();
  }

  straddle(): number {
    return this.#fetch.straddle();
  }

  recordsDropped(): void {
    this.state.tlb.flushFetch();
    this.state.forgetStraddled();
  }

  becameWatched(page: number): void {
    this.state.tlb.dropStores(page);
  }

  /** Marks may have been among what was cleared. */
  codeWritten(): void {
    this.state.forgetStraddled();
    if (this.state.core.triggers.watchesFetch) this.state.tlb.flushFetch();
  }

  #planOf(word: number): Plan {
    const place = (word ^ (word >>> 12) ^ (word >>> 20)) & (PLANS - 1);
    const known = this.#plans[place];
    if (known?.word === word) return known;
    const plan = planFor(word, this.state.code.decode(word >>> 0));
    this.#plans[place] = plan;
    return plan;
  }

  #carryOut(core: HartCore, plan: Plan): HartExit | null {
    const { csr, system } = plan;
    const instructions = this.#instructions;
    if (instructions === null) throw new Error('the hart has no core yet');
    if (csr !== null) {
      csr.source = sourceOf(core.registers, csr.from, csr.constant);
      return instructions.csr(csr);
    }
    if (system === null) throw new Error('a host call of no CSR or system instruction');
    const args =
      system.registers.length === 0 ? NO_ARGUMENTS : system.registers.map((index) => core.registers.read(index));
    return instructions.system(system.name, args, plan.word, system.length);
  }

  /** Nothing depends on such a CSR, so that there is nothing to settle; false where the core has to look at it. */
  #accessStored({ csr, access, rd, hasSource, from, constant }: CsrPlan): boolean {
    const { core } = this.state;
    if (core.privilege !== 'S' || core.triggers.counting) return false;
    const { csrs, registers } = core;
    const old = csrs.read(csr) ?? 0n;
    if (access === 'rw' || hasSource) csrs.write(csr, writtenValue(access, old, sourceOf(registers, from, constant)));
    registers.write(rd, old);
    registers.advance(CSR_LENGTH);
    this.state.setWord(HART.left, this.state.word(HART.left) - 1);
    return true;
  }

  #mustLookAgain(plan: Plan): boolean {
    return plan.csr?.csr === CSR_STIMECMP || this.state.core.nextInterrupt() >= 0;
  }

  remapped(): void {
    this.state.remapped();
  }
}

/** What an instruction that leaves generated code is, worked out once for its bits: one of the two. */
interface Plan {
  readonly word: number;
  readonly csr: CsrPlan | null;
  readonly system: SystemPlan | null;
  readonly mayEnableInterrupt: boolean;
  /** `csr` when it is one of `STORED_CSRS`. */
  readonly stored: CsrPlan | null;
}

/** A CSR instruction; `source` is evaluated anew each time: from a register, or the constant when `from` is -1. */
interface CsrPlan extends CsrAccess {
  source: bigint;
  readonly from: number;
  readonly constant: bigint;
}

interface SystemPlan {
  readonly name: SystemOp;
  /** Whose values are the arguments. */
  readonly registers: readonly number[];
  readonly length: 2 | 4;
}

const NO_ARGUMENTS: readonly bigint[] = [];

function sourceOf(registers: IntegerRegisters, from: number, constant: bigint): bigint {
  return from < 0 ? constant : registers.read(from);
}

function planFor(word: number, decoded: Decoded | null): Plan {
  const nothing = { word, csr: null, system: null, mayEnableInterrupt: false, stored: null };
  if (decoded === null) return nothing;
  const { values, instruction } = decoded;
  const stmt = instruction.semantics.body.find((s) => s.op === 'csr' || s.op === 'system');
  if (stmt === undefined) return nothing;
  if (stmt.op === 'system') {
    // A fence finds its operands itself.
    const args = stmt.name === 'sfence.vma' ? [] : stmt.args;
    const registers = args.map((arg) => registerOf(decoded, arg));
    const system = { name: stmt.name, registers, length: instruction.length };
    return { ...nothing, system, mayEnableInterrupt: stmt.name === 'sret' };
  }
  const from = stmt.source.op === 'imm' ? -1 : registerOf(decoded, stmt.source);
  const csr: CsrPlan = {
    csr: values[stmt.csr] ?? 0,
    access: stmt.kind,
    rd: values[stmt.rd] ?? 0,
    source: 0n,
    hasSource: (values[stmt.sourceField] ?? 0) !== 0,
    word: word >>> 0,
    from,
    constant: stmt.source.op === 'imm' ? BigInt.asUintN(64, BigInt(values[stmt.source.field] ?? 0)) : 0n,
  };
  return {
    ...nothing,
    csr,
    mayEnableInterrupt: INTERRUPT_CSRS.has(csr.csr),
    stored: STORED_CSRS.has(csr.csr) ? csr : null,
  };
}

function registerOf({ values, instruction }: Decoded, expr: Expr): number {
  if (expr.op === 'x') return values[expr.field] ?? 0;
  throw new Error(`${instruction.name}: system operands are registers or immediates`);
}
