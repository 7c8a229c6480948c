/**
 * What the kernel must be able to answer, derived from the specification table: a function without a
 * handler, an argument too many or an error that the specification does not list does not compile.
 */
import type { SbiTable, ServedBy } from '../../sbi/spec/index.ts';
import type { SbiArgument, SbiFunction, SbiName } from '../../sbi/types.ts';
import type { VcpuState } from '../state.ts';
import type { Outcome } from './outcome.ts';

/** One 64-bit unsigned value for each argument. */
type Values<Arguments extends readonly SbiArgument[]> = { readonly [Index in keyof Arguments]: bigint };

type KernelFunction<F extends SbiFunction> = (
  cpu: VcpuState,
  ...args: Values<F['args']>
) => Outcome<F['errors'][number] | 'SUCCESS' | 'NOT_SUPPORTED'>;

export type KernelExtension<Name extends SbiName> = {
  readonly [F in keyof SbiTable[Name]['functions']]: SbiTable[Name]['functions'][F] extends SbiFunction
    ? KernelFunction<SbiTable[Name]['functions'][F]>
    : never;
};

export type KernelHandlers = { readonly [Name in ServedBy<'kvm'>]: KernelExtension<Name> };

/** A handler as the dispatcher calls it. */
export type AnyHandler = (cpu: VcpuState, ...args: bigint[]) => Outcome;
