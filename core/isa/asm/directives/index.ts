/** Every directive by name; the names are those of the reference, so that none lacks its sentence. */
import type { DirectiveName } from '../reference.ts';
import type { Handler } from './call.ts';
import { DATA } from './data.ts';
import { OPTION } from './options.ts';
import { PLACE } from './place.ts';
import { SYMBOLS } from './symbols.ts';
import { TEXT } from './text.ts';

const HANDLERS: Readonly<Record<DirectiveName, Handler>> = { ...DATA, ...PLACE, ...SYMBOLS, ...TEXT, ...OPTION };
const byName = new Map<string, Handler>(Object.entries(HANDLERS));

/** The directives that are read in text that a condition leaves out. */
export const CONDITIONALS: ReadonlySet<string> = new Set(
  Object.keys(TEXT).filter((name) => name.startsWith('.if') || name.startsWith('.else') || name === '.endif'),
);

/** Undefined for a name that is no directive. Call-frame directives are all alike: ignored. */
export function directiveNamed(name: string): Handler | undefined {
  return byName.get(name) ?? (name.startsWith('.cfi_') ? OPTION['.cfi_startproc'] : undefined);
}
