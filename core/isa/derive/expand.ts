/** From a compressed instruction to the full one that it stands for. */
import { instructionByName } from '../defs/index.ts';
import type { Decoded } from '../dsl/types.ts';
import { encode } from './encode.ts';

/**
 * The full instruction, its field values and its 32-bit word; null when it is not compressed or stands
 * for nothing. The length in memory stays that of the original.
 */
export function expand(decoded: Decoded): Decoded | null {
  const { expands } = decoded.instruction;
  if (expands === undefined) return null;
  const instruction = instructionByName(expands.to);
  if (instruction === undefined) return null;
  const values: Record<string, number> = {};
  for (const [field, from] of Object.entries(expands.fields)) {
    values[field] = typeof from === 'number' ? from : (decoded.values[from] ?? 0);
  }
  const encoded = encode(instruction, values);
  if (!encoded.ok) throw new Error(`${decoded.instruction.name} stands for an impossible ${instruction.name}`);
  return { instruction, word: encoded.word, values };
}
