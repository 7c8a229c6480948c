/**
 * FWFT in KVM on hardware that has none of its features: Linux enables it by default, so a guest may
 * meet it. Feature ids are cut to 32 bits; ids that are not defined are denied. [SBI 3.0 §18]
 */
import { SBI } from '../../sbi/spec/index.ts';
import type { KernelExtension } from './handlers.ts';
import { done } from './outcome.ts';

const DEFINED: ReadonlySet<bigint> = new Set(Object.values(SBI.FWFT.functions.get.args[0].values).map(BigInt));

const refused = (feature: bigint) =>
  DEFINED.has(BigInt.asUintN(32, feature)) ? done('NOT_SUPPORTED') : done('DENIED');

export const fwft: KernelExtension<'FWFT'> = {
  set: (_cpu, feature) => refused(feature),
  get: (_cpu, feature) => refused(feature),
};
