/** The ONE_REG ids that the VMM uses, under their names. [Linux uapi asm/kvm.h] */
import {
  KVM_ENVIRONMENT,
  KVM_REG_RISCV,
  KVM_REG_RISCV_CONFIG,
  KVM_REG_RISCV_CORE,
  KVM_REG_RISCV_CSR,
  KVM_REG_RISCV_ENVIRONMENT,
  KVM_REG_RISCV_ISA_EXT,
  KVM_REG_RISCV_SBI_EXT,
  KVM_REG_RISCV_SBI_IDENTITY,
  KVM_REG_RISCV_TIMER,
  KVM_REG_SIZE_U64,
  KVM_RISCV_ISA_EXT,
  KVM_RISCV_SBI_EXT,
  KVM_SBI_IDENTITY,
} from '../kvm/uapi.ts';

export interface Register {
  readonly id: bigint;
  /** `CONFIG.mvendorid` */
  readonly name: string;
}

function group<Name extends string>(
  prefix: string,
  type: bigint,
  numbers: Readonly<Record<Name, number>>,
): Readonly<Record<Name, Register>> {
  const names = Object.keys(numbers) as Name[];
  const register = (name: Name): Register => ({
    id: KVM_REG_RISCV | KVM_REG_SIZE_U64 | type | BigInt(numbers[name]),
    name: `${prefix}.${name}`,
  });
  return Object.fromEntries(names.map((name) => [name, register(name)])) as Record<Name, Register>;
}

export const CONFIG = group('CONFIG', KVM_REG_RISCV_CONFIG, {
  zicbom_block_size: 1,
  mvendorid: 2,
  marchid: 3,
  mimpid: 4,
  zicboz_block_size: 5,
  satp_mode: 6,
  zicbop_block_size: 7,
});
export const CORE = group('CORE', KVM_REG_RISCV_CORE, { pc: 0, a0: 10, a1: 11, a6: 16, a7: 17, mode: 32 });
export const CSR = group('CSR', KVM_REG_RISCV_CSR, {
  sstatus: 0,
  sie: 1,
  stvec: 2,
  sepc: 4,
  scause: 5,
  stval: 6,
  sip: 7,
  satp: 8,
});
export const TIMER = group('TIMER', KVM_REG_RISCV_TIMER, { frequency: 0, time: 1, compare: 2, state: 3 });
/** By the names that ISA_EXT has, in capitals. */
export const ISA_EXT = group(
  'ISA_EXT',
  KVM_REG_RISCV_ISA_EXT,
  Object.fromEntries(KVM_RISCV_ISA_EXT.map((name, number) => [name, number])) as Readonly<
    Record<(typeof KVM_RISCV_ISA_EXT)[number], number>
  >,
);
export const SBI_EXT = group('SBI_EXT', KVM_REG_RISCV_SBI_EXT, KVM_RISCV_SBI_EXT);
export const SBI_IDENTITY = group('SBI_IDENTITY', KVM_REG_RISCV_SBI_IDENTITY, KVM_SBI_IDENTITY);

export const ENVIRONMENT = group('ENVIRONMENT', KVM_REG_RISCV_ENVIRONMENT, KVM_ENVIRONMENT);

/** Fields of CSR.sstatus. [privileged ISA §sstatus] */
export const SSTATUS = { SIE: 1n << 1n, SPIE: 1n << 5n, SPP: 1n << 8n } as const;

/** TIMER.state: writing it arms the timer with TIMER.compare. */
export const TIMER_STATE_ON = 1n;
