/**
 * KVM_GET_ONE_REG, KVM_SET_ONE_REG, KVM_GET_REG_LIST over the register groups: the only list, in the
 * order of KVM_GET_REG_LIST. Vector registers are not among them. [Linux vcpu_onereg.c]
 */
import type { VcpuState } from '../state.ts';
import { EBUSY, EFAULT, EINVAL, ENOENT, KVM_REG_SIZE_U64, type OneReg } from '../uapi.ts';
import { config } from './config.ts';
import { core } from './core.ts';
import { csr } from './csr.ts';
import { fpD, fpF } from './float.ts';
import { failed, type RegisterGroup, registerId } from './group.ts';
import { identity } from './identity.ts';
import { isaExt } from './isa-ext.ts';
import { sbiExt } from './sbi-ext.ts';
import { sbiState } from './sbi-state.ts';
import { timer } from './timer.ts';

const GROUPS: Readonly<Record<string, RegisterGroup>> = {
  CONFIG: config,
  CORE: core,
  CSR: csr,
  TIMER: timer,
  FP_F: fpF,
  FP_D: fpD,
  ISA_EXT: isaExt,
  SBI_EXT: sbiExt,
  SBI_STATE: sbiState,
  SBI_IDENTITY: identity,
};

const TYPE_MASK = 0xff00_0000n;
const NUMBER_MASK = 0x00ff_ffffn;
const SIZE_MASK = 0x00f0_0000_0000_0000n;

export function getOneReg(cpu: VcpuState, id: bigint): OneReg {
  const group = groupOf(id);
  if (group === undefined) return failed(ENOENT);
  const errno = check(cpu, group, id);
  if (errno !== 0) return failed(errno);
  return group.get(cpu, numberOf(id));
}

/** 0 or a positive errno. */
export function setOneReg(cpu: VcpuState, id: bigint, value: bigint | null): number {
  const group = groupOf(id);
  if (group === undefined) return ENOENT;
  const errno = check(cpu, group, id);
  if (errno !== 0) return errno;
  if (value === null) return group.frozen?.(cpu) ? EBUSY : EFAULT;
  return group.set(cpu, numberOf(id), BigInt.asUintN(64, value));
}

export function registerList(cpu: VcpuState): readonly bigint[] {
  return Object.values(GROUPS).flatMap((group) => group.list(cpu).map((number) => registerId(group, number)));
}

/** `SBI_EXT.DBCN`; the id in hex for one of no group. */
export function registerName(id: bigint): string {
  const entry = Object.entries(GROUPS).find(([, group]) => group.type === (id & TYPE_MASK));
  return entry === undefined ? `0x${id.toString(16)}` : `${entry[0]}.${entry[1].name(numberOf(id))}`;
}

function check(cpu: VcpuState, group: RegisterGroup, id: bigint): number {
  const size = id & SIZE_MASK;
  if (group.check !== undefined) return group.check(cpu, numberOf(id), size);
  return size === KVM_REG_SIZE_U64 ? 0 : EINVAL;
}

/** The architecture bits of an id are not looked at, as in Linux. */
function groupOf(id: bigint): RegisterGroup | undefined {
  return Object.values(GROUPS).find((group) => group.type === (id & TYPE_MASK));
}

function numberOf(id: bigint): number {
  return Number(id & NUMBER_MASK);
}
