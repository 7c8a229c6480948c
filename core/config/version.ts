/**
 * The version of links and files. A change of what an old link or file means (a default, a key, a
 * field) raises the version and adds the upgrader that keeps the old ones meaning what they meant.
 */
import { versioned } from '../schema/index.ts';

export const CONFIG_VERSION = 1;

/** What an upgrader changes: the texts of a link by key, or the data of a file by field. */
export type Stored =
  | { readonly form: 'link'; readonly fields: Readonly<Record<string, string>> }
  | { readonly form: 'file'; readonly fields: Readonly<Record<string, unknown>> };

export const versions = versioned<Stored>(CONFIG_VERSION, {});
