/**
 * RISC-V assembly as the editor knows it: words to complete, texts to show on hover, and what a word is
 * for highlighting. All from the instruction, CSR, directive and SBI tables. Pure.
 */
import { DIRECTIVES, PSEUDO_INSTRUCTIONS } from '../../core/isa/asm/reference.ts';
import { CSRS } from '../../core/isa/csr/index.ts';
import { ALIASES, INSTRUCTIONS } from '../../core/isa/defs/index.ts';
import { csrMarkdown, instructionMarkdown } from '../../core/isa/derive/markdown.ts';
import { F_NAMES, X_NAMES } from '../../core/isa/derive/registers.ts';
import { SBI } from '../../core/sbi/spec/index.ts';
import { SBI_ERRORS, SBI_NAMES, type SbiExtension } from '../../core/sbi/types.ts';

export type WordKind = 'instruction' | 'directive' | 'register' | 'csr' | 'sbi';

export interface WordHelp {
  readonly name: string;
  readonly kind: WordKind;
  /** Operands or value, one line. */
  readonly syntax: string;
  readonly says: string;
  /** Where it is specified. */
  readonly source: string;
  /** The full text in Markdown, where the tables give more than one sentence. */
  readonly full?: () => string;
}

function instructionHelp(): readonly WordHelp[] {
  const plain = INSTRUCTIONS.map((instruction) => ({
    name: instruction.name,
    kind: 'instruction' as const,
    syntax: instruction.asm,
    says: instruction.says,
    source: `${instruction.extension} · ${instruction.spec}`,
    full: () => instructionMarkdown(instruction),
  }));
  const byMnemonic = new Map(INSTRUCTIONS.map((instruction) => [instruction.name, instruction]));
  const aliases = ALIASES.map(({ name, asm, says, of }) => {
    const real = byMnemonic.get(of);
    const full = (): string =>
      `**\`${asm}\`**\n\n${says}\n\n---\n\n${real === undefined ? '' : instructionMarkdown(real)}`;
    return { name, kind: 'instruction' as const, syntax: asm, says, source: `stands for ${of}`, full };
  });
  const pseudo = PSEUDO_INSTRUCTIONS.map(({ name, syntax, says }) => ({
    name,
    kind: 'instruction' as const,
    syntax,
    says,
    source: 'pseudo-instruction of the assembler',
  }));
  return [...plain, ...aliases, ...pseudo];
}

function directiveHelp(): readonly WordHelp[] {
  return DIRECTIVES.map(({ name, syntax, says }) => ({
    name,
    kind: 'directive' as const,
    syntax,
    says,
    source: 'directive of the assembler',
  }));
}

/** What each register is for in a call to the SBI. [SBI 3.0 §3] */
const SBI_ROLES: Readonly<Record<string, string>> = {
  a0: 'First argument of an SBI call; on return the error.',
  a1: 'Second argument of an SBI call; on return the value.',
  a6: 'Function id of an SBI call.',
  a7: 'Extension id of an SBI call.',
};

/** By the letter behind `f`. [RISC-V ABIs, Register convention] */
const FLOAT_ROLES: Readonly<Record<string, string>> = {
  a: 'Floating-point register for arguments and results.',
  s: 'Floating-point register that a called function keeps.',
  t: 'Floating-point register for temporary values.',
};

function registerHelp(): readonly WordHelp[] {
  const integer = (name: string): string =>
    SBI_ROLES[name] ?? (name.startsWith('a') && name.length === 2 ? 'Argument of an SBI call.' : 'Integer register.');
  const help = (name: string, syntax: string, says: string): WordHelp => {
    return { name, kind: 'register', syntax, says, source: 'RISC-V ABI' };
  };
  return [
    ...X_NAMES.map((name, index) => help(name, `x${index}`, integer(name))),
    ...F_NAMES.map((name, index) => help(name, `f${index}`, FLOAT_ROLES[name.charAt(1)] ?? '')),
  ];
}

function csrHelp(): readonly WordHelp[] {
  return CSRS.filter(({ rv32Only }) => !rv32Only).map((csr) => ({
    name: csr.name,
    kind: 'csr' as const,
    syntax: `CSR 0x${csr.number.toString(16)}${csr.readOnly ? ', read-only' : ''}`,
    says: csr.guest ? csr.says : `${csr.says} A guest of KVM does not have it.`,
    source: csr.spec,
    full: () => csrMarkdown(csr),
  }));
}

/** Extension ids as numbers, so that `0x4442434e` can be explained. */
function sbiHelp(): readonly WordHelp[] {
  return SBI_NAMES.flatMap((name) => {
    const extension: SbiExtension = SBI[name];
    if (extension.eid[0] !== extension.eid[1]) return [];
    const functions = Object.entries(extension.functions).map(([key, { fid }]) => `${fid} ${key}`);
    const source = `SBI ${extension.since}, chapter ${extension.chapter}`;
    return {
      name: `0x${extension.eid[0].toString(16)}`,
      kind: 'sbi' as const,
      syntax: `${name}: ${extension.title}`,
      says: `${extension.says} Functions: ${functions.join(', ')}.`,
      source,
      full: () => sbiMarkdown(extension, source),
    };
  });
}

/** What an extension is for, and its functions with their arguments. */
function sbiMarkdown({ name, title, says, functions }: SbiExtension, source: string): string {
  const rows = Object.entries(functions).map(([key, { fid, args, says: does }]) => {
    const names = args.map((argument) => argument.name).join(', ');
    return `| ${fid} | \`${key}(${names})\` | ${does.replaceAll('|', '\\|')} |`;
  });
  return [`**${name}**: ${title}`, '', says, '', '| a6 | function | |', '|---|---|---|', ...rows, '', source].join(
    '\n',
  );
}

/** The first entry of a word wins: an instruction before its aliases. */
function byName(entries: readonly WordHelp[]): ReadonlyMap<string, WordHelp> {
  const map = new Map<string, WordHelp>();
  for (const entry of entries) if (!map.has(entry.name)) map.set(entry.name, entry);
  return map;
}

export const WORDS: ReadonlyMap<string, WordHelp> = byName([
  ...instructionHelp(),
  ...directiveHelp(),
  ...registerHelp(),
  ...csrHelp(),
  ...sbiHelp(),
]);

/** Mnemonics as they are highlighted; compressed spellings are written with their prefix. */
export const MNEMONICS: readonly string[] = [...WORDS.values()]
  .filter(({ kind }) => kind === 'instruction')
  .map(({ name }) => name);
export const REGISTERS: readonly string[] = [
  ...[...X_NAMES, 'fp', ...X_NAMES.map((_, index) => `x${index}`)],
  ...[...F_NAMES, ...F_NAMES.map((_, index) => `f${index}`)],
];
export const CSR_NAMES: readonly string[] = CSRS.map(({ name }) => name);

/** Help for the word under the pointer; SBI ids in any spelling of the number. Null when there is nothing to say. */
export function helpFor(word: string): WordHelp | null {
  const lower = word.toLowerCase();
  const number = /^(0x[0-9a-f]+|\d+)$/.test(lower) ? `0x${BigInt(lower).toString(16)}` : null;
  if (number !== null) return BigInt(number) < SMALLEST_TELLING_ID ? null : (WORDS.get(number) ?? null);
  return sbiByName(word) ?? WORDS.get(lower) ?? WORDS.get(lower.replace(/\.(aq|rl|aqrl)$/, '')) ?? errorHelp(lower);
}
/** Smaller ids (BASE is 0x10) are too common as plain numbers. */
const SMALLEST_TELLING_ID = 0x100n;

/** Programs name extension ids as the specification does. */
function sbiByName(word: string): WordHelp | null {
  const name = SBI_NAMES.find((known) => known === word);
  return name === undefined ? null : (WORDS.get(`0x${SBI[name].eid[0].toString(16)}`) ?? null);
}

function errorHelp(word: string): WordHelp | null {
  const name = word.replace(/^sbi_(err_)?/, '').toUpperCase();
  const code = Object.entries(SBI_ERRORS).find(([error]) => error === name)?.[1];
  if (code === undefined || !word.startsWith('sbi_')) return null;
  return { name: word, kind: 'sbi', syntax: String(code), says: `SBI error ${name}.`, source: 'SBI 3.0 §3.3' };
}

/** The word around a 1-based column, where a word may hold dots and begin with one; null between words. */
export function wordAt(
  line: string,
  column: number,
): { readonly text: string; readonly from: number; readonly to: number } | null {
  for (const match of line.matchAll(/\.?[A-Za-z_0-9][A-Za-z_0-9.]*/g)) {
    const from = match.index + 1;
    const to = from + match[0].length;
    if (column >= from && column <= to) return { text: match[0], from, to };
  }
  return null;
}

/** Whether a column is at the mnemonic of a line rather than among its operands. */
export function atMnemonic(lineBefore: string): boolean {
  return /^\s*(?:[\w.$]+:\s*)*[\w.]*$/.test(lineBefore);
}

/** What can stand at a place: mnemonics and directives first, then registers and CSRs. */
export function completionsAt(lineBefore: string): readonly WordHelp[] {
  if (/#|\/\//.test(lineBefore)) return [];
  const wanted: readonly WordKind[] = atMnemonic(lineBefore) ? ['instruction', 'directive'] : ['register', 'csr'];
  const found = [...WORDS.values()].filter(({ kind }) => wanted.includes(kind));
  return /\ba7\s*,\s*\w*$/.test(lineBefore) ? [...WORDS.values()].filter(({ kind }) => kind === 'sbi') : found;
}
