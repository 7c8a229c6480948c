/** TIME in KVM. [SBI 3.0 §6] */
import type { KernelExtension } from './handlers.ts';
import { done } from './outcome.ts';

export const time: KernelExtension<'TIME'> = {
  set_timer: (cpu, ticks) => {
    cpu.pmu.count('SET_TIMER');
    cpu.setTimer(ticks);
    return done('SUCCESS');
  },
};
