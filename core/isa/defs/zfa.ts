/** Zfa: more floating-point instructions, in each format that a hart has. [Unprivileged ISA, Zfa] */
import type { FloatFormat } from '../../float/index.ts';
import { type Def, extension } from '../dsl/extension.ts';
import { binaryFloat, FMT, loadConstant, TRUNCATED, unaryRounded } from '../dsl/formats-f.ts';
import type { Extension } from '../dsl/types.ts';
import { compute, FORMATS, test, write } from './floating.ts';

const SPEC = 'Unprivileged ISA, Zfa';
const LOAD_CONSTANT = 0x1e;
const MIN_MAX = 0x05;
const ROUND = 0x08;
const COMPARISON = 0x14;
const TO_INTEGER = 0x18;

function inFormat(def: Def, format: FloatFormat): void {
  const fmt = FMT[format];
  const { name } = FORMATS[format];
  def(`fli.${format}`, {
    form: loadConstant({ funct5: LOAD_CONSTANT, fmt, selector: 1, funct3: 0 }),
    asm: 'rd, constant',
    says: `Loads one of 32 constants in ${name} precision.`,
    does: (e) => write(e, format, e.fli(format, 'constant')),
  });
  const extreme = (op: 'minm' | 'maxm', funct3: number, which: string): void => {
    def(`f${op}.${format}`, {
      form: binaryFloat({ funct5: MIN_MAX, fmt, funct3 }),
      asm: 'rd, rs1, rs2',
      says: `The ${which} of rs1 and rs2, or NaN when either is; -0 is less than +0.`,
      does: compute(format, op, null, 'rs1', 'rs2'),
    });
  };
  extreme('minm', 2, 'lesser');
  extreme('maxm', 3, 'greater');
  const toIntegral = (mnemonic: string, op: 'round' | 'roundInexact', selector: number, flag: string): void => {
    def(`${mnemonic}.${format}`, {
      form: unaryRounded({ funct5: ROUND, fmt, selector }, 'f, f'),
      asm: 'rd, rs1, rm',
      says: `Rounds rs1 to an integer in the same format; ${flag}.`,
      does: compute(format, op, 'rm', 'rs1'),
    });
  };
  toIntegral('fround', 'round', 4, 'that this changed it does not show in fflags');
  toIntegral('froundnx', 'roundInexact', 5, 'fflags says whether this changed it');
  const compare = (op: 'ltq' | 'leq', funct3: number, says: string): void => {
    def(`f${op}.${format}`, {
      form: binaryFloat({ funct5: COMPARISON, fmt, funct3 }, 'x'),
      asm: 'rd, rs1, rs2',
      says: `Writes 1 when rs1 ${says} rs2, else 0; a quiet NaN is no invalid operation.`,
      does: test(format, op, null, 'rs1', 'rs2'),
    });
  };
  compare('leq', 4, 'is at most');
  compare('ltq', 5, 'is less than');
}

export const zfa = extension('Zfa', { title: 'Additional floating point', spec: SPEC, requires: ['F'] }, (def) =>
  inFormat(def, 's'),
);

function part(needed: string, format: FloatFormat, more: (def: Def) => void = () => {}): Extension {
  const title = `Additional floating point in ${FORMATS[format].name} precision`;
  return extension(`Zfa and ${needed}`, { title, spec: SPEC, follows: { all: ['Zfa', needed] } }, (def) => {
    inFormat(def, format);
    more(def);
  });
}

export const zfaWithZfh = part('Zfh', 'h');
export const zfaWithD = part('D', 'd', (def) => {
  def('fcvtmod.w.d', {
    form: unaryRounded({ funct5: TO_INTEGER, fmt: FMT.d, selector: 8 }, 'x, f', TRUNCATED),
    asm: 'rd, rs1, rm',
    says: 'Converts rs1 to an integer towards zero and keeps its low 32 bits, sign-extended, as JavaScript does.',
    does: test('d', 'toI32Modular', null, 'rs1'),
  });
});
