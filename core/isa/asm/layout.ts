/**
 * Layout of one section: lengths of branches, alignments and the other tails. The rounds follow GNU as
 * (first guess, then grow and shrink in order until nothing changes), because several layouts can be
 * stable and the bytes must be the same.
 */

import { constant, evaluate, isValue, type Locator, type NoValue } from './expression.ts';
import { MAX_RELAX_ROUNDS } from './limits.ts';
import type { Place } from './problem.ts';
import type { AsmSymbol, BranchTail, Expression, Fragment, Section, Tail } from './program.ts';

export interface LayoutReporter {
  noValue(outcome: NoValue, place: Place): void;
  error(place: Place, message: string, hint?: string): void;
}

const LOCATOR: Locator = {
  locate: (fragment, offset) => ({ base: fragment.section, offset: BigInt(fragment.address + offset) }),
  external: () => undefined,
};

/** Reach of c.beqz, c.j and conditional branches, as GNU as tests them: from minus a half to a half, the end excluded. */
const NARROW_BRANCH_REACH = 1 << 9;
const NARROW_JUMP_REACH = 1 << 12;
const BRANCH_REACH = 1 << 13;

const within = (distance: number, reach: number): boolean => distance >= -reach / 2 && distance < reach / 2;

interface Spot {
  readonly fragment: Fragment;
  readonly offset: number;
}

/** Assigned symbols that lead to each other; longer chains are taken for a target elsewhere. */
const MAX_CHAIN = 50;

/** A label plus a constant inside this section, or null when the target is elsewhere. */
function simpleTarget(target: Expression, section: Section, chain = 0): Spot | null {
  if (chain > MAX_CHAIN) return null;
  if (target.op === 'here') return target.fragment.section === section ? target : null;
  if (target.op === 'symbol') return labelOf(target.symbol, section, chain + 1);
  if (target.op !== 'binary' || target.b.op !== 'number' || (target.kind !== '+' && target.kind !== '-')) return null;
  const base = simpleTarget(target.a, section, chain + 1);
  const distance = Number(target.b.value);
  if (base === null) return null;
  return { fragment: base.fragment, offset: base.offset + (target.kind === '+' ? distance : -distance) };
}

function labelOf({ definition, binding }: AsmSymbol, section: Section, chain: number): Spot | null {
  if (definition === null || binding === 'weak') return null;
  if (definition.kind === 'assigned') return simpleTarget(definition.expression, section, chain);
  return definition.fragment.section === section ? definition : null;
}

type Target = Spot | null;

function branchLength(tail: BranchTail, fragment: Fragment, target: Target): number {
  const { jump } = tail;
  const narrow = tail.narrow !== null;
  if (target === null) return jump ? 4 : 8;
  const distance = target.fragment.address + target.offset - (fragment.address + fragment.fixed);
  if (narrow && within(distance, jump ? NARROW_JUMP_REACH : NARROW_BRANCH_REACH)) return 2;
  if (jump || within(distance, BRANCH_REACH)) return 4;
  return narrow ? 6 : 8;
}

/** Bytes to the next multiple, none when that is more than the most allowed. */
function padding(address: number, alignment: number, max: number): number {
  const need = (alignment - (address % alignment)) % alignment;
  return max > 0 && need > max ? 0 : need;
}

/** Length of `value` as LEB128. */
export function lebLength(value: bigint, signed: boolean): number {
  let length = 1;
  let rest = signed ? value : BigInt.asUintN(64, value);
  const done = (left: bigint): boolean => (signed ? left >= -64n && left < 64n : left < 128n);
  while (!done(rest)) {
    rest >>= 7n;
    length++;
  }
  return length;
}

type Placed = Exclude<Tail, { readonly kind: 'align' }>;

class SectionLayout {
  readonly #section: Section;
  readonly #reporter: LayoutReporter;
  readonly #maxBytes: number;
  readonly #targets = new Map<Tail, Target>();
  #final = false;

  constructor(section: Section, reporter: LayoutReporter, maxBytes: number) {
    this.#section = section;
    this.#reporter = reporter;
    this.#maxBytes = maxBytes;
  }

  run(): boolean {
    this.#guess();
    let rounds = 0;
    while (this.#round()) if (++rounds > MAX_RELAX_ROUNDS) return false;
    this.#final = true;
    for (const fragment of this.#section.fragments) {
      if (fragment.tail !== null) this.#length(fragment, fragment.tail);
    }
    const last = this.#section.fragments[this.#section.fragments.length - 1];
    this.#section.size = last === undefined ? 0 : last.address + last.fixed;
    return true;
  }

  #guess(): void {
    let address = 0;
    for (const fragment of this.#section.fragments) {
      fragment.address = address;
      address += fragment.fixed;
      const { tail } = fragment;
      if (tail === null) continue;
      if (tail.kind === 'branch') {
        const target = simpleTarget(tail.target, this.#section);
        this.#targets.set(tail, target);
        tail.length = branchLength(tail, fragment, target);
      } else if (tail.kind === 'align') {
        tail.length = padding(address, tail.alignment, tail.max);
      } else {
        tail.length = tail.kind === 'leb128' ? 1 : 0;
      }
      address += tail.length;
    }
  }

  /** Moves everything by what changed before it; true when a length changed. */
  #round(): boolean {
    let stretch = 0;
    let changed = false;
    for (const fragment of this.#section.fragments) {
      fragment.address += stretch;
      const { tail } = fragment;
      if (tail === null) continue;
      const length = this.#length(fragment, tail);
      if (length === tail.length) continue;
      stretch += length - tail.length;
      tail.length = length;
      changed = true;
    }
    return changed;
  }

  #length(fragment: Fragment, tail: Tail): number {
    const at = fragment.address + fragment.fixed;
    switch (tail.kind) {
      case 'branch':
        return branchLength(tail, fragment, this.#targets.get(tail) ?? null);
      case 'align':
        return padding(at, tail.alignment, tail.max);
      case 'leb128':
        return lebLength(this.#constant(tail.value, tail), tail.signed);
      case 'space':
        return this.#bounded(this.#constant(tail.count, tail) * BigInt(tail.unit), tail);
      case 'org':
        return this.#bounded(this.#offset(tail.to, tail) - BigInt(at), tail);
      default:
        return tail satisfies never;
    }
  }

  #bounded(length: bigint, tail: Placed): number {
    if (length < 0n) {
      if (this.#final)
        this.#reporter.error(tail.place, tail.kind === 'org' ? '.org cannot go back' : 'the count is negative');
      return 0;
    }
    if (length <= BigInt(this.#maxBytes)) return Number(length);
    if (this.#final) this.#reporter.error(tail.place, `this makes the program larger than ${this.#maxBytes} bytes`);
    return 0;
  }

  #constant(expression: Expression, tail: Placed): bigint {
    const value = evaluate(expression, LOCATOR);
    if (isValue(value) && value.base === null) return value.offset;
    if (this.#final) this.#reporter.noValue(isValue(value) ? { reason: 'operands' } : value, tail.place);
    return 0n;
  }

  /** An offset in this section: a label of it, or a constant. */
  #offset(expression: Expression, tail: Placed): bigint {
    const value = evaluate(expression, LOCATOR);
    if (isValue(value) && (value.base === null || value.base === this.#section)) return value.offset;
    if (this.#final) this.#reporter.noValue(isValue(value) ? { reason: 'unknown' } : value, tail.place);
    return constant(0n).offset;
  }
}

/** Gives every fragment its offset and the section its size. False when the lengths do not settle. */
export function layOut(section: Section, reporter: LayoutReporter, maxBytes: number): boolean {
  return new SectionLayout(section, reporter, maxBytes).run();
}
