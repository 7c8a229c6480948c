/**
 * What F, D and Zfh have alike: the same instructions in each format, told by its letter. Values narrower than a
 * register are boxed. [Unprivileged ISA, F, D, Zfh]
 */
import { type FloatFormat, type FloatOp, SHAPES } from '../../float/index.ts';
import type { Builder, I64 } from '../dsl/builder.ts';
import type { Def, DefAlias } from '../dsl/extension.ts';
import {
  binaryFloat,
  binaryRounded,
  EXACT,
  FMT,
  floatLoad,
  floatStore,
  R4,
  ROUNDED,
  unaryFloat,
  unaryRounded,
} from '../dsl/formats-f.ts';
import type { Width } from '../dsl/ir.ts';

interface Format {
  readonly name: string;
  readonly bytes: Width;
  /** Of loads and stores. */
  readonly funct3: number;
  /** In the names of loads, stores and moves. */
  readonly letter: 'h' | 'w' | 'd';
}
export const FORMATS: Readonly<Record<FloatFormat, Format>> = {
  h: { name: 'half', bytes: 2, funct3: 1, letter: 'h' },
  s: { name: 'single', bytes: 4, funct3: 2, letter: 'w' },
  d: { name: 'double', bytes: 8, funct3: 3, letter: 'd' },
};

/** The bit pattern in a register; a double fills it. */
export function read(e: Builder, format: FloatFormat, field: string): I64 {
  return format === 'd' ? e.f(field) : e.unbox(format, e.f(field));
}

/** Writes a bit pattern to rd. */
export function write(e: Builder, format: FloatFormat, bits: I64): void {
  e.setF('rd', format === 'd' ? bits : e.box(format, bits));
}

/** An operation on the sources given, whose result is a number in rd. */
export function compute(
  format: FloatFormat,
  op: FloatOp,
  rm: 'rm' | null,
  ...sources: readonly string[]
): (e: Builder) => void {
  return (e) => write(e, format, e.float(op, format, rm, ...sources.map((source) => read(e, format, source))));
}

/** An operation on the sources given, whose result is an integer in rd. */
export function test(
  format: FloatFormat,
  op: FloatOp,
  rm: 'rm' | null,
  ...sources: readonly string[]
): (e: Builder) => void {
  return (e) => e.setX('rd', e.float(op, format, rm, ...sources.map((source) => read(e, format, source))));
}

const FMADD = 0x43;
const FMSUB = 0x47;
const FNMSUB = 0x4b;
const FNMADD = 0x4f;

/** Addition to square root, and the four with three sources. */
export function arithmetic(def: Def, format: FloatFormat): void {
  const fmt = FMT[format];
  const { name } = FORMATS[format];
  const two = (op: 'add' | 'sub' | 'mul' | 'div', funct5: number, says: string): void => {
    def(`f${op}.${format}`, {
      form: binaryRounded({ funct5, fmt }),
      asm: 'rd, rs1, rs2, rm',
      says: `${says}, in ${name} precision.`,
      does: compute(format, op, 'rm', 'rs1', 'rs2'),
    });
  };
  two('add', 0x00, 'Adds rs1 and rs2');
  two('sub', 0x01, 'Subtracts rs2 from rs1');
  two('mul', 0x02, 'Multiplies rs1 by rs2');
  two('div', 0x03, 'Divides rs1 by rs2');
  def(`fsqrt.${format}`, {
    form: unaryRounded({ funct5: 0x0b, fmt, selector: 0 }, 'f, f'),
    asm: 'rd, rs1, rm',
    says: `Square root of rs1, in ${name} precision.`,
    does: compute(format, 'sqrt', 'rm', 'rs1'),
  });
  const three = (op: 'madd' | 'msub' | 'nmsub' | 'nmadd', opcode: number, says: string): void => {
    def(`f${op}.${format}`, {
      form: R4({ opcode, fmt }),
      asm: 'rd, rs1, rs2, rs3, rm',
      says: `${says}, rounded once to ${name} precision.`,
      does: compute(format, op, 'rm', 'rs1', 'rs2', 'rs3'),
    });
  };
  three('madd', FMADD, 'Product of rs1 and rs2 plus rs3');
  three('msub', FMSUB, 'Product of rs1 and rs2 minus rs3');
  three('nmsub', FNMSUB, 'Negated product of rs1 and rs2 plus rs3');
  three('nmadd', FNMADD, 'Negated product of rs1 and rs2 minus rs3');
}

const SIGN_INJECTION = 0x04;

/** Copies with another sign: bit operations, which look at no value. */
function signs(def: Def, alias: DefAlias, format: FloatFormat): void {
  const { signBit, width } = SHAPES[format];
  const magnitudeBits = BigInt.asUintN(width, ~signBit);
  const inject = (
    letters: string,
    funct3: number,
    says: string,
    bits: (e: Builder, a: I64, b: I64) => I64,
    short: string,
    shortSays: string,
  ): void => {
    const of = `fsgnj${letters}.${format}`;
    def(of, {
      form: binaryFloat({ funct5: SIGN_INJECTION, fmt: FMT[format], funct3 }),
      asm: 'rd, rs1, rs2',
      says,
      does: (e) => write(e, format, bits(e, read(e, format, 'rs1'), read(e, format, 'rs2'))),
    });
    alias(`${short}.${format}`, { of, asm: 'rd, rs1', fixed: { rs2: 'rs1' }, says: shortSays });
  };
  const magnitude = (e: Builder, a: I64): I64 => e.and(a, e.i64(magnitudeBits));
  const sign = (e: Builder, a: I64): I64 => e.and(a, e.i64(signBit));
  inject(
    '',
    0,
    'Copies rs1 with the sign of rs2.',
    (e, a, b) => e.or(magnitude(e, a), sign(e, b)),
    'fmv',
    'Copies a floating-point register.',
  );
  inject(
    'n',
    1,
    'Copies rs1 with the opposite of the sign of rs2.',
    (e, a, b) => e.or(magnitude(e, a), sign(e, e.xor(b, e.i64(-1)))),
    'fneg',
    'Changes the sign.',
  );
  inject(
    'x',
    2,
    'Copies rs1, its sign changed when that of rs2 is negative.',
    (e, a, b) => e.xor(a, sign(e, b)),
    'fabs',
    'Clears the sign.',
  );
}

const MIN_MAX = 0x05;
const COMPARISON = 0x14;
const CLASS_OR_MOVE = 0x1c;

/** Minimum, maximum, comparisons, classification. */
export function comparisons(def: Def, alias: DefAlias, format: FloatFormat): void {
  const fmt = FMT[format];
  const extreme = (op: 'min' | 'max', funct3: number, which: string): void => {
    def(`f${op}.${format}`, {
      form: binaryFloat({ funct5: MIN_MAX, fmt, funct3 }),
      asm: 'rd, rs1, rs2',
      says: `The ${which} of rs1 and rs2; a NaN gives way to a number, and -0 is less than +0.`,
      does: compute(format, op, null, 'rs1', 'rs2'),
    });
  };
  extreme('min', 0, 'lesser');
  extreme('max', 1, 'greater');
  const compare = (op: 'eq' | 'lt' | 'le', funct3: number, says: string): void => {
    def(`f${op}.${format}`, {
      form: binaryFloat({ funct5: COMPARISON, fmt, funct3 }, 'x'),
      asm: 'rd, rs1, rs2',
      says: `Writes 1 when rs1 ${says} rs2, else 0.`,
      does: test(format, op, null, 'rs1', 'rs2'),
    });
  };
  compare('eq', 2, 'equals');
  compare('lt', 1, 'is less than');
  compare('le', 0, 'is at most');
  const swapped = { asm: 'rd, rs2, rs1', inputOnly: true } as const;
  alias(`fgt.${format}`, { of: `flt.${format}`, ...swapped, says: 'Writes 1 when the first source is greater.' });
  alias(`fge.${format}`, {
    of: `fle.${format}`,
    ...swapped,
    says: 'Writes 1 when the first source is at least the second.',
  });
  def(`fclass.${format}`, {
    form: unaryFloat({ funct5: CLASS_OR_MOVE, fmt, selector: 0, funct3: 1 }, 'x, f'),
    asm: 'rd, rs1',
    says: 'Sets the one bit of ten that tells what rs1 is: infinite, normal, subnormal, zero, NaN, and its sign.',
    does: test(format, 'classify', null, 'rs1'),
  });
  signs(def, alias, format);
}

const INTEGERS = [
  { suffix: 'w', type: 'I32', selector: 0, bits: 32, what: 'a signed 32-bit integer' },
  { suffix: 'wu', type: 'U32', selector: 1, bits: 32, what: 'an unsigned 32-bit integer' },
  { suffix: 'l', type: 'I64', selector: 2, bits: 64, what: 'a signed 64-bit integer' },
  { suffix: 'lu', type: 'U64', selector: 3, bits: 64, what: 'an unsigned 64-bit integer' },
] as const;
const TO_INTEGER = 0x18;
const FROM_INTEGER = 0x1a;

/** To and from integers. */
export function integerConversions(def: Def, format: FloatFormat): void {
  const fmt = FMT[format];
  const precision = SHAPES[format].fractionBits + 1;
  for (const { suffix, type, selector, bits, what } of INTEGERS) {
    def(`fcvt.${suffix}.${format}`, {
      form: unaryRounded({ funct5: TO_INTEGER, fmt, selector }, 'x, f'),
      asm: 'rd, rs1, rm',
      says: `Converts rs1 to ${what}, the nearest there is${bits === 32 ? ', sign-extended' : ''}.`,
      does: test(format, `to${type}`, 'rm', 'rs1'),
    });
    def(`fcvt.${format}.${suffix}`, {
      form: unaryRounded({ funct5: FROM_INTEGER, fmt, selector }, 'f, x', precision < bits ? ROUNDED : EXACT),
      asm: 'rd, rs1, rm',
      says: `Converts ${what} to ${FORMATS[format].name} precision.`,
      does: (e) => write(e, format, e.float(`from${type}`, format, 'rm', e.x('rs1'))),
    });
  }
}

const CONVERSION = 0x08;

/** From a format to a wider one, which is exact, and back. */
export function formatConversions(def: Def, narrow: FloatFormat, wide: FloatFormat): void {
  const convert = (to: FloatFormat, from: FloatFormat): void => {
    const op = { h: 'fromH', s: 'fromS', d: 'fromD' } as const;
    def(`fcvt.${to}.${from}`, {
      form: unaryRounded(
        { funct5: CONVERSION, fmt: FMT[to], selector: FMT[from] },
        'f, f',
        to === wide ? EXACT : ROUNDED,
      ),
      asm: 'rd, rs1, rm',
      says: `Converts rs1 from ${FORMATS[from].name} to ${FORMATS[to].name} precision.`,
      does: (e) => write(e, to, e.float(op[from], to, 'rm', read(e, from, 'rs1'))),
    });
  };
  convert(narrow, wide);
  convert(wide, narrow);
}

const MOVE_TO_FLOAT = 0x1e;

/** Loads, stores and moves between the register files: bits, whatever they mean. */
export function transfers(def: Def, format: FloatFormat): void {
  const { name, bytes, funct3, letter } = FORMATS[format];
  def(`fl${letter}`, {
    form: floatLoad({ funct3 }),
    asm: 'rd, imm(rs1)',
    says: `Loads a ${name}-precision number at rs1 plus a constant.`,
    does: (e) => write(e, format, e.load(bytes, 'unsigned', e.add(e.x('rs1'), e.imm('imm')))),
  });
  def(`fs${letter}`, {
    form: floatStore({ funct3 }),
    asm: 'rs2, imm(rs1)',
    says: `Stores ${bytes === 8 ? 'rs2' : `the low ${8 * bytes} bits of rs2, boxed or not,`} at rs1 plus a constant.`,
    does: (e) => e.store(bytes, e.add(e.x('rs1'), e.imm('imm')), e.f('rs2')),
  });
  def(`fmv.x.${letter}`, {
    form: unaryFloat({ funct5: CLASS_OR_MOVE, fmt: FMT[format], selector: 0, funct3: 0 }, 'x, f'),
    asm: 'rd, rs1',
    says: bytes === 8 ? 'Copies the bits of rs1.' : `Copies the low ${8 * bytes} bits of rs1, sign-extended.`,
    does: (e) => e.setX('rd', signExtended(e, bytes, e.f('rs1'))),
  });
  def(`fmv.${letter}.x`, {
    form: unaryFloat({ funct5: MOVE_TO_FLOAT, fmt: FMT[format], selector: 0, funct3: 0 }, 'f, x'),
    asm: 'rd, rs1',
    says: bytes === 8 ? 'Copies the bits of rs1.' : `Copies the low ${8 * bytes} bits of rs1.`,
    does: (e) => write(e, format, e.x('rs1')),
  });
}

function signExtended(e: Builder, bytes: Width, bits: I64): I64 {
  if (bytes === 8) return bits;
  return bytes === 4 ? e.sext32(e.wrap(bits)) : e.sext16(bits);
}
