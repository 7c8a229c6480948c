/** Compares core/float with QEMU over operands that are hard for each operation. */
import {
  box,
  type FloatFormat,
  type FloatOp,
  type FloatResult,
  floatOperate,
  floatOperation,
  ROUNDING_MODES,
  unbox,
} from '../../float/index.ts';
import { FLOAT_INSTRUCTIONS, type FloatInstruction } from './instructions.ts';
import { operandFormat, registerSets } from './operands.ts';
import { type FloatCase, type FloatOracle, PLAIN_ORACLE, runCases } from './qemu.ts';

/** What the library computes, from registers to a register. */
export function computed({ instruction, rm, registers }: FloatCase): FloatResult {
  const { op, format } = instruction;
  const { operands, result } = floatOperation(op);
  const values = operands.map((kind, index) => {
    const from = operandFormat(kind, format);
    const register = registers[index] ?? 0n;
    return from === null ? register : unbox(from, register);
  });
  const { bits, flags } = floatOperate(op, format, rm, values);
  return { bits: result === 'own' ? box(format, bits) : bits, flags };
}

export interface OperationReport {
  readonly op: FloatOp;
  readonly format: FloatFormat;
  /** Sets of operands for each rounding mode, times rounding modes. */
  readonly compared: number;
  readonly differing: number;
  /** The first of them, in words. */
  readonly differences: readonly string[];
}

const SHOWN_DIFFERENCES = 5;

function words(aCase: FloatCase, ours: FloatResult, theirs: FloatResult): string {
  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  const result = ({ bits, flags }: FloatResult): string => `${hex(bits)} flags ${flags}`;
  const { instruction, rm, registers } = aCase;
  return `${instruction.text} rm=${rm} (${registers.map(hex).join(', ')}): ours ${result(ours)}, QEMU ${result(theirs)}`;
}

/** Which instructions to compare, how many sets of operands for each and each rounding mode, and with which QEMU. */
export interface Comparison {
  readonly instructions: readonly FloatInstruction[];
  readonly seed: number;
  readonly count: number;
  readonly oracle: FloatOracle;
  /** What is compared with QEMU. */
  readonly compute: (aCase: FloatCase) => FloatResult;
}

export const ALL_BUT_ZFA = FLOAT_INSTRUCTIONS.filter(({ extension }) => extension !== 'Zfa');

/** One start of QEMU for all; about 40 bytes of memory for each set and mode. */
export function compareWithQemu(comparison: Partial<Comparison> = {}): OperationReport[] {
  const { instructions = ALL_BUT_ZFA, seed = 1, count = 300, oracle = PLAIN_ORACLE, compute = computed } = comparison;
  const groups = instructions.map((instruction) => {
    const sets = registerSets(seed, instruction.op, instruction.format, count);
    const modes = floatOperation(instruction.op).rounds ? ROUNDING_MODES : ROUNDING_MODES.slice(0, 1);
    return { instruction, cases: modes.flatMap((rm) => sets.map((registers) => ({ instruction, rm, registers }))) };
  });
  const results = runCases(
    groups.flatMap(({ cases }) => cases),
    oracle,
  );
  let next = 0;
  return groups.map(({ instruction: { op, format }, cases }) => {
    const differences = cases.flatMap((aCase) => {
      const [ours, theirs] = [compute(aCase), results[next++] ?? { bits: -1n, flags: -1 }];
      return ours.bits === theirs.bits && ours.flags === theirs.flags ? [] : [words(aCase, ours, theirs)];
    });
    const shown = differences.slice(0, SHOWN_DIFFERENCES);
    return { op, format, compared: cases.length, differing: differences.length, differences: shown };
  });
}
