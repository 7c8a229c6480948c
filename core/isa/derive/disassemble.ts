/** Word to text, as `objdump -d` of GNU binutils prints it, without its symbols and comments. */
import { hex } from '../../base/bits.ts';
import { aliasesOf } from '../defs/index.ts';
import type { Decoded, Spelling } from '../dsl/types.ts';
import type { Decoder } from './decode.ts';
import { encode } from './encode.ts';
import { expand } from './expand.ts';
import { ORDER_SUFFIXES, operandsText } from './operands.ts';

export interface DisassembleOptions {
  /** Prefer pseudo-instructions, and the full instruction for a compressed one. True unless given. */
  readonly aliases?: boolean;
}

export interface Disassembled {
  readonly mnemonic: string;
  readonly operands: string;
}

const COMPRESSED_DIGITS = 4;
const FULL_DIGITS = 8;

function fits({ fixed }: Spelling, values: Decoded['values']): boolean {
  return Object.entries(fixed).every(([field, wanted]) => {
    return values[field] === (typeof wanted === 'number' ? wanted : values[wanted]);
  });
}

function written(
  { instruction, values }: Decoded,
  { name, asm }: { name: string; asm: string },
  pc: bigint,
): Disassembled {
  const suffix = ORDER_SUFFIXES[values.order ?? 0] ?? '';
  return { mnemonic: name + suffix, operands: operandsText(instruction, asm, values, pc) };
}

function preferred(decoded: Decoded, pc: bigint): Disassembled {
  const { instruction, values } = decoded;
  const printed = aliasesOf(instruction).filter((alias) => alias.disassemble);
  const spelling = [...(instruction.prints ?? []), ...printed].find((candidate) => fits(candidate, values));
  if (spelling !== undefined) return written(decoded, spelling, pc);
  const full = expand(decoded);
  return full === null ? written(decoded, instruction, pc) : preferred(full, pc);
}

/** Bits that are to be ignored would be lost in the text; objdump then shows the bare word, and so do we. */
function losesBits({ instruction, word, values }: Decoded): boolean {
  const encoded = encode(instruction, values);
  return !encoded.ok || encoded.word !== word;
}

function bareWord(word: number): Disassembled {
  const compressed = (word & 3) !== 3;
  return { mnemonic: compressed ? '.2byte' : '.4byte', operands: hex(compressed ? word & 0xffff : word >>> 0) };
}

/** Mnemonic and operands of a decoded instruction at `pc`; targets are absolute. */
export function disassembleParts(decoded: Decoded, pc: bigint, options: DisassembleOptions = {}): Disassembled {
  if (losesBits(decoded)) return bareWord(decoded.word);
  return options.aliases === false ? written(decoded, decoded.instruction, pc) : preferred(decoded, pc);
}

function join({ mnemonic, operands }: Disassembled): string {
  return operands === '' ? mnemonic : `${mnemonic}\t${operands}`;
}

/** Text of a decoded instruction at `pc`, mnemonic and operands separated by a tab. */
export function disassemble(decoded: Decoded, pc: bigint, options: DisassembleOptions = {}): string {
  return join(disassembleParts(decoded, pc, options));
}

/** Text of any word: `.2byte` or `.4byte` when it is no instruction. */
export function disassembleWord(word: number, pc: bigint, decode: Decoder, options: DisassembleOptions = {}): string {
  const decoded = decode(word);
  return decoded === null ? join(bareWord(word)) : disassemble(decoded, pc, options);
}

/** The word as objdump's second column shows it. */
export function wordText({ instruction, word }: Decoded): string {
  return word.toString(16).padStart(instruction.length === 2 ? COMPRESSED_DIGITS : FULL_DIGITS, '0');
}
