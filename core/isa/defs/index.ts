/** The only list of extensions, and the look-ups over it. */
import type { Alias, Extension, Instruction } from '../dsl/types.ts';
import { checkAlias } from '../dsl/validate.ts';
import { a, zaamo, zalrsc } from './a.ts';
import { c, zca } from './c.ts';
import { m } from './m.ts';
import { rv64i } from './rv64i.ts';
import { sstc, supervisor } from './supervisor.ts';
import { zicntr } from './zicntr.ts';
import { zicsr } from './zicsr.ts';
import { zifencei } from './zifencei.ts';
import { zihintpause } from './zihintpause.ts';

export const EXTENSIONS: readonly Extension[] = [
  rv64i,
  m,
  a,
  zaamo,
  zalrsc,
  c,
  zca,
  zicntr,
  zicsr,
  zifencei,
  zihintpause,
  supervisor,
  sstc,
];

const extensions = new Map(EXTENSIONS.map((extension) => [extension.name, extension]));
const instructions = new Map(EXTENSIONS.flatMap((e) => e.instructions).map((i) => [i.name, i]));

/** Every instruction, in the order of the list above. */
export const INSTRUCTIONS: readonly Instruction[] = [...instructions.values()];
/**
 * Every alias. Where several could be printed for one word, the first wins; so those that fix a CSR
 * stand before those that take any.
 */
export const ALIASES: readonly Alias[] = EXTENSIONS.flatMap((e) => e.aliases).sort(
  (one, other) => Number('csr' in other.fixed) - Number('csr' in one.fixed),
);
for (const alias of ALIASES) checkAlias(alias, instructions.get(alias.of));

function aliasesBy(key: (alias: Alias) => string): ReadonlyMap<string, readonly Alias[]> {
  const groups = new Map<string, Alias[]>();
  for (const alias of ALIASES) groups.set(key(alias), [...(groups.get(key(alias)) ?? []), alias]);
  return groups;
}
const byName = aliasesBy((alias) => alias.name);
const byInstruction = aliasesBy((alias) => alias.of);

export function extensionByName(name: string): Extension | undefined {
  return extensions.get(name);
}
/** By mnemonic without aq/rl suffix. */
export function instructionByName(name: string): Instruction | undefined {
  return instructions.get(name);
}
/** The aliases spelled `name`; they differ in their operands. */
export function aliasesByName(name: string): readonly Alias[] {
  return byName.get(name) ?? [];
}
/** The aliases of an instruction, the one to print first. */
export function aliasesOf(instruction: Instruction): readonly Alias[] {
  return byInstruction.get(instruction.name) ?? [];
}

/** The extensions that are on when `names` are: those, what they stand for, and what is always on. */
export function closure(names: Iterable<string>): ReadonlySet<string> {
  const on = new Set<string>();
  const add = (name: string): void => {
    if (on.has(name)) return;
    on.add(name);
    for (const implied of extensions.get(name)?.implies ?? []) add(implied);
  };
  for (const name of names) add(name);
  for (const extension of EXTENSIONS) if (extension.always) add(extension.name);
  return on;
}
