/** A card as plain text, for a terminal. Pure. */
import type { Card, Item, Row } from './card.ts';

/** Columns of a text that is read, and how far the facts stand in. */
const WIDTH = 96;
const INDENT = '  ';

export function cardText(card: Card): string {
  const head = [card.name, card.title, card.code].filter((part) => part !== '');
  const whatIf = card.whatIf ? [`${INDENT}WHAT-IF: Linux does not have it.`] : [];
  return [head.join('  '), ...wrapped(card.says, INDENT), ...whatIf, ...card.rows.flatMap(rowText)].join('\n');
}

/** Facts that have a name and a text get a line each; the others stand beside their label. */
function rowText({ label, items }: Row): readonly string[] {
  const [only] = items;
  if (items.length === 1 && only?.term === undefined) return paragraph(label, only?.text ?? '');
  if (items.every(({ text }) => text === undefined)) return paragraph(label, items.map(({ term }) => term).join(', '));
  const width = Math.max(...items.map(({ term }) => term?.length ?? 0));
  return [`${INDENT}${label}:`, ...items.flatMap((item) => itemText(item, width))];
}

function paragraph(label: string, text: string): readonly string[] {
  const [first = '', ...rest] = wrapped(`${label}: ${text}`, INDENT);
  return [first, ...rest.map((line) => `${INDENT}${line}`)];
}

/** A name longer than this has its text on the line below. */
const LONGEST_TERM = 30;

function itemText({ term = '', text = '' }: Item, width: number): readonly string[] {
  const start = `${INDENT}${INDENT}`;
  if (text === '') return [`${start}${term}`];
  const column = Math.min(width, LONGEST_TERM);
  const lines = wrapped(text, start + ' '.repeat(column + INDENT.length));
  if (term.length > column) return [`${start}${term}`, ...lines];
  const [first = '', ...rest] = lines;
  return [`${start}${term.padEnd(column)}${INDENT}${first.trimStart()}`, ...rest];
}

/** Lines of at most WIDTH columns; a word that is longer stands alone. */
function wrapped(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > WIDTH && line.trim() !== '') {
      lines.push(line);
      line = indent;
    }
    line += line === indent ? word : ` ${word}`;
  }
  return [...lines, line];
}
