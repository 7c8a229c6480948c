/**
 * How an instruction is described. One `Instruction` holds its encoding, its assembly form, its
 * meaning in words and its semantics; decoder, assembler, disassembler, documentation, reference
 * evaluator and interpreter are derived from it.
 */
import type { FieldName, Semantics } from './ir.ts';

/** A run of instruction bits `lo..lo+width-1` that holds value bits `at..at+width-1`. */
export interface BitRun {
  readonly lo: number;
  readonly width: number;
  readonly at: number;
}

/**
 * How a field is written in assembly: `x` and `f` a register; `simm`/`uimm` a constant; `target` a
 * pc-relative label; `upper` the 20-bit immediate of lui/auipc (written as 0..0xfffff, decoded as
 * the sign-extended value shifted left by 12); `csr` a CSR by name or number; `fence` a subset of
 * "iorw"; `rm` a rounding mode; `fli` the number of a floating-point constant that is written as its
 * value; `order` the aq/rl suffix.
 */
export type FieldKind = 'x' | 'f' | 'simm' | 'uimm' | 'target' | 'upper' | 'csr' | 'fence' | 'rm' | 'fli' | 'order';

export interface Field {
  readonly name: FieldName;
  readonly kind: FieldKind;
  readonly bits: readonly BitRun[];
  /** Sign-extend from the highest value bit. */
  readonly signed: boolean;
  /** Added to the raw register number: 8 for the three-bit registers of compressed forms. */
  readonly bias?: number;
  /** Values that do not belong to this instruction (reserved, or another instruction's). */
  readonly excludes?: readonly number[];
  /** What it is when it is left out at the end of the operands, as it is when printed. */
  readonly unwritten?: number;
}

export interface Instruction {
  /** Mnemonic, lower case, as in the specification. Unique. */
  readonly name: string;
  readonly extension: string;
  /** Bytes: 2 or 4. */
  readonly length: 2 | 4;
  /** `(word & mask) === match` selects it; both unsigned 32-bit. */
  readonly mask: number;
  readonly match: number;
  readonly fields: readonly Field[];
  /** Operand syntax over field names, e.g. `rd, imm(rs1)`; empty when it has none. */
  readonly asm: string;
  /** One sentence of meaning in our own words. */
  readonly says: string;
  /** Specification and section. */
  readonly spec: string;
  readonly semantics: Semantics;
  /** Compressed forms: the instruction they stand for, field by field (a name, or a constant). */
  readonly expands?: { readonly to: string; readonly fields: Readonly<Record<FieldName, FieldName | number>> };
  readonly examples?: readonly Example[];
  /** How objdump prints a compressed form where it does not print what the form stands for; the first that fits. */
  readonly prints?: readonly Spelling[];
}

/** A way to print an instruction, when the fields in `fixed` have those values. */
export interface Spelling {
  readonly name: string;
  readonly asm: string;
  /** Fields not in `asm`: a constant, or the name of the field that they repeat. */
  readonly fixed: Readonly<Record<FieldName, number | FieldName>>;
}

/** Values of the operands before, and of `rd` after; 64-bit unsigned. */
export type Example = Readonly<Record<FieldName, bigint>>;

/** Another spelling of an instruction with some fields fixed or repeated: `mv rd, rs1` is `addi rd, rs1, 0`. */
export interface Alias extends Spelling {
  readonly of: string;
  /** Whether the disassembler prefers it, as objdump does. */
  readonly disassemble: boolean;
  readonly says: string;
}

/** The extensions that a part comes with: any one of them, or all of them together. */
export type Follows = { readonly any: readonly string[] } | { readonly all: readonly string[] };

export interface Extension {
  /** Name as in the ISA string: `I`, `M`, `Zicsr`, ... */
  readonly name: string;
  readonly title: string;
  readonly spec: string;
  readonly requires: readonly string[];
  /** Extensions that this name stands for: having it means having them. */
  readonly implies: readonly string[];
  /** Having all of these means having it; empty when nothing does. */
  readonly comesWith: readonly string[];
  /** On in every machine: what a KVM guest cannot be without. */
  readonly always: boolean;
  /** Set for a part: no extension by name, but the instructions that several share or that need several. */
  readonly follows: Follows | null;
  readonly instructions: readonly Instruction[];
  readonly aliases: readonly Alias[];
}

/** A decoded instruction: the definition and the value of each of its fields, in their order. */
export interface Decoded {
  readonly instruction: Instruction;
  /** The 16 or 32 bits themselves. */
  readonly word: number;
  /** Signed or unsigned as the field says; `upper` is the full sign-extended value. */
  readonly values: Readonly<Record<FieldName, number>>;
}
