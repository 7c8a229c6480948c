/** What a kind of generated programs is, and one program of it that can be made smaller. */
import type { Program } from '../qemu/layout.ts';
import type { Processor } from '../qemu/processors.ts';
import type { Unit } from '../qemu/random-word.ts';
import type { Shrinkable } from '../qemu/shrink.ts';

export interface FuzzCase extends Shrinkable {
  readonly name: string;
  readonly units: readonly Unit[];
  /** The program of these units and initial values, or of a part of them. */
  readonly compose: (units: readonly Unit[], seeds: readonly bigint[]) => Program;
  /** When every unit is a set of operands of one instruction: which, and how it rounds. */
  readonly operandsOf?: string;
}

/** Draws one program for each seed. The seed of a program alone says what it is. */
export interface Kind {
  /** `WHAT` or `WHAT:EXTENSION`; both parts can be asked for. */
  readonly name: string;
  /** The extension under test, or a word for what is under test. */
  readonly subject: string;
  /** Programs in one start of QEMU. */
  readonly batch: number;
  /** Batches in each round of the kinds; 1 unless given. */
  readonly turns?: number;
  /** The general one unless given. */
  readonly processor?: Processor;
  readonly draw: (seed: number) => FuzzCase;
}

/** Something else than a program to compare, each seed one time. */
export interface CheckKind {
  readonly name: string;
  readonly subject: string;
  readonly turns?: number;
  /** How many words were compared, and what differs. */
  readonly check: (seed: number) => { readonly words: number; readonly differences: readonly string[] };
}

export type AnyKind = Kind | CheckKind;

export const programOf = (drawn: FuzzCase): Program => drawn.compose(drawn.units, drawn.seeds);
