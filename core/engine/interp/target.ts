/**
 * Lowering policy of the interpreter: operands are found through the predecoded record, the pc follows from its
 * position, and what is rare leaves through the host.
 */

import type { JumpTarget, LowerTarget, Push, SystemStmt } from '../../isa/derive/lower.ts';
import type { FieldName, Width } from '../../isa/dsl/ir.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { MEM, OP, VALTYPE } from '../../wasm/index.ts';
import { PAGE_RECORDS_BYTES, RECORD } from '../layout.ts';
import { type Alignment, type Exits, type Locals, pushPc, type ScratchPool, save } from './frame.ts';
import { HOST } from './host.ts';
import { MemoryLowering } from './memory.ts';
import { RecordOperands } from './operands.ts';

export class InterpreterTarget extends RecordOperands implements LowerTarget {
  readonly #memory: MemoryLowering;

  constructor(
    instruction: Instruction,
    override readonly locals: Locals,
    readonly exits: Exits,
    pool: ScratchPool,
    readonly alignment: Alignment,
  ) {
    super(instruction, locals, pool);
    this.#memory = new MemoryLowering(locals, exits, pool, alignment.data);
  }

  pushPc(): void {
    pushPc(this.code, this.locals);
  }

  pushNextPc(): void {
    this.pushPc();
    this.code.i64(this.instruction.length).op(OP.i64_add);
  }

  /** With 16-bit instructions every even target is aligned, and targets are even. */
  checkJump(target: JumpTarget): void {
    if (this.alignment.instructions === 2) return;
    const { code, locals } = this;
    this.#pushTarget(target);
    code
      .tee(locals.jumpTo)
      .op(OP.i32_wrap_i64)
      .i32(this.alignment.instructions - 1)
      .op(OP.i32_and)
      .if();
    save(code.get(locals.jumpTo), locals);
    code.call(HOST.misalignedJump).br(this.exits.resume);
    code.end();
  }

  jump(target: JumpTarget): void {
    if (target.kind === 'relative') {
      this.#jumpRelative(target.field);
      return;
    }
    target.push();
    this.code.set(this.locals.jumpTo);
    this.#count();
    this.code.br(this.exits.lookup);
  }

  branch(cond: Push, target: JumpTarget): void {
    cond();
    this.code.if();
    this.checkJump(target);
    this.jump(target);
    this.code.end();
  }

  load(bytes: Width, signed: boolean, addr: Push): void {
    this.#memory.load(bytes, signed, addr);
  }

  store(bytes: Width, addr: Push, value: Push): void {
    this.#memory.store(bytes, addr, value);
  }

  loadReserved(bytes: 4 | 8, addr: Push): void {
    this.#memory.loadReserved(bytes, addr);
  }

  storeConditional(bytes: 4 | 8, addr: Push, value: Push): void {
    this.#memory.storeConditional(bytes, addr, value);
  }

  atomic(bytes: Width, addr: Push, old: number, update: Push): void {
    this.#memory.atomic(bytes, addr, old, update);
  }

  atomicPair(addr: Push, old: readonly [number, number], update: readonly [Push, Push]): void {
    this.#memory.atomicPair(addr, old, update);
  }

  illegal(): void {
    this.#leave(HOST.illegal);
  }

  csr(): void {
    this.#leave(HOST.system);
  }

  /** Records are always coherent and there is one memory order, so fences have nothing to do. */
  system(stmt: SystemStmt): boolean {
    if (stmt.name === 'fence' || stmt.name === 'fence.i' || stmt.name === 'pause') return true;
    this.#leave(HOST.system);
    return false;
  }

  /** Goes to the record behind this one. */
  next(): void {
    const { code, locals } = this;
    const bytes = this.instruction.length << RECORD.shift;
    code.get(locals.record).i32(bytes).op(OP.i32_add).set(locals.record);
    this.#count();
    code.get(locals.left).brIf(this.exits.main).br(this.exits.exit);
  }

  #count(): void {
    const { code, locals } = this;
    code.get(locals.left).i32(1).op(OP.i32_sub).set(locals.left);
  }

  /** The host does the instruction. */
  #leave(host: number): void {
    this.code.i64(0);
    save(this.code, this.locals);
    this.code.call(host).br(this.exits.resume);
  }

  #jumpRelative(field: FieldName): void {
    const { code, locals, exits } = this;
    const slot = this.immSlot(field, true);
    const target = this.scratch(VALTYPE.i32);
    this.#count();
    code.get(locals.record).get(locals.record).mem(MEM.i32_load, slot).op(OP.i32_add).tee(target);
    code.get(locals.pageRecords).op(OP.i32_sub).i32(PAGE_RECORDS_BYTES).op(OP.i32_lt_u).if();
    code.get(target).set(locals.record);
    code.get(locals.left).brIf(exits.main).br(exits.exit);
    code.end();
    this.#pushTarget({ kind: 'relative', field });
    code.set(locals.jumpTo).br(exits.lookup);
  }

  #pushTarget(target: JumpTarget): void {
    if (target.kind === 'computed') {
      target.push();
      return;
    }
    const { code, locals } = this;
    this.pushPc();
    code.get(locals.record).mem(MEM.i32_load, this.immSlot(target.field, true));
    code.i32(RECORD.shift).op(OP.i32_shr_s).op(OP.i64_extend_i32_s).op(OP.i64_add);
  }
}
