/** Words that the measuring VMM prints for ids, errno values and exit reasons. */
import * as uapi from '../../kvm/uapi.ts';

/** Extensions with an SBI_EXT register, by its number, as far as the program knows them. */
export const SBI_NAMES: readonly string[] = Object.entries(uapi.KVM_RISCV_SBI_EXT)
  .filter(([, number]) => number < uapi.KVM_RISCV_SBI_EXT_WHAT_IF)
  .sort(([, a], [, b]) => a - b)
  .map(([name]) => name);
export const ISA_NAMES: readonly string[] = uapi.KVM_RISCV_ISA_EXT;

const CONFIG = 'isa zicbom_block_size mvendorid marchid mimpid zicboz_block_size satp_mode zicbop_block_size'.split(
  ' ',
);
const CORE =
  'pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6 mode'.split(' ');
const CSR = [
  ['GENERAL', 'sstatus sie stvec sscratch sepc scause stval sip satp scounteren senvcfg'.split(' ')],
  ['AIA', 'siselect iprio1 iprio2 sieh siph iprio1h iprio2h'.split(' ')],
  ['SMSTATEEN', ['sstateen0']],
] as const;
const TIMER = ['frequency', 'time', 'compare', 'state'];
const VECTOR = ['vstart', 'vl', 'vtype', 'vcsr', 'vlenb'];
const STA = ['shmem_lo', 'shmem_hi'];
const FWFT = ['misaligned_deleg', 'pointer_masking'].flatMap((feature) =>
  ['enable', 'flags', 'value'].map((part) => `${feature}.${part}`),
);
const MULTI = ['', 'MULTI_EN', 'MULTI_DIS'];
const FIRST_VECTOR = 6;
const F_REGISTERS = 32;

/** `OK` for 0; negative values are taken as returned by an ioctl. */
export function errnoName(errno: number): string {
  const positive = Math.abs(errno);
  return positive === 0 ? 'OK' : (uapi.ERRNO_NAMES[positive] ?? `errno${positive}`);
}

export function exitReasonName(reason: number): string {
  return uapi.KVM_EXIT_NAMES[reason] ?? '?';
}

/** printf's `%#lx`: no prefix before zero. */
export function hex(value: bigint | number): string {
  return value === 0 || value === 0n ? '0' : `0x${value.toString(16)}`;
}

/** `%#018llx` */
export function registerHex(id: bigint): string {
  return `0x${id.toString(16).padStart(16, '0')}`;
}

/** `SBI.DBCN` */
export function registerName(id: bigint): string {
  const type = Number((id >> 24n) & 0xffn);
  const subtype = Number((id >> 16n) & 0xffn);
  const index = Number(id & 0xffffn);
  switch (type) {
    case 1:
      return `CONFIG.${CONFIG[index] ?? '?'}`;
    case 2:
      return `CORE.${CORE[index] ?? '?'}`;
    case 3: {
      const [group, names] = CSR[subtype] ?? ['?', []];
      return `CSR.${group}.${names[index] ?? '?'}`;
    }
    case 4:
      return `TIMER.${TIMER[index] ?? '?'}`;
    case 5:
      return `FP_F.${index < F_REGISTERS ? `f${index}` : 'fcsr'}`;
    case 6:
      return `FP_D.${index < F_REGISTERS ? `f${index}` : 'fcsr'}`;
    case 7:
      return `ISA.${manyName(subtype, index, ISA_NAMES)}`;
    case 8:
      return `SBI.${manyName(subtype, index, SBI_NAMES)}`;
    case 9:
      return `VECTOR.${VECTOR[index] ?? `v${index - FIRST_VECTOR}`}`;
    case 10:
      if (subtype > 1) return `SBI_STATE.?${subtype}`;
      return subtype === 0 ? `SBI_STATE.STA.${STA[index] ?? '?'}` : `SBI_STATE.FWFT.${FWFT[index] ?? '?'}`;
    default:
      return `type${type}.${subtype}.${index}`;
  }
}

function manyName(subtype: number, index: number, names: readonly string[]): string {
  return subtype === 0 ? (names[index] ?? '?') : `${MULTI[subtype] ?? '?'}[${index}]`;
}
