/** What an instruction may touch, computed from its body; nobody flags it by hand. */
import type { Effects, FieldName, Semantics } from './ir.ts';
import { registersUsed, visitExpressions } from './walk.ts';

/** What `Effects.float` says. */
export function floatEffects(semantics: Semantics): Effects['float'] {
  if (registersUsed(semantics).f.size === 0) return null;
  let rm: FieldName | null = null;
  visitExpressions(semantics, (expr) => {
    if (expr.op === 'float') rm ??= expr.rm;
  });
  return { rm };
}

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
    if (stmt.op === 'store' || stmt.op === 'atomicPair') writesMemory = true;
    if (stmt.op === 'atomicPair') readsMemory = true;
    if (stmt.op === 'jump' || stmt.op === 'branch') endsBlock = true;
    if (stmt.op === 'system' || stmt.op === 'csr') system = true;
    if (stmt.op === 'illegal') leaves = true;
  }
  const float = floatEffects(semantics);
  return {
    readsMemory,
    writesMemory,
    mayTrap: readsMemory || writesMemory || system || leaves || float !== null,
    endsBlock: endsBlock || system || leaves,
    system,
    float,
  };
}
