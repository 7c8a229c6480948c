/**
 * `extension(...)` turns definitions into data and checks them once, at import: a wrong table does
 * not load. What a definition holds is described at `Instruction` in `types.ts`.
 */
import { type Builder, record } from './builder.ts';
import { type Form, implied } from './formats.ts';
import type { FieldName, Semantics } from './ir.ts';
import type { Alias, Example, Extension, Field, Follows, Instruction, Spelling } from './types.ts';
import { checkInstruction } from './validate.ts';
import { renameFields } from './walk.ts';

interface Words {
  readonly form: Form;
  /** Operand syntax over field names; nothing when it has none. */
  readonly asm?: string;
  readonly says: string;
  /** Section, when it is not that of the extension. */
  readonly spec?: string;
  readonly examples?: readonly Example[];
  readonly prints?: readonly Spelling[];
}

/** What a compressed form stands for: field by field, another of its fields or a constant. */
export interface Expansion {
  readonly to: Instruction;
  readonly fields: Readonly<Record<FieldName, FieldName | number>>;
}

export type Definition = Words & ({ readonly does: (e: Builder) => void } | { readonly expands: Expansion });

export interface AliasDefinition {
  readonly of: string;
  readonly asm?: string;
  readonly fixed?: Readonly<Record<FieldName, number | FieldName>>;
  /** Accepted when assembling, never printed. */
  readonly inputOnly?: true;
  readonly says?: string;
}

export type Def = (name: string, definition: Definition) => Instruction;
export type DefAlias = (name: string, alias: AliasDefinition) => void;

interface ExtensionWords {
  readonly title: string;
  readonly spec: string;
  readonly requires?: readonly string[];
  readonly implies?: readonly string[];
  readonly comesWith?: readonly string[];
  readonly always?: true;
  /** For a part, whose name is for people: `Zbb or Zbkb`. It is on when these are and is never chosen. */
  readonly follows?: Follows;
}

function expand({ to, fields }: Expansion): { readonly semantics: Semantics; readonly implied: readonly Field[] } {
  const names: Record<FieldName, FieldName> = {};
  const constants: Field[] = [];
  for (const { name, kind } of to.fields) {
    const from = fields[name];
    if (from === undefined) throw new Error(`expansion to ${to.name} leaves out its field ${name}`);
    if (typeof from === 'string') names[name] = from;
    else constants.push(implied(name, kind, from));
  }
  return { semantics: renameFields(to.semantics, names), implied: constants };
}

function instructionOf(name: string, extension: string, spec: string, definition: Definition): Instruction {
  const { form, asm = '', says, examples, prints } = definition;
  const meaning =
    'does' in definition ? { semantics: record(definition.does), implied: [] } : expand(definition.expands);
  return {
    name,
    extension,
    length: form.length,
    mask: form.mask,
    match: form.match,
    fields: [...form.fields, ...meaning.implied],
    asm,
    says,
    spec: definition.spec ?? spec,
    semantics: meaning.semantics,
    ...('expands' in definition
      ? { expands: { to: definition.expands.to.name, fields: definition.expands.fields } }
      : {}),
    ...(examples === undefined ? {} : { examples }),
    ...(prints === undefined ? {} : { prints }),
  };
}

/** Defines an extension. Throws when a definition contradicts itself or another of the same extension. */
export function extension(
  name: string,
  words: ExtensionWords,
  define: (def: Def, alias: DefAlias) => void = () => {},
): Extension {
  const instructions: Instruction[] = [];
  const aliases: Alias[] = [];
  const def: Def = (mnemonic, definition) => {
    const instruction = instructionOf(mnemonic, name, words.spec, definition);
    checkInstruction(instruction, definition.form.ignored);
    if (instructions.some((other) => other.name === mnemonic)) throw new Error(`${mnemonic} is defined twice`);
    instructions.push(instruction);
    return instruction;
  };
  define(def, (mnemonic, { of, asm = '', fixed = {}, inputOnly, says }) => {
    const text = says ?? `Another way to write ${of}.`;
    aliases.push({
      name: mnemonic,
      of,
      asm,
      fixed,
      disassemble: inputOnly !== true,
      says: text,
    });
  });
  return {
    name,
    title: words.title,
    spec: words.spec,
    requires: words.requires ?? [],
    implies: words.implies ?? [],
    comesWith: words.comesWith ?? [],
    always: words.always ?? false,
    follows: words.follows ?? null,
    instructions,
    aliases,
  };
}

/** The instruction of that name, for an expansion. Throws when the extension has none. */
export function instructionIn(extension: Extension, name: string): Instruction {
  const found = extension.instructions.find((instruction) => instruction.name === name);
  if (found === undefined) throw new Error(`${extension.name} has no instruction ${name}`);
  return found;
}
