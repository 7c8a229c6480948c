/**
 * KVM_GET_ONE_REG, KVM_SET_ONE_REG, KVM_GET_REG_LIST over the register groups: the only list, in the
 * order of KVM_GET_REG_LIST. Floating-point and vector registers are not among them. [Linux vcpu_onereg.c]
 */
import type { VcpuState } from '../state.ts';
import { EBUSY, EFAULT, EINVAL, ENOENT, type OneReg } from '../uapi.ts';
import { config } from './config.ts';
import { core } from './core.ts';
import { csr } from './csr.ts';
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
  ISA_EXT: isaExt,
  SBI_EXT: sbiExt,
  SBI_STATE: sbiState,
  SBI_IDENTITY: identity,
};

const TYPE_MASK = 0xff00_0000n;
const NUMBER_MASK = 0x00ff_ffffn;
const SIZE_MASK = 0x00f0_0000_0000_0000n;
const SIZE_U64 = 0x0030_0000_0000_0000n;

export function getOneReg(cpu: VcpuState, id: bigint): OneReg {
  const group = groupOf(id);
  if (group === undefined) return failed(ENOENT);
  if ((id & SIZE_MASK) !== SIZE_U64) return failed(EINVAL);
  return group.get(cpu, numberOf(id));
}

/** 0 or a positive errno. */
export function setOneReg(cpu: VcpuState, id: bigint, value: bigint | null): number {
  const group = groupOf(id);
  if (group === undefined) return ENOENT;
  if ((id & SIZE_MASK) !== SIZE_U64) return EINVAL;
  if (value === null) return group.frozen?.(cpu) ? EBUSY : EFAULT;
  return group.set(cpu, numberOf(id), BigInt.asUintN(64, value));
}

export function registerList(cpu: VcpuState): readonly bigint[] {
  return Object.values(GROUPS).flatMap((group) => group.list(cpu).map((number) => registerId(group.type, number)));
}

/** `SBI_EXT.DBCN`; the id in hex for one of no group. */
export function registerName(id: bigint): string {
  const entry = Object.entries(GROUPS).find(([, group]) => group.type === (id & TYPE_MASK));
  return entry === undefined ? `0x${id.toString(16)}` : `${entry[0]}.${entry[1].name(numberOf(id))}`;
}

/** The architecture bits of an id are not looked at, as in Linux. */
function groupOf(id: bigint): RegisterGroup | undefined {
  return Object.values(GROUPS).find((group) => group.type === (id & TYPE_MASK));
}

function numberOf(id: bigint): number {
  return Number(id & NUMBER_MASK);
}
