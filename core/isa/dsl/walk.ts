/** Walks and rewrites over the IR, shared by effects, expansion and validation. */
import type { Expr, FieldName, Semantics, Stmt } from './ir.ts';

/** The direct subexpressions, in order of evaluation. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.op) {
    case 'const':
    case 'x':
    case 'xHigh':
    case 'f':
    case 'fli':
    case 'imm':
    case 'pc':
    case 'nextPc':
    case 'local':
      return [];
    case 'float':
      return expr.args;
    case 'binary':
    case 'compare':
      return [expr.a, expr.b];
    case 'unary':
    case 'convert':
    case 'boxing':
      return [expr.a];
    case 'if':
      return [expr.cond, expr.then, expr.else];
    case 'load':
    case 'loadReserved':
      return [expr.addr];
    case 'storeConditional':
      return [expr.addr, expr.value];
    case 'atomic':
      return [expr.addr, expr.update];
    default:
      return expr satisfies never;
  }
}

/** The expressions a statement evaluates, in order. */
export function expressionsOf(stmt: Stmt): readonly Expr[] {
  switch (stmt.op) {
    case 'let':
    case 'setX':
    case 'setXHigh':
    case 'setF':
      return [stmt.value];
    case 'store':
      return [stmt.addr, stmt.value];
    case 'atomicPair':
      return [stmt.addr, ...stmt.update];
    case 'jump':
      return [stmt.target];
    case 'branch':
      return [stmt.cond, stmt.target];
    case 'illegal':
      return [];
    case 'csr':
      return [stmt.source];
    case 'system':
      return stmt.args;
    default:
      return stmt satisfies never;
  }
}

/** Calls `visit` for every expression of the semantics, outer before inner. */
export function visitExpressions(semantics: Semantics, visit: (expr: Expr) => void): void {
  const down = (expr: Expr): void => {
    visit(expr);
    for (const child of childrenOf(expr)) down(child);
  };
  for (const stmt of semantics.body) for (const expr of expressionsOf(stmt)) down(expr);
}

/** Every operand field that the semantics mention. */
export function fieldsUsed(semantics: Semantics): ReadonlySet<FieldName> {
  const used = new Set<FieldName>();
  visitExpressions(semantics, (expr) => {
    if ('field' in expr) used.add(expr.field);
    if (expr.op === 'float' && expr.rm !== null) used.add(expr.rm);
  });
  for (const stmt of semantics.body) {
    if (stmt.op === 'setX' || stmt.op === 'setXHigh' || stmt.op === 'setF') used.add(stmt.field);
    if (stmt.op === 'csr') for (const field of [stmt.csr, stmt.rd, stmt.sourceField]) used.add(field);
  }
  return used;
}

/** The fields whose registers, of either file, the semantics read or write. */
export function registersUsed(semantics: Semantics): Readonly<Record<'x' | 'f', ReadonlySet<FieldName>>> {
  const used = { x: new Set<FieldName>(), f: new Set<FieldName>() };
  visitExpressions(semantics, (expr) => {
    if (expr.op === 'x' || expr.op === 'f') used[expr.op].add(expr.field);
  });
  for (const stmt of semantics.body) {
    if (stmt.op === 'setX') used.x.add(stmt.field);
    if (stmt.op === 'setF') used.f.add(stmt.field);
  }
  return used;
}

/** The same semantics over other field names; a name that `names` lacks stays. */
export function renameFields(semantics: Semantics, names: Readonly<Record<FieldName, FieldName>>): Semantics {
  const name = (field: FieldName): FieldName => names[field] ?? field;
  const expr = (e: Expr): Expr => {
    switch (e.op) {
      case 'const':
      case 'pc':
      case 'nextPc':
      case 'local':
        return e;
      case 'x':
      case 'xHigh':
      case 'f':
      case 'fli':
      case 'imm':
        return { ...e, field: name(e.field) };
      case 'float':
        return { ...e, rm: e.rm === null ? null : name(e.rm), args: e.args.map(expr) };
      case 'binary':
      case 'compare':
        return { ...e, a: expr(e.a), b: expr(e.b) };
      case 'unary':
      case 'convert':
      case 'boxing':
        return { ...e, a: expr(e.a) };
      case 'if':
        // biome-ignore lint/suspicious/noThenProperty: `then` is the arm of an `if` expression in the IR.
        return { ...e, cond: expr(e.cond), then: expr(e.then), else: expr(e.else) };
      case 'load':
      case 'loadReserved':
        return { ...e, addr: expr(e.addr) };
      case 'storeConditional':
        return { ...e, addr: expr(e.addr), value: expr(e.value) };
      case 'atomic':
        return { ...e, addr: expr(e.addr), update: expr(e.update) };
      default:
        return e satisfies never;
    }
  };
  const stmt = (s: Stmt): Stmt => {
    switch (s.op) {
      case 'let':
        return { ...s, value: expr(s.value) };
      case 'setX':
      case 'setXHigh':
      case 'setF':
        return { ...s, field: name(s.field), value: expr(s.value) };
      case 'store':
        return { ...s, addr: expr(s.addr), value: expr(s.value) };
      case 'atomicPair':
        return { ...s, addr: expr(s.addr), update: [expr(s.update[0]), expr(s.update[1])] };
      case 'jump':
        return { ...s, target: expr(s.target) };
      case 'branch':
        return { ...s, cond: expr(s.cond), target: expr(s.target) };
      case 'illegal':
        return s;
      case 'csr':
        return {
          ...s,
          csr: name(s.csr),
          rd: name(s.rd),
          sourceField: name(s.sourceField),
          source: expr(s.source),
        };
      case 'system':
        return { ...s, args: s.args.map(expr) };
      default:
        return s satisfies never;
    }
  };
  return { body: semantics.body.map(stmt), locals: semantics.locals };
}
