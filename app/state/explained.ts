/** What is shown of one instruction: meaning, encoding, operands with what they hold now, and what it does. Pure. */
import { bitsOf } from '../../core/base/bits.ts';
import { csrByNumber } from '../../core/isa/csr/index.ts';
import { encodingPicture } from '../../core/isa/derive/docs.ts';
import { explain } from '../../core/isa/derive/explain.ts';
import { operandText } from '../../core/isa/derive/operands.ts';
import type { Decoded, Field } from '../../core/isa/dsl/types.ts';
import type { HartView } from '../../core/protocol/messages.ts';
import { hex } from '../ui/format.ts';

/** Symbols by address. */
export type Labels = ReadonlyMap<bigint, string>;

/** A run of bits of the word with one meaning. */
export interface Bits {
  /** `31:25`, or one number. */
  readonly place: string;
  readonly width: number;
  readonly digits: string;
  /** `rd`, `imm[11:5]`; empty for bits that only tell which instruction it is. */
  readonly field: string;
}

export interface Operand {
  readonly name: string;
  /** As assembly has it: `a0`, `-16`, `stvec`. */
  readonly text: string;
  /** Number, other spelling or meaning; empty when there is none. */
  readonly says: string;
  /** What a register holds now; null for other operands, and while the machine runs. */
  readonly now: string | null;
}

export interface Explained {
  readonly text: string;
  readonly says: string;
  readonly extension: string;
  readonly spec: string;
  /** The full form of a compressed instruction. */
  readonly standsFor: string | null;
  readonly bits: readonly Bits[];
  readonly operands: readonly Operand[];
  readonly does: readonly string[];
}

/** `hart` is that whose registers are shown, or null while they change. */
export function explained(decoded: Decoded, address: bigint, labels: Labels, hart: HartView | null): Explained {
  const { instruction, word, values } = decoded;
  const { text, says, does, standsFor, spec } = explain(decoded, address);
  return {
    text,
    says,
    does,
    standsFor,
    spec,
    extension: instruction.extension,
    bits: encodingPicture(instruction).map(({ hi, lo, text: part, field }) => ({
      place: hi === lo ? String(hi) : `${hi}:${lo}`,
      width: hi - lo + 1,
      digits: bitsOf(word, lo, hi - lo + 1)
        .toString(2)
        .padStart(hi - lo + 1, '0'),
      field: field === null ? '' : part,
    })),
    operands: instruction.fields
      .filter(({ bits }) => bits.length > 0)
      .map((field) => operand(field, values[field.name] ?? 0, address, labels, hart)),
  };
}

function operand(field: Field, value: number, address: bigint, labels: Labels, hart: HartView | null): Operand {
  const { name } = field;
  const text = operandText(field, value, address);
  const plain = { name, text, says: '', now: null };
  switch (field.kind) {
    case 'x':
      return { ...plain, says: `x${value}`, now: heldBy(hart?.x[value]) };
    case 'f':
      return { ...plain, says: `f${value}`, now: heldBy(hart?.float?.f[value]) };
    case 'csr': {
      const csr = csrByNumber(value);
      const shown = hart?.csrs.find(({ name: known }) => known === csr?.name);
      const fields = csr?.fields.map((part) => part.name).join(', ') ?? '';
      const parts = fields === '' ? '' : ` Fields: ${fields}.`;
      return {
        ...plain,
        says: `${hex(value, 3)}. ${csr?.says ?? 'No CSR has this number.'}${parts}`,
        now: heldBy(shown?.value),
      };
    }
    case 'target': {
      const label = labels.get(BigInt.asUintN(64, address + BigInt(value)));
      return { ...plain, says: `${value} bytes from here${label === undefined ? '' : `, ${label}`}` };
    }
    case 'simm':
    case 'uimm':
    case 'upper':
      return { ...plain, says: Math.abs(value) < SMALL ? '' : hex(BigInt.asUintN(64, BigInt(value))) };
    case 'fence':
    case 'rm':
    case 'fli':
    case 'order':
      return plain;
    default:
      return field.kind satisfies never;
  }
}
/** Numbers that look the same in both bases. */
const SMALL = 10;

function heldBy(value: bigint | undefined): string | null {
  return value === undefined ? null : hex(value);
}
