import { describe, expect, it } from 'vitest';
import { FLAG, FLOAT_FORMATS, type FloatFormat, type FloatOp, ROUNDING, ROUNDING_MODES } from '../../float/index.ts';
import { toolOrSkip } from '../tools.ts';
import { ALL_BUT_ZFA, compareWithQemu, computed } from './compare.ts';
import { FLOAT_INSTRUCTIONS } from './instructions.ts';
import { registerSets } from './operands.ts';
import { newerOracle } from './qemu.ts';

const reasons = (['qemu', 'as', 'ld'] as const).map((name) => toolOrSkip(name).reason).filter((text) => text !== null);
const why = reasons.length > 0 ? ` (${reasons.join(' ')})` : '';

describe.skipIf(reasons.length > 0)(`floating-point arithmetic beside QEMU${why}`, () => {
  it('gives its results and exceptions for operands that are hard', () => {
    const reports = compareWithQemu({ count: 300, seed: 1 });
    expect(reports.flatMap(({ differences }) => differences)).toEqual([]);
    expect(reports).toHaveLength(ALL_BUT_ZFA.length);
    expect(reports.every(({ compared }) => compared >= 300)).toBe(true);
  });

  it('is found out when it is wrong in one mode', () => {
    const instructions = ALL_BUT_ZFA.filter(({ op }) => op === 'mul' || op === 'toI64');
    const compute: typeof computed = (aCase) =>
      computed(aCase.rm === ROUNDING.RMM ? { ...aCase, rm: ROUNDING.RNE } : aCase);
    const reports = compareWithQemu({ instructions, compute, count: 300, seed: 1 });
    expect(reports.map(({ differing }) => differing > 0)).toEqual(instructions.map(() => true));
  });
});

const newer = toolOrSkip('qemuNew');
const whyNewer = newer.reason === null ? '' : ` (${newer.reason})`;

describe.skipIf(newer.reason !== null)(`floating-point arithmetic beside QEMU 10${whyNewer}`, () => {
  it('gives its results and exceptions for what Zfa adds', () => {
    const instructions = FLOAT_INSTRUCTIONS.filter(({ extension }) => extension === 'Zfa');
    const reports = compareWithQemu({ instructions, count: 300, seed: 1, oracle: newerOracle(newer.path ?? '') });
    expect(reports.flatMap(({ differences }) => differences)).toEqual([]);
    expect(reports).toHaveLength(19);
  });
});

describe('hard operands', () => {
  it('are the same for the same seed, and others for another', () => {
    const sets = (seed: number) => registerSets(seed, 'madd', 'd', 50);
    expect(sets(7)).toEqual(sets(7));
    expect(sets(7)).not.toEqual(sets(8));
  });

  it('meet every exception that an operation can raise, in every format', () => {
    const { NX, UF, OF, DZ, NV } = FLAG;
    const possible: Partial<Record<FloatOp, number>> = {
      add: NX | OF | NV,
      mul: NX | UF | OF | NV,
      div: NX | UF | OF | DZ | NV,
      sqrt: NX | NV,
      nmsub: NX | UF | OF | NV,
      toU64: NX | NV,
      eq: NV,
      min: NV,
    };
    const ops = Object.keys(possible) as FloatOp[];
    const met = ops.map((op) => [op, ...FLOAT_FORMATS.map((format) => flagsMet(op, format))]);
    expect(met).toEqual(ops.map((op) => [op, ...FLOAT_FORMATS.map(() => possible[op])]));
  });
});

function flagsMet(op: FloatOp, format: FloatFormat): number {
  const instruction = FLOAT_INSTRUCTIONS.find((candidate) => candidate.op === op && candidate.format === format);
  if (!instruction) throw new Error(`no instruction computes ${op} of ${format}`);
  const cases = registerSets(1, op, format, 300).flatMap((registers) =>
    ROUNDING_MODES.map((rm) => ({ instruction, rm, registers })),
  );
  return cases.reduce((flags, aCase) => flags | computed(aCase).flags, 0);
}
