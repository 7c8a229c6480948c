/**
 * Names and numbers of the ONE_REG registers, by group: what the groups in `one-reg` and the documentation of the
 * registers have in common. Data only. [Linux uapi asm/kvm.h]
 */
import { ISA_EXT_NAMES } from '../profiles/isa.ts';
import type { HostQuirks, Release } from '../profiles/types.ts';

/** In the order of KVM_GET_REG_LIST. SBI_IDENTITY and ENVIRONMENT are WHAT-IF. */
export const REGISTER_GROUPS = [
  'CONFIG',
  'CORE',
  'CSR',
  'TIMER',
  'FP_F',
  'FP_D',
  'ISA_EXT',
  'SBI_EXT',
  'VECTOR',
  'SBI_STATE',
  'SBI_IDENTITY',
  'ENVIRONMENT',
] as const;
export type RegisterGroupName = (typeof REGISTER_GROUPS)[number];

/** Bits of the number field that select a subtype. */
export const SUBTYPE_MASK = 0xff_0000;

export const CONFIG_NAMES = [
  'isa',
  'zicbom_block_size',
  'mvendorid',
  'marchid',
  'mimpid',
  'zicboz_block_size',
  'satp_mode',
  'zicbop_block_size',
] as const;
export type ConfigName = (typeof CONFIG_NAMES)[number];

/** The extension that each size belongs to. */
export const CONFIG_BLOCKS = {
  zicbom_block_size: 'ZICBOM',
  zicboz_block_size: 'ZICBOZ',
  zicbop_block_size: 'ZICBOP',
} as const;

/** Whether a release has the register, cache-block sizes aside. */
export function knowsConfig({ identityRegisters, satpModeRegister }: HostQuirks, name: ConfigName): boolean {
  switch (name) {
    case 'mvendorid':
    case 'marchid':
    case 'mimpid':
      return identityRegisters;
    case 'satp_mode':
      return satpModeRegister;
    default:
      return true;
  }
}

/** Whether a release has a number for an ISA extension, and with it the registers that belong to the extension. */
export function knowsIsaExt(
  { isaExtCount }: Pick<Release, 'isaExtCount'>,
  name: (typeof ISA_EXT_NAMES)[number],
): boolean {
  return ISA_EXT_NAMES.indexOf(name) < isaExtCount;
}

export const CORE_NAMES = [
  'pc',
  'ra',
  'sp',
  'gp',
  'tp',
  't0',
  't1',
  't2',
  's0',
  's1',
  'a0',
  'a1',
  'a2',
  'a3',
  'a4',
  'a5',
  'a6',
  'a7',
  's2',
  's3',
  's4',
  's5',
  's6',
  's7',
  's8',
  's9',
  's10',
  's11',
  't3',
  't4',
  't5',
  't6',
  'mode',
] as const;

/** Names and CSR numbers, by register number. */
export const GENERAL_CSRS = [
  ['sstatus', 0x100],
  ['sie', 0x104],
  ['stvec', 0x105],
  ['sscratch', 0x140],
  ['sepc', 0x141],
  ['scause', 0x142],
  ['stval', 0x143],
  ['sip', 0x144],
  ['satp', 0x180],
  ['scounteren', 0x106],
  ['senvcfg', 0x10a],
] as const;
/** Whether a release has the register of a CSR among the general ones. */
export function knowsCsr({ senvcfgRegister }: HostQuirks, csr: number): boolean {
  return senvcfgRegister || csr !== CSR_SENVCFG;
}

const CSR_SENVCFG = 0x10a;
export const CSR_SSTATEEN0 = 0x10c;
export const AIA_NAMES = ['siselect', 'iprio1', 'iprio2', 'sieh', 'siph', 'iprio1h', 'iprio2h'] as const;
export const SUBTYPE_AIA = 0x01_0000;
export const SUBTYPE_SMSTATEEN = 0x02_0000;

export const TIMER_NAMES = ['frequency', 'time', 'compare', 'state'] as const;

/** Numbers 0 to 31 are f0 to f31. */
export const FCSR = 32;

export const VECTOR_NAMES = ['vstart', 'vl', 'vtype', 'vcsr', 'vlenb'] as const;
/** Number of v0: one place after the five is free. */
export const FIRST_VECTOR = 6;
export const VECTOR_REGISTERS = 32;

/** Extensions in one register of ISA_EXT or SBI_EXT for many. */
export const WORD_BITS = 64;

export const STA_NAMES = ['shmem_lo', 'shmem_hi'] as const;
export const SUBTYPE_FWFT = 0x01_0000;
/** In the order of their registers. */
export const FWFT_FEATURES = ['MISALIGNED_EXC_DELEG', 'POINTER_MASKING_PMLEN'] as const;
export type FwftFeature = (typeof FWFT_FEATURES)[number];
/** Three registers for each feature, in the order of the features. */
export const FWFT_PARTS = ['enable', 'flags', 'value'] as const;
