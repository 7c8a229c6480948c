/** One instruction in one place, in words: what it is, and what it does to which registers. */
import type { Decoded, Field } from '../dsl/types.ts';
import { disassembleParts } from './disassemble.ts';
import { expand } from './expand.ts';
import { FLI_DECIMALS } from './fli.ts';
import { operandText } from './operands.ts';
import { pseudoCode } from './pseudo.ts';

export interface Explanation {
  /** As the disassembler prefers it. */
  readonly text: string;
  /** One sentence of meaning. */
  readonly says: string;
  /** Pseudo-code with the registers and constants of this very instruction. */
  readonly does: readonly string[];
  /** For a compressed one: the full instruction it stands for. */
  readonly standsFor: string | null;
  readonly spec: string;
}

function text(decoded: Decoded, pc: bigint, aliases: boolean): string {
  const { mnemonic, operands } = disassembleParts(decoded, pc, { aliases });
  return operands === '' ? mnemonic : `${mnemonic} ${operands}`;
}

/** Constants are signed numbers here, even those of which assembly shows a part or a target, and decimal ones. */
function fieldWords(field: Field, value: number, pc: bigint): string {
  if (field.kind === 'fli') return FLI_DECIMALS[value] ?? '';
  return field.kind === 'target' || field.kind === 'upper' ? String(value) : operandText(field, value, pc);
}

/** Explains a decoded instruction at `pc`. */
export function explain(decoded: Decoded, pc: bigint): Explanation {
  const { instruction, values } = decoded;
  const full = expand(decoded);
  const words = (name: string): string => {
    const field = instruction.fields.find((candidate) => candidate.name === name);
    return field === undefined ? name : fieldWords(field, values[name] ?? 0, pc);
  };
  return {
    text: text(decoded, pc, true),
    says: instruction.says,
    does: pseudoCode(instruction.semantics, words),
    standsFor: full === null ? null : text(full, pc, false),
    spec: instruction.spec,
  };
}
