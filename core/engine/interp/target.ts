/**
 * Lowering policy of the interpreter: registers stay in the hart block and are found through the
 * predecoded record, the pc follows from the position of the record, and what is rare leaves through
 * the host. Which slot of the record holds which field is settled here, on first use.
 */

import type { JumpTarget, LowerTarget, Push, SystemStmt } from '../../isa/derive/lower.ts';
import type { FieldName, Width } from '../../isa/dsl/ir.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { type CodeBuilder, type Label, MEM, type MemOp, OP, VALTYPE, type ValType } from '../../wasm/index.ts';
import { DATA_TLB, HART, PAGE_RECORDS_BYTES, RECORD, reservationKey } from '../layout.ts';
import { HOST, SAVE } from './host.ts';

/** Locals of the run function. */
export interface Locals {
  /** Instructions left, the current one included. */
  readonly left: number;
  readonly block: number;
  readonly record: number;
  /** Address of the records of the current page, and the virtual address of the page. */
  readonly pageRecords: number;
  readonly pageVa: number;
  readonly dataTlb: number;
  readonly jumpTo: number;
}

/** Where control goes after an instruction. */
export interface Exits {
  /** Runs the record in `record`. */
  readonly main: Label;
  /** Looks `jumpTo` up; what jumped has been counted. */
  readonly lookup: Label;
  /** Goes on at the pc of the hart block, or stops, as the host said. */
  readonly resume: Label;
  /** The budget is used up: saves the pc of `record` and returns. */
  readonly exit: Label;
}

/** How the record of one instruction is filled in. */
export interface RecordShape {
  readonly registers: readonly { readonly field: FieldName; readonly write: boolean }[];
  readonly imm: { readonly field: FieldName; readonly relative: boolean } | null;
}

const REGISTER_BYTES = 8;

const LOADS: Record<Width, { readonly signed: MemOp; readonly unsigned: MemOp }> = {
  1: { signed: MEM.i64_load8_s, unsigned: MEM.i64_load8_u },
  2: { signed: MEM.i64_load16_s, unsigned: MEM.i64_load16_u },
  4: { signed: MEM.i64_load32_s, unsigned: MEM.i64_load32_u },
  8: { signed: MEM.i64_load, unsigned: MEM.i64_load },
};
const STORES: Record<Width, MemOp> = { 1: MEM.i64_store8, 2: MEM.i64_store16, 4: MEM.i64_store32, 8: MEM.i64_store };

/** The arguments of `SAVE` behind the virtual address. */
export function pushState(code: CodeBuilder, locals: Locals): void {
  code.get(locals.block).get(locals.left).get(locals.pageVa).get(locals.record).get(locals.pageRecords);
}

/** Leaves the pc of the record. */
export function pushPc(code: CodeBuilder, locals: Pick<Locals, 'record' | 'pageRecords' | 'pageVa'>): void {
  code.get(locals.pageVa);
  code.get(locals.record).get(locals.pageRecords).op(OP.i32_sub).i32(RECORD.shift).op(OP.i32_shr_u);
  code.op(OP.i64_extend_i32_u).op(OP.i64_add);
}

/** Locals that instructions share, since only one runs at a time. */
export class ScratchPool {
  readonly #byType = new Map<ValType, { readonly locals: number[]; used: number }>();

  constructor(readonly code: CodeBuilder) {}

  take(type: ValType): number {
    const entry = this.#byType.get(type) ?? { locals: [], used: 0 };
    this.#byType.set(type, entry);
    const local = entry.locals[entry.used] ?? this.code.local(type);
    entry.locals[entry.used++] = local;
    return local;
  }

  releaseAll(): void {
    for (const entry of this.#byType.values()) entry.used = 0;
  }
}

export class InterpreterTarget implements LowerTarget {
  readonly code: CodeBuilder;
  readonly #registers: { field: FieldName; write: boolean }[] = [];
  #imm: { field: FieldName; relative: boolean } | null = null;

  constructor(
    readonly instruction: Instruction,
    readonly locals: Locals,
    readonly exits: Exits,
    readonly pool: ScratchPool,
  ) {
    this.code = pool.code;
    pool.releaseAll();
  }

  /** Known once the instruction has been lowered. */
  get shape(): RecordShape {
    return { registers: this.#registers, imm: this.#imm };
  }

  scratch(type: ValType): number {
    return this.pool.take(type);
  }

  pushX(field: FieldName): void {
    this.#registerAddress(field, false, (offset) => this.code.mem(MEM.i64_load, offset));
  }

  pushX32(field: FieldName): void {
    this.#registerAddress(field, false, (offset) => this.code.mem(MEM.i32_load, offset));
  }

  setX(field: FieldName, value: Push): void {
    this.#registerAddress(field, true, (offset) => {
      value();
      this.code.mem(MEM.i64_store, offset);
    });
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

  load(bytes: Width, signed: boolean, addr: Push): void {
    this.#hostAddress(bytes, addr, { tag: DATA_TLB.load, aligned: false, miss: HOST.load });
    this.code.mem(signed ? LOADS[bytes].signed : LOADS[bytes].unsigned);
  }

  store(bytes: Width, addr: Push, value: Push): void {
    const { code, locals } = this;
    const va = this.scratch(VALTYPE.i64);
    const entry = this.scratch(VALTYPE.i32);
    addr();
    code.set(va);
    this.#compareTag(va, entry, bytes, DATA_TLB.store, false);
    code.if();
    code.get(locals.block);
    value();
    code.mem(MEM.i64_store, HART.value);
    this.#askHost(va, bytes, HOST.store);
    code.op(OP.i32_eqz).brIf(this.exits.resume);
    code.else();
    this.#ramAddress(va, entry);
    value();
    code.mem(STORES[bytes]);
    code.end();
  }

  loadReserved(bytes: 4 | 8, addr: Push): void {
    const { code, locals } = this;
    const at = this.scratch(VALTYPE.i32);
    this.#hostAddress(bytes, addr, { tag: DATA_TLB.load, aligned: true, miss: HOST.loadReserved });
    code.set(at);
    code.get(locals.block).get(at).i32(reservationKey(0, bytes)).op(OP.i32_or).mem(MEM.i32_store, HART.reservation);
    code.get(locals.block).get(at).mem(LOADS[bytes].signed).mem(MEM.i64_store, HART.reservedValue);
    code.get(locals.block).mem(MEM.i64_load, HART.reservedValue);
  }

  /** Succeeds when memory still holds what LR saw: exact but for a value that went away and came back. */
  storeConditional(bytes: 4 | 8, addr: Push, value: Push): void {
    const { code, locals } = this;
    const at = this.scratch(VALTYPE.i32);
    this.#hostAddress(bytes, addr, { tag: DATA_TLB.store, aligned: true, miss: HOST.atomic });
    code.tee(at).i32(reservationKey(0, bytes)).op(OP.i32_or);
    code.get(locals.block).mem(MEM.i32_load, HART.reservation).op(OP.i32_eq);
    code.get(at).mem(LOADS[bytes].signed).get(locals.block).mem(MEM.i64_load, HART.reservedValue).op(OP.i64_eq);
    code.op(OP.i32_and);
    code.get(locals.block).i32(0).mem(MEM.i32_store, HART.reservation);
    code.if(VALTYPE.i64);
    code.get(at);
    value();
    code.mem(STORES[bytes]).i64(0);
    code.else().i64(1).end();
  }

  atomic(bytes: Width, addr: Push, old: number, update: Push): void {
    const { code } = this;
    const at = this.scratch(VALTYPE.i32);
    this.#hostAddress(bytes, addr, { tag: DATA_TLB.store, aligned: true, miss: HOST.atomic });
    code.tee(at).mem(LOADS[bytes].signed).set(old);
    code.get(at);
    update();
    code.mem(STORES[bytes]);
    code.get(old);
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
    this.jump(target);
    this.code.end();
  }

  illegal(): void {
    this.#leave(HOST.system);
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
    this.#save();
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
    this.pushPc();
    code.get(locals.record).mem(MEM.i32_load, slot).i32(RECORD.shift).op(OP.i32_shr_s).op(OP.i64_extend_i32_s);
    code.op(OP.i64_add).set(locals.jumpTo).br(exits.lookup);
  }

  /** Leaves the address in linear memory of `bytes` bytes at the address, all of them in one page. */
  #hostAddress(bytes: Width, addr: Push, how: { tag: number; aligned: boolean; miss: number }): void {
    const { code } = this;
    const va = this.scratch(VALTYPE.i64);
    const entry = this.scratch(VALTYPE.i32);
    addr();
    code.set(va);
    this.#compareTag(va, entry, bytes, how.tag, how.aligned);
    code.if(VALTYPE.i32);
    this.#askHost(va, bytes, how.miss);
    code.tee(entry).op(OP.i32_eqz).brIf(this.exits.resume).get(entry);
    code.else();
    this.#ramAddress(va, entry);
    code.end();
  }

  /**
   * Leaves 1 on a miss. The entry is chosen by the first byte and compared with the page of the last
   * one: they differ when the access crosses pages, because neighbours never share an entry. Atomics
   * compare the low bits of the address too, which a tag does not have.
   */
  #compareTag(va: number, entry: number, bytes: Width, tag: number, aligned: boolean): void {
    const { code, locals } = this;
    const pageBits = 12 - DATA_TLB.shift;
    code.get(va).op(OP.i32_wrap_i64).i32(pageBits).op(OP.i32_shr_u);
    code.i32((DATA_TLB.entries - 1) << DATA_TLB.shift).op(OP.i32_and);
    code.get(locals.dataTlb).op(OP.i32_add).tee(entry).mem(MEM.i64_load, tag);
    code.get(va);
    if (aligned) {
      code.i64(-4096 | (bytes - 1)).op(OP.i64_and);
    } else {
      if (bytes > 1) code.i64(bytes - 1).op(OP.i64_add);
      code.i64(-4096).op(OP.i64_and);
    }
    code.op(OP.i64_ne);
  }

  #ramAddress(va: number, entry: number): void {
    this.code.get(va).op(OP.i32_wrap_i64).get(entry).mem(MEM.i32_load, DATA_TLB.addend).op(OP.i32_add);
  }

  #askHost(va: number, bytes: Width, host: number): void {
    this.code.get(va);
    this.#save();
    this.code.i32(bytes).call(host);
  }

  /** Takes the virtual address from the stack. */
  #save(): void {
    pushState(this.code, this.locals);
    this.code.call(SAVE);
  }

  /** Pushes the base of the register; `use` gets the offset that its access has to add. */
  #registerAddress(field: FieldName, write: boolean, use: (offset: number) => void): void {
    const { code, locals } = this;
    const constant = this.#constantField(field);
    if (constant !== null) {
      code.get(locals.block);
      use(constant === 0 && write ? HART.sink : HART.x + constant * REGISTER_BYTES);
      return;
    }
    code.get(locals.record).mem(MEM.i32_load16_u, this.#registerSlot(field, write));
    code.get(locals.block).op(OP.i32_add);
    use(0);
  }

  #registerSlot(field: FieldName, write: boolean): number {
    let index = this.#registers.findIndex((r) => r.field === field && r.write === write);
    if (index < 0) index = this.#registers.push({ field, write }) - 1;
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
