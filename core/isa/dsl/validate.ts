/** What must hold for every definition; checked when the table is built. */
import { hex, maskOf } from '../../base/bits.ts';
import { fieldNamesOf } from './operands.ts';
import type { Alias, Field, Instruction } from './types.ts';
import { fieldsUsed, registersUsed } from './walk.ts';

function bitsUsed(field: Field): number {
  return field.bits.reduce((all, run) => all | maskOf(run.lo, run.width), 0) >>> 0;
}

/** Throws when mask, match, fields, syntax and semantics of the instruction contradict each other. */
export function checkInstruction(instruction: Instruction, ignored: number): void {
  const { name, mask, match, fields } = instruction;
  const fail = (what: string): never => {
    throw new Error(`definition of ${name}: ${what}`);
  };
  if ((match & ~mask) !== 0) fail(`match ${hex(match)} has bits outside mask ${hex(mask)}`);
  const all = instruction.length === 2 ? 0xffff : 0xffffffff;
  if ((match & 3) === 3 ? instruction.length !== 4 : instruction.length !== 2) {
    fail('the low two bits say another length');
  }
  let taken = (mask | ignored) >>> 0;
  for (const field of fields) {
    const used = bitsUsed(field);
    if ((used & taken) !== 0) fail(`field ${field.name} overlaps bits ${hex((used & taken) >>> 0)}`);
    taken = (taken | used) >>> 0;
  }
  if (taken !== all) fail(`bits ${hex((all & ~taken) >>> 0)} are neither fixed, nor a field, nor ignored`);
  const names = new Set(fields.map((field) => field.name));
  if (names.size !== fields.length) fail('a field is named twice');
  for (const used of fieldsUsed(instruction.semantics))
    if (!names.has(used)) fail(`semantics use unknown field ${used}`);
  const registers = registersUsed(instruction.semantics);
  for (const kind of ['x', 'f'] as const) {
    for (const used of registers[kind]) {
      if (fields.some((field) => field.name === used && field.kind !== kind)) fail(`${used} is no ${kind} register`);
    }
  }
  for (const used of fieldNamesOf(instruction.asm)) if (!names.has(used)) fail(`syntax uses unknown field ${used}`);
}

/** Throws when the alias does not determine every field of its instruction. */
export function checkAlias(alias: Alias, base: Instruction | undefined): void {
  if (base === undefined) throw new Error(`alias ${alias.name}: there is no instruction ${alias.of}`);
  const written = new Set(fieldNamesOf(alias.asm));
  for (const field of base.fields) {
    if (field.bits.length === 0 || field.kind === 'order') continue;
    if (!written.has(field.name) && alias.fixed[field.name] === undefined) {
      throw new Error(`alias ${alias.name} of ${alias.of} does not say what ${field.name} is`);
    }
  }
}
