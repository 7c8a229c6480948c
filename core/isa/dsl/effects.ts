/** What an instruction may touch, computed from its body; nobody flags it by hand. */
import type { Effects, Semantics } from './ir.ts';
import { visitExpressions } from './walk.ts';

/** A jump does not trap here: with C the target is always aligned; without it the hart checks. */
export function effectsOf(semantics: Semantics): Effects {
  let readsMemory = false;
  let writesMemory = false;
  visitExpressions(semantics, (expr) => {
    if (expr.op === 'load' || expr.op === 'loadReserved' || expr.op === 'atomic') readsMemory = true;
    if (expr.op === 'storeConditional' || expr.op === 'atomic') writesMemory = true;
  });
  let endsBlock = false;
  let system = false;
  let leaves = false;
  for (const stmt of semantics.body) {
    if (stmt.op === 'store') writesMemory = true;
    if (stmt.op === 'jump' || stmt.op === 'branch') endsBlock = true;
    if (stmt.op === 'system' || stmt.op === 'csr') system = true;
    if (stmt.op === 'illegal') leaves = true;
  }
  return {
    readsMemory,
    writesMemory,
    mayTrap: readsMemory || writesMemory || system || leaves,
    endsBlock: endsBlock || system || leaves,
    system,
  };
}
