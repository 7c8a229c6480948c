/** The instruction table by mnemonic: every spelling with its operand template. */
import { type OperandToken, parseTemplate } from '../dsl/operands.ts';
import type { Alias, Extension, Field, Instruction } from '../dsl/types.ts';

/** One way to write an instruction. */
export interface Spelling {
  readonly name: string;
  readonly instruction: Instruction;
  readonly alias: Alias | null;
  /** The extension that has to be on. */
  readonly extension: string;
  readonly asm: string;
  readonly template: readonly OperandToken[];
  /** Fields of the template by name. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly commas: number;
}

export interface InstructionTable {
  readonly spellings: ReadonlyMap<string, readonly Spelling[]>;
  readonly instructions: ReadonlyMap<string, Instruction>;
  /** Compressed forms by the instruction that they stand for. */
  readonly compressed: ReadonlyMap<string, readonly Instruction[]>;
  readonly extensions: readonly Extension[];
}

export function spell(instruction: Instruction, alias: Alias | null, extension: string): Spelling {
  const asm = alias === null ? instruction.asm : alias.asm;
  const template = parseTemplate(asm);
  return {
    name: alias === null ? instruction.name : alias.name,
    instruction,
    alias,
    extension,
    asm,
    template,
    fields: new Map(instruction.fields.map((field) => [field.name, field])),
    commas: template.filter((token) => token.token === 'punctuation' && token.text === ',').length,
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Indexes the extensions. Throws when an alias is of an instruction that is not there. */
export function indexTable(extensions: readonly Extension[]): InstructionTable {
  const spellings = new Map<string, Spelling[]>();
  const instructions = new Map<string, Instruction>();
  const compressed = new Map<string, Instruction[]>();
  for (const { name, instructions: own } of extensions) {
    for (const instruction of own) {
      instructions.set(instruction.name, instruction);
      push(spellings, instruction.name, spell(instruction, null, name));
      if (instruction.expands !== undefined) push(compressed, instruction.expands.to, instruction);
    }
  }
  for (const { name, aliases } of extensions) {
    for (const alias of aliases) {
      const instruction = instructions.get(alias.of);
      if (instruction === undefined)
        throw new Error(`alias ${alias.name} is of ${alias.of}, which is not in the table`);
      push(spellings, alias.name, spell(instruction, alias, name));
    }
  }
  return { spellings, instructions, compressed, extensions };
}
