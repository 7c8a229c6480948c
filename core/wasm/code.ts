/**
 * Body of one WebAssembly function: instructions in order, structured control with labels, locals by
 * index. It checks that labels are open and that blocks are closed; operand types are left to the
 * engine's validation when the module is compiled. [WebAssembly core 5.4]
 */
import { ByteWriter } from './bytes.ts';
import { type BlockType, type MemOp, OP, type Op, type ValType, VOID } from './opcodes.ts';

const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const ELSE = 0x05;
const END = 0x0b;
const BR = 0x0c;
const BR_IF = 0x0d;
const BR_TABLE = 0x0e;
const CALL = 0x10;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const LOCAL_TEE = 0x22;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const F64_CONST = 0x44;

/** An open block, loop or if: what branches name. */
export type Label = number & { readonly __brand: 'Label' };

export class CodeBuilder {
  readonly #out = new ByteWriter();
  readonly #locals: ValType[] = [];
  #depth = 0;

  /** `parameters`: number of parameters of the function; locals are numbered after them. */
  constructor(readonly parameters: number) {}

  get locals(): readonly ValType[] {
    return this.#locals;
  }

  /** Index of a new local, zero at entry. */
  local(type: ValType): number {
    this.#locals.push(type);
    return this.parameters + this.#locals.length - 1;
  }

  op(op: Op): this {
    this.#out.byte(op);
    return this;
  }

  /** Load or store at the address on the stack plus `offset`; no alignment is promised. */
  mem(op: MemOp, offset = 0): this {
    this.#out.byte(op).byte(0).u32(offset);
    return this;
  }

  i32(value: number): this {
    this.#out.byte(I32_CONST).s32(value);
    return this;
  }

  i64(value: number | bigint): this {
    this.#out.byte(I64_CONST).s64(value);
    return this;
  }

  f64(value: number): this {
    this.#out.byte(F64_CONST).append(new Uint8Array(new Float64Array([value]).buffer));
    return this;
  }

  get(local: number): this {
    this.#out.byte(LOCAL_GET).u32(local);
    return this;
  }

  set(local: number): this {
    this.#out.byte(LOCAL_SET).u32(local);
    return this;
  }

  tee(local: number): this {
    this.#out.byte(LOCAL_TEE).u32(local);
    return this;
  }

  call(functionIndex: number): this {
    this.#out.byte(CALL).u32(functionIndex);
    return this;
  }

  return(): this {
    return this.op(OP.return);
  }

  block(type: BlockType = VOID): Label {
    return this.#open(BLOCK, type);
  }

  loop(type: BlockType = VOID): Label {
    return this.#open(LOOP, type);
  }

  if(type: BlockType = VOID): Label {
    return this.#open(IF, type);
  }

  else(): this {
    this.#out.byte(ELSE);
    return this;
  }

  /** Closes the innermost open block. */
  end(): this {
    if (this.#depth === 0) throw new Error('wasm: end without an open block');
    this.#depth--;
    this.#out.byte(END);
    return this;
  }

  br(label: Label): this {
    this.#out.byte(BR).u32(this.#relative(label));
    return this;
  }

  brIf(label: Label): this {
    this.#out.byte(BR_IF).u32(this.#relative(label));
    return this;
  }

  brTable(labels: readonly Label[], fallback: Label): this {
    this.#out.byte(BR_TABLE).u32(labels.length);
    for (const label of labels) this.#out.u32(this.#relative(label));
    this.#out.u32(this.#relative(fallback));
    return this;
  }

  /** Instructions with the closing `end` of the function. */
  finish(): Uint8Array {
    if (this.#depth !== 0) throw new Error(`wasm: ${this.#depth} blocks left open`);
    this.#out.byte(END);
    return this.#out.view();
  }

  #open(opcode: number, type: BlockType): Label {
    this.#out.byte(opcode).byte(type);
    return ++this.#depth as Label;
  }

  #relative(label: Label): number {
    const relative = this.#depth - label;
    if (relative < 0) throw new Error('wasm: branch to a closed block');
    return relative;
  }
}
