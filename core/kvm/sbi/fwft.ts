/** FWFT in KVM. Feature ids are cut to 32 bits; ids that are not defined are denied. [SBI 3.0 §18] */
import { SBI } from '../../sbi/spec/index.ts';
import { FWFT_FEATURES, type FwftFeature } from '../reference/layout.ts';
import type { VcpuState } from '../state.ts';
import type { KernelExtension } from './handlers.ts';
import { done } from './outcome.ts';

const [FEATURE, , FLAGS] = SBI.FWFT.functions.set.args;
const LOCK = BigInt(FLAGS.values.LOCK);
const DEFINED: ReadonlySet<bigint> = new Set(Object.values(FEATURE.values).map(BigInt));

export const fwft: KernelExtension<'FWFT'> = {
  set: (cpu, id, value, flags) => {
    const feature = featureOf(cpu, id);
    if (feature === null) return done(refusal(id));
    const setting = cpu.fwft.settings[feature];
    if ((flags & ~LOCK) !== 0n) return done('INVALID_PARAM');
    if (setting.flags !== 0n) return done('DENIED_LOCKED');
    if (!cpu.fwft.set(feature, value)) return done('INVALID_PARAM');
    setting.flags = flags;
    return done('SUCCESS');
  },
  get: (cpu, id) => {
    const feature = featureOf(cpu, id);
    return feature === null ? done(refusal(id)) : done('SUCCESS', cpu.fwft.get(feature));
  },
};

/** The feature of an id, when the vcpu has it. */
function featureOf(cpu: VcpuState, id: bigint): FwftFeature | null {
  const feature = FWFT_FEATURES.find((name) => BigInt(FEATURE.values[name]) === BigInt.asUintN(32, id));
  if (feature === undefined) return null;
  return cpu.fwft.isSupported(feature) && cpu.fwft.settings[feature].enabled ? feature : null;
}

function refusal(id: bigint): 'NOT_SUPPORTED' | 'DENIED' {
  return DEFINED.has(BigInt.asUintN(32, id)) ? 'NOT_SUPPORTED' : 'DENIED';
}
