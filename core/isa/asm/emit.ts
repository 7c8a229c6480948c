/** Puts one instruction with its operands into the current section: checks, compresses, defers what is not known. */
import { xName } from '../derive/registers.ts';
import type { Field, Instruction } from '../dsl/types.ts';
import { compress } from './compress.ts';
import { encodeFields, type FieldValues, holds } from './encoding.ts';
import { modified } from './modifiers.ts';
import { describeRange, type Operand, type Operands } from './operands.ts';
import { type Place, Problem } from './problem.ts';
import type { Spelling } from './table.ts';
import type { Unit } from './unit.ts';

/** The longest form of a conditional branch: the inverted branch over a jump. */
export const LONG_BRANCH = 8;

interface Deferred {
  readonly field: Field;
  readonly operand: Operand & { readonly kind: 'expression' };
}

function signed(value: bigint): bigint {
  return BigInt.asIntN(64, value);
}

/** The number for a field as its bits hold it, from the number as it was written. */
function written(field: Field, value: bigint, place: Place, spelling: string): number {
  if (field.kind === 'upper') return upperValue(field, value, place, spelling);
  const number = Number(signed(value));
  if (Number.isSafeInteger(number) && holds(field, number)) return number;
  throw outOfRange(field, value, place, spelling);
}

function outOfRange(field: Field, value: bigint, place: Place, spelling: string): Problem {
  const excluded = field.excludes?.includes(Number(value)) === true;
  const text = `${value} ${excluded ? 'is reserved' : 'does not fit'} in the ${field.name} of ${spelling}`;
  const hint = field.kind === 'simm' && spelling !== 'li' ? '; load larger values into a register with li' : '';
  return new Problem(place, text, `it takes ${describeRange(field)}${excluded ? ` except ${value}` : ''}${hint}`);
}

const UPPER_LIMIT = 0x100000n;
const UPPER_SHIFT = 12;

/** lui and auipc are written with bits 31..12 shifted down; the field's value is the whole number. */
function upperValue(field: Field, value: bigint, place: Place, spelling: string): number {
  if (value < 0n || value >= UPPER_LIMIT) {
    throw new Problem(
      place,
      `${value} does not fit in the 20 bits of ${spelling}`,
      'it takes 0 to 0xfffff: bits 31 to 12 of the value; %hi(symbol) gives them',
    );
  }
  const full = Number(value) << UPPER_SHIFT;
  if (!holds(field, full))
    throw new Problem(
      place,
      `0x${value.toString(16)} does not fit in the constant of ${spelling}`,
      'it takes 1 to 0x1f and 0xfffe0 to 0xfffff',
    );
  return full;
}

function fixedValues(spelling: Spelling, values: Record<string, number>): void {
  for (const [name, value] of Object.entries(spelling.alias?.fixed ?? {})) {
    if (typeof value === 'number') values[name] = value;
  }
  for (const [name, value] of Object.entries(spelling.alias?.fixed ?? {})) {
    if (typeof value === 'string') values[name] = values[value] ?? 0;
  }
}

/** Numbers of all operands that are known now; the first that is not is left over. */
function resolve(
  unit: Unit,
  spelling: Spelling,
  operands: Operands,
): { values: Record<string, number>; deferred: Deferred | null } {
  const values: Record<string, number> = {};
  let deferred: Deferred | null = null;
  for (const [name, operand] of operands) {
    const field = spelling.fields.get(name);
    if (field === undefined) continue;
    if (operand.kind === 'number') {
      if (!holds(field, operand.value)) throw badRegister(field, operand.place, spelling);
      values[name] = operand.value;
      continue;
    }
    const { modifier, expression, place } = operand;
    const value = field.kind === 'target' ? null : unit.constantOf(expression);
    if (value !== null && modifier !== 'pcrel_hi' && modifier !== 'pcrel_lo') {
      values[name] = written(field, modifier === null ? value : modified(value, modifier), place, spelling.name);
      continue;
    }
    if (deferred !== null) throw new Problem(place, 'only one operand may be a value that is not known yet');
    deferred = { field, operand };
  }
  fixedValues(spelling, values);
  return { values, deferred };
}

function badRegister(field: Field, place: Place, spelling: Spelling): Problem {
  if (field.bits.length === 0) return new Problem(place, `${spelling.name} works on ${xName(field.bias ?? 0)} only`);
  if (field.bias === 8)
    return new Problem(place, `${spelling.name} takes only the registers x8 to x15`, 'these are s0, s1 and a0 to a5');
  return new Problem(place, `${spelling.name} does not take this register here`);
}

/** Assembles an instruction whose operands have been read. */
export function emit(unit: Unit, spelling: Spelling, operands: Operands, place: Place, order = 0): void {
  const { values, deferred } = resolve(unit, spelling, operands);
  if (order !== 0) values.order = order;
  const { instruction } = spelling;
  if (deferred?.field.kind === 'target') {
    emitBranch(unit, spelling, values, deferred, place);
    return;
  }
  if (deferred !== null) {
    defer(unit, instruction, values, deferred, place);
    return;
  }
  // GNU as keeps the full form for a part of a value, even when the value is a constant.
  const whole = [...operands.values()].every((operand) => operand.kind === 'number' || operand.modifier === null);
  const narrow =
    unit.options.compress && whole
      ? compress(unit.table, instruction, values, spelling, unit.options.extensions)
      : null;
  if (narrow !== null) unit.putWord(encodeFields(narrow.instruction, narrow.values), 2, place);
  else unit.putWord(encodeFields(instruction, values), instruction.length, place);
}

/** Assembles `name` with all fields given: what pseudo-instructions are made of. */
export function emitPlain(unit: Unit, name: string, values: FieldValues, place: Place): void {
  const instruction = unit.table.instructions.get(name);
  if (instruction === undefined) throw new Error(`a pseudo-instruction needs ${name}`);
  const narrow = unit.options.compress
    ? compress(unit.table, instruction, values, null, unit.options.extensions)
    : null;
  if (narrow !== null) unit.putWord(encodeFields(narrow.instruction, narrow.values), 2, place);
  else unit.putWord(encodeFields(instruction, values), instruction.length, place);
}

function defer(unit: Unit, instruction: Instruction, values: FieldValues, deferred: Deferred, place: Place): void {
  const { field, operand } = deferred;
  checkModifier(field, operand, instruction);
  const { current } = unit.section;
  const offset = current.fixed;
  unit.put(new Uint8Array(instruction.length), place);
  const { expression, modifier } = operand;
  unit.fixups.push({
    kind: 'field',
    fragment: current,
    offset,
    expression,
    place: operand.place,
    instruction,
    values,
    field: field.name,
    modifier,
  });
}

const HIGH: ReadonlySet<string> = new Set(['hi', 'pcrel_hi']);

function checkModifier(field: Field, operand: Operand & { kind: 'expression' }, instruction: Instruction): void {
  const { modifier, place } = operand;
  const high = modifier !== null && HIGH.has(modifier);
  if (modifier === null || high === (field.kind === 'upper')) return;
  const hint = high
    ? `use %${modifier === 'hi' ? 'lo' : 'pcrel_lo'} here; %${modifier} goes with lui or auipc`
    : `use %${modifier === 'lo' ? 'hi' : 'pcrel_hi'} here`;
  throw new Problem(place, `%${modifier} does not fit ${instruction.name}`, hint);
}

function emitBranch(unit: Unit, spelling: Spelling, values: FieldValues, deferred: Deferred, place: Place): void {
  const { field, operand } = deferred;
  if (operand.modifier !== null)
    throw new Problem(operand.place, `%${operand.modifier} does not fit a branch`, 'write the label alone');
  const { instruction } = spelling;
  const written = instruction.length === 2;
  const narrow = written
    ? { instruction, values }
    : unit.options.compress
      ? compress(unit.table, instruction, values, spelling, unit.options.extensions, field.name)
      : null;
  const wide = written ? widened(unit, instruction, values) : { instruction, values };
  const tail = {
    kind: 'branch' as const,
    jump: !instruction.fields.some(({ name }) => name === 'rs1'),
    wide: wide.instruction,
    values: wide.values,
    narrow: narrow?.instruction ?? null,
    target: operand.expression,
    place: operand.place,
    length: LONG_BRANCH,
  };
  unit.claim(LONG_BRANCH, place);
  if (unit.section.kind === 'zero')
    throw new Problem(place, `code cannot be in ${unit.section.name}`, 'put it into .text');
  unit.close(tail);
}

/** What a compressed branch stands for, with its values. */
function widened(
  unit: Unit,
  narrow: Instruction,
  values: FieldValues,
): { instruction: Instruction; values: FieldValues } {
  const expansion = narrow.expands;
  const instruction = expansion === undefined ? undefined : unit.table.instructions.get(expansion.to);
  if (expansion === undefined || instruction === undefined) return { instruction: narrow, values };
  const wide: Record<string, number> = {};
  for (const [name, from] of Object.entries(expansion.fields)) {
    const value = typeof from === 'number' ? from : values[from];
    if (value !== undefined) wide[name] = value;
  }
  return { instruction, values: wide };
}
