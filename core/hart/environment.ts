/**
 * henvcfg and senvcfg: what a hypervisor lets a guest do, and what S-mode lets U-mode do.
 * [Privileged ISA, Hypervisor Environment Configuration Register; Supervisor Environment Configuration Register]
 */
import type { HartOptions } from './api.ts';

const FIOM = 1n;
export const CBIE = 3n << 4n;
const CBIE_RESERVED = 2n << 4n;
export const CBCFE = 1n << 6n;
export const CBZE = 1n << 7n;
const PMM_SHIFT = 32n;
const PMM = 3n << PMM_SHIFT;
const PMM_RESERVED = 1n << PMM_SHIFT;
/** In henvcfg alone. */
export const HENVCFG_ADUE = 1n << 61n;
export const HENVCFG_PBMTE = 1n << 62n;
export const HENVCFG_STCE = 1n << 63n;
/** Pointer masking of the guest's S level: `HENVCFG_PMM_7` ignores 7 upper bits, `HENVCFG_PMM_16` 16. */
export const HENVCFG_PMM = PMM;
export const HENVCFG_PMM_7 = 2n << PMM_SHIFT;
export const HENVCFG_PMM_16 = 3n << PMM_SHIFT;

type Extensions = HartOptions['extensions'];

/** The fields that both registers have, and that the extensions bring. */
function sharedMask(extensions: Extensions): bigint {
  let mask = FIOM;
  if (extensions.has('Zicbom')) mask |= CBIE | CBCFE;
  if (extensions.has('Zicboz')) mask |= CBZE;
  if (extensions.has('Ssnpm')) mask |= PMM;
  return mask;
}

/** Reserved values of CBIE and PMM leave the field as it was. */
function legalize(value: bigint, old: bigint, mask: bigint): bigint {
  let next = value & mask;
  if ((next & CBIE) === CBIE_RESERVED) next = (next & ~CBIE) | (old & CBIE);
  if ((next & PMM) === PMM_RESERVED) next = (next & ~PMM) | (old & PMM);
  return next;
}

export function legalizeSenvcfg(value: bigint, old: bigint, extensions: Extensions): bigint {
  return legalize(value, old, sharedMask(extensions));
}

/** Fields of extensions that the hart has not stay 0. */
export function legalizeHenvcfg(value: bigint, old: bigint, extensions: Extensions): bigint {
  let mask = sharedMask(extensions);
  if (extensions.has('Svadu')) mask |= HENVCFG_ADUE;
  if (extensions.has('Svpbmt')) mask |= HENVCFG_PBMTE;
  if (extensions.has('Sstc')) mask |= HENVCFG_STCE;
  return legalize(value, old, mask);
}

/**
 * henvcfg as KVM makes it for a new vcpu: everything that the guest has is allowed, but accessed and dirty bits
 * are updated only for a guest that was promised no faults for them, and pointers are not masked until FWFT asks
 * for it. [Linux arch/riscv/kvm/vcpu.c: kvm_riscv_vcpu_setup_config]
 */
export function defaultHenvcfg(extensions: Extensions): bigint {
  const all = legalizeHenvcfg(~(FIOM | PMM | (extensions.has('Svade') ? HENVCFG_ADUE : 0n)), 0n, extensions);
  return BigInt.asUintN(64, all);
}

/** How many upper bits a PMM field says to ignore. */
export function maskedBitsOf(envcfg: bigint): 0 | 7 | 16 {
  switch (envcfg & PMM) {
    case HENVCFG_PMM_7:
      return 7;
    case HENVCFG_PMM_16:
      return 16;
    default:
      return 0;
  }
}
