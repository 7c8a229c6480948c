/** The operand templates of definitions (`rd, imm(rs1)`) as tokens: read once, used by assembler and disassembler. */
import type { FieldName } from './ir.ts';

export type OperandToken =
  | { readonly token: 'field'; readonly name: FieldName }
  | { readonly token: 'punctuation'; readonly text: ',' | '(' | ')' };

const cache = new Map<string, readonly OperandToken[]>();

/** Tokens of a template, in order. Throws when the template has anything but names, commas and parentheses. */
export function parseTemplate(asm: string): readonly OperandToken[] {
  const known = cache.get(asm);
  if (known !== undefined) return known;
  const tokens: OperandToken[] = [];
  for (const [text] of asm.matchAll(/[a-z][a-z0-9]*|\S/g)) {
    if (text === ',' || text === '(' || text === ')') tokens.push({ token: 'punctuation', text });
    else if (/^[a-z]/.test(text)) tokens.push({ token: 'field', name: text });
    else throw new Error(`operand template '${asm}' has an unexpected '${text}'`);
  }
  cache.set(asm, tokens);
  return tokens;
}

/** The fields a template mentions, in order. */
export function fieldNamesOf(asm: string): readonly FieldName[] {
  return parseTemplate(asm).flatMap((token) => (token.token === 'field' ? [token.name] : []));
}
