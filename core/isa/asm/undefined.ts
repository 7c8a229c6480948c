/** Finds symbols that nothing defines, for a program that has other errors and so is never linked. */

import { LINKER_SYMBOLS } from './place.ts';
import type { Expression } from './program.ts';
import type { Unit } from './unit.ts';

/** Uses of symbols in an expression; what an assigned symbol stands for was looked at where it was assigned. */
function* uses(expression: Expression): Generator<Expression & { readonly op: 'symbol' }> {
  if (expression.op === 'symbol') yield expression;
  else if (expression.op === 'unary') yield* uses(expression.a);
  else if (expression.op === 'binary') {
    yield* uses(expression.a);
    yield* uses(expression.b);
  }
}

function* expressions(unit: Unit): Generator<Expression> {
  for (const { expression } of unit.fixups) yield expression;
  for (const section of unit.sections.values()) {
    for (const { tail } of section.fragments) if (tail?.kind === 'branch') yield tail.target;
  }
}

/** Reports each use, unless a statement with an error mentions the name: it may be the missing definition. */
export function reportUndefined(unit: Unit): void {
  const failed = unit.failed.join('\n');
  for (const expression of expressions(unit)) {
    if (unit.reporter.full) return;
    for (const { symbol, place } of uses(expression)) {
      if (symbol.definition !== null || symbol.binding === 'weak' || failed.includes(symbol.name)) continue;
      if (Object.hasOwn(LINKER_SYMBOLS, symbol.name) || symbol.common) continue;
      unit.reporter.report(unit.noValue({ reason: 'undefined', symbol, place }, place));
    }
  }
}
