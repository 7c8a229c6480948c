/**
 * What a program is made of while it is assembled: expressions, symbols, fragments, sections. A
 * fragment is bytes of known length, then at most one tail whose length depends on layout; what
 * follows a tail starts the next fragment.
 */
import type { Instruction } from '../dsl/types.ts';
import type { Place } from './problem.ts';

export type Operator =
  | '*'
  | '/'
  | '%'
  | '<<'
  | '>>'
  | '|'
  | '!'
  | '^'
  | '&'
  | '+'
  | '-'
  | '=='
  | '<>'
  | '<'
  | '<='
  | '>='
  | '>'
  | '&&'
  | '||';

export type Expression =
  | { readonly op: 'number'; readonly value: bigint }
  | { readonly op: 'symbol'; readonly symbol: AsmSymbol; readonly place: Place }
  /** `.`: a place in a section. */
  | { readonly op: 'here'; readonly fragment: Fragment; readonly offset: number }
  | { readonly op: 'unary'; readonly kind: '-' | '~' | '!'; readonly a: Expression }
  | {
      readonly op: 'binary';
      readonly kind: Operator;
      readonly a: Expression;
      readonly b: Expression;
      readonly place: Place;
    };

export type Definition =
  | { readonly kind: 'label'; readonly fragment: Fragment; readonly offset: number }
  | { readonly kind: 'assigned'; readonly expression: Expression; readonly fixed: boolean };

export class AsmSymbol {
  readonly name: string;
  definition: Definition | null = null;
  definedAt: Place | null = null;
  binding: 'local' | 'global' | 'weak' = 'local';
  type: 'notype' | 'function' | 'object' = 'notype';
  /** Reserved by .comm. */
  common = false;
  /** Set while its assigned expression is evaluated, to find cycles. */
  evaluating = false;

  constructor(name: string) {
    this.name = name;
  }
}

export type Tail =
  /** Pads to a multiple of `alignment`; with nops when `fill` is null; not at all when it takes more than `max`. */
  | {
      readonly kind: 'align';
      readonly alignment: number;
      readonly fill: FillPattern | null;
      readonly max: number;

      length: number;
    }
  /** Pads to an offset of the section. */
  | { readonly kind: 'org'; readonly to: Expression; readonly fill: number; readonly place: Place; length: number }
  /** A number of bytes that was not known when it was read. */
  | {
      readonly kind: 'space';
      readonly count: Expression;
      readonly unit: number;
      readonly fill: bigint;
      readonly place: Place;
      length: number;
    }
  | {
      readonly kind: 'leb128';
      readonly value: Expression;
      readonly signed: boolean;
      readonly place: Place;
      length: number;
    }
  | BranchTail;

export interface FillPattern {
  readonly value: bigint;
  readonly size: number;
}

/** A branch or jump whose length depends on the distance. */
export interface BranchTail {
  readonly kind: 'branch';
  /** Unconditional. */
  readonly jump: boolean;
  /** The form of four bytes. */
  readonly wide: Instruction;
  readonly values: Readonly<Record<string, number>>;
  /** The form of two bytes when compression is on and the registers allow it. */
  readonly narrow: Instruction | null;
  readonly target: Expression;
  readonly place: Place;
  length: number;
}

const FIRST_CAPACITY = 64;

export class Fragment {
  readonly section: Section;
  /** Offset in the section; 0 until layout has come by, which the first round of relaxation relies on. */
  address = 0;
  bytes: Uint8Array = EMPTY;
  /** Bytes in use. */
  fixed = 0;
  tail: Tail | null = null;

  constructor(section: Section) {
    this.section = section;
  }

  /** Makes room and gives the offset where the caller writes. */
  reserve(count: number): number {
    const at = this.fixed;
    const need = at + count;
    if (need > this.bytes.length) {
      const grown = new Uint8Array(Math.max(need, this.bytes.length * 2, FIRST_CAPACITY));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.fixed = need;
    return at;
  }
}

const EMPTY = new Uint8Array(0);

/** Kinds in the order of placement; `unloaded` ones (debug information, notes) are not part of the image. */
export type SectionKind = 'code' | 'readonly' | 'data' | 'zero' | 'unloaded';

const KINDS: readonly (readonly [RegExp, SectionKind])[] = [
  [/^\.(text|init|fini)\b/, 'code'],
  [/^\.(rodata|srodata)\b/, 'readonly'],
  [/^\.(data|sdata)\b/, 'data'],
  [/^\.(bss|sbss)\b/, 'zero'],
];

/** The kind that a section has by its name alone. */
export function kindByName(name: string): SectionKind {
  return KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? 'unloaded';
}

export class Section {
  readonly name: string;
  readonly kind: SectionKind;
  alignment = 1;
  readonly fragments: Fragment[] = [];
  current: Fragment;
  /** Address in memory, set by placement. */
  address = 0n;
  size = 0;

  constructor(name: string, kind: SectionKind) {
    this.name = name;
    this.kind = kind;
    this.current = new Fragment(this);
    this.fragments.push(this.current);
  }

  /** Closes the current fragment with a tail. */
  close(tail: Tail): void {
    this.current.tail = tail;
    this.current = new Fragment(this);
    this.fragments.push(this.current);
  }
}
