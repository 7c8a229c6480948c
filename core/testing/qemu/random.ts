/**
 * Random programs drawn from the instruction table. A program is a list of units; a unit is kept or left
 * out as a whole, so that shrinking needs no knowledge of what is in it. sp, s0 and s1 point into the data
 * area and tp to the handler's log: nothing else may be written to them.
 */

import { INSTRUCTIONS } from '../../isa/defs/index.ts';
import type { Expr } from '../../isa/dsl/ir.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { visitExpressions } from '../../isa/dsl/walk.ts';
import { HANDLER, type Program, type Slot } from './layout.ts';
import { csrUnit } from './random-csr.ts';
import { assembled, fieldValue, type Unit, type Values } from './random-word.ts';
import type { Rng } from './rng.ts';

/** What QEMU 7.2 has too and what does something without a device; the rest is the directed programs' affair. */
const TESTED_EXTENSIONS: ReadonlySet<string> = new Set([
  ...['I', 'M', 'Zaamo', 'Zalrsc', 'Zca', 'Zba', 'Zbb', 'Zbc', 'Zbs', 'Zicsr', 'Zifencei', 'Zihintpause', 'S'],
]);
/** Ends the program, or waits for an interrupt that may never come. */
const LEFT_OUT: ReadonlySet<string> = new Set(['ecall', 'wfi']);
const POINTERS = [2, 8, 9];
/** sc looks at the reservation before the alignment in QEMU, so it gets aligned addresses only. */
const ALIGNED_POINTERS = [2, 8];
const RESERVED: ReadonlySet<number> = new Set([...POINTERS, 4]);
const SET_POINTERS = 'li sp, @data + 0x2000\n li s0, @data + 0x2400\n li s1, @data + 0x2803';

const DRAWN: readonly Instruction[] = INSTRUCTIONS.filter(
  ({ extension, name }) => TESTED_EXTENSIONS.has(extension) && !LEFT_OUT.has(name),
);

export function randomUnits(rng: Rng, count: number): Unit[] {
  const units: Unit[] = [];
  while (units.length < count) units.push(randomUnit(rng));
  return units;
}

/** The program of some units: registers from the generator's table, then the units, then a call. */
export function programOf(name: string, seeds: readonly bigint[], units: readonly Unit[]): Program {
  return {
    name,
    text: (slot: Slot) => {
      const registers = seeds.map((value, index) => `li x${index + 1}, 0x${value.toString(16)}`);
      const start = `li t0, ${HANDLER}\n csrw stvec, t0\n`;
      const body = [start, ...registers, SET_POINTERS, `li tp, @data`, ...units, 'ecall'].join('\n');
      return body.replaceAll('@data', String(slot.data));
    },
  };
}

function randomUnit(rng: Rng): Unit {
  const instruction = rng.pick(DRAWN);
  const { body } = instruction.semantics;
  if (body.some((stmt) => stmt.op === 'csr')) return csrUnit(rng, instruction);
  if (instruction.name === 'sret') return returnUnit(rng);
  const jump = body.find((stmt) => stmt.op === 'jump' || stmt.op === 'branch');
  if (jump !== undefined) {
    const isComputed = instruction.fields.some((field) => field.name === 'rs1') && jump.op === 'jump';
    return isComputed ? computedJump(rng, instruction) : relativeJump(rng, instruction);
  }
  if (uses(instruction, 'storeConditional')) return reservedPair(rng, instruction);
  return assembled(instruction, operands(rng, instruction)) + repair(instruction);
}

const uses = (instruction: Instruction, op: Expr['op']): boolean => {
  let found = false;
  visitExpressions(instruction.semantics, (expr) => {
    if (expr.op === op) found = true;
  });
  return found;
};

/** The fields whose registers make an address. */
function addressFields(instruction: Instruction): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (expr: Expr): void => {
    if (expr.op === 'x') names.add(expr.field);
    if (expr.op === 'binary') for (const part of [expr.a, expr.b]) collect(part);
  };
  visitExpressions(instruction.semantics, (expr) => {
    if ('addr' in expr) collect(expr.addr);
  });
  for (const stmt of instruction.semantics.body) if (stmt.op === 'store') collect(stmt.addr);
  return names;
}

function writtenFields(instruction: Instruction): ReadonlySet<string> {
  return new Set(instruction.semantics.body.flatMap((stmt) => (stmt.op === 'setX' ? [stmt.field] : [])));
}

function operands(rng: Rng, instruction: Instruction, pointers: readonly number[] = POINTERS): Values {
  const addresses = addressFields(instruction);
  const written = writtenFields(instruction);
  const values: Values = {};
  for (const field of instruction.fields) {
    if (field.bits.length === 0) continue;
    values[field.name] = fieldValue(rng, field, (value) => {
      if (field.kind !== 'x') return true;
      if (addresses.has(field.name)) return pointers.includes(value);
      return !written.has(field.name) || !RESERVED.has(value);
    });
  }
  return values;
}

/** Compressed forms that change sp by themselves put the pointers out of place. */
function repair(instruction: Instruction): Unit {
  const implied = instruction.fields.filter((field) => field.bits.length === 0 && field.kind === 'x');
  const written = writtenFields(instruction);
  return implied.some((field) => written.has(field.name) && RESERVED.has(field.bias ?? 0)) ? `${SET_POINTERS}\n` : '';
}

/** Over one four-byte instruction, or to the next. */
function relativeJump(rng: Rng, instruction: Instruction): Unit {
  const values = operands(rng, instruction);
  const distance = instruction.length + (rng.chance(50) ? 4 : 0);
  return `${assembled(instruction, { ...values, imm: distance })}${filler(rng)}`;
}

/** A register jump to a place that a register is made to hold first, minus the constant if there is one. */
function computedJump(rng: Rng, instruction: Instruction): Unit {
  const values = operands(rng, instruction);
  const base = fieldValue(
    rng,
    instruction.fields.find((field) => field.name === 'rs1') ?? { name: 'rs1', kind: 'x', bits: [], signed: false },
    (register) => register !== 0 && !RESERVED.has(register),
  );
  const distance = values.imm ?? 0;
  return `la x${base}, 77f - (${distance})\n${assembled(instruction, { ...values, rs1: base })}${filler(rng)}77:\n`;
}

function filler(rng: Rng): Unit {
  const register = rng.pick([5, 6, 7, 10, 11, 12, 28, 29]);
  return `.4byte 0x${(0x13 | (register << 7) | (register << 15) | (rng.below(2048) << 20)).toString(16)} # addi\n`;
}

/** lr of the same width at the same place, sometimes with something between, then sc. */
function reservedPair(rng: Rng, conditional: Instruction): Unit {
  const reserve = INSTRUCTIONS.find((other) => other.name === conditional.name.replace('sc.', 'lr.'));
  if (reserve === undefined) throw new Error(`${conditional.name} has no load-reserved`);
  const second = operands(rng, conditional, ALIGNED_POINTERS);
  const first = { ...operands(rng, reserve, ALIGNED_POINTERS), rs1: second.rs1 ?? 2 };
  const between = rng.chance(20) ? 'ebreak\n' : rng.chance(30) ? filler(rng) : '';
  return assembled(reserve, first) + between + assembled(conditional, second);
}

function returnUnit(rng: Rng): Unit {
  const level = rng.chance(20) ? 'csrc' : 'csrs';
  return `la t0, 77f\n csrw sepc, t0\n li t0, 0x100\n ${level} sstatus, t0\n sret\n77:\n`;
}
