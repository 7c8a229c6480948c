/** A card as plain text, for a terminal. Pure. */
import { wrapped } from '../base/wrap.ts';
import type { Card, Item, Row } from './card.ts';

/** Columns of a text that is read, and how far the facts stand in. */
const WIDTH = 96;
const INDENT = '  ';

export function cardText(card: Card): string {
  const head = [card.name, card.title, card.code].filter((part) => part !== '');
  const whatIf = card.whatIf ? [`${INDENT}WHAT-IF: Linux does not have it.`] : [];
  return [head.join('  '), ...lines(card.says, INDENT), ...whatIf, ...card.rows.flatMap(rowText)].join('\n');
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
  const [first = '', ...rest] = lines(`${label}: ${text}`, INDENT);
  return [first, ...rest.map((line) => `${INDENT}${line}`)];
}

/** A name longer than this has its text on the line below. */
const LONGEST_TERM = 30;

function itemText({ term = '', text = '', values = [] }: Item, width: number): readonly string[] {
  const start = `${INDENT}${INDENT}`;
  if (text === '') return [`${start}${term}`];
  const column = Math.min(width, LONGEST_TERM);
  const indent = start + ' '.repeat(column + INDENT.length);
  const named = values.flatMap(({ value, name }) => lines(`${value} ${name}`, indent + INDENT));
  const said = [...lines(text, indent), ...named];
  if (term.length > column) return [`${start}${term}`, ...said];
  const [first = '', ...rest] = said;
  return [`${start}${term.padEnd(column)}${INDENT}${first.trimStart()}`, ...rest];
}

/** Lines of at most WIDTH columns, all behind `indent`. */
function lines(text: string, indent: string): readonly string[] {
  return wrapped(text, WIDTH - indent.length).map((line) => indent + line);
}
