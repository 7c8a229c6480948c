/**
 * ISA naming strings: from a set of extensions to `riscv,isa` and `riscv,isa-extensions`, and back.
 * [Unprivileged ISA, ISA extension naming conventions; Linux device tree bindings, riscv/extensions.yaml]
 */
import { GROUPS, spelledOut } from '../defs/groups.ts';
import { closure, EXTENSIONS, extensionByName, isPart, withRequired } from '../defs/index.ts';

/** Canonical order of single letters; it also orders the Z extensions, by their second letter. */
const LETTERS = 'IEMAFDQLCBKJTPVNH';
const BASE = 'rv64';

/** Z before S before X; unknown ones last. */
const FAMILIES = 'ZSX';

function sortKey(name: string): readonly [number, number, string] {
  const lower = name.toLowerCase();
  if (name.length === 1) return [0, LETTERS.indexOf(name), lower];
  const family = FAMILIES.indexOf(name.charAt(0).toUpperCase()) + 1 || FAMILIES.length + 1;
  const category = family === 1 ? LETTERS.indexOf(name.charAt(1).toUpperCase()) : 0;
  return [family, category, lower];
}

/** Compares two extension names by their place in an ISA string. */
export function compareExtensions(one: string, other: string): number {
  const [a, b] = [sortKey(one), sortKey(other)];
  return a[0] - b[0] || a[1] - b[1] || (a[2] < b[2] ? -1 : a[2] > b[2] ? 1 : 0);
}

/** Whether an ISA string names it: `S` is a privilege level and goes without saying, as do parts. */
function isNamed(name: string): boolean {
  return name !== 'S' && !isPart(name);
}

/** The names in canonical order and lower case, as `riscv,isa-extensions` lists them. `I` is always there. */
export function isaExtensions(names: Iterable<string>): readonly string[] {
  return [...new Set(['I', ...names])]
    .filter(isNamed)
    .sort(compareExtensions)
    .map((name) => name.toLowerCase());
}

/** `rv64imac_zicsr_...`, as `riscv,isa` has it. */
export function isaString(names: Iterable<string>): string {
  const [letters, words] = [[] as string[], [] as string[]];
  for (const name of isaExtensions(names)) (name.length === 1 ? letters : words).push(name);
  return [BASE + letters.join(''), ...words].join('_');
}

export interface IsaProblem {
  readonly extension: string;
  readonly message: string;
}

/** What is wrong with a choice of extensions: names that are not known, requirements that are not met. */
export function checkExtensions(names: Iterable<string>): readonly IsaProblem[] {
  const chosen = [...names];
  const on = closure(chosen);
  return chosen.flatMap((name) => {
    const extension = extensionByName(name);
    if (extension === undefined) return [{ extension: name, message: `there is no extension ${name} here` }];
    const missing = extension.requires.filter((needed) => !on.has(needed));
    return missing.map((needed) => ({ extension: name, message: `${name} needs ${needed}, which is off` }));
  });
}

export type ParsedIsa =
  | { readonly ok: true; readonly extensions: readonly string[] }
  | { readonly ok: false; readonly problems: readonly IsaProblem[] };

const NAMES = [...EXTENSIONS.map(({ name }) => name).filter((name) => !isPart(name)), ...GROUPS.keys()];
const spelling = new Map(NAMES.map((name) => [name.toLowerCase(), name]));

/**
 * Reads `rv64imac_zicsr`; case does not matter, versions such as `i2p1` are skipped, groups such as `g` are spelled out, and
 * what an extension requires goes without saying.
 */
export function parseIsaString(text: string): ParsedIsa {
  const lower = text.trim().toLowerCase();
  if (!lower.startsWith(BASE)) {
    return { ok: false, problems: [{ extension: text, message: `an ISA string begins with ${BASE}` }] };
  }
  const words = lower.slice(BASE.length).split('_');
  const letters = (words.shift() ?? '').replace(/\d+(p\d+)?/g, '');
  const isLettersOnly = /^[a-rt-y]*$/.test(letters);
  const first = isLettersOnly ? [...letters] : splitRun(letters);
  const parts = [...first, ...words.map((word) => word.replace(/\d+p\d+$/, ''))].filter((part) => part !== '');
  const names = parts.flatMap((part) => spelledOut(spelling.get(part) ?? part));
  const extensions = [...new Set(names.flatMap(withRequired).filter(isNamed))].sort(compareExtensions);
  const problems = checkExtensions(extensions);
  return problems.length === 0 ? { ok: true, extensions } : { ok: false, problems };
}

/** Single letters may run into one longer name: `imaczicsr`. */
function splitRun(run: string): readonly string[] {
  const start = run.search(/[zsx]/);
  return [...run.slice(0, start), run.slice(start)];
}
