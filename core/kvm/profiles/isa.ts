/**
 * The numbering of ISA_EXT registers and which of them a VMM may clear. Data only.
 * [Linux uapi asm/kvm.h, measured with KVM_GET_REG_LIST]
 */

/** Extension of each ISA_EXT number; a release knows the first so many of them. */
export const ISA_EXT_NAMES = [
  'A',
  'C',
  'D',
  'F',
  'H',
  'I',
  'M',
  'SVPBMT',
  'SSTC',
  'SVINVAL',
  'ZIHINTPAUSE',
  'ZICBOM',
  'ZICBOZ',
  'ZBB',
  'SSAIA',
  'V',
  'SVNAPOT',
  'ZBA',
  'ZBS',
  'ZICNTR',
  'ZICSR',
  'ZIFENCEI',
  'ZIHPM',
  'SMSTATEEN',
  'ZICOND',
  'ZBC',
  'ZBKB',
  'ZBKC',
  'ZBKX',
  'ZKND',
  'ZKNE',
  'ZKNH',
  'ZKR',
  'ZKSED',
  'ZKSH',
  'ZKT',
  'ZVBB',
  'ZVBC',
  'ZVKB',
  'ZVKG',
  'ZVKNED',
  'ZVKNHA',
  'ZVKNHB',
  'ZVKSED',
  'ZVKSH',
  'ZVKT',
  'ZFH',
  'ZFHMIN',
  'ZIHINTNTL',
  'ZVFH',
  'ZVFHMIN',
  'ZFA',
  'ZTSO',
  'ZACAS',
  'SSCOFPMF',
  'ZIMOP',
  'ZCA',
  'ZCB',
  'ZCD',
  'ZCF',
  'ZCMOP',
  'ZAWRS',
  'SMNPM',
  'SSNPM',
  'SVADE',
  'SVADU',
  'SVVPTC',
  'ZABHA',
  'ZICCRSE',
  'ZAAMO',
  'ZALRSC',
  'ZICBOP',
  'ZFBFMIN',
  'ZVFBFMIN',
  'ZVFBFWMA',
  'ZCLSD',
  'ZILSD',
  'ZALASR',
] as const;

/** Extensions that a vcpu can go without because the hypervisor can take them away. */
export const ISA_EXT_CLEARABLE: ReadonlySet<string> = new Set([
  'D',
  'F',
  'SVPBMT',
  'ZICBOM',
  'ZICBOZ',
  'SSAIA',
  'V',
  'SMSTATEEN',
  'SMNPM',
  'SVADU',
]);

/** Where taking an extension away needs another one, by which the hypervisor does it. */
export const ISA_EXT_CLEARED_BY: Readonly<Record<string, string>> = { SSAIA: 'SMSTATEEN' };

/** Extensions that a guest gets only where the host has another one as well: overflow interrupts are filtered by AIA. */
export const ISA_EXT_GIVEN_WITH: Readonly<Record<string, string>> = { SSCOFPMF: 'SSAIA' };

/** Extensions that Linux derives from others of the ISA string. */
export const ISA_EXT_IMPLIED: Readonly<Record<string, readonly string[]>> = {
  ZAAMO: ['A'],
  ZALRSC: ['A'],
  ZCA: ['C'],
  ZCD: ['C', 'D'],
  // The guest's S level is masked by the hypervisor's henvcfg, which Ssnpm of the host has.
  SMNPM: ['SSNPM'],
};

/** What a guest has no longer without an extension, and what has no number of its own. */
export const ISA_EXT_BRINGS: Readonly<Record<string, readonly string[]>> = { SMSTATEEN: ['SSSTATEEN'] };

/** Extensions that a guest has only when the hypervisor switches them on: a release that does not know them keeps them off. */
export const ISA_EXT_GATED: ReadonlySet<string> = new Set([
  'SSTC',
  'SVPBMT',
  'ZICBOM',
  'ZICBOZ',
  'SSAIA',
  'SMSTATEEN',
  'SSCOFPMF',
  'SMNPM',
  'SSNPM',
  'SVADU',
  // Without a number KVM takes an access to the seed for illegal.
  'ZKR',
]);
