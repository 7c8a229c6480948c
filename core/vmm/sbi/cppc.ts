/**
 * CPPC in user space: the registers of a performance control that the VMM models. The harts themselves run at one
 * speed, whatever is asked for. A value that a register cannot hold has no error of its own: FAILED. [SBI 3.0 §14]
 */
import { CPPC_REGISTERS, type CppcRegister, type CppcRegisterName } from '../../sbi/spec/cppc.ts';
import type { VmContext } from '../context.ts';
import { COUNTER_WIDTH, CPPC_CONSTANTS } from './cppc-platform.ts';
import type { CppcState } from './cppc-state.ts';
import { type Server, SUCCESS } from './server.ts';

/** A register that the machine has; writing gives false for a value that it cannot hold. */
interface Implemented {
  readonly width: 32 | 64;
  readonly read: (state: CppcState, hart: number) => bigint;
  readonly write?: (state: CppcState, hart: number, value: bigint) => boolean;
}

const constant = (value: number): Implemented => ({ width: 32, read: () => BigInt(value) });

const setting = (name: Parameters<CppcState['setting']>[1]): Implemented => ({
  width: 32,
  read: (state, hart) => state.setting(hart, name),
  write: (state, hart, value) => state.set(hart, name, value),
});

/** What is missing here, probe says is not implemented: all of it is optional in ACPI. */
const IMPLEMENTED: Partial<Record<CppcRegisterName, Implemented>> = {
  ...Object.fromEntries(Object.entries(CPPC_CONSTANTS).map(([name, value]) => [name, constant(value)])),
  DesiredPerformanceRegister: setting('desired'),
  MinimumPerformanceRegister: setting('minimum'),
  MaximumPerformanceRegister: setting('maximum'),
  ReferencePerformanceCounterRegister: { width: COUNTER_WIDTH, read: (state) => state.reference },
  DeliveredPerformanceCounterRegister: { width: COUNTER_WIDTH, read: (state, hart) => state.delivered(hart) },
  PerformanceLimitedRegister: {
    width: 32,
    read: (state, hart) => state.limited(hart),
    write(state, hart, value) {
      state.clearLimited(hart, value);
      return true;
    },
  },
  CPPCEnableRegister: {
    width: 32,
    read: (state, hart) => (state.isEnabled(hart) ? 1n : 0n),
    write(state, hart, value) {
      if (value > 1n) return false;
      state.enable(hart, value === 1n);
      return true;
    },
  },
};

const BY_ID = new Map(
  Object.entries(CPPC_REGISTERS).map(([name, register]): [bigint, CppcRegister & { readonly found?: Implemented }] => {
    const found = IMPLEMENTED[name as CppcRegisterName];
    return [BigInt(register.id), found === undefined ? register : { ...register, found }];
  }),
);

const registerOf = (id: bigint) => BY_ID.get(id & 0xffff_ffffn);

function read(id: bigint, value: (register: Implemented) => bigint) {
  const register = registerOf(id);
  if (!register) return { error: 'INVALID_PARAM' } as const;
  return register.found ? { value: value(register.found) } : ({ error: 'NOT_SUPPORTED' } as const);
}

export const cppc: Server<'CPPC'> = {
  probe(_vm, { cppc_reg_id }) {
    const register = registerOf(cppc_reg_id);
    return register ? { value: BigInt(register.found?.width ?? 0) } : { error: 'INVALID_PARAM' };
  },
  read: (vm, { cppc_reg_id }, { vcpu }) => read(cppc_reg_id, (register) => register.read(vm.sbi.CPPC, vcpu.id)),
  read_hi: (_vm, { cppc_reg_id }) => read(cppc_reg_id, () => 0n),
  write(vm, { cppc_reg_id, val }, { vcpu }) {
    const register = registerOf(cppc_reg_id);
    if (!register) return { error: 'INVALID_PARAM' };
    if (!register.found) return { error: 'NOT_SUPPORTED' };
    if (register.access === 'read' || !register.found.write) return { error: 'DENIED' };
    if (val >> BigInt(register.found.width) !== 0n) return { error: 'FAILED' };
    sayThatNothingIsFaster(vm);
    return register.found.write(vm.sbi.CPPC, vcpu.id, val) ? SUCCESS : { error: 'FAILED' };
  },
};

function sayThatNothingIsFaster(vm: VmContext): void {
  vm.say('CPPC: counters show the performance that is asked for; the harts run at the speed of the configuration');
}
