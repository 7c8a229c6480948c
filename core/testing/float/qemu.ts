/** Carries out floating-point instructions in QEMU, any number of them per start. */
import { readFileSync } from 'node:fs';
import { type FloatResult, floatOperation, type RoundingMode } from '../../float/index.ts';
import { assembleImage, runImage } from '../qemu/bare.ts';
import { RAM_BASE } from '../qemu/layout.ts';
import type { FloatInstruction } from './instructions.ts';

/** One instruction to carry out, on 64-bit registers. */
export interface FloatCase {
  readonly instruction: FloatInstruction;
  readonly rm: RoundingMode;
  readonly registers: readonly bigint[];
}

/** Of the virt machine: a word written here powers off. */
const FINISHER = 0x10_0000;
/** Where the records begin in the image: behind the code. */
const RECORDS_OFFSET = 0x1_0000;
const RECORD_WORDS = 5;
const RAM_UNIT = 1 << 26;
/** Wall time, so it allows for a machine that does much else. */
const TIMEOUT_MS = 120_000;

/** A QEMU that can be asked. */
export interface FloatOracle {
  /** Path, or the one that the machine has. */
  readonly qemu?: string;
  /** Properties of its `rv64` processor. */
  readonly properties: readonly string[];
}

/** QEMU 7.2 knows all but Zfa. */
export const PLAIN_ORACLE: FloatOracle = { properties: ['Zfh=true'] };

/** QEMU 10 knows all. */
export const newerOracle = (qemu: string): FloatOracle => ({ qemu, properties: ['zfh=true', 'zfa=true'] });

function source(instructions: readonly FloatInstruction[], count: number): string {
  const symbols = { RECORDS: RAM_BASE + RECORDS_OFFSET, COUNT: count, FINISHER };
  const block = ({ op, text }: FloatInstruction, index: number): string =>
    `block${index}: ${text}\n j ${floatOperation(op).result === 'own' ? 'float' : 'integer'}`;
  return [
    ...Object.entries(symbols).map(([name, value]) => `.equ ${name}, ${value}`),
    readFileSync(new URL('records.s', import.meta.url), 'utf8'),
    ...instructions.map(block),
    ' .balign 8',
    'table:',
    ...instructions.map((_, index) => ` .dword block${index}`),
    '',
  ].join('\n');
}

/** What QEMU leaves: the 64-bit result register, boxed if it is an f register, and fflags. */
export function runCases(cases: readonly FloatCase[], oracle: FloatOracle = PLAIN_ORACLE): FloatResult[] {
  const instructions = [...new Set(cases.map(({ instruction }) => instruction))];
  const numbers = new Map(instructions.map((instruction, index) => [instruction, BigInt(index)]));
  const code = assembleImage(source(instructions, cases.length), 'rv64gc_zfh');
  if (code.length > RECORDS_OFFSET) throw new RangeError('the instructions do not fit below the records');
  const length = RECORDS_OFFSET + cases.length * RECORD_WORDS * 8;
  const image = new Uint8Array(length);
  image.set(code);
  const records = new BigUint64Array(image.buffer, RECORDS_OFFSET);
  cases.forEach(({ instruction, rm, registers }, index) => {
    const words = [registers[0], registers[1], registers[2], numbers.get(instruction), BigInt(rm)];
    records.set(
      words.map((word) => word ?? 0n),
      index * RECORD_WORDS,
    );
  });
  const ramBytes = Math.ceil(length / RAM_UNIT) * RAM_UNIT;
  const cpu = ['rv64,v=false', ...oracle.properties].join();
  const machine = { cpu, processors: 1, ramBytes, timeoutMs: TIMEOUT_MS };
  const after = runImage(image, oracle.qemu ? { ...machine, qemu: oracle.qemu } : machine, length);
  const results = new BigUint64Array(after.buffer, RECORDS_OFFSET);
  return cases.map((_, index) => ({
    bits: results[index * RECORD_WORDS] ?? 0n,
    flags: Number(results[index * RECORD_WORDS + 1] ?? 0n),
  }));
}
