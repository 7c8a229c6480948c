/** Bytes of guest memory to rows of instructions. Pure. */

import { closure } from '../../../core/isa/defs/index.ts';
import { createDecoder, type Decoder } from '../../../core/isa/derive/decode.ts';
import { disassembleParts } from '../../../core/isa/derive/disassemble.ts';
import type { Decoded } from '../../../core/isa/dsl/types.ts';
import type { ImageSymbol } from '../../../core/protocol/messages.ts';
import type { Labels } from '../../state/explained.ts';

/** Bytes shown around the pc, and how far before it the window begins at most. */
export const WINDOW_BYTES = 512;
const BEFORE_BYTES = 128n;

export interface DisassemblyRow {
  readonly address: bigint;
  /** The bits in hexadecimal. */
  readonly word: string;
  readonly text: string;
  /** Null where the word is no instruction. */
  readonly decoded: Decoded | null;
  /** Symbol at this address. */
  readonly label: string | undefined;
}

/** The first name of each address. */
export function labelsOf(symbols: readonly ImageSymbol[]): Labels {
  const labels = new Map<bigint, string>();
  for (const { name, address } of symbols) if (!labels.has(address)) labels.set(address, name);
  return labels;
}

/**
 * Where to begin so that instructions are read in step: at the last label before the pc that is near
 * enough, since code is not decodable from the middle of an instruction; else at the pc.
 */
export function windowStart(pc: bigint, labels: Labels): bigint {
  let start = pc;
  for (const address of labels.keys()) {
    if (address < pc && pc - address <= BEFORE_BYTES && (start === pc || address < start)) start = address;
  }
  return start;
}

/** Target of a branch or jump as the disassembler writes it, replaced by its label. */
function named(operands: string, labels: Labels): string {
  return operands.replace(/0x[0-9a-f]+$/, (text) => {
    const label = labels.get(BigInt(text));
    return label === undefined ? text : `${text} <${label}>`;
  });
}

/** Decodes what harts with these extensions execute; other words are shown as no instruction. */
export function decoderOf(isa: readonly string[]): Decoder {
  return createDecoder(closure(isa));
}

export function disassembled(
  base: bigint,
  bytes: Uint8Array,
  labels: Labels,
  decode: Decoder,
): readonly DisassemblyRow[] {
  const rows: DisassemblyRow[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 2 <= bytes.length) {
    const low = view.getUint16(at, true);
    const compressed = (low & 3) !== 3;
    if (!compressed && at + 4 > bytes.length) break;
    const word = compressed ? low : view.getUint32(at, true);
    const address = base + BigInt(at);
    const decoded = decode(word);
    const parts = decoded === null ? null : disassembleParts(decoded, address);
    rows.push({
      address,
      word: word.toString(16).padStart(compressed ? 4 : 8, '0'),
      text: parts === null ? 'not an instruction' : `${parts.mnemonic.padEnd(7)} ${named(parts.operands, labels)}`,
      decoded,
      label: labels.get(address),
    });
    at += compressed ? 2 : 4;
  }
  return rows;
}
