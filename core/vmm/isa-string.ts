/** The two forms in which a device tree names the ISA of a hart. [Linux bindings riscv/extensions.yaml; unprivileged ISA §naming] */

/** Order of the single letters in an ISA string. */
const LETTERS = 'iemafdqlcbkjtpvhsu';

export interface IsaNames {
  /** `rv64imac_zicsr_...` */
  readonly isa: string;
  readonly base: string;
  readonly extensions: readonly string[];
}

/** `names` in any case and order, e.g. `['I', 'M', 'Zicsr']`. */
export function isaNames(names: readonly string[]): IsaNames {
  const lower = [...new Set(names.map((name) => name.toLowerCase()))];
  const single = lower.filter((name) => name.length === 1);
  single.sort((a, b) => LETTERS.indexOf(a) - LETTERS.indexOf(b));
  const long = lower.filter((name) => name.length > 1).sort(byCategory);
  return {
    isa: [`rv64${single.join('')}`, ...long].join('_'),
    base: single.includes('e') ? 'rv64e' : 'rv64i',
    extensions: [...single, ...long],
  };
}

/** Z extensions by the letter that follows and then by name, then S, then the rest. */
function byCategory(a: string, b: string): number {
  const rank = (name: string) => {
    if (name.startsWith('z')) return LETTERS.indexOf(name.charAt(1));
    return LETTERS.length + (name.startsWith('s') ? 0 : 1);
  };
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
