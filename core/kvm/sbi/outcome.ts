/** What a handler in the kernel makes of an SBI call, and what it is given. [Linux kvm_vcpu_sbi.h] */
import { SBI_ERRORS, type SbiError } from '../../sbi/types.ts';

/** How the machine ends; `type` and `reason` as in kvm_run.system_event. */
export interface SystemEvent {
  readonly type: number;
  readonly reason: bigint;
}

/** `E` are the errors that the handler may answer. */
export type Outcome<E extends SbiError = SbiError> =
  /** Answered: a0 and a1, unsigned. */
  | { readonly kind: 'done'; readonly name: E; readonly error: bigint; readonly value: bigint }
  /** Handed to user space through KVM_EXIT_RISCV_SBI. */
  | { readonly kind: 'forward' }
  /** The guest gets an exception at the ecall. */
  | { readonly kind: 'trap'; readonly cause: bigint; readonly tval: bigint }
  /** The machine ends through KVM_EXIT_SYSTEM_EVENT; the call does not return. */
  | { readonly kind: 'stop'; readonly event: SystemEvent }
  /** The vcpu sleeps as in WFI; then the call succeeds, or the vcpu resumes at an address. */
  | { readonly kind: 'sleep'; readonly resume?: { readonly address: bigint; readonly opaque: bigint } };

type Done<E extends SbiError> = Extract<Outcome<E>, { readonly kind: 'done' }>;

const PLAIN = new Map<SbiError, Done<SbiError>>(
  (Object.entries(SBI_ERRORS) as [SbiError, number][]).map(([name, code]) => [
    name,
    { kind: 'done', name, error: BigInt.asUintN(64, BigInt(code)), value: 0n },
  ]),
);

/** Answers with an error (or SUCCESS) and a value in a1. */
export function done<E extends SbiError>(name: E, value = 0n): Done<E> {
  const plain = PLAIN.get(name);
  const error = plain?.error ?? 0n;
  if (plain !== undefined && value === 0n) return plain as Done<E>;
  return { kind: 'done', name, error, value };
}

/** An error that Linux answers although the specification does not list it for the function. */
export function deviating(name: SbiError): Outcome<never> {
  return done(name) as Outcome<never>;
}

export const FORWARD = { kind: 'forward' } as const satisfies Outcome;
