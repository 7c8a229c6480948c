/**
 * Pseudo-instructions that become several instructions. What is only another spelling is an alias in
 * the instruction table. [RISC-V Assembly Programmer's Manual, "Pseudoinstructions"]
 */

import type { Instruction } from '../dsl/types.ts';
import type { Cursor } from './cursor.ts';
import { emitPlain } from './emit.ts';
import { encodeFields, type FieldValues } from './encoding.ts';
import { isRegister } from './names.ts';
import { readRegister } from './operands.ts';
import { type Place, Problem } from './problem.ts';
import type { Expression } from './program.ts';
import type { PseudoName } from './reference.ts';
import type { Unit } from './unit.ts';

/** Assembles the statement; false when it is not the pseudo form but the instruction of that name. */
type Pseudo = (unit: Unit, cursor: Cursor, place: Place) => boolean;

const RA = 1;
const T1 = 6;

function register(cursor: Cursor, file: 'x' | 'f' = 'x'): number {
  const operand = readRegister(cursor, file);
  return operand.kind === 'number' ? operand.value : 0;
}

function instruction(unit: Unit, name: string): Instruction {
  const found = unit.table.instructions.get(name);
  if (found === undefined) throw new Error(`a pseudo-instruction needs ${name}`);
  return found;
}

/** Throws when the extension of the instruction is off. */
function needs(unit: Unit, name: PseudoName, place: Place): void {
  const { extension } = instruction(unit, name);
  if (unit.options.extensions.has(extension)) return;
  throw new Problem(
    place,
    `"${name}" needs the extension ${extension}, which is switched off`,
    `switch it on in the machine, or write .option arch, +${extension.toLowerCase()}`,
  );
}

interface Target {
  readonly expression: Expression;
  readonly place: Place;
}

/** auipc into `via`, then the instruction that takes the low part as its `imm`. */
function emitPair(unit: Unit, via: number, low: string, values: FieldValues, target: Target, place: Place): void {
  const { current } = unit.section;
  const offset = current.fixed;
  unit.put(new Uint8Array(8), place);
  const high = { instruction: instruction(unit, 'auipc'), values: { rd: via } };
  unit.fixups.push({
    kind: 'pair',
    fragment: current,
    offset,
    ...target,
    high,
    low: { instruction: instruction(unit, low), values },
  });
}

function target(cursor: Cursor): Target {
  const from = cursor.position;
  if (cursor.is('%')) cursor.fail('a symbol is expected, not a part of its address', 'write the symbol alone');
  const expression = cursor.expression();
  const place = cursor.placeFrom(from);
  // `symbol@plt` of compiler output is the same as `symbol` here.
  if (cursor.accept('@')) cursor.expectName('plt');
  return { expression, place };
}

const SIGN_BITS = 12;

/** The instructions for a constant, as GNU as 2.44 chooses them. */
function loadConstant(unit: Unit, rd: number, value: bigint, place: Place): void {
  const lower = BigInt.asIntN(SIGN_BITS, value);
  const upper = BigInt.asIntN(64, value - lower);
  if (BigInt.asIntN(32, value) === value) {
    const high = upper === 0n ? 0 : rd;
    if (upper !== 0n) emitPlain(unit, 'lui', { rd, imm: Number(BigInt.asIntN(32, upper)) }, place);
    if (lower !== 0n || high === 0) emitPlain(unit, 'addiw', { rd, rs1: high, imm: Number(lower) }, place);
    return;
  }
  let shift = SIGN_BITS;
  while (((upper >> BigInt(shift)) & 1n) === 0n) shift++;
  loadConstant(unit, rd, upper >> BigInt(shift), place);
  emitPlain(unit, 'slli', { rd, rs1: rd, shamt: shift }, place);
  if (lower !== 0n) emitPlain(unit, 'addi', { rd, rs1: rd, imm: Number(lower) }, place);
}

function emitConstant(unit: Unit, rd: number, value: bigint, place: Place): void {
  const small = BigInt.asIntN(SIGN_BITS, value) === value;
  // `li zero, 0` is not taken for a nop, which would be compressed.
  if (rd === 0 && value === 0n) unit.putWord(encodeFields(instruction(unit, 'addi'), { rd, rs1: 0, imm: 0 }), 4, place);
  else if (small) emitPlain(unit, 'addi', { rd, rs1: 0, imm: Number(value) }, place);
  else loadConstant(unit, rd, value, place);
}

const li: Pseudo = (unit, cursor, place) => {
  const rd = register(cursor);
  cursor.expect(',', 'write: li rd, constant');
  if (cursor.is('%')) return false;
  const from = cursor.position;
  const value = cursor.expression();
  cursor.end('write: li rd, constant');
  const constant = unit.constantOf(value);
  if (constant === null) {
    const at = cursor.placeFrom(from);
    const reason = unit.outcome(value);
    if (!('offset' in reason) && (reason.reason === 'division' || reason.reason === 'cycle'))
      throw unit.noValue(reason, at);
    throw new Problem(
      at,
      'li takes a constant that is known at this line',
      'use la for the address of a label; define constants above their use',
    );
  }
  emitConstant(unit, rd, constant, place);
  return true;
};

const loadAddress: Pseudo = (unit, cursor, place) => {
  const rd = register(cursor);
  cursor.expect(',', 'write: la rd, symbol');
  const to = target(cursor);
  cursor.end('write: la rd, symbol');
  const constant = unit.constantOf(to.expression);
  if (constant !== null) loadConstant(unit, rd, constant, place);
  else emitPair(unit, rd, 'addi', { rd, rs1: rd }, to, place);
  return true;
};

const call: Pseudo = (unit, cursor, place) => {
  let rd = RA;
  let via = RA;
  if (isRegister(cursor.peek().text) && cursor.peek(1).text === ',') {
    rd = register(cursor);
    via = T1;
    cursor.expect(',');
  }
  const to = target(cursor);
  cursor.end('write: call symbol');
  emitPair(unit, via, 'jalr', { rd, rs1: via }, to, place);
  return true;
};

const tail: Pseudo = (unit, cursor, place) => {
  const to = target(cursor);
  cursor.end('write: tail symbol');
  emitPair(unit, T1, 'jalr', { rd: 0, rs1: T1 }, to, place);
  return true;
};

const jump: Pseudo = (unit, cursor, place) => {
  const to = target(cursor);
  cursor.expect(',', 'write: jump symbol, rt');
  const via = register(cursor);
  cursor.end('write: jump symbol, rt');
  emitPair(unit, via, 'jalr', { rd: 0, rs1: via }, to, place);
  return true;
};

/** Whether there is a `(register` or the second operand starts with `%`: the instruction itself. */
function hasBase(cursor: Cursor): boolean {
  const { tokens } = cursor;
  if (tokens.some(({ text }, i) => text === '(' && isRegister(tokens[i + 1]?.text ?? ''))) return true;
  return cursor.peek(1).text === ',' && cursor.peek(2).text === '%';
}

/** What is loaded has no place for the address, so there is a register for that too. */
const floatLoad =
  (name: PseudoName): Pseudo =>
  (unit, cursor, place) => {
    if (hasBase(cursor)) return false;
    needs(unit, name, place);
    const rd = register(cursor, 'f');
    const usage = `write: ${name} rd, offset(rs1), or ${name} rd, symbol, rt with a register for the address`;
    cursor.expect(',', usage);
    const from = target(cursor);
    cursor.expect(',', usage);
    const via = register(cursor);
    cursor.end(usage);
    emitPair(unit, via, name, { rd, rs1: via }, from, place);
    return true;
  };

const load =
  (name: string): Pseudo =>
  (unit, cursor, place) => {
    if (hasBase(cursor)) return false;
    const rd = register(cursor);
    const usage = `write: ${name} rd, offset(rs1), or ${name} rd, symbol`;
    cursor.expect(',', usage);
    const from = target(cursor);
    cursor.end(usage);
    emitPair(unit, rd, name, { rd, rs1: rd }, from, place);
    return true;
  };

const store =
  (name: PseudoName, file: 'x' | 'f' = 'x'): Pseudo =>
  (unit, cursor, place) => {
    if (hasBase(cursor)) return false;
    needs(unit, name, place);
    const rs2 = register(cursor, file);
    const usage = `write: ${name} rs2, offset(rs1), or ${name} rs2, symbol, rt with a register for the address`;
    cursor.expect(',', usage);
    const to = target(cursor);
    cursor.expect(',', usage);
    const via = register(cursor);
    cursor.end(usage);
    emitPair(unit, via, name, { rs2, rs1: via }, to, place);
    return true;
  };

const extend =
  (name: PseudoName, bits: number, right: 'srai' | 'srli'): Pseudo =>
  (unit, cursor, place) => {
    if (unit.table.spellings.get(name)?.some((spelling) => unit.options.extensions.has(spelling.extension)) === true)
      return false;
    const rd = register(cursor);
    cursor.expect(',', `write: ${name} rd, rs`);
    const rs1 = register(cursor);
    cursor.end(`write: ${name} rd, rs`);
    const shamt = 64 - bits;
    emitPlain(unit, 'slli', { rd, rs1, shamt }, place);
    emitPlain(unit, right, { rd, rs1: rd, shamt }, place);
    return true;
  };

export const PSEUDO_HANDLERS: Readonly<Record<PseudoName, Pseudo>> = {
  li,
  la: loadAddress,
  lla: loadAddress,
  call,
  tail,
  jump,
  lb: load('lb'),
  lbu: load('lbu'),
  lh: load('lh'),
  lhu: load('lhu'),
  lw: load('lw'),
  lwu: load('lwu'),
  ld: load('ld'),
  sb: store('sb'),
  sh: store('sh'),
  sw: store('sw'),
  sd: store('sd'),
  flh: floatLoad('flh'),
  flw: floatLoad('flw'),
  fld: floatLoad('fld'),
  fsh: store('fsh', 'f'),
  fsw: store('fsw', 'f'),
  fsd: store('fsd', 'f'),
  'sext.b': extend('sext.b', 8, 'srai'),
  'sext.h': extend('sext.h', 16, 'srai'),
  'zext.h': extend('zext.h', 16, 'srli'),
  'zext.w': extend('zext.w', 32, 'srli'),
};
