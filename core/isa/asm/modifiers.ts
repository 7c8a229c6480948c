/** The two halves of a 32-bit value that is built from an upper and a signed lower part. */

/** `%hi`: bits 31..12, rounded so that adding the signed `%lo` gives the value. [RISC-V ELF psABI, "Relocations"] */
export function modified(value: bigint, modifier: 'hi' | 'lo'): bigint {
  const low = BigInt.asIntN(12, value);
  return modifier === 'lo' ? low : BigInt.asUintN(20, (value - low) >> 12n);
}
