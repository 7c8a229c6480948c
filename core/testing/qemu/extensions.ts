/**
 * Instruction-set extensions beyond the general-purpose ones that QEMU 7.2 has too. Not Svinval: at U level its
 * fences are legal there, and sinval.vma leaves stval zero.
 */

/** On by default in QEMU's rv64. */
const ON = ['Zba', 'Zbb', 'Zbc', 'Zbs'] as const;

/** Off until the command line switches them on. */
export const SWITCHED_ON = ['Zbkb', 'Zbkc', 'Zbkx', 'Zknd', 'Zkne', 'Zknh', 'Zksed', 'Zksh'] as const;

export const OPTIONAL: readonly string[] = [...ON, ...SWITCHED_ON];
