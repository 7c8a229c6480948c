/** IPI in KVM: harts that exist get the interrupt even when the mask names others too. [SBI 3.0 §7] */
import { U64_MAX } from '../../base/u64.ts';
import { IRQ_S_SOFT } from '../../hart/api.ts';
import type { KernelExtension } from './handlers.ts';
import { vcpusOf } from './harts.ts';
import { done } from './outcome.ts';

export const ipi: KernelExtension<'IPI'> = {
  send_ipi: (cpu, mask, base) => {
    const targets = vcpusOf(cpu, mask, base);
    const found =
      base === U64_MAX ? 0n : targets.reduce((bits, target) => bits | (1n << (BigInt(target.id) - base)), 0n);
    const complete = base === U64_MAX || found === mask;
    cpu.pmu.count('IPI_SENT');
    for (const target of targets) {
      target.raise(IRQ_S_SOFT);
      target.pmu.count('IPI_RECEIVED');
    }
    return complete || cpu.vm.options.profile.quirks.ipiToAbsent === 'SUCCESS'
      ? done('SUCCESS')
      : done('INVALID_PARAM');
  },
};
