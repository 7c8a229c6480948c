/** The stack of `.if` blocks. */
import { MAX_CONDITION_DEPTH } from './limits.ts';
import { Fatal, type Place, Problem } from './problem.ts';

interface Condition {
  readonly place: Place;
  /** Whether the text around the block is assembled. */
  readonly outer: boolean;
  active: boolean;
  taken: boolean;
  elseSeen: boolean;
}

export class Conditions {
  readonly #stack: Condition[] = [];

  /** Whether statements are assembled here. */
  get active(): boolean {
    return this.#stack[this.#stack.length - 1]?.active ?? true;
  }

  get depth(): number {
    return this.#stack.length;
  }

  open(place: Place, test: () => boolean): void {
    if (this.#stack.length >= MAX_CONDITION_DEPTH)
      throw new Fatal(place, `conditionals are nested more than ${MAX_CONDITION_DEPTH} deep`);
    const outer = this.active;
    const condition = { place, outer, active: false, taken: true, elseSeen: false };
    this.#stack.push(condition);
    if (!outer) return;
    condition.taken = test();
    condition.active = condition.taken;
  }

  elseIf(place: Place, test: () => boolean): void {
    const condition = this.#innermost(place, '.elseif');
    condition.active = false;
    if (condition.taken || !condition.outer) return;
    condition.taken = test();
    condition.active = condition.taken;
  }

  else(place: Place): void {
    const condition = this.#innermost(place, '.else');
    condition.active = condition.outer && !condition.taken;
    condition.taken = true;
    condition.elseSeen = true;
  }

  close(place: Place): void {
    if (this.#stack.pop() === undefined) throw new Problem(place, '".endif" without ".if"');
  }

  /** Forgets blocks opened inside a macro that is left early. */
  truncate(depth: number): void {
    this.#stack.length = Math.min(this.#stack.length, depth);
  }

  unclosed(): readonly Place[] {
    return this.#stack.map((condition) => condition.place);
  }

  #innermost(place: Place, name: string): Condition {
    const condition = this.#stack[this.#stack.length - 1];
    if (condition === undefined) throw new Problem(place, `"${name}" without ".if"`);
    if (condition.elseSeen) throw new Problem(place, `"${name}" after ".else"`);
    return condition;
  }
}
