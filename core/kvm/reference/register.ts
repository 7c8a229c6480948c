/** What is said of a ONE_REG register of KVM on RISC-V, and its id. [Linux uapi asm/kvm.h] */
import type { SbiName } from '../../sbi/types.ts';
import type { ISA_EXT_NAMES } from '../profiles/isa.ts';
import type { Release } from '../profiles/types.ts';
import * as uapi from '../uapi.ts';
import type * as layout from './layout.ts';
import type { RuleName } from './rules.ts';

/** The parts that the groups fall into, for people: each has a card of its own. */
export const REGISTER_PARTS = {
  CONFIG: 'What the machine is: the ISA letters, the machine ids, the sizes of cache blocks, the satp mode.',
  CORE: 'Program counter, integer registers and privilege mode of the guest.',
  CSR: 'The supervisor CSRs of the guest. What was written reads back as it is until the vcpu runs.',
  'CSR.AIA': 'The CSRs of the advanced interrupt architecture.',
  'CSR.SMSTATEEN': 'The state-enable CSR of the guest.',
  TIMER: 'The timebase and the timer of the vcpu.',
  FP_F: 'The floating-point registers as single-precision numbers, and fcsr.',
  FP_D: 'The floating-point registers as double-precision numbers, and fcsr.',
  ISA_EXT: 'One switch for each ISA extension of the vcpu.',
  'ISA_EXT.MULTI': 'The switches of 64 ISA extensions as bits of one register.',
  SBI_EXT: 'One switch for each SBI extension of the vcpu: whether KVM knows it.',
  'SBI_EXT.MULTI': 'The switches of all SBI extensions as bits of one register.',
  VECTOR: 'The vector registers and the CSRs that belong to them.',
  'SBI_STATE.STA': 'State of steal-time accounting, so that a machine can be moved.',
  'SBI_STATE.FWFT': 'State of the firmware features, so that a machine can be moved.',
  SBI_IDENTITY: 'What BASE reports of itself.',
  ENVIRONMENT: 'What the hypervisor lets the guest do, in its own CSRs, as far as FWFT needs them.',
} as const;
export type RegisterPart = keyof typeof REGISTER_PARTS;

/** What the register stands for: told here, or by the table of what it names. */
export type Meaning =
  | { readonly kind: 'words'; readonly says: string }
  | { readonly kind: 'csr'; readonly csr: number }
  | { readonly kind: 'isa'; readonly name: (typeof ISA_EXT_NAMES)[number] }
  | { readonly kind: 'sbi'; readonly name: SbiName };

export interface RegisterRow {
  readonly part: RegisterPart;
  /** As the log names it: `SBI_EXT.DBCN`. */
  readonly name: string;
  readonly group: layout.RegisterGroupName;
  /** With its subtype. */
  readonly number: number;
  /** null: as many as a vector register of the host has. */
  readonly bytes: 4 | 8 | null;
  readonly meaning: Meaning;
  readonly rule: RuleName;
  readonly whatIf: boolean;
  /** Whether a release has the register, on hardware that has what it stands for. */
  isIn(release: Release): boolean;
}

const TYPES: Readonly<Record<layout.RegisterGroupName, bigint>> = {
  CONFIG: uapi.KVM_REG_RISCV_CONFIG,
  CORE: uapi.KVM_REG_RISCV_CORE,
  CSR: uapi.KVM_REG_RISCV_CSR,
  TIMER: uapi.KVM_REG_RISCV_TIMER,
  FP_F: uapi.KVM_REG_RISCV_FP_F,
  FP_D: uapi.KVM_REG_RISCV_FP_D,
  ISA_EXT: uapi.KVM_REG_RISCV_ISA_EXT,
  SBI_EXT: uapi.KVM_REG_RISCV_SBI_EXT,
  VECTOR: uapi.KVM_REG_RISCV_VECTOR,
  SBI_STATE: uapi.KVM_REG_RISCV_SBI_STATE,
  SBI_IDENTITY: uapi.KVM_REG_RISCV_SBI_IDENTITY,
  ENVIRONMENT: uapi.KVM_REG_RISCV_ENVIRONMENT,
};
const SIZE_SHIFT = 52n;
/** Type and number of an id: what tells registers apart. */
const IDENTITY_MASK = 0xffff_ffffn;

/** The id on RV64. `vectorBytes` is the size of a vector register on the host. */
export function registerIdOf({ group, number, bytes }: RegisterRow, vectorBytes: number): bigint {
  const size = BigInt(Math.log2(bytes ?? vectorBytes)) << SIZE_SHIFT;
  return uapi.KVM_REG_RISCV | size | TYPES[group] | BigInt(number);
}

/** Whether an id is that of the register, whatever it says of the size. */
export function hasId({ group, number }: RegisterRow, id: bigint): boolean {
  return (TYPES[group] | BigInt(number)) === (id & IDENTITY_MASK);
}

export const words = (says: string): Meaning => ({ kind: 'words', says });
const always = (): boolean => true;

/** A register of 8 bytes that Linux has in every release, unless `more` says otherwise. */
export function row(
  part: RegisterPart,
  group: layout.RegisterGroupName,
  name: string,
  number: number,
  meaning: Meaning,
  rule: RuleName,
  more: Partial<Pick<RegisterRow, 'bytes' | 'whatIf' | 'isIn'>> = {},
): RegisterRow {
  const prefix = part.endsWith('.MULTI') ? group : part;
  const whatIf = more.whatIf ?? false;
  const isIn: RegisterRow['isIn'] = whatIf ? () => false : (more.isIn ?? always);
  return {
    part,
    group,
    name: `${prefix}.${name}`,
    number,
    bytes: more.bytes === undefined ? 8 : more.bytes,
    meaning,
    rule,
    whatIf,
    isIn,
  };
}
