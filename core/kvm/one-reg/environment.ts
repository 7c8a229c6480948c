/**
 * WHAT-IF: henvcfg and hedeleg of a vcpu, for a VMM that serves FWFT. Only what FWFT is about can be changed.
 * [Privileged ISA, Hypervisor Extension; SBI 3.0 §18]
 */
import { HENVCFG_ADUE, HENVCFG_PMM } from '../../hart/environment.ts';
import type { VcpuState } from '../state.ts';
import { EINVAL, ENOENT, KVM_ENVIRONMENT, KVM_REG_RISCV_ENVIRONMENT } from '../uapi.ts';
import { failed, found, type RegisterGroup } from './group.ts';

type Name = keyof typeof KVM_ENVIRONMENT;

const NAMES = Object.keys(KVM_ENVIRONMENT) as Name[];
const FIELDS = HENVCFG_PMM | HENVCFG_ADUE;
const CAUSE_MISALIGNED_LOAD = 4n;
const CAUSE_MISALIGNED_STORE = 6n;
const MISALIGNED = (1n << CAUSE_MISALIGNED_LOAD) | (1n << CAUSE_MISALIGNED_STORE);

export const environment: RegisterGroup = {
  type: KVM_REG_RISCV_ENVIRONMENT,
  list: (cpu) => NAMES.filter((name) => isThere(cpu, name)).map((name) => KVM_ENVIRONMENT[name]),
  get: (cpu, number) => {
    const name = nameOf(cpu, number);
    return name === undefined ? failed(ENOENT) : found(read(cpu, name));
  },
  set: (cpu, number, value) => {
    const name = nameOf(cpu, number);
    if (name === undefined) return ENOENT;
    return name === 'henvcfg' ? writeHenvcfg(cpu, value) : writeHedeleg(cpu, value);
  },
  name: (number) => NAMES.find((name) => KVM_ENVIRONMENT[name] === number) ?? `${number}`,
};

function nameOf(cpu: VcpuState, number: number): Name | undefined {
  return NAMES.find((name) => KVM_ENVIRONMENT[name] === number && isThere(cpu, name));
}

/** Where firmware keeps misaligned accesses to itself, KVM has none to delegate. */
function isThere({ vm, fwft }: VcpuState, name: Name): boolean {
  return vm.accelerator && (name !== 'hedeleg' || fwft.isSupported('MISALIGNED_EXC_DELEG'));
}

/** Of hedeleg only the two bits are told. */
function read({ hart, fwft }: VcpuState, name: Name): bigint {
  if (name === 'henvcfg') return hart.henvcfg;
  return fwft.get('MISALIGNED_EXC_DELEG') === 1n ? MISALIGNED : 0n;
}

/** A field that does not take the value is as before. */
function writeHenvcfg({ hart }: VcpuState, value: bigint): number {
  const before = hart.henvcfg;
  if (((value ^ before) & ~FIELDS) !== 0n) return EINVAL;
  hart.henvcfg = value;
  if (hart.henvcfg === value) return 0;
  hart.henvcfg = before;
  return EINVAL;
}

function writeHedeleg({ fwft }: VcpuState, value: bigint): number {
  if (value !== 0n && value !== MISALIGNED) return EINVAL;
  fwft.set('MISALIGNED_EXC_DELEG', value === 0n ? 0n : 1n);
  return 0;
}
