/** TIMER registers. [Linux vcpu_timer.c] */
import { TIMEBASE_HZ } from '../../hart/clock.ts';
import { TIMER_NAMES } from '../reference/layout.ts';
import { CSR_STIMECMP, type VcpuState } from '../state.ts';
import { EINVAL, ENOENT, EOPNOTSUPP, KVM_REG_RISCV_TIMER } from '../uapi.ts';
import { failed, found, type RegisterGroup, refusesWrites } from './group.ts';

const STATE_ON = 1n;

export const timer: RegisterGroup = {
  type: KVM_REG_RISCV_TIMER,
  list: () => TIMER_NAMES.map((_, number) => number),
  get: (cpu, number) => {
    switch (TIMER_NAMES[number]) {
      case 'frequency':
        return found(BigInt(TIMEBASE_HZ));
      case 'time':
        return found(now(cpu));
      case 'compare':
        return found(cpu.unloaded.get(CSR_STIMECMP) ?? (cpu.hasSstc ? cpu.hart.readCsr(CSR_STIMECMP) : cpu.timer.next));
      case 'state':
        return found(cpu.timer.armed ? STATE_ON : 0n);
      default:
        return failed(ENOENT);
    }
  },
  set: (cpu, number, value) => {
    switch (TIMER_NAMES[number]) {
      case 'frequency':
        if (refusesWrites(cpu)) return EOPNOTSUPP;
        return value === BigInt(TIMEBASE_HZ) ? 0 : EINVAL;
      case 'time':
        cpu.vm.timeDelta = value - hostTicks(cpu);
        return 0;
      case 'compare':
        if (cpu.hasSstc) cpu.unloaded.set(CSR_STIMECMP, value);
        else cpu.timer.next = value;
        return 0;
      case 'state':
        return setState(cpu, value);
      default:
        return ENOENT;
    }
  },
  name: (number) => TIMER_NAMES[number] ?? `${number}`,
};

function setState(cpu: VcpuState, value: bigint): number {
  if (value === STATE_ON) {
    if (!cpu.hasSstc) cpu.setTimer(armsWithCompare(cpu) ? cpu.timer.next : value);
    return 0;
  }
  if (!cpu.timer.armed) return EINVAL;
  cpu.timer.armed = false;
  return 0;
}

/** Linux takes the 1 that was written for the time. The accelerator does what was meant, else no VMM could serve TIME. */
function armsWithCompare(cpu: VcpuState): boolean {
  return cpu.vm.accelerator || cpu.vm.options.profile.quirks.timerStateArms === 'compare';
}

function hostTicks(cpu: VcpuState): bigint {
  return BigInt(cpu.vm.options.timebase.ticks(cpu.clock.now));
}

function now(cpu: VcpuState): bigint {
  return BigInt.asUintN(64, hostTicks(cpu) + cpu.vm.timeDelta);
}
