/**
 * The version of links and files. A change of what an old link or file means (a default, a key, a
 * field) raises the version and adds the upgrader that keeps the old ones meaning what they meant.
 */
import { versioned } from '../schema/index.ts';

export const CONFIG_VERSION = 2;

/** What an upgrader changes: the texts of a link by key, or the data of a file by field. */
export type Stored =
  | { readonly form: 'link'; readonly fields: Readonly<Record<string, string>> }
  | { readonly form: 'file'; readonly fields: Readonly<Record<string, unknown>> };

/** What a machine had in version 1 when nothing else was chosen, and what version 2 added to that. */
const ISA_1 = ['M', 'A', 'C', 'Zicntr', 'Zicsr', 'Zifencei', 'Zihintpause', 'Sstc'];
const ADDED_2 = ['F', 'D', 'Zihpm', 'Zba', 'Zbb', 'Zbs'];

/** A link names what differs from the default: what was added to it is off, unless the link switched it on itself. */
function isaChanges2(text: string): string {
  const added = ADDED_2.filter((name) => new RegExp(`_${name}(?![A-Za-z0-9])`).test(text));
  const rest = added.reduce((left, name) => left.replace(new RegExp(`_${name}(?![A-Za-z0-9])`, 'g'), ''), text);
  return rest + ADDED_2.flatMap((name) => (added.includes(name) ? [] : [`-${name}`])).join('');
}

function withIsa1(old: Stored): Stored {
  if (old.form === 'link') return { ...old, fields: { ...old.fields, e: isaChanges2(old.fields.e ?? '') } };
  return { ...old, fields: { isa: ISA_1, ...old.fields } };
}

export const versions = versioned<Stored>(CONFIG_VERSION, { 1: withIsa1 });
