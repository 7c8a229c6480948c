/** Random code that runs more than once: loops, and instructions that are replaced before they run again. */
import type { Stmt } from '../../isa/dsl/ir.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { PROFILE } from './extensions.ts';
import { operands, uses } from './random-operands.ts';
import { assembled, type Unit } from './random-word.ts';
import type { Rng } from './rng.ts';

/** Counts the rounds of a loop; no instruction inside writes it. */
const COUNTER = 31;
const HELD_ADDRESS = 30;
const HELD_WORD = 29;
const C_NOP = 1;

const STRAIGHT: ReadonlySet<Stmt['op']> = new Set(['let', 'setX', 'setXHigh', 'setF', 'store', 'atomicPair']);

/** Goes on with the instruction behind it, writes no CSR, and changes no pointer. */
function isPlain(instruction: Instruction): boolean {
  const impliesRegister = instruction.fields.some((field) => field.kind === 'x' && field.bits.length === 0);
  const isStraight = instruction.semantics.body.every(({ op }) => STRAIGHT.has(op));
  const isLeftOut = PROFILE.leftOutUnread.has(instruction.name) || uses(instruction, 'storeConditional');
  return isStraight && !impliesRegister && !isLeftOut;
}

const plainOf = new Map<readonly Instruction[], readonly Instruction[]>();

function plainWord(rng: Rng, from: readonly Instruction[], kept: readonly number[]): Unit {
  const plain = plainOf.get(from) ?? from.filter(isPlain);
  plainOf.set(from, plain);
  if (plain.length === 0) return '.4byte 0x13 # nop\n';
  const instruction = rng.pick(plain);
  return assembled(instruction, operands(rng, instruction, undefined, kept));
}

/** A few instructions, some rounds. Predecoded and translated code comes into play, and so do its traps. */
export function loopUnit(rng: Rng, from: readonly Instruction[]): Unit {
  const body = Array.from({ length: 1 + rng.below(4) }, () => plainWord(rng, from, [COUNTER]));
  return `li x${COUNTER}, ${2 + rng.below(6)}\n76:\n${body.join('')}addi x${COUNTER}, x${COUNTER}, -1\nbnez x${COUNTER}, 76b\n`;
}

/** An instruction that runs, is written over, and runs again after fence.i. */
export function modifyingUnit(rng: Rng, from: readonly Instruction[]): Unit {
  const kept = [COUNTER, HELD_ADDRESS, HELD_WORD];
  const before = plainWord(rng, from, kept);
  const after = plainWord(rng, from, kept);
  const word = Number(/0x[0-9a-f]+/.exec(after)?.[0] ?? C_NOP);
  // A half shares its word with a c.nop, so that no old half is left behind the new instruction.
  const whole = after.startsWith('.2byte') ? word + C_NOP * 0x1_0000 : word;
  const room = before.startsWith('.2byte') ? `${before}c.nop\n` : before;
  return `la x${HELD_ADDRESS}, 76f
li x${HELD_WORD}, 0x${whole.toString(16)} ${after.slice(after.indexOf('#')).trim()}
li x${COUNTER}, ${1 + rng.below(3)}
76:
${room}sw x${HELD_WORD}, 0(x${HELD_ADDRESS})
fence.i
addi x${COUNTER}, x${COUNTER}, -1
bgez x${COUNTER}, 76b
`;
}
