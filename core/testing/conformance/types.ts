/**
 * The form of a conformance case: one call, what was done before it, and what the text of the specification lets
 * come of it. Data, from which a guest is made and its lines are judged.
 */
import type { SbiTable } from '../../sbi/spec/index.ts';
import type { SbiError, SbiFunction, SbiName } from '../../sbi/types.ts';
import type { TargetName } from './target-names.ts';

/** A register's value: a number, or a label of the guest. */
export type Operand = bigint | string;

/** Assembly that is carried out beside the call; it may use a0 to a7 and t0 to t6. `steps.ts` has the usual ones. */
export type Step = string;

/** What a value may be. */
export interface Rule {
  /** How it is told, e.g. `at most 5`. */
  readonly words: string;
  holds(value: bigint): boolean;
}
export type Allowed = bigint | Rule;

/** A value that is looked at after the call. */
export interface Observation {
  readonly name: string;
  /** Assembly that leaves the value in t0. */
  readonly read: Step;
  readonly is: Allowed;
}

export type Expectation =
  /** The call returns in a0 one of these errors; `value` is for a1 when the error is SUCCESS. */
  | { readonly error: SbiError | readonly SbiError[]; readonly value?: Allowed }
  /** A legacy call returns this in a0. */
  | { readonly a0: Allowed }
  /** The hart goes on at `resume` with MMU and interrupts off, its id in a0 and this in a1. */
  | { readonly resumes: bigint }
  /** The calling hart gets an exception with this cause. */
  | { readonly traps: bigint }
  /** The call of the other hart does not come back. */
  | { readonly returns: 'never' }
  /** The machine ends; such a case has a run of its own. */
  | { readonly ends: 'shutdown' | 'reset' };

/** Which question a case asks. `invalid` is followed by what is invalid, e.g. `invalid hart`. */
export type CaseClass = 'valid' | `invalid ${string}` | 'reserved' | 'unknown function' | 'absent extension' | 'probe';

interface CaseBody {
  /** Unique in its extension, lower case with hyphens. */
  readonly id: string;
  /** Section of SBI 3.0 that says so. */
  readonly section: string;
  readonly before?: readonly Step[];
  /** Looked at after the call, in order. */
  readonly sees?: readonly Observation[];
  /** What the console showed during the case, where that matters. */
  readonly console?: string;
  /** Undoes what would disturb the cases that follow. */
  readonly after?: readonly Step[];
  /** It ends the machine on some target where it should not: it has a run of its own. */
  readonly alone?: true;
  /** Some target never comes back from it: it has a run of its own, over which the other hart watches. */
  readonly mayHang?: true;
  /** Targets on which it would show nothing that another case does not, and take long. */
  readonly notOn?: readonly TargetName[];
  /** What is in a6 although the function has no id there: legacy calls ignore it. */
  readonly a6?: bigint;
  /** Which hart makes the call; default: the own one. */
  readonly by?: 'other';
  /** Any of these. */
  readonly expects: Expectation | readonly Expectation[];
}

/** A case as it is written, with the names of its extension's table. Arguments that are left out are 0. */
export type CaseOf<Name extends SbiName> = {
  [F in keyof SbiTable[Name]['functions']]: CaseBody & {
    readonly function: F;
    readonly class: CaseClass;
    readonly with?: {
      readonly [A in (SbiTable[Name]['functions'][F] & SbiFunction)['args'][number] as A['name']]?: Operand;
    };
  };
}[keyof SbiTable[Name]['functions']];

/** A case as the generator takes it. */
export interface Case extends CaseBody {
  /** The function's name, or undefined where the call names none. */
  readonly function: string | undefined;
  readonly class: CaseClass;
  readonly eid: bigint;
  readonly fid: bigint;
  readonly args: readonly Operand[];
}

/** Where a target does not do what the cases expect, and what the text says of it. */
export interface Difference {
  readonly on: readonly TargetName[];
  readonly cases: readonly string[];
  /** What comes of the cases instead, as `outcomeText` puts it. */
  readonly answers: string;
  /** `specification`: the target is wrong by the text. `open`: the text allows both, or does not say. */
  readonly right: 'specification' | 'open';
  /** Why, with the section of the specification, and where the target's behaviour is known from. */
  readonly because: string;
}

/** Errors of the table that no call can be made to give, and why. */
export type Unreachable<Name extends SbiName> = {
  readonly [F in keyof SbiTable[Name]['functions']]?: Readonly<Partial<Record<SbiError, string>>>;
};

export interface CasesOf<Name extends SbiName> {
  /** Assembly that steps and arguments name labels of. */
  readonly routines?: string;
  /** ISA extensions that the harts need beside the default ones. */
  readonly isa?: readonly string[];
  /** SBI extensions that are answered where this one is, since it counts or tells of their calls. */
  readonly alongside?: readonly SbiName[];
  readonly cases: readonly CaseOf<Name>[];
  readonly unreachable?: Unreachable<Name>;
  /** Functions whose flags or 32-bit arguments have no reserved values or bits, and why. */
  readonly nothingReserved?: { readonly [F in keyof SbiTable[Name]['functions']]?: string };
  readonly differences?: readonly Difference[];
}

/** The cases of an extension, the automatic ones not among them. */
export interface ExtensionCases {
  readonly name: SbiName;
  readonly routines: string;
  readonly isa: readonly string[];
  readonly alongside: readonly SbiName[];
  readonly cases: readonly Case[];
  readonly unreachable: Readonly<Record<string, Readonly<Partial<Record<SbiError, string>>> | undefined>>;
  readonly nothingReserved: Readonly<Record<string, string | undefined>>;
  readonly differences: readonly Difference[];
}

/** Times are in ticks of 100 ns. */
export interface GuestSettings {
  /** For how long it waits for anything. */
  readonly patience: number;
  /** In this time what is on its way arrives: what was typed, a hart that starts. */
  readonly settle: number;
  /** How long a case may take until it hangs; 0 where that is found otherwise. */
  readonly watch: number;
}

export interface Run {
  /** What the console showed. */
  readonly output: string;
  /** How the machine ended, in a word. */
  readonly ended: string;
}
