/** The usual steps, observations and rules of cases. Steps are assembly; each may use a0 to a7 and t0 to t6. */
import type { SbiTable } from '../../sbi/spec/index.ts';
import { SBI } from '../../sbi/spec/index.ts';
import type { SbiExtension, SbiName } from '../../sbi/types.ts';
import { idsOf } from './define.ts';
import { OTHER } from './layout.ts';
import type { Allowed, Observation, Operand, Rule, Step } from './types.ts';

/** Loads a register with a number or the address of a label. */
export function load(register: string, operand: Operand): Step {
  if (typeof operand === 'string') return `la ${register}, ${operand}`;
  return `li ${register}, 0x${BigInt.asUintN(64, operand).toString(16)}`;
}

/** An SBI call whose answer is not judged. */
export function call<Name extends SbiName>(
  name: Name,
  fn: keyof SbiTable[Name]['functions'],
  ...args: readonly Operand[]
): Step {
  const extension: SbiExtension = SBI[name];
  const definition = extension.functions[fn as string];
  if (definition === undefined) throw new Error(`${name} has no function ${String(fn)}`);
  const { eid, fid } = idsOf(extension, definition);
  const registers = args.map((operand, index) => load(`a${index}`, operand));
  return [...registers, load('a6', fid), load('a7', eid), 'ecall'].join('\n');
}

export type Width = 8 | 16 | 32 | 64;
const STORES = { 8: 'sb', 16: 'sh', 32: 'sw', 64: 'sd' } as const;
const LOADS = { 8: 'lbu', 16: 'lhu', 32: 'lwu', 64: 'ld' } as const;

/** Writes memory. */
export function store(address: bigint, value: bigint, width: Width = 64): Step {
  return `${load('t0', address)}\n${load('t1', value)}\n${STORES[width]} t1, 0(t0)`;
}

/** Writes a text, without a zero byte behind it, to memory. */
export function storeText(address: bigint, text: string): Step {
  return [...text].map((letter, at) => store(address + BigInt(at), BigInt(letter.charCodeAt(0)), 8)).join('\n');
}

/** Fills memory with a doubleword; `bytes` is a multiple of 8. */
export function fill(address: bigint, bytes: number, value: bigint): Step {
  return `${load('t0', address)}\nli t1, ${bytes}\nadd t1, t1, t0\n${load('t2', value)}
77:     sd t2, 0(t0)\naddi t0, t0, 8\nbltu t0, t1, 77b`;
}

/** Writes a CSR by its name. */
export function writeCsr(name: string, value: bigint): Step {
  return `${load('t0', value)}\ncsrw ${name}, t0`;
}

/** Sets or clears bits of a CSR. */
export function setBits(name: string, bits: bigint): Step {
  return `${load('t0', bits)}\ncsrs ${name}, t0`;
}
export function clearBits(name: string, bits: bigint): Step {
  return `${load('t0', bits)}\ncsrc ${name}, t0`;
}

/** Waits until a value is as allowed by `is`, or until the target's patience ends. */
export function waitFor({ read }: Observation, value: bigint): Step {
  return `call patience_start
78:     ${read}
        ${load('t1', value)}
        beq t0, t1, 79f
        call patience_left
        bnez a0, 78b
79:`;
}

/** Lets some ticks of 100 ns pass, or the time in which what is on its way arrives on the target. */
export function pass(ticks: bigint | 'SETTLE'): Step {
  return `rdtime t0\nli t1, ${ticks}\nadd t1, t1, t0\n77: rdtime t0\nbltu t0, t1, 77b`;
}

/** Waits until the UART has a byte, as long as patience lasts. */
export const untilTyped: Step = `call patience_start
73:     li t0, 0x10000000
        lbu t0, 5(t0)
        andi t0, t0, 1
        bnez t0, 72f
        call patience_left
        bnez a0, 73b
72:`;

/** Looks so often, this far apart, until it believes that nothing more was typed. */
const LOOKS = 5;

/** Reads what was typed until nothing comes any more. `read` leaves in t0 whether it got something. */
export function drained(read: Step): Step {
  return `li t6, ${LOOKS}
70:     ${read}
        beqz t0, 71f
        li t6, ${LOOKS}
        j 70b
71:     ${pass('SETTLE')}
        addi t6, t6, -1
        bnez t6, 70b`;
}

/** Starts the other hart, which then waits for what it is to do. Nothing when it runs already. */
export const startOther: Step = 'call start_other';
/** Has the other hart stop itself, and waits until it has. */
export const stopOther: Step = 'call stop_other';

/** Has the other hart carry steps out while this one waits for their end. */
export function onOther(...steps: readonly Step[]): Step {
  return `la a0, 76f\nj 75f\n76: addi sp, sp, -16\nsd ra, 0(sp)\n${steps.join('\n')}\nld ra, 0(sp)\naddi sp, sp, 16\nret
75:     call other_run`;
}

/** Has the other hart begin steps, and goes on at once. */
export function beginOnOther(...steps: readonly Step[]): Step {
  return onOther(...steps).replace('call other_run', 'call other_begin');
}

/** A doubleword of memory, or fewer bits of it, without sign. */
export function memory(place: Operand, is: Allowed, width: Width = 64): Observation {
  const name = typeof place === 'string' ? place : `[0x${place.toString(16)}]`;
  return { name, read: `${load('t0', place)}\n${LOADS[width]} t0, 0(t0)`, is };
}

/** A CSR; with `mask` only those bits of it. */
export function csr(name: string, is: Allowed, mask?: bigint): Observation {
  const only = mask === undefined ? '' : `\n${load('t1', mask)}\nand t0, t0, t1`;
  return { name, read: `csrr t0, ${name}${only}`, is };
}

/** A CSR of the other hart, which has to run. */
export function otherCsr(name: string, is: Allowed, mask?: bigint): Observation {
  const { read } = csr(name, is, mask);
  const kept = `${read}\nla t1, other_value\nsd t0, 0(t1)`;
  return { name: `${name} of the other hart`, read: `${onOther(kept)}\n${memory('other_value', is).read}`, is };
}

/** Waits for a value before it is looked at. */
export function awaited(observation: Observation, value: bigint): Observation {
  return { ...observation, read: `${waitFor(observation, value)}\n${observation.read}` };
}

/** The value of another call, or all ones below its error when it fails. */
export function answer<Name extends SbiName>(
  name: Name,
  fn: keyof SbiTable[Name]['functions'],
  is: Allowed,
  ...args: readonly Operand[]
): Observation {
  const read = `${call(name, fn, ...args)}\nmv t0, a1\nbeqz a0, 74f\nmv t0, a0\n74:`;
  return { name: `${name} ${String(fn)}`, read, is };
}

/** What the other hart found when it started: its id in a0, a1, and 0 when satp and sstatus.SIE were 0. */
export function otherStartedWith(a0: bigint, a1: bigint): readonly Observation[] {
  const ready = memory('worker_ready', 1n);
  return [
    { ...awaited(ready, 1n), name: 'other hart runs' },
    { ...memory('worker_record', a0), name: 'its a0' },
    { ...memory('worker_record + 8', a1), name: 'its a1' },
    { ...memory('worker_record + 16', 0n), name: 'its satp or SIE' },
  ];
}

/** How often this interrupt was taken by the hart that carries the cases out. */
export function interrupts(cause: number, is: Allowed): Observation {
  return { name: `interrupts ${cause}`, read: `li a0, ${cause}\ncall interrupts_taken\nmv t0, a0`, is };
}

/** The state of the other hart, which is waited for as long as the target's patience lasts. */
export function otherBecomes(state: bigint): Observation {
  const now = answer('HSM', 'hart_get_status', state, OTHER);
  return { ...awaited(now, state), name: 'other hart' };
}

const numbered = (values: readonly bigint[]) => values.map((value) => `0x${value.toString(16)}`).join(' or ');
export const oneOf = (...values: readonly bigint[]): Rule => ({
  words: numbered(values),
  holds: (value) => values.includes(value),
});
export const otherThan = (wrong: bigint): Rule => ({
  words: `other than 0x${wrong.toString(16)}`,
  holds: (value) => value !== wrong,
});
export const between = (low: bigint, high: bigint): Rule => ({
  words: `0x${low.toString(16)} to 0x${high.toString(16)}`,
  holds: (value) => value >= low && value <= high,
});
export const negative: Rule = { words: 'negative', holds: (value) => value >> 63n === 1n };
export const positive: Rule = { words: 'positive', holds: (value) => value > 0n && value >> 63n === 0n };
/** Any of these. */
export const either = (...allowed: readonly Allowed[]): Rule => ({
  words: allowed.map((one) => (typeof one === 'bigint' ? numbered([one]) : one.words)).join(' or '),
  holds: (value) => allowed.some((one) => (typeof one === 'bigint' ? one === value : one.holds(value))),
});
export const anything: Rule = { words: 'anything', holds: () => true };
