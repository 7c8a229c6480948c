/**
 * hstateen0: which state of the hart a hypervisor lets its guest use; an access to what it keeps back is a
 * virtual-instruction exception. [Privileged ISA, Smstateen and Ssstateen]
 */

/** stopei, and what siselect reaches of an IMSIC. */
export const HSTATEEN_IMSIC = 1n << 58n;
/** What Ssaia brings beyond the bits beside this one: stopi. */
export const HSTATEEN_AIA = 1n << 59n;
/** siselect and sireg. */
export const HSTATEEN_CSRIND = 1n << 60n;
export const HSTATEEN_ENVCFG = 1n << 62n;
/** sstateen0. */
export const HSTATEEN_SE0 = 1n << 63n;

const ALL = ~0n;

/**
 * hstateen0 as KVM makes it for a vcpu with these extensions; a hart without state enables hides nothing.
 * [Linux arch/riscv/kvm/vcpu.c: kvm_riscv_vcpu_setup_config]
 */
export function hstateen0Of(extensions: ReadonlySet<string>, hardware: ReadonlySet<string>): bigint {
  if (!hardware.has('Ssstateen')) return ALL;
  const aia = extensions.has('Ssaia') ? HSTATEEN_IMSIC | HSTATEEN_AIA | HSTATEEN_CSRIND : 0n;
  return HSTATEEN_ENVCFG | aia | (extensions.has('Ssstateen') ? HSTATEEN_SE0 : 0n);
}
