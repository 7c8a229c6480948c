/**
 * Lowering policy of the interpreter: registers stay in the hart block and are found through the
 * predecoded record, the pc follows from the position of the record, and what is rare leaves through
 * the host. Which slot of the record holds which field is settled here, on first use.
 */

import type { FloatExpr, JumpTarget, LowerTarget, Push, SystemStmt } from '../../isa/derive/lower.ts';
import type { FieldName, Width } from '../../isa/dsl/ir.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { type CodeBuilder, MEM, OP, VALTYPE, type ValType } from '../../wasm/index.ts';
import { HART, PAGE_RECORDS_BYTES, RECORD } from '../layout.ts';
import { type FloatFunctions, FloatLowering } from './float.ts';
import { type Exits, type Locals, pushPc, type ScratchPool, save } from './frame.ts';
import { HOST } from './host.ts';
import { MemoryLowering } from './memory.ts';

interface RegisterSlot {
  readonly file: 'x' | 'f';
  readonly field: FieldName;
  readonly write: boolean;
}

/** Offset in the hart block of a register; writes to x0 go elsewhere. */
export function registerOffset(file: 'x' | 'f', register: number, write: boolean): number {
  if (file === 'f') return HART.f + register * REGISTER_BYTES;
  return register === 0 && write ? HART.sink : HART.x + register * REGISTER_BYTES;
}

/** How the record of one instruction is filled in. */
export interface RecordShape {
  readonly registers: readonly RegisterSlot[];
  readonly imm: { readonly field: FieldName; readonly relative: boolean } | null;
}

const REGISTER_BYTES = 8;

export class InterpreterTarget implements LowerTarget {
  readonly code: CodeBuilder;
  readonly #memory: MemoryLowering;
  readonly #float: FloatLowering;
  readonly #registers: RegisterSlot[] = [];
  #imm: { field: FieldName; relative: boolean } | null = null;

  constructor(
    readonly instruction: Instruction,
    readonly locals: Locals,
    readonly exits: Exits,
    readonly pool: ScratchPool,
    readonly functions: FloatFunctions,
    readonly instructionAlignment: 2 | 4,
  ) {
    this.code = pool.code;
    pool.releaseAll();
    this.#memory = new MemoryLowering(locals, exits, pool);
    this.#float = new FloatLowering(locals, pool, functions, () => this.illegal());
  }

  /** Known once the instruction has been lowered. */
  get shape(): RecordShape {
    return { registers: this.#registers, imm: this.#imm };
  }

  scratch(type: ValType): number {
    return this.pool.take(type);
  }

  pushX(field: FieldName): void {
    this.#registerAddress('x', field, false, (offset) => this.code.mem(MEM.i64_load, offset));
  }

  pushX32(field: FieldName): void {
    this.#registerAddress('x', field, false, (offset) => this.code.mem(MEM.i32_load, offset));
  }

  setX(field: FieldName, value: Push): void {
    this.#registerAddress('x', field, true, (offset) => {
      value();
      this.code.mem(MEM.i64_store, offset);
    });
  }

  prepareFloat(rm: FieldName | null): void {
    this.#float.prepare(rm === null ? null : () => this.pushImm32(rm));
  }

  pushF(field: FieldName): void {
    this.#registerAddress('f', field, false, (offset) => this.code.mem(MEM.i64_load, offset));
  }

  setF(field: FieldName, value: Push): void {
    this.#registerAddress('f', field, true, (offset) => {
      value();
      this.code.mem(MEM.i64_store, offset);
    });
    this.#float.markDirty();
  }

  float(expr: FloatExpr, args: readonly Push[]): void {
    this.#float.operate(expr, args);
  }

  pushXHigh(field: FieldName): void {
    const { code } = this;
    const even = this.scratch(VALTYPE.i32);
    this.#pushRegisterOffset({ file: 'x', field, write: false });
    code.tee(even).i32(HART.x).op(OP.i32_eq).if(VALTYPE.i64);
    code.i64(0).else();
    code.get(this.locals.block).get(even).op(OP.i32_add).mem(MEM.i64_load, REGISTER_BYTES).end();
  }

  setXHigh(field: FieldName, value: Push): void {
    const { code } = this;
    const even = this.scratch(VALTYPE.i32);
    this.#pushRegisterOffset({ file: 'x', field, write: true });
    code.tee(even).i32(HART.sink).op(OP.i32_ne).if();
    code.get(this.locals.block).get(even).op(OP.i32_add);
    value();
    code.mem(MEM.i64_store, REGISTER_BYTES).end();
  }

  pushImm(field: FieldName): void {
    const constant = this.#constantField(field);
    if (constant !== null) this.code.i64(constant);
    else this.code.get(this.locals.record).mem(MEM.i64_load32_s, this.#immSlot(field, false));
  }

  pushImm32(field: FieldName): void {
    const constant = this.#constantField(field);
    if (constant !== null) this.code.i32(constant);
    else this.code.get(this.locals.record).mem(MEM.i32_load, this.#immSlot(field, false));
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
    if (this.instructionAlignment === 2) return;
    const { code, locals } = this;
    this.#pushTarget(target);
    code
      .tee(locals.jumpTo)
      .op(OP.i32_wrap_i64)
      .i32(this.instructionAlignment - 1)
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
    const slot = this.#immSlot(field, true);
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
    code.get(locals.record).mem(MEM.i32_load, this.#immSlot(target.field, true));
    code.i32(RECORD.shift).op(OP.i32_shr_s).op(OP.i64_extend_i32_s).op(OP.i64_add);
  }

  /** Pushes the base of the register; `use` gets the offset that its access has to add. */
  #registerAddress(file: 'x' | 'f', field: FieldName, write: boolean, use: (offset: number) => void): void {
    const { code, locals } = this;
    const constant = this.#constantField(field);
    if (constant !== null) {
      code.get(locals.block);
      use(registerOffset(file, constant, write));
      return;
    }
    this.#pushRegisterOffset({ file, field, write });
    code.get(locals.block).op(OP.i32_add);
    use(0);
  }

  /** Pushes where the register of a field that is encoded lies in the hart block. */
  #pushRegisterOffset(slot: RegisterSlot): void {
    this.code.get(this.locals.record).mem(MEM.i32_load16_u, this.#registerSlot(slot));
  }

  #registerSlot(wanted: RegisterSlot): number {
    let index = this.#registers.findIndex((slot) => slot.field === wanted.field && slot.write === wanted.write);
    if (index < 0) index = this.#registers.push(wanted) - 1;
    const slot = RECORD.registers[index];
    if (slot === undefined) throw new Error(`${this.instruction.name}: more registers than a record has room for`);
    return slot;
  }

  #immSlot(field: FieldName, relative: boolean): number {
    this.#imm ??= { field, relative };
    if (this.#imm.field !== field || this.#imm.relative !== relative) {
      throw new Error(`${this.instruction.name}: more immediates than a record has room for`);
    }
    return RECORD.imm;
  }

  /** Value of a field that no bit of the instruction encodes, or null. */
  #constantField(name: FieldName): number | null {
    const field = this.instruction.fields.find((f) => f.name === name);
    if (field === undefined) throw new Error(`${this.instruction.name} has no field ${name}`);
    return field.bits.length === 0 ? (field.bias ?? 0) : null;
  }
}
