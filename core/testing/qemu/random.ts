/**
 * Random programs drawn from the instruction table. A program is a list of units; a unit is kept or left
 * out as a whole, so that shrinking needs no knowledge of what is in it. sp, s0 and s1 point into the data
 * area and tp to the handler's log: nothing else may be written to them. Units name addresses by the tokens
 * `@area` and `@alias`, whose values depend on whether the program runs with paging.
 */

import { CSR_STIMECMP } from '../../hart/constants.ts';
import { closure, INSTRUCTIONS } from '../../isa/defs/index.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { PROFILE } from './extensions.ts';
import { HANDLER, type Program, type Slot } from './layout.ts';
import { loopUnit, modifyingUnit } from './random-code.ts';
import { csrUnit } from './random-csr.ts';
import { FLOAT_ON, hardOperandsFor } from './random-float.ts';
import { operands, RESERVED, uses, writtenFields } from './random-operands.ts';
import { assembled, fieldValue, type Unit } from './random-word.ts';
import type { Rng } from './rng.ts';
import {
  A,
  ALL,
  enablePaging,
  MODES,
  type Mode,
  PAGE,
  pte,
  R,
  TESTED_VA,
  tablesFor,
  tableText,
  U,
  USER_ALIAS,
  V,
  W,
  X,
} from './tables.ts';

const TESTED_EXTENSIONS = closure(PROFILE.extensions);
/** Ends the program, or waits for an interrupt that may never come. */
const LEFT_OUT: ReadonlySet<string> = new Set(['ecall', 'wfi']);
/** sc looks at the reservation before the alignment in QEMU, so it gets aligned addresses only. */
const ALIGNED_POINTERS = [2, 8];
const FOCUS_PERCENT = 60;
const FLOAT_PERCENT = 85;
const SET_POINTERS = 'li sp, @area + 0x1000\n li s0, @area + 0x1ff0\n li s1, @area + 0x1803';

export const DRAWN: readonly Instruction[] = INSTRUCTIONS.filter(
  ({ extension, name }) => TESTED_EXTENSIONS.has(extension) && !LEFT_OUT.has(name) && !PROFILE.wrong.has(name),
);

/** Bare, or pages of the data area mapped with these flags each; the pages beyond are not mapped. */
export interface World {
  readonly mode: Mode | null;
  readonly flags: readonly number[];
  /** Bytes in front of the units, so that some instruction lies across the end of a page. */
  readonly pad: number;
}

const PAGE_FLAGS = [ALL, ALL, ALL, ALL | U, ALL | U, V | R | W, V | R | W | U, V | R | A, V | X | A, V | W | A, 0];
/** Pages of the data area behind the log, in the order in which the tested addresses show them. */
const SHOWN_PAGES = [1, 3, 2, 1];

export function randomWorld(rng: Rng): World {
  const flags = SHOWN_PAGES.map(() => rng.pick(PAGE_FLAGS));
  const mode = rng.chance(50) ? rng.pick(Object.keys(MODES) as Mode[]) : null;
  return { mode, flags, pad: rng.chance(25) ? PAGE - 2 * rng.below(600) : 0 };
}

/** What a program has more of than others. */
export interface Taste {
  /** Most instructions are of this extension. */
  readonly focus?: string;
  readonly interruptPercent?: number;
}

export function randomUnits(rng: Rng, world: World, count: number, taste: Taste = {}): Unit[] {
  const { focus, interruptPercent = 3 } = taste;
  const near = DRAWN.filter(({ extension }) => extension === focus);
  const units: Unit[] = rng.chance(FLOAT_PERCENT) ? [FLOAT_ON] : [];
  while (units.length < count) {
    const from = near.length > 0 && rng.chance(FOCUS_PERCENT) ? near : DRAWN;
    units.push(rng.chance(interruptPercent) ? interruptUnit(rng) : randomUnit(rng, world, from));
  }
  return units;
}

export interface RandomCase {
  readonly name: string;
  readonly world: World;
  /** Values of x1..x31 at the start. */
  readonly seeds: readonly bigint[];
  readonly units: readonly Unit[];
}

/** Registers from the case, then the units, then a call. */
export function programOf({ name, world, seeds, units }: RandomCase): Program {
  const { mode, flags } = world;
  return {
    name,
    text: (slot: Slot) => {
      const leaves = flags.map((flag, index) => [index, pte(slot.data + (SHOWN_PAGES[index] ?? 1) * PAGE, flag)]);
      const tables = mode === null ? '' : tableText(slot, tablesFor(slot, mode, {}, Object.fromEntries(leaves)));
      const start = `li t0, ${HANDLER}\n csrw stvec, t0\n${mode === null ? '' : enablePaging(slot, mode)}`;
      const registers = seeds.map((value, index) => `li x${index + 1}, 0x${value.toString(16)}`);
      const pad = world.pad === 0 ? '' : `j 75f\n .zero ${world.pad}\n75:`;
      const set = [start, ...registers, SET_POINTERS, `li tp, ${slot.data}`];
      const body = [pad, ...set, ...units, 'ecall', tables].join('\n');
      const area = mode === null ? slot.data + PAGE : TESTED_VA;
      return body.replaceAll('@area', String(area)).replaceAll('@alias', String(mode === null ? 0 : USER_ALIAS));
    },
  };
}

function randomUnit(rng: Rng, world: World, from: readonly Instruction[]): Unit {
  if (rng.chance(2)) return loopUnit(rng, from);
  if (rng.chance(2)) return modifyingUnit(rng, from);
  const instruction = rng.pick(from);
  const { body } = instruction.semantics;
  if (body.some((stmt) => stmt.op === 'csr')) return csrUnit(rng, instruction, world.mode !== null);
  if (instruction.name === 'sret') return returnUnit(rng);
  const jump = body.find((stmt) => stmt.op === 'jump' || stmt.op === 'branch');
  if (jump !== undefined) {
    const isComputed = instruction.fields.some((field) => field.name === 'rs1') && jump.op === 'jump';
    return isComputed ? computedJump(rng, instruction) : relativeJump(rng, instruction);
  }
  if (uses(instruction, 'storeConditional')) return reservedPair(rng, instruction, world);
  const values = operands(rng, instruction);
  // Reading a CSR makes QEMU compute all that is pending.
  const reading = PROFILE.leftOutUnread.has(instruction.name) ? 'csrr t0, fcsr\n' : '';
  return hardOperandsFor(rng, instruction, values) + assembled(instruction, values) + reading + repair(instruction);
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

/** No lr.w or lr.d is likely to give this value. */
const NOTHING_LOADED = '0x5a5ac3c3a5a53c3c';

/**
 * lr of the same width at the same place, sometimes with something between, then sc. Without a reservation
 * QEMU does not look at the page, while hardware may: so sc is left out when lr faults, and with paging no
 * trap drops the reservation in between.
 */
function reservedPair(rng: Rng, conditional: Instruction, world: World): Unit {
  const reserve = INSTRUCTIONS.find((other) => other.name === conditional.name.replace('sc.', 'lr.'));
  if (reserve === undefined) throw new Error(`${conditional.name} has no load-reserved`);
  const second = operands(rng, conditional, ALIGNED_POINTERS);
  const first = { ...operands(rng, reserve, ALIGNED_POINTERS), rd: 30, rs1: second.rs1 ?? 2 };
  const between = world.mode === null && rng.chance(20) ? 'ebreak\n' : rng.chance(30) ? filler(rng) : '';
  return `li t5, ${NOTHING_LOADED}\n li t6, ${NOTHING_LOADED}\n${assembled(reserve, first)}beq t5, t6, 77f\n${between}${assembled(conditional, second)}77:\n`;
}

/** The word that the handler takes as the wish to go on at S level. */
const TO_SUPERVISOR = '.4byte 0xb # to S level\n';

/** At U level the code goes on where the page tables show it to U level. */
function returnUnit(rng: Rng): Unit {
  if (rng.chance(30)) return TO_SUPERVISOR;
  return rng.chance(80)
    ? 'la t0, 77f\n csrw sepc, t0\n li t0, 0x100\n csrs sstatus, t0\n sret\n77:\n'
    : 'la t0, 77f\n li t1, @alias\n or t0, t0, t1\n csrw sepc, t0\n li t0, 0x100\n csrc sstatus, t0\n sret\n77:\n';
}

/** The handler masks what came, so each of these is taken once. */
function interruptUnit(rng: Rng): Unit {
  const [raise, bit] = rng.pick([
    ['csrsi sip, 2', 2],
    [`csrw ${CSR_STIMECMP}, zero`, 32],
  ] as const);
  const steps = [raise, `li t0, ${bit}\n csrs sie, t0`, 'csrsi sstatus, 2'];
  const start = rng.below(steps.length);
  return [...steps.slice(start), ...steps.slice(0, start)].join('\n');
}
