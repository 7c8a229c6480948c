/**
 * Names that stand for several extensions, in ISA strings and in a choice of extensions; they are spelled out where they
 * are read. G, B: [Unprivileged ISA, chapters of these names]. Zk, Zkn, Zks: [Unprivileged ISA, Cryptography Extensions,
 * "Shorthand Extensions"]; Zk needs a promise about time (Zkt), which no hart here gives.
 */
const BITS = ['Zbkb', 'Zbkc', 'Zbkx'];
const NIST = [...BITS, 'Zkne', 'Zknd', 'Zknh'];

export const GROUPS: ReadonlyMap<string, readonly string[]> = new Map([
  ['G', ['I', 'M', 'A', 'F', 'D', 'Zicsr', 'Zifencei']],
  ['B', ['Zba', 'Zbb', 'Zbs']],
  ['Zkn', NIST],
  ['Zks', [...BITS, 'Zksed', 'Zksh']],
  ['Zk', [...NIST, 'Zkr', 'Zkt']],
]);

/** The extensions that a name stands for: itself, unless it is that of a group. */
export function spelledOut(name: string): readonly string[] {
  return GROUPS.get(name) ?? [name];
}
