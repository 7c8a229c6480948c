/** The RISC-V assembly language for Monaco: highlighting, completion, hover, and the two themes. */
import * as monaco from 'monaco-editor/editor';
import {
  atMnemonic,
  CSR_NAMES,
  completionsAt,
  helpFor,
  MNEMONICS,
  REGISTERS,
  type WordHelp,
  type WordKind,
  wordAt,
} from './language.ts';
import { type AssembledProgram, lineMarkdown } from './line-help.ts';

export const LANGUAGE = 'riscv';

let registered = false;

export function registerLanguage(): void {
  if (registered) return;
  registered = true;
  monaco.languages.register({ id: LANGUAGE });
  monaco.languages.setLanguageConfiguration(LANGUAGE, {
    comments: { lineComment: '#' },
    brackets: [['(', ')']],
    autoClosingPairs: [
      { open: '(', close: ')' },
      { open: '"', close: '"' },
    ],
    wordPattern: /\.?[A-Za-z_0-9][A-Za-z_0-9.]*/,
  });
  monaco.languages.setMonarchTokensProvider(LANGUAGE, tokens());
  monaco.languages.registerHoverProvider(LANGUAGE, { provideHover });
  monaco.languages.registerCompletionItemProvider(LANGUAGE, { triggerCharacters: ['.'], provideCompletionItems });
  defineTheme('ecall-light', 'vs');
  defineTheme('ecall-dark', 'vs-dark');
}

function tokens(): monaco.languages.IMonarchLanguage {
  return {
    mnemonics: [...MNEMONICS],
    registers: [...REGISTERS],
    csrs: [...CSR_NAMES],
    ignoreCase: false,
    tokenizer: {
      root: [
        [/#.*$/, 'comment'],
        [/\/\/.*$/, 'comment'],
        [/\/\*/, 'comment', '@block'],
        [/^\s*[\w.$]+:/, 'label'],
        [/\.[a-z][\w.]*/, 'directive'],
        [/%[a-z_]+/, 'directive'],
        [/"/, 'string', '@string'],
        [/'(\\.|[^\\'])'?/, 'string'],
        [/-?0[xX][0-9a-fA-F]+|-?0[bB][01]+|-?\b\d+[bf]?\b/, 'number'],
        [
          /[A-Za-z_][\w.]*/,
          { cases: { '@registers': 'register', '@csrs': 'csr', '@mnemonics': 'mnemonic', '@default': 'identifier' } },
        ],
      ],
      block: [
        [/\*\//, 'comment', '@pop'],
        [/./, 'comment'],
      ],
      string: [
        [/\\./, 'string'],
        [/"/, 'string', '@pop'],
        [/$/, 'string', '@pop'],
        [/./, 'string'],
      ],
    },
  };
}

const programs = new WeakMap<monaco.editor.ITextModel, AssembledProgram>();

/** What was made of the text of a model, or null while that is not known. */
export function setProgram(model: monaco.editor.ITextModel, program: AssembledProgram | null): void {
  if (program === null) programs.delete(model);
  else programs.set(model, program);
}

/** The instructions of the line, when the word is its mnemonic and the text is that which was assembled. */
function lineContents(model: monaco.editor.ITextModel, line: number, wordEnd: number): monaco.IMarkdownString[] {
  const program = programs.get(model);
  const before = model.getLineContent(line).slice(0, wordEnd - 1);
  if (program === undefined || !atMnemonic(before) || model.getValue() !== program.of) return [];
  const text = lineMarkdown(program, line);
  return text === null ? [] : [{ value: text }];
}

function provideHover(model: monaco.editor.ITextModel, position: monaco.Position): monaco.languages.Hover | null {
  const word = wordAt(model.getLineContent(position.lineNumber), position.column);
  const help = word === null ? null : helpFor(word.text);
  if (word === null || help === null) return null;
  return {
    range: new monaco.Range(position.lineNumber, word.from, position.lineNumber, word.to),
    contents: [
      ...(help.full !== undefined
        ? [{ value: help.full() }]
        : [
            { value: `\`\`\`${LANGUAGE}\n${help.name}${help.syntax === '' ? '' : ` ${help.syntax}`}\n\`\`\`` },
            { value: help.says },
            { value: `_${help.source}_` },
          ]),
      ...(help.kind === 'instruction' ? lineContents(model, position.lineNumber, word.to) : []),
    ],
  };
}

const KINDS: Readonly<Record<WordKind, monaco.languages.CompletionItemKind>> = {
  instruction: monaco.languages.CompletionItemKind.Function,
  directive: monaco.languages.CompletionItemKind.Keyword,
  register: monaco.languages.CompletionItemKind.Variable,
  csr: monaco.languages.CompletionItemKind.Property,
  sbi: monaco.languages.CompletionItemKind.Constant,
};

function provideCompletionItems(
  model: monaco.editor.ITextModel,
  position: monaco.Position,
): monaco.languages.CompletionList {
  const line = model.getLineContent(position.lineNumber);
  const before = line.slice(0, position.column - 1);
  const from = before.length - (/\.?[\w.]*$/.exec(before)?.[0].length ?? 0) + 1;
  const range = new monaco.Range(position.lineNumber, from, position.lineNumber, position.column);
  return { suggestions: completionsAt(before).map((word) => suggestion(word, range)) };
}

function suggestion(word: WordHelp, range: monaco.Range): monaco.languages.CompletionItem {
  return {
    label: { label: word.name, detail: ` ${word.syntax}` },
    kind: KINDS[word.kind],
    insertText: word.name,
    documentation: `${word.says}\n${word.source}`,
    range,
  };
}

/** Colours of the page, so that the editor needs none of its own. */
function defineTheme(name: string, base: 'vs' | 'vs-dark'): void {
  const dark = base === 'vs-dark';
  const color = (light: string, other: string): string => (dark ? other : light);
  monaco.editor.defineTheme(name, {
    base,
    inherit: true,
    rules: [
      { token: 'comment', foreground: color('565b63', '9aa1ac') },
      { token: 'label', foreground: color('1b1d21', 'e4e6ea'), fontStyle: 'bold' },
      { token: 'mnemonic', foreground: color('1f55cf', '86aaff') },
      { token: 'directive', foreground: color('7b3fa0', 'd3a4f0') },
      { token: 'register', foreground: color('07626b', '7fd0b0') },
      { token: 'csr', foreground: color('8a4500', 'f2a854') },
      { token: 'number', foreground: color('8a4500', 'f2a854') },
      { token: 'string', foreground: color('2c6b1f', 'a6d189') },
      { token: 'identifier', foreground: color('1b1d21', 'e4e6ea') },
    ],
    colors: {
      'editor.background': color('#ffffff', '#191c21'),
      'editor.foreground': color('#1b1d21', '#e4e6ea'),
      'editorLineNumber.foreground': color('#767b83', '#7c838e'),
      'editor.lineHighlightBackground': color('#f6f6f3', '#20242a'),
      'editor.lineHighlightBorder': '#00000000',
      'editorWidget.background': color('#ffffff', '#20242a'),
      'editorHoverWidget.background': color('#ffffff', '#20242a'),
      focusBorder: color('#1f55cf', '#86aaff'),
    },
  });
}
