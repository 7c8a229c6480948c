/** The only list of extensions, and the look-ups over it. */
import type { Alias, Extension, Follows, Instruction } from '../dsl/types.ts';
import { checkAlias } from '../dsl/validate.ts';
import { a, zaamo, zabha, zalrsc } from './a.ts';
import { bits } from './bits.ts';
import { c, zca } from './c.ts';
import { sscofpmf, zihpm } from './counters.ts';
import { d } from './d.ts';
import { f } from './f.ts';
import { m } from './m.ts';
import { rv64i } from './rv64i.ts';
import { ssaia } from './ssaia.ts';
import { ssnpm } from './ssnpm.ts';
import { smstateen, ssstateen } from './stateen.ts';
import { sstc, supervisor } from './supervisor.ts';
import { svade, svadu, svnapot, svpbmt, svvptc } from './sv.ts';
import { svinval } from './svinval.ts';
import { zacas, zacasWithZabha } from './zacas.ts';
import { zawrs } from './zawrs.ts';
import { zba } from './zba.ts';
import { zbb } from './zbb.ts';
import { carryless, zbc, zbkc } from './zbc.ts';
import { zbkb } from './zbkb.ts';
import { zbkx } from './zbkx.ts';
import { zbs } from './zbs.ts';
import { zcb, zcbWithM, zcbWithZba, zcbWithZbb } from './zcb.ts';
import { zcd } from './zcd.ts';
import { zcmop } from './zcmop.ts';
import { zfa, zfaWithD, zfaWithZfh } from './zfa.ts';
import { zfh, zfhmin, zfhminWithD } from './zfh.ts';
import { zicbom, zicbop, zicboz } from './zicbo.ts';
import { zicntr } from './zicntr.ts';
import { zicond } from './zicond.ts';
import { zicsr } from './zicsr.ts';
import { zifencei } from './zifencei.ts';
import { zihintntl, zihintntlWithZca } from './zihintntl.ts';
import { zihintpause } from './zihintpause.ts';
import { zimop } from './zimop.ts';
import { aesKeys, zknd, zkne } from './zkn.ts';
import { zknh, zksh } from './zknh.ts';
import { zkr } from './zkr.ts';
import { zksed } from './zksed.ts';

export const EXTENSIONS: readonly Extension[] = [
  rv64i,
  m,
  a,
  zaamo,
  zalrsc,
  f,
  d,
  c,
  zca,
  zcd,
  zicbom,
  zicbop,
  zicboz,
  zicntr,
  zicond,
  zicsr,
  zifencei,
  zihintntl,
  zihintntlWithZca,
  zihintpause,
  zimop,
  zabha,
  zacas,
  zacasWithZabha,
  zawrs,
  zba,
  zbb,
  bits,
  zbc,
  carryless,
  zbkb,
  zbkc,
  zbkx,
  zbs,
  zcb,
  zcbWithM,
  zcbWithZba,
  zcbWithZbb,
  zcmop,
  zfhmin,
  zfhminWithD,
  zfh,
  zfa,
  zfaWithZfh,
  zfaWithD,
  zknd,
  zkne,
  aesKeys,
  zknh,
  zkr,
  zksed,
  zksh,
  supervisor,
  sstc,
  svinval,
  svnapot,
  svpbmt,
  svade,
  svadu,
  svvptc,
  ssaia,
  ssnpm,
  ssstateen,
  smstateen,
  zihpm,
  sscofpmf,
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

/**
 * The same extensions with the parts that follow from them, and with no others. `on` names what is implied too.
 */
export function withParts(on: Iterable<string>): ReadonlySet<string> {
  const all = new Set([...on].filter((name) => !isPart(name)));
  const parts = EXTENSIONS.filter(({ follows }) => follows !== null && holds(follows, all));
  return new Set([...all, ...parts.map(({ name }) => name)]);
}

function holds(follows: Follows, on: ReadonlySet<string>): boolean {
  return 'any' in follows ? follows.any.some((name) => on.has(name)) : follows.all.every((name) => on.has(name));
}

/** Whether the name is that of a part, which nobody chooses. */
export function isPart(name: string): boolean {
  return (extensions.get(name)?.follows ?? null) !== null;
}

/** What to switch on so that `name`, which may be a part, comes on too. */
export function missingFor(name: string, on: ReadonlySet<string>): string {
  const follows = extensions.get(name)?.follows ?? null;
  if (follows === null) return name;
  const candidates = 'any' in follows ? follows.any : follows.all.filter((needed) => !on.has(needed));
  return candidates[0] ?? name;
}

/** The extension and what it requires, directly and through others. */
export function withRequired(name: string): readonly string[] {
  return [name, ...(extensions.get(name)?.requires ?? []).flatMap(withRequired)];
}

/**
 * The extensions that are on when `names` are: those, what they stand for or bring together, what is always on, and
 * the parts of these.
 */
export function closure(names: Iterable<string>): ReadonlySet<string> {
  const on = new Set<string>();
  const add = (name: string): void => {
    if (on.has(name)) return;
    on.add(name);
    for (const implied of extensions.get(name)?.implies ?? []) add(implied);
  };
  for (const name of names) add(name);
  for (const { name, always, comesWith } of EXTENSIONS) {
    if (always || (comesWith.length > 0 && comesWith.every((needed) => on.has(needed)))) add(name);
  }
  return withParts(on);
}
