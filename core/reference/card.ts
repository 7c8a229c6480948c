/** What a card of the reference consists of. Data only: page and command line show the same. */
import type { SbiError, SbiName } from '../sbi/types.ts';

export const CARD_KINDS = ['extension', 'function', 'error', 'exit', 'register', 'ioctl', 'errno'] as const;
export type CardKind = (typeof CARD_KINDS)[number];

export const KIND_TITLES: Readonly<Record<CardKind, string>> = {
  extension: 'SBI extensions',
  function: 'SBI functions',
  error: 'SBI errors',
  exit: 'Exits of KVM_RUN',
  register: 'ONE_REG registers',
  ioctl: 'ioctls',
  errno: 'errno values',
};

/** `function/HSM.hart_start`, `register/SBI_EXT.DBCN`. */
export type CardId = `${CardKind}/${string}`;

export function cardId(kind: CardKind, name: string): CardId {
  return `${kind}/${name}`;
}

export interface NamedValue {
  /** As code has it: `1`, `0x80000000`. */
  readonly value: string;
  readonly name: string;
}

/** One fact: a name, what is said of it, or both. */
export interface Item {
  readonly term?: string;
  readonly text?: string;
  /** Values of it that have names. */
  readonly values?: readonly NamedValue[];
  /** The card that tells more of the name. */
  readonly card?: CardId;
}

export interface Row {
  readonly label: string;
  readonly items: readonly Item[];
}

/** What the trace or the log of ioctls is narrowed to, to see the thing at work. */
export type Sighting =
  | {
      readonly on: 'calls';
      readonly extension?: SbiName;
      readonly error?: SbiError;
      /** Words that must occur in the text of the call. */
      readonly text?: string;
    }
  | { readonly on: 'ioctls'; readonly text: string };

export interface Card {
  readonly id: CardId;
  readonly kind: CardKind;
  readonly name: string;
  /** Title or signature. */
  readonly title: string;
  /** Its number as code has it: `0x48534d`, `-3`, `a7=0x48534d a6=0x0`. */
  readonly code: string;
  readonly says: string;
  /** Linux does not have it: only the what-if interfaces do. */
  readonly whatIf: boolean;
  readonly rows: readonly Row[];
  readonly seen: Sighting | null;
  /** Other names that it is looked for by. */
  readonly aliases: readonly string[];
  /** Whether a number, signed or unsigned, is its id or code. */
  readonly hasNumber: (value: bigint) => boolean;
}

/** A row with a single text. */
export function line(label: string, text: string): Row {
  return { label, items: [{ text }] };
}

/** No row at all where there is nothing to tell. */
export function rows(...parts: readonly (Row | null)[]): readonly Row[] {
  return parts.filter((part): part is Row => part !== null && part.items.length > 0);
}
