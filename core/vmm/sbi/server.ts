/**
 * How the VMM serves an SBI extension: a handler for each function of its table, with the arguments by
 * name and no error but those the table lists. What a handler wants done with the vcpu it returns.
 */

import type { KvmVcpu } from '../../kvm/uapi.ts';
import type { SbiTable } from '../../sbi/spec/index.ts';
import type { SbiError, SbiFunction, SbiName } from '../../sbi/types.ts';
import type { VmEnd } from '../api.ts';
import type { Registers, VmContext } from '../context.ts';
import type { UserSleep } from '../wake.ts';

export interface Call {
  readonly vcpu: KvmVcpu;
  readonly eid: bigint;
  /** a0 to a5 at the call. */
  readonly registers: readonly bigint[];
}

/** How a vcpu goes on. */
export type Resumed =
  /** The call returns; a0 and a1, unsigned. */
  | { readonly kind: 'return'; readonly a0: bigint; readonly a1: bigint }
  /** The vcpu goes on at an address as HSM lays down: MMU and interrupts off, a0 hart id, a1 opaque. */
  | { readonly kind: 'restart'; readonly pc: bigint; readonly opaque: bigint };

/** A thread that sleeps in user space, and what follows. */
export interface Asleep {
  readonly sleep: UserSleep;
  readonly next: Resumed;
}

/** What happens to the calling vcpu. */
export type Outcome =
  | Resumed
  /** The vcpu goes on with these registers; the call gives no result, so a0 and a1 stay as they are. */
  | { readonly kind: 'resume'; readonly registers: Registers }
  /** The vcpu stops; the call does not return. */
  | { readonly kind: 'stop' }
  | ({ readonly kind: 'sleep' } & Asleep)
  /** The vcpu takes an exception at its ecall, with this cause and stval; a0 and a1 are as they were. */
  | { readonly kind: 'fault'; readonly cause: bigint; readonly address: bigint }
  | { readonly kind: 'end'; readonly end: VmEnd }
  /** A VMM that is not complete has no code for this exit. */
  | { readonly kind: 'unhandled'; readonly words: string };

/** An outcome, or the result of a call: with an error that its function has, and perhaps what it says in a1, or with a value. */
export type Answer<Error extends SbiError> =
  | Outcome
  | { readonly error: Error; readonly value?: bigint }
  | { readonly value: bigint };

type Arguments<F extends SbiFunction> = { readonly [A in F['args'][number] as A['name']]: bigint };
type Functions<Name extends SbiName> = SbiTable[Name]['functions'];
type FunctionOf<Name extends SbiName, F extends keyof Functions<Name>> = Functions<Name>[F] & SbiFunction;

export type Server<Name extends SbiName> = {
  readonly [F in keyof Functions<Name>]: (
    vm: VmContext,
    args: Arguments<FunctionOf<Name, F>>,
    call: Call,
  ) => Answer<FunctionOf<Name, F>['errors'][number]>;
};

export const SUCCESS = { value: 0n } as const;

/** The VMM cannot go on: an ioctl that it needs for a call without an error of its own failed. */
export function giveUp(words: string): Outcome {
  return { kind: 'end', end: { kind: 'error', words } };
}
