/** Last step: tails and fixups into bytes, once every address is known. */

import type { Instruction } from '../dsl/types.ts';
import { writeNumber, writeWord } from './bytes.ts';
import { encodeFields, holds, rangeOf } from './encoding.ts';
import { evaluate, isValue, type Locator, type Value } from './expression.ts';
import type { Fixup } from './fixups.ts';
import { modified } from './modifiers.ts';
import { LINKER_SYMBOLS } from './place.ts';
import { type Place, Problem } from './problem.ts';
import type { BranchTail, Expression, Fragment, Section, Tail } from './program.ts';
import type { Unit } from './unit.ts';

/** Every address counts from here once sections are placed. */
const MEMORY = {};

export class Linker {
  readonly #unit: Unit;
  readonly #placed: readonly Section[];
  readonly #locator: Locator;
  /** Target of each auipc with %pcrel_hi, by its address; `%pcrel_lo(label)` asks by it. */
  readonly #highs = new Map<bigint, bigint>();

  constructor(unit: Unit, placed: readonly Section[]) {
    this.#unit = unit;
    this.#placed = placed;
    this.#locator = {
      locate: (fragment, offset) => ({ base: MEMORY, offset: addressOf(fragment, offset) }),
      external: (symbol) => {
        const defined = Object.hasOwn(LINKER_SYMBOLS, symbol.name) ? LINKER_SYMBOLS[symbol.name] : undefined;
        if (defined !== undefined) return { base: MEMORY, offset: BigInt.asIntN(64, defined(this.#placed)) };
        return symbol.binding === 'weak' ? { base: null, offset: 0n } : undefined;
      },
    };
  }

  /** Value of an expression; reports and gives null when it has none. */
  value(expression: Expression, place: Place): Value | null {
    const outcome = evaluate(expression, this.#locator);
    if (isValue(outcome)) return outcome;
    this.#unit.reporter.report(this.#unit.noValue(outcome, place));
    return null;
  }

  /** Writes the bytes of all sections into one array. */
  write(bytes: Uint8Array, base: bigint): void {
    for (const section of this.#placed) {
      if (section.kind === 'zero') continue;
      const start = Number(section.address - base);
      for (const fragment of section.fragments) {
        const at = start + fragment.address;
        if (this.#unit.reporter.full) return;
        bytes.set(fragment.bytes.subarray(0, fragment.fixed), at);
        if (fragment.tail !== null) this.#guard(() => this.#tail(bytes, at + fragment.fixed, fragment, fragment.tail));
      }
    }
    this.#collectHighs();
    for (const fixup of this.#unit.fixups) {
      if (this.#unit.reporter.full) return;
      const { section } = fixup.fragment;
      if (section.kind === 'unloaded') continue;
      const at = Number(section.address - base) + fixup.fragment.address + fixup.offset;
      this.#guard(() => this.#fix(bytes, at, fixup));
    }
  }

  #guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.#unit.reporter.report(error);
    }
  }

  #tail(bytes: Uint8Array, at: number, fragment: Fragment, tail: Tail | null): void {
    if (tail === null) return;
    switch (tail.kind) {
      case 'align':
        if (tail.fill === null) fillWithNops(bytes, at, tail.length);
        else fillWith(bytes, at, tail.length, tail.fill.value, tail.fill.size);
        return;
      case 'org':
        bytes.fill(tail.fill, at, at + tail.length);
        return;
      case 'space':
        fillWith(bytes, at, tail.length, tail.fill, tail.unit);
        return;
      case 'leb128':
        writeLeb(bytes, at, this.value(tail.value, tail.place)?.offset ?? 0n, tail.length);
        return;
      case 'branch':
        this.#branch(bytes, at, addressOf(fragment, fragment.fixed), tail);
        return;
      default:
        tail satisfies never;
    }
  }

  #branch(bytes: Uint8Array, at: number, pc: bigint, tail: BranchTail): void {
    const target = this.value(tail.target, tail.place);
    if (target === null) return;
    const distance = BigInt.asIntN(64, target.offset - pc);
    if ((distance & 1n) !== 0n)
      throw new Problem(
        tail.place,
        'the target is at an odd address',
        'instructions are at even addresses; an .align may be missing',
      );
    const hint =
      target.base === null ? `a number is an absolute address; write . + ${target.offset} for a distance` : undefined;
    const jump = this.#unit.table.instructions.get('jal');
    const form = tail.length === 2 && tail.narrow !== null ? tail.narrow : tail.wide;
    if (tail.length <= 4) {
      writeWord(
        bytes,
        at,
        encodeFields(form, { ...tail.values, imm: near(form, distance, tail.place, hint) }),
        form.length,
      );
      return;
    }
    if (jump === undefined) throw new Error('the table has no jal');
    const over = tail.narrow !== null && tail.length === 6 ? tail.narrow : tail.wide;
    const skip = encodeFields(over, { ...tail.values, imm: tail.length });
    writeWord(bytes, at, invert(skip, over), over.length);
    const imm = near(jump, distance - BigInt(over.length), tail.place, hint);
    writeWord(bytes, at + over.length, encodeFields(jump, { rd: 0, imm }), 4);
  }

  #collectHighs(): void {
    for (const fixup of this.#unit.fixups) {
      if (fixup.kind !== 'field' || fixup.modifier !== 'pcrel_hi') continue;
      const value = evaluate(fixup.expression, this.#locator);
      if (isValue(value)) this.#highs.set(addressOf(fixup.fragment, fixup.offset), value.offset);
    }
  }

  #fix(bytes: Uint8Array, at: number, fixup: Fixup): void {
    const value = this.value(fixup.expression, fixup.place);
    if (value === null) return;
    const pc = addressOf(fixup.fragment, fixup.offset);
    switch (fixup.kind) {
      case 'data':
        this.#data(bytes, at, value, fixup.size, fixup.place);
        return;
      case 'pair': {
        const distance = pcRelative(value.offset - pc, fixup.place);
        const high = { ...fixup.high.values, imm: Number(distance - modified(distance, 'lo')) | 0 };
        const low = { ...fixup.low.values, imm: Number(modified(distance, 'lo')) };
        writeWord(bytes, at, encodeFields(fixup.high.instruction, high), 4);
        writeWord(bytes, at + 4, encodeFields(fixup.low.instruction, low), 4);
        return;
      }
      case 'field':
        this.#field(bytes, at, pc, value, fixup);
        return;
      default:
        fixup satisfies never;
    }
  }

  #data(bytes: Uint8Array, at: number, value: Value, size: number, place: Place): void {
    if (value.base !== null && size < 4) {
      throw new Problem(
        place,
        `an address does not fit in ${size === 1 ? 'one byte' : `${size} bytes`}`,
        'use .dword for addresses',
      );
    }
    if (value.base !== null && size === 4 && BigInt.asUintN(32, value.offset) !== BigInt.asUintN(64, value.offset)) {
      throw new Problem(place, 'the address does not fit in 4 bytes', 'use .dword for addresses');
    }
    writeNumber(bytes, at, value.offset, size);
  }

  #field(bytes: Uint8Array, at: number, pc: bigint, value: Value, fixup: Fixup & { kind: 'field' }): void {
    const { instruction, values, field, place } = fixup;
    const definition = instruction.fields.find((candidate) => candidate.name === field);
    if (definition === undefined) return;
    const imm = this.#fieldNumber(pc, value, fixup);
    const full = definition.kind === 'upper' ? Number(BigInt.asIntN(32, imm << 12n)) : Number(imm);
    if (!holds(definition, full)) {
      const { min, max } = rangeOf(definition);
      const hint =
        value.base === null
          ? `it takes ${min} to ${max}`
          : 'an address does not fit in an instruction: use la, or %lo(symbol) after lui with %hi(symbol)';
      throw new Problem(
        place,
        `${value.base === null ? value.offset : 'the address'} does not fit in the ${field} of ${instruction.name}`,
        hint,
      );
    }
    writeWord(bytes, at, encodeFields(instruction, { ...values, [field]: full }), instruction.length);
  }

  #fieldNumber(pc: bigint, value: Value, fixup: Fixup & { kind: 'field' }): bigint {
    const { modifier, place } = fixup;
    switch (modifier) {
      case null:
        return value.offset;
      case 'hi':
        if (value.base !== null && !fitsUpper(value.offset)) {
          throw new Problem(
            place,
            'the address does not fit in the 32 bits that lui reaches',
            'use la, or auipc with %pcrel_hi(symbol)',
          );
        }
        return modified(value.offset, 'hi');
      case 'lo':
        return modified(value.offset, 'lo');
      case 'pcrel_hi':
        return modified(pcRelative(value.offset - pc, place), 'hi');
      case 'pcrel_lo': {
        const target = this.#highs.get(value.offset);
        if (target === undefined) {
          throw new Problem(
            place,
            '%pcrel_lo needs the label of an auipc with %pcrel_hi',
            'write 1: auipc a0, %pcrel_hi(symbol) and then addi a0, a0, %pcrel_lo(1b)',
          );
        }
        return modified(target - value.offset, 'lo');
      }
      default:
        return modifier satisfies never;
    }
  }
}

export function addressOf(fragment: Fragment, offset: number): bigint {
  return BigInt.asIntN(64, fragment.section.address + BigInt(fragment.address + offset));
}

/** What auipc and a 12-bit low part reach, rounding included. */
function fitsUpper(value: bigint): boolean {
  const rounded = value + 0x800n;
  return BigInt.asIntN(32, rounded) === rounded;
}

function pcRelative(distance: bigint, place: Place): bigint {
  const wrapped = BigInt.asIntN(64, distance);
  if (fitsUpper(wrapped)) return wrapped;
  throw new Problem(place, 'the target is more than 2 GiB away', 'load the address with li, or from a .dword');
}

function near(form: Instruction, distance: bigint, place: Place, hint: string | undefined): number {
  const field = form.fields.find((candidate) => candidate.kind === 'target');
  const { min, max } = field === undefined ? { min: 0, max: 0 } : rangeOf(field);
  if (distance >= BigInt(min) && distance <= BigInt(max)) return Number(distance);
  throw new Problem(
    place,
    `the target is ${distance} bytes away; ${form.name} reaches ${min} to ${max}`,
    hint ?? 'use tail or jump for far targets',
  );
}

/** Conditional branches come in pairs that differ in the lowest bit of funct3. */
const INVERT_WIDE = 1 << 12;
const INVERT_NARROW = 1 << 13;

function invert(word: number, form: Instruction): number {
  return (word ^ (form.length === 2 ? INVERT_NARROW : INVERT_WIDE)) >>> 0;
}

const NOP = 0x00000013;
const C_NOP = 0x0001;

/** As GNU as pads code: an odd byte, then a compressed nop, then nops. */
function fillWithNops(bytes: Uint8Array, at: number, length: number): void {
  let start = at;
  const end = at + length;
  if ((end - start) % 2 === 1) start++;
  if ((end - start) % 4 === 2) {
    writeWord(bytes, start, C_NOP, 2);
    start += 2;
  }
  for (; start < end; start += 4) writeWord(bytes, start, NOP, 4);
}

function fillWith(bytes: Uint8Array, at: number, length: number, value: bigint, size: number): void {
  if (size === 0) return;
  if (size === 1 || value === 0n) {
    bytes.fill(Number(value & 0xffn), at, at + length);
    return;
  }
  const rest = length % size;
  for (let i = at + rest; i + size <= at + length; i += size) writeNumber(bytes, i, value, size);
}

function writeLeb(bytes: Uint8Array, at: number, value: bigint, length: number): void {
  let rest = value;
  for (let i = 0; i < length; i++) {
    bytes[at + i] = Number(rest & 0x7fn) | (i + 1 < length ? 0x80 : 0);
    rest >>= 7n;
  }
}
