/**
 * Operands of an instruction: registers stay in the hart block and are found through the predecoded record. Which slot
 * of the record holds which field is settled here, on first use.
 */
import type { FloatExpr, Push } from '../../isa/derive/lower.ts';
import type { FieldName } from '../../isa/dsl/ir.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { type CodeBuilder, MEM, OP, VALTYPE, type ValType } from '../../wasm/index.ts';
import { HART, RECORD } from '../layout.ts';
import { FloatLowering } from './float.ts';
import type { Locals, ScratchPool } from './frame.ts';

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

/** The part of the lowering that needs no more than the hart block and the record. */
export abstract class RecordOperands {
  readonly code: CodeBuilder;
  readonly #float: FloatLowering;
  readonly #registers: RegisterSlot[] = [];
  #imm: { field: FieldName; relative: boolean } | null = null;

  constructor(
    readonly instruction: Instruction,
    readonly locals: Pick<Locals, 'block' | 'record'>,
    readonly pool: ScratchPool,
  ) {
    this.code = pool.code;
    pool.releaseAll();
    this.#float = new FloatLowering(locals, pool, () => this.illegal());
  }

  /** Leaves by way of an illegal instruction. */
  abstract illegal(): void;

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
    else this.code.get(this.locals.record).mem(MEM.i64_load32_s, this.immSlot(field, false));
  }

  pushImm32(field: FieldName): void {
    const constant = this.#constantField(field);
    if (constant !== null) this.code.i32(constant);
    else this.code.get(this.locals.record).mem(MEM.i32_load, this.immSlot(field, false));
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

  /** Offset in the record of the one immediate that there is. */
  protected immSlot(field: FieldName, relative: boolean): number {
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
