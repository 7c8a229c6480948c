/** Floating-point instructions on the interpreter, one at a time, over operands that are hard. */
import { describe, expect, it } from 'vitest';
import { FLAG, type FloatResult, floatOperation, ROUNDING_MODES } from '../../float/index.ts';
import { HartClock, Timebase } from '../../hart/clock.ts';
import { CSR_FCSR, CSR_FFLAGS, CSR_FRM, CSR_SSTATUS, SSTATUS_FS, SSTATUS_FS_SHIFT } from '../../hart/constants.ts';
import { FS_DIRTY } from '../../hart/float.ts';
import { assemble } from '../../isa/asm/index.ts';
import { closure, EXTENSIONS } from '../../isa/defs/index.ts';
import { compareWithQemu, computed } from '../../testing/float/compare.ts';
import { FLOAT_INSTRUCTIONS } from '../../testing/float/instructions.ts';
import { registerSets } from '../../testing/float/operands.ts';
import type { FloatCase } from '../../testing/float/qemu.ts';
import { toolOrSkip } from '../../testing/tools.ts';
import { InterpreterHart } from './hart.ts';
import { InterpreterSpace } from './space.ts';

const RAM = 0x8000_0000n;
const RAM_BYTES = 0x1_0000;
const [A0, FA0] = [10, 10];
const CLEAN = 2;

const named = new Set(EXTENSIONS.map(({ name }) => name));
const INSTRUCTIONS = FLOAT_INSTRUCTIONS.filter(({ extension }) => named.has(extension));

/** A hart with the instructions in a row, none compressed. */
class FloatMachine {
  readonly hart: InterpreterHart;
  readonly #places = new Map(INSTRUCTIONS.map(({ text }, index) => [text, RAM + BigInt(4 * index)]));

  constructor() {
    const extensions = closure(['I', 'D', 'Zicsr', ...INSTRUCTIONS.map(({ extension }) => extension)]);
    const space = new InterpreterSpace({ ramBytes: RAM_BYTES, harts: 1 });
    space.guest.mapSlot(0, RAM, BigInt(RAM_BYTES), 0n);
    const source = INSTRUCTIONS.map(({ text }) => text).join('\n');
    const { image, diagnostics } = assemble(source, { base: RAM, extensions });
    if (image === null) throw new Error(diagnostics.map(({ line, message }) => `${line}: ${message}`).join('\n'));
    space.guest.write(0, image.bytes);
    const options = { id: 0, extensions, hcounteren: 7, delegatesIllegal: true, satpMode: 8 as const };
    this.hart = new InterpreterHart(options, new HartClock(new Timebase(10)), space);
  }

  /** Carries it out with these exceptions accrued before, and FS clean; `flags` are all that are accrued then. */
  run({ instruction, rm, registers }: FloatCase, before: number): FloatResult & { readonly fs: number } {
    const { hart } = this;
    registers.forEach((value, index) => {
      hart.writeX(A0 + index, value);
      hart.writeF(FA0 + index, value);
    });
    hart.writeCsr(CSR_SSTATUS, BigInt(CLEAN << SSTATUS_FS_SHIFT));
    hart.writeCsr(CSR_FCSR, BigInt(before));
    hart.writeCsr(CSR_FRM, BigInt(rm));
    hart.writeCsr(CSR_SSTATUS, BigInt(CLEAN << SSTATUS_FS_SHIFT));
    hart.pc = this.#places.get(instruction.text) ?? 0n;
    expect(hart.run(1)).toEqual({ kind: 'limit' });
    const own = floatOperation(instruction.op).result === 'own';
    return {
      bits: own ? hart.readF(FA0) : hart.readX(A0),
      flags: Number(hart.readCsr(CSR_FFLAGS)),
      fs: (Number(hart.readCsr(CSR_SSTATUS) & 0xffffn) & SSTATUS_FS) >>> SSTATUS_FS_SHIFT,
    };
  }
}

const machine = new FloatMachine();

describe('floating-point instructions', () => {
  it.each(INSTRUCTIONS)('give exact results and exceptions: $text', (instruction) => {
    const { op, format } = instruction;
    const writesF = floatOperation(op).result === 'own';
    const differences = registerSets(3, op, format, 60).flatMap((registers) =>
      ROUNDING_MODES.flatMap((rm) =>
        [0, FLAG.NX].flatMap((before) => {
          const aCase = { instruction, rm, registers };
          const exact = computed(aCase);
          const dirty = writesF || exact.flags !== 0;
          const expected = { bits: exact.bits, flags: before | exact.flags, fs: dirty ? FS_DIRTY : CLEAN };
          const found = machine.run(aCase, before);
          const same = found.bits === expected.bits && found.flags === expected.flags && found.fs === expected.fs;
          return same ? [] : [{ registers, rm, before, expected, found }];
        }),
      ),
    );
    expect(differences.slice(0, 3)).toEqual([]);
  });
});

const reasons = (['qemu', 'as', 'ld'] as const).map((name) => toolOrSkip(name).reason).filter((text) => text !== null);
const why = reasons.length > 0 ? ` (${reasons.join(' ')})` : '';

describe.skipIf(reasons.length > 0)(`floating-point instructions beside QEMU${why}`, () => {
  it.each([0, FLAG.NX])('give its results, with exceptions %i accrued before', (before) => {
    const instructions = INSTRUCTIONS.filter(({ extension }) => extension !== 'Zfa');
    const compute = (aCase: FloatCase): FloatResult => {
      const { bits, flags } = machine.run(aCase, before);
      return { bits, flags: flags & ~(before & ~computed(aCase).flags) };
    };
    const reports = compareWithQemu({ instructions, compute, seed: 4, count: 60 });
    expect(reports.flatMap(({ differences }) => differences)).toEqual([]);
    expect(reports).toHaveLength(instructions.length);
  });
});
