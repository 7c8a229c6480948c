/** Directives about symbols. */

import { type Place, Problem } from '../problem.ts';
import type { AsmSymbol } from '../program.ts';
import { bounded, type Call, constant, cursorOf, type Handler } from './call.ts';

const eachSymbol =
  (act: (symbol: AsmSymbol) => void): Handler =>
  (call) => {
    const cursor = cursorOf(call);
    do act(call.unit.symbols.get(cursor.expectName('the name of a symbol').text));
    while (cursor.accept(','));
    cursor.end('separate names with commas');
  };

const assign =
  (fixed: boolean): Handler =>
  (call) => {
    const cursor = cursorOf(call);
    const token = cursor.expectName('the name of a symbol');
    cursor.expect(',', `write ${call.name} name, value`);
    const expression = cursor.expression();
    cursor.end();
    call.unit.assign(call.unit.symbols.get(token.text), expression, cursor.place(token), fixed);
  };

const FUNCTION = /^(function|func|gnu_indirect_function)$/i;

const type: Handler = (call) => {
  const cursor = cursorOf(call);
  const symbol = call.unit.symbols.get(cursor.expectName('the name of a symbol').text);
  cursor.accept(',');
  if (!cursor.accept('@')) cursor.accept('%');
  const token = cursor.peek();
  const text =
    token.kind === 'string' ? token.text.slice(1, -1) : cursor.expectName('a type such as @function or @object').text;
  if (token.kind === 'string') cursor.next();
  cursor.end();
  const plain = text.replace(/^STT_/i, '');
  if (FUNCTION.test(plain)) symbol.type = 'function';
  else if (/^(object|common|tls_object)$/i.test(plain)) symbol.type = 'object';
  else if (!/^notype$/i.test(plain))
    cursor.fail(`"${text}" is not a type of symbol`, 'known are @function, @object and @notype', token);
};

const size: Handler = (call) => {
  const cursor = cursorOf(call);
  call.unit.symbols.get(cursor.expectName('the name of a symbol').text);
  cursor.expect(',', 'write .size name, expression');
  cursor.expression();
  cursor.end();
};

/** Most bytes of one reserved block; the size of the image is checked besides. */
const MAX_BLOCK = 0x7fff_ffff;
const MAX_NATURAL = 8;

/** The alignment that fits a size: the largest power of two in it up to 8. */
function natural(bytes: number): number {
  for (let alignment = MAX_NATURAL; alignment > 1; alignment /= 2) if (bytes >= alignment) return alignment;
  return 1;
}

interface Block {
  readonly symbol: AsmSymbol;
  readonly place: Place;
  readonly size: number;
  readonly alignment: number;
}

function block(call: Call, alignable: boolean): Block {
  const cursor = cursorOf(call);
  const token = cursor.expectName('the name of a symbol');
  cursor.expect(',', `write ${call.name} name, size`);
  const bytes = bounded(call, cursor, 'the size', 0, MAX_BLOCK);
  let alignment = natural(bytes);
  if (alignable && cursor.accept(',')) {
    const from = cursor.position;
    alignment = Number(constant(call, cursor, 'the alignment'));
    if (!Number.isInteger(Math.log2(alignment)) || alignment > MAX_COMMON_ALIGNMENT) {
      throw new Problem(
        cursor.placeFrom(from),
        `the alignment ${alignment} is not a power of two up to ${MAX_COMMON_ALIGNMENT}`,
      );
    }
  }
  cursor.end();
  const symbol = call.unit.symbols.get(token.text);
  return { symbol, place: cursor.place(token), size: bytes, alignment };
}
const MAX_COMMON_ALIGNMENT = 1 << 16;

const lcomm: Handler = (call) => {
  const { unit } = call;
  const { symbol, place, size: bytes, alignment } = block(call, false);
  const { section } = unit;
  unit.section = unit.sectionNamed('.bss');
  unit.reserve(symbol, bytes, alignment, place);
  unit.section = section;
};

const comm: Handler = (call) => {
  const { place, ...common } = block(call, true);
  if (common.symbol.definition !== null) throw new Problem(place, `"${common.symbol.name}" is already defined`);
  common.symbol.binding = 'global';
  common.symbol.type = 'object';
  if (common.symbol.common) return;
  common.symbol.common = true;
  call.unit.commons.push({ ...common, place });
};

export const SYMBOLS = {
  '.globl': eachSymbol((symbol) => {
    symbol.binding = 'global';
  }),
  '.global': eachSymbol((symbol) => {
    symbol.binding = 'global';
  }),
  '.local': eachSymbol((symbol) => {
    symbol.binding = 'local';
  }),
  '.weak': eachSymbol((symbol) => {
    symbol.binding = 'weak';
  }),
  '.hidden': eachSymbol(() => {}),
  '.protected': eachSymbol(() => {}),
  '.internal': eachSymbol(() => {}),
  '.type': type,
  '.size': size,
  '.equ': assign(false),
  '.set': assign(false),
  '.equiv': assign(true),
  '.comm': comm,
  '.lcomm': lcomm,
} satisfies Record<string, Handler>;
