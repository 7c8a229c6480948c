/**
 * Encoding formats, written in the notation of the specification: `'31:25=12|10:5, 11:7=4:1|11'` says
 * that instruction bits 31..25 hold value bits 12 and 10..5, and bits 11..7 hold 4..1 and 11.
 * [Unprivileged ISA, RV32I base instruction formats; C, compressed instruction formats]
 */
import { bitsOf, maskOf } from '../../base/bits.ts';
import type { BitRun, Field, FieldKind } from './types.ts';

/** An encoding: what is fixed, and where the operands sit. */
export interface Form {
  readonly length: 2 | 4;
  readonly mask: number;
  readonly match: number;
  readonly fields: readonly Field[];
  /** Bits that the specification tells implementations to ignore. */
  readonly ignored: number;
}

interface Range {
  readonly hi: number;
  readonly lo: number;
}

function parseRange(text: string): Range {
  const parts = /^(\d+)(?::(\d+))?$/.exec(text.trim());
  if (parts === null) throw new Error(`'${text}' is not a bit range such as '31:25' or '7'`);
  const hi = Number(parts[1]);
  const lo = parts[2] === undefined ? hi : Number(parts[2]);
  if (lo > hi || hi > 31) throw new Error(`bit range '${text}' must run from high to low within 31..0`);
  return { hi, lo };
}

/** Reads a layout in the specification's notation into runs of bits. Throws when the widths disagree. */
export function parseLayout(layout: string): readonly BitRun[] {
  return layout.split(',').flatMap((part) => {
    const [where = '', what] = part.split('=');
    const place = parseRange(where);
    const width = place.hi - place.lo + 1;
    if (what === undefined) return [{ lo: place.lo, width, at: 0 }];
    const values = what.split('|').map(parseRange);
    let next = place.hi + 1;
    const runs = values.map(({ hi, lo }) => {
      next -= hi - lo + 1;
      return { lo: next, width: hi - lo + 1, at: lo };
    });
    if (next !== place.lo)
      throw new Error(`'${part.trim()}': ${width} instruction bits do not hold the value bits named`);
    return runs;
  });
}

interface FieldOptions {
  readonly bias?: number;
  readonly excludes?: readonly number[];
  readonly unwritten?: number;
}

function field(name: string, kind: FieldKind, layout: string, signed: boolean, options: FieldOptions = {}): Field {
  return { name, kind, bits: parseLayout(layout), signed, ...options };
}

/** Integer register. */
export const x = (name: string, layout: string, options?: FieldOptions): Field =>
  field(name, 'x', layout, false, options);
/** Floating-point register. */
export const f = (name: string, layout: string, options?: FieldOptions): Field =>
  field(name, 'f', layout, false, options);
/** One of x8..x15, in three bits. */
export const x3 = (name: string, layout: string): Field => x(name, layout, { bias: 8 });
/** One of f8..f15, in three bits. */
export const f3 = (name: string, layout: string): Field => f(name, layout, { bias: 8 });
export const simm = (name: string, layout: string, options?: FieldOptions): Field =>
  field(name, 'simm', layout, true, options);
export const uimm = (name: string, layout: string, options?: FieldOptions): Field =>
  field(name, 'uimm', layout, false, options);
export const target = (name: string, layout: string): Field => field(name, 'target', layout, true);
export const upper = (name: string, layout: string, options?: FieldOptions): Field =>
  field(name, 'upper', layout, true, options);
export const special = (
  name: string,
  kind: 'csr' | 'fence' | 'rm' | 'order' | 'fli',
  layout: string,
  options?: FieldOptions,
): Field => field(name, kind, layout, false, options);

/** A field that no bit encodes: always `value`. Compressed forms imply registers and immediates this way. */
export function implied(name: string, kind: FieldKind, value: number): Field {
  return { name, kind, bits: [], signed: false, bias: value };
}

/** Any encoding: `fixed` gives the value of bit ranges, `ignored` the ranges without meaning. */
export function form(
  length: 2 | 4,
  fixed: Readonly<Record<string, number>>,
  fields: readonly Field[],
  ignored: readonly string[] = [],
): Form {
  let mask = 0;
  let match = 0;
  for (const [where, value] of Object.entries(fixed)) {
    const { hi, lo } = parseRange(where);
    const width = hi - lo + 1;
    if (bitsOf(value, 0, width) !== value >>> 0) throw new Error(`${value} does not fit in bits ${where}`);
    mask |= maskOf(lo, width);
    match |= value << lo;
  }
  const ignoredMask = ignored.map(parseRange).reduce((all, { hi, lo }) => all | maskOf(lo, hi - lo + 1), 0);
  return { length, mask: mask >>> 0, match: match >>> 0, fields, ignored: ignoredMask >>> 0 };
}

const RD = x('rd', '11:7');
const RS1 = x('rs1', '19:15');
const RS2 = x('rs2', '24:20');

interface Funct3 {
  readonly opcode: number;
  readonly funct3: number;
}
const head = ({ opcode, funct3 }: Funct3) => ({ '6:0': opcode, '14:12': funct3 });

export const R = (o: Funct3 & { funct7: number }): Form => form(4, { ...head(o), '31:25': o.funct7 }, [RD, RS1, RS2]);
/** R-type or I-type of one operand: what would be rs2, or the constant, is fixed. */
export const unary = (o: Funct3 & { funct12: number }): Form => form(4, { ...head(o), '31:20': o.funct12 }, [RD, RS1]);
export const I = (o: Funct3): Form => form(4, head(o), [RD, RS1, simm('imm', '31:20')]);
/** I-type shift by a constant below 64. */
export const shift64 = (o: Funct3 & { funct6: number }): Form =>
  form(4, { ...head(o), '31:26': o.funct6 }, [RD, RS1, uimm('shamt', '25:20')]);
/** I-type shift by a constant below 32. */
export const shift32 = (o: Funct3 & { funct7: number }): Form =>
  form(4, { ...head(o), '31:25': o.funct7 }, [RD, RS1, uimm('shamt', '24:20')]);
export const S = (o: Funct3): Form => form(4, head(o), [RS2, RS1, simm('imm', '31:25=11:5, 11:7=4:0')]);
export const B = (o: Funct3): Form => form(4, head(o), [RS1, RS2, target('imm', '31:25=12|10:5, 11:7=4:1|11')]);
export const U = (o: { opcode: number }): Form => form(4, { '6:0': o.opcode }, [RD, upper('imm', '31:12=31:12')]);
export const J = (o: { opcode: number }): Form =>
  form(4, { '6:0': o.opcode }, [RD, target('imm', '31:12=20|10:1|11|19:12')]);
/** Atomic: R-type whose funct7 is funct5 with the aq and rl bits. */
export const AMO = (o: Funct3 & { funct5: number }): Form =>
  form(4, { ...head(o), '31:27': o.funct5 }, [RD, RS2, RS1, special('order', 'order', '26:25')]);
export const LR = (o: Funct3 & { funct5: number }): Form =>
  form(4, { ...head(o), '31:27': o.funct5, '24:20': 0 }, [RD, RS1, special('order', 'order', '26:25')]);
/** SYSTEM with a CSR number and a register. */
export const csrRegister = (o: { funct3: number }): Form =>
  form(4, head({ opcode: 0x73, funct3: o.funct3 }), [RD, special('csr', 'csr', '31:20'), RS1]);
/** SYSTEM with a CSR number and a five-bit constant. */
export const csrImmediate = (o: { funct3: number }): Form =>
  form(4, head({ opcode: 0x73, funct3: o.funct3 }), [RD, special('csr', 'csr', '31:20'), uimm('uimm', '19:15')]);
/** The whole word is fixed. */
export const exact = (word: number): Form => form(4, { '31:0': word }, []);
/** sfence.vma and its relatives: two source registers and no destination. */
export const fenceRegisters = (o: { funct7: number }): Form =>
  form(4, { '31:25': o.funct7, '14:7': 0, '6:0': 0x73 }, [RS1, RS2]);
