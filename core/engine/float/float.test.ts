import { describe, expect, it } from 'vitest';
import {
  FLAG,
  FLOAT_OPS,
  type FloatFormat,
  type FloatOp,
  type FloatResult,
  floatOperate,
  floatOperation,
  ROUNDING_MODES,
  type RoundingMode,
} from '../../float/index.ts';
import { FS_DIRTY } from '../../hart/float.ts';
import { hardOperands } from '../../testing/float/operands.ts';
import { Rng } from '../../testing/qemu/rng.ts';
import { CodeBuilder, encodeModule, VALTYPE } from '../../wasm/index.ts';
import { HART } from '../layout.ts';
import { emitFastFloat } from './index.ts';

const { i32, i64 } = VALTYPE;
const BLOCK = 64;
const OPERATION = 77;
const FIRST_OPERAND = 2;
/** Of hard operands, each in ten states. */
const SETS = 200;
/** What the host gives: no result of any operation that is tested here. */
const ASKED = 0x5a5a_0000_1234_5678n;

interface Fast {
  /** Whether NX is set, and FS is dirty: null when it asks the host. */
  operate(standing: boolean, rm: RoundingMode, operands: readonly bigint[]): bigint | null;
}

/** The operation as a function, with a host that only tells that it was asked, and of what. */
function instantiate(op: FloatOp, format: FloatFormat): Fast | null {
  const operands = floatOperation(op).operands.map((_, index) => FIRST_OPERAND + index);
  const code = new CodeBuilder(FIRST_OPERAND + operands.length);
  const frame = { block: 0, mode: 1, operands };
  if (!emitFastFloat(code, frame, op, format, { index: 0, operation: OPERATION })) return null;
  const type = { params: [i32, i32, ...operands.map(() => i64)], results: [i64] };
  const host = { module: 'h', name: 'float', type: { params: [i32, i32, i64, i64, i64], results: [i64] } };
  const bytes = encodeModule({
    memory: { module: 'h', name: 'memory', minimumPages: 1 },
    imports: [host],
    functions: [{ type, code, exportAs: 'f' }],
  });
  const memory = new WebAssembly.Memory({ initial: 1 });
  const words = new Int32Array(memory.buffer);
  let asked: (number | bigint)[] = [];
  const float = (...question: (number | bigint)[]): bigint => {
    asked = question;
    return ASKED;
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { h: { memory, float } });
  const run = exports.f as (block: number, rm: number, ...operands: bigint[]) => bigint;
  return {
    operate(standing, rm, operands) {
      words[(BLOCK + HART.fcsr) / 4] = standing ? FLAG.NX : 0;
      words[(BLOCK + HART.fs) / 4] = standing ? FS_DIRTY : 1;
      const bits = BigInt.asUintN(64, run(BLOCK, rm, ...operands));
      if (bits !== ASKED) return bits;
      const [operation, mode, ...given] = asked;
      const unsigned = given.slice(0, operands.length).map((operand) => BigInt.asUintN(64, BigInt(operand)));
      expect([operation, mode, unsigned]).toEqual([OPERATION, rm, operands]);
      return null;
    },
  };
}

const fastOperations = FLOAT_OPS.flatMap((op) =>
  floatOperation(op).formats.flatMap((format) => {
    const fast = instantiate(op, format);
    return fast === null ? [] : [{ op, format, fast }];
  }),
);

const words = (op: FloatOp, rm: number, operands: readonly bigint[], what: string): string =>
  `${op} rm=${rm} ${operands.map((operand) => `0x${operand.toString(16)}`).join(' ')}: ${what}`;

/** What is wrong with an answer, in words; null if nothing is. */
function mistake(answer: bigint | null, exact: FloatResult, standing: boolean): string | null {
  if (answer === null) return null;
  if (answer !== exact.bits) return `gives 0x${answer.toString(16)} instead of 0x${exact.bits.toString(16)}`;
  const raises = exact.flags & ~(standing ? FLAG.NX : 0);
  return raises === 0 ? null : `does not raise ${raises}`;
}

describe('fast floating-point code', () => {
  it('is there for all that singles and doubles do often', () => {
    expect(fastOperations.filter(({ format }) => format === 'd').map(({ op }) => op)).toEqual(
      FLOAT_OPS.filter((op) => !['fromH', 'fromD', 'toI32Modular'].includes(op)),
    );
    expect(fastOperations.filter(({ format }) => format === 'h')).toEqual([]);
  });

  it.each(fastOperations)('gives the exact result of $op in $format, or asks the host', ({ op, format, fast }) => {
    const rng = new Rng(20);
    const mistakes: string[] = [];
    for (let i = 0; i < SETS; i++) {
      const operands = hardOperands(rng, op, format);
      for (const rm of ROUNDING_MODES) {
        const exact = floatOperate(op, format, rm, operands);
        for (const standing of [false, true]) {
          const wrong = mistake(fast.operate(standing, rm, operands), exact, standing);
          if (wrong !== null) mistakes.push(words(op, rm, operands, wrong));
        }
      }
    }
    expect(mistakes.slice(0, 5)).toEqual([]);
  });

  it.each(fastOperations)('does not ask for ordinary operands of $op in $format', ({ op, format, fast }) => {
    const rng = new Rng(21);
    const from = (value: bigint) => floatOperate('fromI64', format, 0, [value]).bits;
    const { operands: kinds } = floatOperation(op);
    for (let i = 0; i < 300; i++) {
      // Whole numbers, so that products and sums are exact; squares for roots; a multiple for quotients.
      const small = () => BigInt(1 + rng.below(60));
      const [a, b, c] = [small(), small(), small()];
      const whole = op === 'sqrt' ? [a * a] : op === 'div' ? [a * b, a] : [a, b, c];
      const operands = kinds.map((kind, index) => {
        const value = whole[index] ?? 1n;
        return kind === 'own'
          ? from(value)
          : kind === 'integer'
            ? value
            : floatOperate('fromI64', kind, 0, [value]).bits;
      });
      const exact = floatOperate(op, format, 0, operands);
      expect(exact.flags).toBe(0);
      expect(words(op, 0, operands, String(fast.operate(false, 0, operands)))).toBe(
        words(op, 0, operands, String(exact.bits)),
      );
    }
  });
});
