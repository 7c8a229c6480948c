/** Recorded semantics as readable pseudo-code, for documentation and for explaining a step. */
import { hex } from '../../base/bits.ts';
import { s64 } from '../../base/u64.ts';
import type { BinaryOp, CompareOp, Expr, FieldName, Semantics, Stmt } from '../dsl/ir.ts';
import { childrenOf } from '../dsl/walk.ts';
import { xByName, xName } from './registers.ts';

/** How a field is called in the text: its own name in documentation, `a0` or `-16` for one instruction. */
export type FieldWords = (field: FieldName) => string;

const BINARY: Readonly<Record<BinaryOp, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  and: '&',
  or: '|',
  xor: '^',
  shl: '<<',
  shr_s: '>>s',
  shr_u: '>>u',
  rotl: 'rotl',
  rotr: 'rotr',
  div_s: '/s',
  div_u: '/u',
  rem_s: '%s',
  rem_u: '%u',
  mulh_ss: 'mulh_ss',
  mulh_su: 'mulh_su',
  mulh_uu: 'mulh_uu',
  clmul: 'clmul',
  clmulr: 'clmulr',
  xperm4: 'xperm4',
  xperm8: 'xperm8',
};

const COMPARE: Readonly<Record<CompareOp, string>> = {
  eq: '==',
  ne: '!=',
  lt_s: '<s',
  lt_u: '<u',
  ge_s: '>=s',
  ge_u: '>=u',
  gt_s: '>s',
  gt_u: '>u',
  le_s: '<=s',
  le_u: '<=u',
};

const SMALL = 4096n;

/** Small constants in decimal, with their sign; the rest in hexadecimal. */
export function constantText(value: bigint): string {
  const signed = s64(value);
  return signed > -SMALL && signed < SMALL ? String(signed) : hex(value);
}

/** What a field that selects x0 is called. */
const ZERO = 'zero';

function sum(a: string, b: string): string {
  if (a === ZERO) return b;
  if (b === '0') return a;
  return b.startsWith('-') ? `${a} - ${b.slice(1)}` : `${a} + ${b}`;
}

/** Whether leaving it out would hide something: it may trap, change memory or accrue exceptions. */
function hasEffect(e: Expr): boolean {
  switch (e.op) {
    case 'float':
    case 'load':
    case 'loadReserved':
    case 'storeConditional':
    case 'atomic':
      return true;
    default:
      return childrenOf(e).some(hasEffect);
  }
}

class Printer {
  /** What a local holds, where that is so short that the name would only hide it. */
  readonly #short = new Map<number, string>();

  constructor(readonly field: FieldWords) {}

  expr(e: Expr): string {
    switch (e.op) {
      case 'const':
        return e.ty === 'i32' ? String(Number(e.value) | 0) : constantText(e.value);
      case 'x':
      case 'f':
      case 'fli':
      case 'imm':
        return this.field(e.field);
      case 'xHigh':
        return this.high(e.field);
      case 'float': {
        const args = e.args.map((arg) => this.expr(arg));
        if (e.rm !== null) args.push(this.field(e.rm));
        return `${e.kind}.${e.format}(${args.join(', ')})`;
      }
      case 'boxing':
        return `${e.kind}.${e.format}(${this.expr(e.a)})`;
      case 'pc':
        return 'pc';
      case 'nextPc':
        return 'next pc';
      case 'local':
        return this.#short.get(e.id) ?? `temp${e.id}`;
      case 'binary': {
        const [a, b] = [this.inner(e.a), this.inner(e.b)];
        const operator = BINARY[e.kind];
        if (/^\w/.test(operator)) return `${operator}(${a}, ${b})`;
        return e.kind === 'add' ? sum(a, b) : `${a} ${operator} ${b}`;
      }
      case 'compare':
        return `${this.inner(e.a)} ${COMPARE[e.kind]} ${this.inner(e.b)}`;
      case 'unary':
        return `${e.kind}(${this.expr(e.a)})`;
      case 'convert':
        return this.convert(e);
      case 'if':
        return `if ${this.expr(e.cond)} then ${this.inner(e.then)} else ${this.expr(e.else)}`;
      case 'load':
        return e.signed && e.bytes < 8 ? `sext(${this.memory(e.bytes, e.addr)})` : this.memory(e.bytes, e.addr);
      case 'loadReserved':
        return `reserve ${e.bytes < 8 ? `sext(${this.memory(e.bytes, e.addr)})` : this.memory(e.bytes, e.addr)}`;
      case 'storeConditional':
        return `store ${this.expr(e.value)} to ${this.memory(e.bytes, e.addr)} if reserved (0 done, 1 not)`;
      case 'atomic':
        return this.atomic('value', e).join('; ');
      default:
        return e satisfies never;
    }
  }

  convert(e: Extract<Expr, { op: 'convert' }>): string {
    const inside = this.expr(e.a);
    switch (e.kind) {
      case 'wrap':
        return e.a.op === 'imm' ? inside : `low32(${inside})`;
      case 'extend_s':
        return `sext32(${inside})`;
      case 'extend_u':
        return e.a.op === 'compare' ? `if ${inside} then 1 else 0` : `zext32(${inside})`;
      case 'extend8_s':
        return `sext8(${inside})`;
      case 'extend16_s':
        return `sext16(${inside})`;
      default:
        return e.kind satisfies never;
    }
  }

  /** In parentheses where the reading would be in doubt. */
  inner(e: Expr): string {
    const text = this.expr(e);
    const simple = !/\s/.test(text) || (e.op !== 'binary' && e.op !== 'compare' && e.op !== 'if' && e.op !== 'convert');
    return simple ? text : `(${text})`;
  }

  memory(bytes: number, addr: Expr): string {
    return `mem${bytes * 8}[${this.expr(addr)}]`;
  }

  statement(s: Stmt): readonly string[] {
    switch (s.op) {
      case 'let': {
        const value = this.expr(s.value);
        if (!/\s/.test(value)) {
          this.#short.set(s.id, value);
          return [];
        }
        return [`temp${s.id} = ${value}`];
      }
      case 'setX':
        if (this.field(s.field) === ZERO && !hasEffect(s.value)) return [];
        return s.value.op === 'atomic' ? this.atomic(this.field(s.field), s.value) : [this.assignment(s)];
      case 'setF':
        return [this.assignment(s)];
      case 'setXHigh':
        return this.field(s.field) === ZERO ? [] : [`${this.high(s.field)} = ${this.expr(s.value)}`];
      case 'atomicPair':
        return this.atomicPair(s);
      case 'store':
        return [`${this.memory(s.bytes, s.addr)} = ${this.expr(s.value)}`];
      case 'jump':
        return [`pc = ${this.expr(s.target)}`];
      case 'branch':
        return [`if ${this.expr(s.cond)}: pc = ${this.expr(s.target)}`];
      case 'illegal':
        return ['illegal instruction'];
      case 'csr':
        return [this.csr(s)];
      case 'system':
        return [`${s.name}(${s.args.map((arg) => this.expr(arg)).join(', ')})`];
      default:
        return s satisfies never;
    }
  }

  assignment(s: Extract<Stmt, { op: 'setX' | 'setF' }>): string {
    return `${this.field(s.field)} = ${this.expr(s.value)}`;
  }

  atomic(destination: string, e: Extract<Expr, { op: 'atomic' }>): readonly string[] {
    this.#short.set(e.old, 'old');
    const memory = this.memory(e.bytes, e.addr);
    const old = e.bytes < 8 ? `sext(${memory})` : memory;
    return [`atomically: old = ${old}; ${memory} = ${this.expr(e.update)}`, `${destination} = old`];
  }

  /** The other register of a pair. */
  high(field: string): string {
    const low = this.field(field);
    const number = xByName(low);
    if (low === ZERO) return ZERO;
    return number === undefined ? `${low}+1` : xName(number + 1);
  }

  atomicPair({ addr, old, update }: Extract<Stmt, { op: 'atomicPair' }>): readonly string[] {
    for (const [index, id] of old.entries()) this.#short.set(id, index === 0 ? 'old' : 'oldHigh');
    const memory = this.memory(16, addr);
    const [low, high] = update.map((half) => this.expr(half));
    return [`atomically: (old, oldHigh) = ${memory}; ${memory} = (${low}, ${high})`];
  }

  csr(s: Extract<Stmt, { op: 'csr' }>): string {
    const csr = this.field(s.csr);
    const source = this.expr(s.source);
    const update = { rw: source, rs: `${csr} | ${source}`, rc: `${csr} & ~${source}` };
    return `${this.field(s.rd)} = ${csr}; ${csr} = ${update[s.kind]}`;
  }
}

/** A line or two for each statement that does something. Signed operators end in `s`, unsigned ones in `u`. */
export function pseudoCode(semantics: Semantics, field: FieldWords): readonly string[] {
  const printer = new Printer(field);
  const lines = semantics.body.flatMap((stmt) => printer.statement(stmt));
  return lines.length === 0 ? ['no effect'] : lines;
}
