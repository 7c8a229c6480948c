/** What the extensions with an ISA_EXT register are, as far as no hart of Ecall implements them. Data only. */
import type { ISA_EXT_NAMES } from '../profiles/isa.ts';

/** Titles; those of the others stand with their instructions in `core/isa/defs`. [ratified specifications of RISC-V] */
export const ISA_EXT_TITLES: Readonly<Partial<Record<(typeof ISA_EXT_NAMES)[number], string>>> = {
  H: 'Hypervisor, of which a guest gets none',
  SSAIA: 'Advanced interrupt architecture, supervisor part',
  V: 'Vector instructions',
  ZKR: 'Entropy source, the CSR seed',
  ZKT: 'Instructions that take the same time whatever their data',
  ZVBB: 'Vector bit manipulation',
  ZVBC: 'Vector carry-less multiplication',
  ZVKB: 'Vector bit manipulation for cryptography',
  ZVKG: 'Vector GCM and GMAC',
  ZVKNED: 'Vector AES',
  ZVKNHA: 'Vector hash function SHA-256',
  ZVKNHB: 'Vector hash functions SHA-256 and SHA-512',
  ZVKSED: 'Vector block cipher SM4',
  ZVKSH: 'Vector hash function SM3',
  ZVKT: 'Vector instructions that take the same time whatever their data',
  ZVFH: 'Vector half-precision floating point',
  ZVFHMIN: 'Vector conversions to and from half precision',
  ZTSO: 'Total store ordering',
  ZCF: 'Compressed single-precision loads and stores, of RV32 only',
  SMNPM: 'Pointer masking for the next lower privilege mode, set by machine mode',
  ZICCRSE: 'Load-reserved and store-conditional that make progress in main memory',
  ZFBFMIN: 'Conversions to and from BF16',
  ZVFBFMIN: 'Vector conversions to and from BF16',
  ZVFBFWMA: 'Vector widening multiply-add of BF16',
  ZCLSD: 'Compressed loads and stores of register pairs, of RV32 only',
  ZILSD: 'Loads and stores of register pairs, of RV32 only',
  ZALASR: 'Atomic loads with acquire and stores with release',
};
