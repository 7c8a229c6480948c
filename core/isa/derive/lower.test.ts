/** Every instruction that only computes, lowered to a function of its own and compared with the reference evaluator. */
import { describe, expect, it } from 'vitest';
import { floatOperate, type RoundingMode } from '../../float/index.ts';
import { CodeBuilder, encodeModule, type FunctionType, MEM, OP, VALTYPE } from '../../wasm/index.ts';
import { INSTRUCTIONS } from '../defs/index.ts';
import { effectsOf } from '../dsl/effects.ts';
import { DYNAMIC_ROUNDING } from '../dsl/formats-f.ts';
import type { FieldName } from '../dsl/ir.ts';
import type { Decoded, Instruction } from '../dsl/types.ts';
import { encode, rangeOf } from './encode.ts';
import { evaluate } from './evaluate.ts';
import { type FloatExpr, type LowerTarget, lower, type Push } from './lower.ts';

const PC = 0x1_8000_0ffen;
const VALUES = [0n, 1n, 2n, 31n, 63n, 0x7fff_ffffn, 0x8000_0000n, 0xffff_ffffn, 0x1234_5678_9abc_def0n].flatMap((v) => [
  v,
  BigInt.asUintN(64, -v),
  BigInt.asUintN(64, v << 32n),
]);

const FLOAT_TYPE: FunctionType = {
  params: [VALTYPE.i32, VALTYPE.i64, VALTYPE.i64, VALTYPE.i64],
  results: [VALTYPE.i64],
};

/** frm is 0 here. */
const roundingOf = (rm: number): number => (rm === DYNAMIC_ROUNDING ? 0 : rm);

const notHere = (): never => {
  throw new Error('this instruction only computes');
};

/** Where f registers are; integer ones are at 8 times their number. */
const F_AT = 256;

/** Registers in memory, fields as constants. What an operation on numbers is called with goes to the import. */
class ConstantTarget implements LowerTarget {
  readonly code = new CodeBuilder(0);
  readonly operations: { readonly expr: FloatExpr; readonly rounding: number }[] = [];
  constructor(readonly decoded: Decoded) {}

  #field(name: FieldName): number {
    return this.decoded.values[name] as number;
  }
  scratch(type: Parameters<CodeBuilder['local']>[0]) {
    return this.code.local(type);
  }
  pushX(field: FieldName) {
    this.code.i32(8 * this.#field(field)).mem(MEM.i64_load);
  }
  pushX32(field: FieldName) {
    this.code.i32(8 * this.#field(field)).mem(MEM.i32_load);
  }
  setX(field: FieldName, value: () => void) {
    this.code.i32(8 * this.#field(field));
    value();
    this.code.mem(MEM.i64_store);
  }
  pushXHigh = notHere;
  setXHigh = notHere;
  prepareFloat() {}
  pushF(field: FieldName) {
    this.code.i32(F_AT + 8 * this.#field(field)).mem(MEM.i64_load);
  }
  setF(field: FieldName, value: () => void) {
    this.code.i32(F_AT + 8 * this.#field(field));
    value();
    this.code.mem(MEM.i64_store);
  }
  float(expr: FloatExpr, args: readonly Push[]) {
    this.operations.push({ expr, rounding: roundingOf(expr.rm === null ? 0 : this.#field(expr.rm)) });
    this.code.i32(this.operations.length - 1);
    for (const arg of args) arg();
    for (let n = args.length; n < 3; n++) this.code.i64(0);
    this.code.call(0);
  }
  pushImm(field: FieldName) {
    this.code.i64(this.#field(field));
  }
  pushImm32(field: FieldName) {
    this.code.i32(this.#field(field));
  }
  pushPc() {
    this.code.i64(PC);
  }
  pushNextPc() {
    this.code.i64(PC).i64(this.decoded.instruction.length).op(OP.i64_add);
  }
  load = notHere;
  store = notHere;
  loadReserved = notHere;
  storeConditional = notHere;
  atomic = notHere;
  atomicPair = notHere;
  checkJump = notHere;
  jump = notHere;
  branch = notHere;
  illegal = notHere;
  csr = notHere;
  system = notHere;
}

function lowered(decoded: Decoded, memory: WebAssembly.Memory): () => void {
  const target = new ConstantTarget(decoded);
  expect(lower(decoded.instruction.semantics, target)).toBe(true);
  const type = { params: [], results: [] };
  const bytes = encodeModule({
    memory: { module: 'e', name: 'm', minimumPages: 1 },
    imports: [{ module: 'e', name: 'float', type: FLOAT_TYPE }],
    functions: [{ type, code: target.code, exportAs: 'f' }],
  });
  const float = (operation: number, ...given: bigint[]) => {
    const { expr, rounding } = target.operations[operation]!;
    const operands = given.map((value) => BigInt.asUintN(64, value));
    return floatOperate(expr.kind, expr.format, rounding as RoundingMode, operands).bits;
  };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { e: { m: memory, float } });
  return instance.exports.f as () => void;
}

function evaluated(decoded: Decoded, registers: BigUint64Array): bigint[] {
  const result = [...registers];
  evaluate(decoded, {
    pc: PC,
    setPc: () => {},
    readX: (index) => registers[index] as bigint,
    writeX: (index, value) => {
      result[index] = value;
    },
    float: {
      isOff: false,
      frm: 0,
      read: (index) => registers[F_AT / 8 + index] as bigint,
      write: (index, value) => {
        result[F_AT / 8 + index] = value;
      },
      accrue: () => {},
    },
    load: notHere,
    store: notHere,
    loadReserved: notHere,
    storeConditional: notHere,
    atomic: notHere,
    atomicPair: notHere,
    csr: notHere,
    system: notHere,
    illegal: notHere,
  });
  return result;
}

/** With the largest, the smallest and a middle immediate. */
function examplesOf(instruction: Instruction): Decoded[] {
  const given: Record<FieldName, number> = { rd: 10, rs1: 11, rs2: 12 };
  return [0, 0.6, 1].flatMap((where) => {
    const values = instruction.fields.map((field) => {
      const { min, max, step, excludes } = rangeOf(field);
      const legal = Array.from({ length: (max - min) / step + 1 }, (_, n) => min + step * n).filter(
        (candidate) => !excludes.includes(candidate),
      );
      const value = legal[Math.floor((legal.length - 1) * where)] ?? min;
      return [
        field.name,
        (field.kind === 'x' || field.kind === 'f') && max > min ? (given[field.name] ?? 10) : value,
      ] as const;
    });
    const encoded = encode(instruction, Object.fromEntries(values.filter(([name]) => hasBits(instruction, name))));
    return encoded.ok ? [{ instruction, word: encoded.word, values: Object.fromEntries(values) }] : [];
  });
}

function hasBits(instruction: Instruction, name: FieldName): boolean {
  return instruction.fields.some((field) => field.name === name && field.bits.length > 0);
}

const COMPUTING = INSTRUCTIONS.filter(({ semantics }) => {
  const { readsMemory, writesMemory, endsBlock } = effectsOf(semantics);
  return !readsMemory && !writesMemory && !endsBlock;
});

describe('the order of register writes', () => {
  it('is refused when a later statement could trap or see the new value', () => {
    const decoded = examplesOf(INSTRUCTIONS.find(({ name }) => name === 'add') as Instruction)[0] as Decoded;
    const rd = { op: 'x', ty: 'i64', field: 'rd' } as const;
    const write = { op: 'setX', field: 'rd', value: { op: 'const', ty: 'i64', value: 1n } } as const;
    const store = { op: 'store', bytes: 8, addr: { op: 'pc', ty: 'i64' }, value: write.value } as const;
    for (const later of [store, { op: 'setX', field: 'rs1', value: rd } as const]) {
      const semantics = { body: [write, later], locals: [] };
      expect(() => lower(semantics, new ConstantTarget(decoded))).toThrow(/behind a register write/);
    }
  });
});

describe('a lowered instruction computes what the reference evaluator does', () => {
  it.each(COMPUTING.map((instruction) => [instruction.name, instruction] as const))('%s', (_name, instruction) => {
    const examples = examplesOf(instruction);
    expect(examples.length).toBeGreaterThan(0);
    for (const decoded of examples) {
      const memory = new WebAssembly.Memory({ initial: 1 });
      const registers = new BigUint64Array(memory.buffer, 0, 64);
      const run = lowered(decoded, memory);
      for (const [index, a] of VALUES.entries()) {
        for (const b of [a, ...VALUES.slice(index % 3)]) {
          registers.fill(0xdeadn);
          registers.set([0n, 0n, a], 0);
          registers.set([a, a, b], 10);
          registers.set([a, a, b], F_AT / 8 + 10);
          const expected = evaluated(decoded, registers);
          run();
          expect([...registers], `${instruction.name} of ${a} and ${b}`).toEqual(expected);
        }
      }
    }
  });
});
