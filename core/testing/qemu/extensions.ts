/**
 * Instruction-set extensions beyond the general-purpose ones that QEMU 7.2 has too. Not Svinval: at U level its
 * fences are legal there, and sinval.vma leaves stval zero.
 */

/** On by default in QEMU's rv64. */
const ON = ['Zba', 'Zbb', 'Zbc', 'Zbs'] as const;

/** Off until the command line switches them on. */
export const SWITCHED_ON = ['Zbkb', 'Zbkc', 'Zbkx', 'Zknd', 'Zkne', 'Zknh', 'Zksed', 'Zksh'] as const;

export const OPTIONAL: readonly string[] = [...ON, ...SWITCHED_ON];

/** Instructions of these extensions that QEMU 7.2 gets wrong, so that they cannot be compared with it. */
export const WRONG_IN_QEMU: ReadonlyMap<string, string> = new Map([
  ['ctzw', 'counts on beyond bit 31 when the lower half is zero, where Zbb says 32'],
]);
