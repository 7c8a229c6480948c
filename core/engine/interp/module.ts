/**
 * Generates the interpreter from the instruction table: one WebAssembly function with a loop around a
 * `br_table` over predecoded records, a handler for each instruction that is switched on. It holds no
 * instruction knowledge: semantics come from the IR.
 */
import { lower } from '../../isa/derive/lower.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { CodeBuilder, encodeModule, type Label, MEM, OP, VALTYPE } from '../../wasm/index.ts';
import { FETCH_TLB, GUEST_PAGE, HART, RECORD, SCRATCH_RECORDS } from '../layout.ts';
import { type Alignment, type Exits, type Locals, pushPc, ScratchPool, save } from './frame.ts';
import { FIRST_OUTLINED, HOST, HOST_IMPORTS, HOST_MODULE, MEMORY_NAME, RUN_NAME, RUN_TYPE, SAVE_TYPE } from './host.ts';
import type { RecordShape } from './operands.ts';
import { isOutlined, OUTLINED_TYPE, outline } from './outlined.ts';
import { InterpreterTarget } from './target.ts';

/** Opcodes of records that are no instruction; a fresh page is all `decode`. */
export const SPECIAL = { decode: 0, leavePage: 1, straddle: 2, illegal: 3 } as const;
/** Opcode of the first instruction of the table; the others follow in its order. */
export const FIRST_OP = 4;

export interface InterpreterModule {
  readonly bytes: Uint8Array;
  readonly instructions: readonly Instruction[];
  /** How to fill in a record, in the order of `instructions`. */
  readonly shapes: readonly RecordShape[];
}

/** Bytes of the module and the record shape of each instruction. */
export function generateInterpreter(instructions: readonly Instruction[], alignment: Alignment): InterpreterModule {
  const run = new RunFunction(instructions, alignment);
  run.emit();
  const bytes = encodeModule({
    memory: { module: HOST_MODULE, name: MEMORY_NAME, minimumPages: 1 },
    imports: HOST_IMPORTS,
    functions: [
      { type: SAVE_TYPE, code: saveFunction() },
      { type: RUN_TYPE, code: run.code, exportAs: RUN_NAME },
      ...run.outlined.map((code) => ({ type: OUTLINED_TYPE, code })),
    ],
  });
  return { bytes, instructions, shapes: run.shapes };
}

function saveFunction(): CodeBuilder {
  const code = new CodeBuilder(SAVE_TYPE.params.length);
  const [va, block, left, pageVa, record, pageRecords] = [0, 1, 2, 3, 4, 5] as const;
  code.get(block);
  pushPc(code, { pageVa, record, pageRecords });
  code.mem(MEM.i64_store, HART.pc);
  code.get(block).get(left).mem(MEM.i32_store, HART.left);
  code.get(block).get(record).mem(MEM.i32_store, HART.record);
  code.get(block).get(va).mem(MEM.i64_store, HART.va);
  return code;
}

/** Nested loops: resume at the pc of the hart block, look a pc up, run the current record. */
class RunFunction {
  readonly code = new CodeBuilder(RUN_TYPE.params.length);
  readonly shapes: RecordShape[] = [];
  readonly outlined: CodeBuilder[] = [];
  readonly #locals: Locals;
  readonly #fetchTlb: number;

  constructor(
    readonly instructions: readonly Instruction[],
    readonly alignment: Alignment,
  ) {
    const i32 = () => this.code.local(VALTYPE.i32);
    const i64 = () => this.code.local(VALTYPE.i64);
    this.#locals = {
      left: 0,
      block: 1,
      record: i32(),
      pageRecords: i32(),
      pageVa: i64(),
      dataTlb: i32(),
      jumpTo: i64(),
    };
    this.#fetchTlb = i32();
  }

  emit(): void {
    const { code } = this;
    const { block, left } = this.#locals;
    code.get(block).get(left).mem(MEM.i32_store, HART.left);
    const exit = code.block();
    const resume = code.loop();
    this.#emitResume();
    const lookup = code.loop();
    this.#emitLookup(resume);
    const main = code.loop();
    this.#emitHandlers({ main, lookup, resume, exit });
    code.end().end().end().end();
    code.get(block);
    pushPc(code, this.#locals);
    code.mem(MEM.i64_store, HART.pc).i32(0);
  }

  #emitResume(): void {
    const { code } = this;
    const { block, left, jumpTo, dataTlb } = this.#locals;
    code.get(block).mem(MEM.i32_load, HART.left).set(left);
    code.get(block).mem(MEM.i32_load, HART.stop).if();
    code.get(left).return().end();
    code.get(block).mem(MEM.i64_load, HART.pc).set(jumpTo);
    code.get(block).mem(MEM.i32_load, HART.dataTlb).set(dataTlb);
    code.get(block).mem(MEM.i32_load, HART.fetchTlb).set(this.#fetchTlb);
  }

  #emitLookup(resume: Label): void {
    const { code } = this;
    const { block, left, jumpTo, pageVa, pageRecords, record } = this.#locals;
    const entry = code.local(VALTYPE.i32);
    code.get(left).op(OP.i32_eqz).if();
    code.get(block).get(jumpTo).mem(MEM.i64_store, HART.pc).i32(0).return();
    code.end();
    code.get(jumpTo).op(OP.i32_wrap_i64);
    code.i32(12 - FETCH_TLB.shift).op(OP.i32_shr_u);
    code.i32((FETCH_TLB.entries - 1) << FETCH_TLB.shift).op(OP.i32_and);
    code.get(this.#fetchTlb).op(OP.i32_add).tee(entry).mem(MEM.i64_load, FETCH_TLB.tag);
    code.get(jumpTo).i64(-GUEST_PAGE).op(OP.i64_and).tee(pageVa).op(OP.i64_ne).if();
    code.get(block).get(jumpTo).mem(MEM.i64_store, HART.pc);
    code.get(block).get(left).mem(MEM.i32_store, HART.left);
    code.call(HOST.fetch).op(OP.i32_eqz).brIf(resume);
    code.end();
    code.get(entry).mem(MEM.i32_load, FETCH_TLB.records).tee(pageRecords);
    code.get(jumpTo).op(OP.i32_wrap_i64);
    code
      .i32(GUEST_PAGE - 1)
      .op(OP.i32_and)
      .i32(RECORD.shift)
      .op(OP.i32_shl);
    code.op(OP.i32_add).set(record);
  }

  #emitHandlers(exits: Exits): void {
    const { code } = this;
    const handlers = [...this.#specialHandlers(exits), ...this.#instructionHandlers(exits)];
    const labels = handlers.map(() => code.block()).reverse();
    code.get(this.#locals.record).mem(MEM.i32_load16_u, RECORD.op);
    code.brTable(labels, labels[SPECIAL.illegal] as Label);
    for (const emit of handlers) {
      code.end();
      emit();
    }
  }

  /** In the order of `SPECIAL`. */
  #specialHandlers(exits: Exits): (() => void)[] {
    const { code } = this;
    const locals = this.#locals;
    const { block, pageRecords, record } = locals;
    const saveAll = () => save(code.i64(0), locals);
    const decode = () => {
      saveAll();
      code.call(HOST.decode).br(exits.main);
    };
    const leavePage = () => {
      pushPc(code, locals);
      code.set(locals.jumpTo).br(exits.lookup);
    };
    const straddle = () => {
      pushPc(code, locals);
      code.get(block).mem(MEM.i64_load, HART.straddled).op(OP.i64_ne).if();
      saveAll();
      code.call(HOST.straddle).op(OP.i32_eqz).brIf(exits.resume);
      code.end();
      code.get(record).get(pageRecords).op(OP.i32_sub);
      code.get(block).i32(SCRATCH_RECORDS).op(OP.i32_add).tee(pageRecords);
      code.op(OP.i32_add).set(record).br(exits.main);
    };
    const illegal = () => {
      saveAll();
      code.call(HOST.illegal).br(exits.resume);
    };
    return [decode, leavePage, straddle, illegal];
  }

  #instructionHandlers(exits: Exits): (() => void)[] {
    const pool = new ScratchPool(this.code);
    return this.instructions.map((instruction) => () => {
      const target = new InterpreterTarget(instruction, this.#locals, exits, pool, this.alignment);
      if (isOutlined(instruction)) this.shapes.push(this.#callOutlined(instruction, target));
      else {
        if (lower(instruction.semantics, target)) target.next();
        this.shapes.push(target.shape);
      }
    });
  }

  #callOutlined(instruction: Instruction, target: InterpreterTarget): RecordShape {
    const { code, shape } = outline(instruction);
    const index = FIRST_OUTLINED + this.outlined.push(code) - 1;
    this.code.get(this.#locals.block).get(this.#locals.record).call(index).op(OP.i32_eqz).if();
    target.illegal();
    this.code.end();
    target.next();
    return shape;
  }
}
