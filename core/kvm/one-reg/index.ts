/**
 * KVM_GET_ONE_REG, KVM_SET_ONE_REG, KVM_GET_REG_LIST over the register groups: the only list, in the
 * order of KVM_GET_REG_LIST. [Linux vcpu_onereg.c]
 */
import type { RegisterGroupName } from '../reference/layout.ts';
import type { VcpuState } from '../state.ts';
import { EBUSY, EFAULT, EINVAL, ENOENT, EOPNOTSUPP, KVM_REG_SIZE_U64, type OneReg } from '../uapi.ts';
import { config } from './config.ts';
import { core } from './core.ts';
import { csr } from './csr.ts';
import { environment } from './environment.ts';
import { fpD, fpF } from './float.ts';
import { failed, type RegisterGroup, registerId } from './group.ts';
import { identity } from './identity.ts';
import { isaExt } from './isa-ext.ts';
import { sbiExt } from './sbi-ext.ts';
import { sbiState } from './sbi-state.ts';
import { timer } from './timer.ts';
import { vector } from './vector.ts';

const GROUPS: Readonly<Record<RegisterGroupName, RegisterGroup>> = {
  CONFIG: config,
  CORE: core,
  CSR: csr,
  TIMER: timer,
  FP_F: fpF,
  FP_D: fpD,
  VECTOR: vector,
  ISA_EXT: isaExt,
  SBI_EXT: sbiExt,
  SBI_STATE: sbiState,
  SBI_IDENTITY: identity,
  ENVIRONMENT: environment,
};

const TYPE_MASK = 0xff00_0000n;
const NUMBER_MASK = 0x00ff_ffffn;
const SIZE_MASK = 0x00f0_0000_0000_0000n;

export function getOneReg(cpu: VcpuState, id: bigint): OneReg {
  const group = groupOf(cpu, id);
  if (group === undefined) return failed(told(cpu, ENOENT));
  const errno = check(cpu, group, id);
  if (errno !== 0) return failed(told(cpu, errno));
  const result = group.get(cpu, numberOf(id));
  return result.errno === 0 ? result : failed(told(cpu, result.errno));
}

/** 0 or a positive errno. */
export function setOneReg(cpu: VcpuState, id: bigint, value: bigint | null): number {
  const group = groupOf(cpu, id);
  if (group === undefined) return told(cpu, ENOENT);
  const errno = check(cpu, group, id);
  if (errno !== 0) return told(cpu, errno);
  if (value === null) return group.frozen?.(cpu) ? told(cpu, EBUSY) : EFAULT;
  return told(cpu, group.set(cpu, numberOf(id), BigInt.asUintN(bitsOf(id), value)));
}

/** The errno that the release gives for what is ENOENT or EBUSY today. */
function told(cpu: VcpuState, errno: number): number {
  if (cpu.vm.options.profile.quirks.registerErrors === 'today') return errno;
  if (errno === ENOENT) return EINVAL;
  return errno === EBUSY ? EOPNOTSUPP : errno;
}

export function registerList(cpu: VcpuState): readonly bigint[] {
  const known = Object.values(GROUPS).filter((group) => group.isKnown?.(cpu) ?? true);
  return known.flatMap((group) => group.list(cpu).map((number) => registerId(cpu, group, number)));
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
function groupOf(cpu: VcpuState, id: bigint): RegisterGroup | undefined {
  const group = Object.values(GROUPS).find(({ type }) => type === (id & TYPE_MASK));
  return group?.isKnown === undefined || group.isKnown(cpu) ? group : undefined;
}

/** Bits of a register: the size field holds the logarithm of its bytes. */
function bitsOf(id: bigint): number {
  return 8 << Number((id & SIZE_MASK) >> 52n);
}

function numberOf(id: bigint): number {
  return Number(id & NUMBER_MASK);
}
