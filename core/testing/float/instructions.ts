/** Which instruction computes an operation, as GNU as of binutils 2.40 takes it: from fa0, fa1, fa2 or a0 to fa0 or a0. */
import { FLOAT_OPS, type FloatFormat, type FloatOp, floatOperation } from '../../float/index.ts';

export interface FloatInstruction {
  readonly op: FloatOp;
  readonly format: FloatFormat;
  /** Of ratified extensions, the one that has it. */
  readonly extension: 'F' | 'D' | 'Zfh' | 'Zfa';
  /** With the rounding mode of `frm` where it rounds. */
  readonly text: string;
}

const BASE: Readonly<Record<FloatFormat, 'F' | 'D' | 'Zfh'>> = { h: 'Zfh', s: 'F', d: 'D' };
/** The `fmt` field. */
const FMT: Readonly<Record<FloatFormat, number>> = { s: 0, d: 1, h: 2 };

const INTEGER_NAMES = { I32: 'w', U32: 'wu', I64: 'l', U64: 'lu' } as const;
const COMPARISONS: Partial<Record<FloatOp, string>> = { eq: 'feq', lt: 'flt', le: 'fle' };

/** Zfa came after binutils 2.40. `.insn` takes numbers of registers, whatever their file. [Unprivileged ISA, Zfa] */
function zfa(op: FloatOp, format: FloatFormat): string | null {
  const registers = (funct7: number, funct3: number, rest: string): string =>
    `.insn r 0x53, ${funct3}, ${funct7 | FMT[format]}, ${rest}`;
  const dynamic = 7;
  switch (op) {
    case 'minm':
      return registers(0x14, 2, 'x10, x10, x11');
    case 'maxm':
      return registers(0x14, 3, 'x10, x10, x11');
    case 'leq':
      return registers(0x50, 4, 'x10, x10, x11');
    case 'ltq':
      return registers(0x50, 5, 'x10, x10, x11');
    case 'round':
      return registers(0x20, dynamic, 'x10, x10, x4');
    case 'roundInexact':
      return registers(0x20, dynamic, 'x10, x10, x5');
    case 'toI32Modular':
      return registers(0x60, 1, 'x10, x10, x8');
    default:
      return null;
  }
}

function text(op: FloatOp, format: FloatFormat): string {
  const [, toOrFrom, integer] = /^(to|from)([IU]\d\d)$/.exec(op) ?? [];
  if (integer) {
    const name = INTEGER_NAMES[integer as keyof typeof INTEGER_NAMES];
    // Without a mode `as` takes rne where the conversion is exact, and dyn elsewhere.
    return toOrFrom === 'to' ? `fcvt.${name}.${format} a0, fa0, dyn` : `fcvt.${format}.${name} fa0, a0`;
  }
  const [, from] = /^from([HSD])$/.exec(op) ?? [];
  if (from) return `fcvt.${format}.${from.toLowerCase()} fa0, fa0`;
  const comparison = COMPARISONS[op];
  if (comparison) return `${comparison}.${format} a0, fa0, fa1`;
  if (op === 'classify') return `fclass.${format} a0, fa0`;
  const operands = ['fa0', 'fa1', 'fa2'].slice(0, floatOperation(op).operands.length);
  return `f${op}.${format} fa0, ${operands.join(', ')}`;
}

function extensionOf(op: FloatOp, format: FloatFormat): FloatInstruction['extension'] {
  if (zfa(op, format) !== null) return 'Zfa';
  if (format === 'h' || op === 'fromH') return 'Zfh';
  return op === 'fromD' ? 'D' : BASE[format];
}

export const FLOAT_INSTRUCTIONS: readonly FloatInstruction[] = FLOAT_OPS.flatMap((op) =>
  floatOperation(op).formats.map((format) => ({
    op,
    format,
    extension: extensionOf(op, format),
    text: zfa(op, format) ?? text(op, format),
  })),
);
