/**
 * Which compressed form the assembler puts for an instruction. The forms come from the table; what is
 * written here is where GNU as (2.44) does less or more than the table allows.
 */
import type { Instruction } from '../dsl/types.ts';
import { type FieldValues, holds } from './encoding.ts';
import type { InstructionTable, Spelling } from './table.ts';

export interface Narrow {
  readonly instruction: Instruction;
  readonly values: FieldValues;
}

/** Compressed with either order of the sources. */
const COMMUTATIVE = new Set(['add', 'addw', 'and', 'or', 'xor']);
/** Compressed only when written as an alias with at most one operand: `j`, `jr rs`, `jalr rs`, `ret`. */
const JUMPS = new Set(['jal', 'jalr']);
/** `mv rd, zero` stays an addi, though c.li could do it. */
const ONLY_MOVES = new Set(['mv', 'move']);
/** Chosen only for the alias of the same name, not for what it stands for. */
const UNDER_THEIR_NAME = new Set(['c.not', 'c.zext.w']);
/** Shifts by nothing would be hints. */
const SHIFTS = new Set(['slli', 'srli', 'srai']);

/** Values of the fields of `narrow` that make it stand for `values`; null when it cannot. `target`: left open. */
function match(narrow: Instruction, values: FieldValues, open: string | null): FieldValues | null {
  const found: Record<string, number> = {};
  for (const [name, from] of Object.entries(narrow.expands?.fields ?? {})) {
    if (name === open) continue;
    const value = values[name];
    if (value === undefined) return null;
    if (typeof from === 'number') {
      if (from !== value) return null;
    } else if (found[from] !== undefined && found[from] !== value) {
      return null;
    } else {
      found[from] = value;
    }
  }
  for (const field of narrow.fields) {
    const value = found[field.name];
    if (value !== undefined && !holds(field, value)) return null;
  }
  return found;
}

function isHint(instruction: Instruction, values: FieldValues): boolean {
  if (instruction.name === 'addi') {
    if (values.rd === 0) return values.rs1 !== 0 || values.imm !== 0;
    return values.rs1 === values.rd && values.imm === 0;
  }
  if (SHIFTS.has(instruction.name)) return values.rd === 0 || values.shamt === 0;
  return values.rd === 0 && !JUMPS.has(instruction.name);
}

/** The same effect written differently, where GNU as knows the compressed form under that name. */
function variants(table: InstructionTable, instruction: Instruction, values: FieldValues): readonly Narrow[] {
  const { rd, rs1, rs2, imm } = values;
  const itself = { instruction, values };
  if (COMMUTATIVE.has(instruction.name) && rd !== undefined && rd === rs2) {
    return [itself, { instruction, values: { ...values, rs1: rd, rs2: rs1 ?? 0 } }];
  }
  const add = table.instructions.get('add');
  if (
    instruction.name === 'addi' &&
    imm === 0 &&
    rd !== 0 &&
    rs1 !== 0 &&
    rs1 !== undefined &&
    rd !== undefined &&
    add !== undefined
  ) {
    return [{ instruction: add, values: { rd, rs1: 0, rs2: rs1 } }];
  }
  return [itself];
}

/**
 * The compressed form for an instruction with these values when the extensions `on` are, or null. `open` names the field of a
 * target that is not known yet and is left out of the match.
 */
export function compress(
  table: InstructionTable,
  instruction: Instruction,
  values: FieldValues,
  spelling: Spelling | null,
  on: ReadonlySet<string>,
  open: string | null = null,
): Narrow | null {
  if (instruction.length !== 4) return null;
  const forms = table.compressed.get(instruction.name);
  if (forms === undefined) return null;
  const alias = spelling?.alias ?? null;
  if (JUMPS.has(instruction.name) && (alias === null || alias.asm.includes(',') || alias.asm.includes('(')))
    return null;
  if (alias !== null && ONLY_MOVES.has(alias.name) && values.rs1 === 0) return null;
  for (const variant of variants(table, instruction, values)) {
    if (isHint(variant.instruction, variant.values)) continue;
    for (const narrow of table.compressed.get(variant.instruction.name) ?? []) {
      if (!on.has(narrow.extension)) continue;
      if (UNDER_THEIR_NAME.has(narrow.name) && narrow.name !== `c.${alias?.name}`) continue;
      const found = match(narrow, variant.values, open);
      if (found !== null) return { instruction: narrow, values: found };
    }
  }
  return null;
}
