/** The order of register writes that lowering relies on. */
import type { Expr, Semantics, Stmt } from '../dsl/ir.ts';
import { childrenOf, expressionsOf } from '../dsl/walk.ts';

/** What may stand behind a write. */
const PLAIN: ReadonlySet<Stmt['op']> = new Set(['let', 'setX', 'setXHigh', 'setF', 'jump']);

/**
 * INVARIANT: lowered code writes registers at once, the reference evaluator at the end, so nothing behind a
 * write may read a register or trap. Throws for semantics that break it: they need a `let` first.
 */
export function checkWriteOrder({ body }: Semantics): void {
  const written = body.findIndex((stmt) => stmt.op === 'setX' || stmt.op === 'setF' || stmt.op === 'setXHigh');
  if (written < 0) return;
  for (const stmt of body.slice(written + 1)) {
    if (!PLAIN.has(stmt.op) || expressionsOf(stmt).some(readsState)) {
      throw new Error(`'${stmt.op}' behind a register write reads registers or may trap`);
    }
  }
}

function readsState(expr: Expr): boolean {
  const isState =
    expr.op === 'x' ||
    expr.op === 'xHigh' ||
    expr.op === 'f' ||
    expr.op === 'load' ||
    expr.op === 'loadReserved' ||
    expr.op === 'storeConditional' ||
    expr.op === 'atomic';
  return isState || childrenOf(expr).some(readsState);
}
