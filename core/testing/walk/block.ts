/** One instruction carried out with some operands: the assembly that does it, and the words of the line it prints. */
import { EXTENSIONS } from '../../isa/defs/index.ts';
import { createDecoder } from '../../isa/derive/decode.ts';
import { disassembleWord } from '../../isa/derive/disassemble.ts';
import { encode } from '../../isa/derive/encode.ts';
import type { SystemOp } from '../../isa/dsl/ir.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { uses } from '../qemu/random-operands.ts';
import type { Values } from '../qemu/random-word.ts';
import type { Rng } from '../qemu/rng.ts';
import { drawInputs, drawValues, type Input, isJump, MIDDLE, registerOf } from './inputs.ts';

export interface Block {
  /** The instruction and its inputs, as printed before the results. */
  readonly line: string;
  readonly code: string;
  /** Doublewords that the code leaves at the label `results`. */
  readonly results: number;
}

/** Rounds of every instruction, but for more of those with many operands that are hard. */
export const ROUNDS = 3;
const LAST_ROUND = ROUNDS - 1;

const decode = createDecoder(new Set(EXTENSIONS.map(({ name }) => name)));
/** Bytes around the place of an access that are printed. */
const SHOWN_BYTES = 32;

/** What must be done before and after instructions that leave the straight line. */
const AROUND: Readonly<Partial<Record<SystemOp, { readonly before: string; readonly after?: string }>>> = {
  // get_spec_version of the base extension: the error in a0 is 0, whatever the version.
  ecall: { before: 'li a7, 0x10\nli a6, 0\n' },
  // To S level with interrupts off.
  sret: { before: 'la t0, 77f\ncsrw sepc, t0\nli t0, 0x100\ncsrs sstatus, t0\nli t0, 0x20\ncsrc sstatus, t0\n' },
  wfi: { before: 'csrsi sip, 2\ncsrsi sie, 2\n', after: 'csrci sip, 2\ncsrci sie, 2\n' },
};

/** Instructions that need others before them. In its last round sc has no reservation, and fails. */
function prelude(instruction: Instruction, round: number): string {
  const system = instruction.semantics.body.find((stmt) => stmt.op === 'system');
  if (system?.op === 'system') return AROUND[system.name]?.before ?? '';
  if (!uses(instruction, 'storeConditional') || round === LAST_ROUND) return '';
  return `${instruction.name.replace('sc.', 'lr.')} t1, (a1)\n`;
}

function afterwards(instruction: Instruction): string {
  const system = instruction.semantics.body.find((stmt) => stmt.op === 'system');
  return system?.op === 'system' ? (AROUND[system.name]?.after ?? '') : '';
}

function wordOf(instruction: Instruction, values: Values): number {
  const encoded = encode(instruction, values);
  if (!encoded.ok) throw new Error(`${instruction.name}: ${encoded.error.message}`);
  return encoded.word;
}

const touchesMemory = (instruction: Instruction): boolean =>
  !isJump(instruction) &&
  (instruction.asm.includes('(') || instruction.semantics.body.some(({ op }) => op === 'store'));

/** Assembly that leaves one result in t1 each: registers, fcsr, memory, the CSR, whether a jump was taken. */
function resultsOf(instruction: Instruction, values: Values): string[] {
  const results: string[] = [];
  for (const stmt of instruction.semantics.body) {
    if (stmt.op !== 'setX' && stmt.op !== 'setF' && stmt.op !== 'csr') continue;
    const name = stmt.op === 'csr' ? stmt.rd : stmt.field;
    const field = instruction.fields.find((candidate) => candidate.name === name);
    const number = field === undefined ? 0 : registerOf(field, values);
    // sp is put back before anything is kept; the handler leaves its value in t3.
    results.push(stmt.op === 'setF' ? `fmv.x.d t1, f${number}` : number === 2 ? 'mv t1, t3' : `mv t1, x${number}`);
    if (stmt.op === 'csr') results.push('csrr t1, sscratch');
  }
  if (instruction.fields.some(({ kind }) => kind === 'f')) results.push('frcsr t1');
  if (touchesMemory(instruction)) {
    for (let at = 0; at < SHOWN_BYTES; at += 8) results.push(`la t1, area + ${MIDDLE - 8 + at}\nld t1, 0(t1)`);
  }
  if (isJump(instruction)) results.push('mv t1, t2');
  if (instruction.name === 'ecall') results.push('mv t1, a0');
  return results;
}

/** A jump and sret leave out the instruction behind them, which says that it was reached. */
const isSkipping = (instruction: Instruction): boolean => isJump(instruction) || instruction.name === 'sret';

function inputText(inputs: readonly Input[]): string {
  return inputs.map(({ register, shown }) => ` ${register}=${shown}`).join('');
}

/** The `round`th time that an instruction is carried out. */
export function blockOf(rng: Rng, instruction: Instruction, round: number): Block {
  const values = drawValues(rng, instruction);
  const inputs = drawInputs(rng, instruction, values, round);
  const word = wordOf(instruction, values);
  const results = resultsOf(instruction, values);
  const isFloat = instruction.fields.some(({ kind }) => kind === 'f');
  const fcsr = isFloat ? rng.below(5) << 5 : null;
  const code = [
    'li s11, -1\nmv s1, sp\nli t2, 0\nli t0, 0x5a5a\ncsrw sscratch, t0',
    fcsr === null ? '' : `li t0, ${fcsr}\nfscsr t0`,
    ...inputs.map(({ set }) => set),
    prelude(instruction, round),
    `.${instruction.length}byte 0x${word.toString(16)}`,
    isSkipping(instruction) ? 'li t2, 1\n77:' : '',
    'mv t3, sp\nmv sp, s1',
    afterwards(instruction),
    'la t0, results',
    ...results.map((result, at) => `${result}\nsd t1, ${8 * at}(t0)`),
  ];
  const text = disassembleWord(word, 0n, decode, { aliases: false }).replace('\t', ' ');
  const frm = fcsr === null ? '' : ` fcsr=0x${fcsr.toString(16)}`;
  return {
    line: `${text}${inputText(inputs)}${frm}`,
    code: code.filter((part) => part !== '').join('\n'),
    results: results.length,
  };
}
