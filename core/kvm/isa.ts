/**
 * The ISA extensions of a vcpu as ISA_EXT and CONFIG.isa registers see them: what the host has, what
 * is left on, what may be cleared. [Linux arch/riscv/kvm/vcpu_onereg.c]
 */
import { PlainError } from '../schema/plain.ts';
import type { HostProfile } from './profiles/index.ts';
import {
  ISA_EXT_BRINGS,
  ISA_EXT_CLEARABLE,
  ISA_EXT_CLEARED_BY,
  ISA_EXT_GATED,
  ISA_EXT_GIVEN_WITH,
  ISA_EXT_IMPLIED,
  ISA_EXT_NAMES,
} from './profiles/isa.ts';

/** Letters of privileged architecture, such as S, have no register and no bit. */
const NUMBERED: ReadonlySet<string> = new Set(ISA_EXT_NAMES);
const LETTERS = 26;
const FLOATS: readonly string[] = ['F', 'D'];
const CODE_A = 'A'.charCodeAt(0);

export class IsaRegisters {
  /** Extensions of the host, in the spelling of ISA_EXT. */
  readonly host: ReadonlySet<string>;
  /** The same as the ISA string spells them. */
  readonly spelled: ReadonlySet<string>;
  /** An extension was cleared or set again since the hart was made. */
  changed = false;
  readonly #on: Set<string>;

  constructor(
    private readonly profile: HostProfile,
    extensions: ReadonlySet<string>,
  ) {
    const known = new Set<string>(ISA_EXT_NAMES.slice(0, profile.isaExtCount));
    const usable = (name: string): boolean => !ISA_EXT_GATED.has(name.toUpperCase()) || known.has(name.toUpperCase());
    this.spelled = new Set([...extensions].filter(usable));
    const named = new Set([...this.spelled].map((name) => name.toUpperCase()));
    for (const [name, parts] of Object.entries(ISA_EXT_IMPLIED)) {
      if (parts.every((part) => named.has(part))) named.add(name);
    }
    this.host = named.add('H');
    this.#on = new Set([...named].filter((name) => this.isGiven(name)));
  }

  /** Numbers of the ISA_EXT registers that exist. */
  numbers(): readonly number[] {
    return ISA_EXT_NAMES.flatMap((_, number) => (this.nameOf(number) === undefined ? [] : [number]));
  }

  /** The extension of an ISA_EXT number, when both the release and the host have it. */
  nameOf(number: number): string | undefined {
    const name = number < this.profile.isaExtCount ? ISA_EXT_NAMES[number] : undefined;
    return name !== undefined && this.host.has(name) ? name : undefined;
  }

  has(name: string): boolean {
    return this.#on.has(name);
  }

  /** Whether a guest can have what the host has. */
  private isGiven(name: string): boolean {
    const other = ISA_EXT_GIVEN_WITH[name];
    return name !== 'H' && (other === undefined || this.host.has(other));
  }

  /** False when the extension cannot be switched to that state. */
  set(name: string, on: boolean): boolean {
    if (this.#on.has(name) === on) return true;
    const by = ISA_EXT_CLEARED_BY[name];
    if (!ISA_EXT_CLEARABLE.has(name) || !this.host.has(name) || (by !== undefined && !this.host.has(by))) return false;
    this.changed = true;
    if (on) this.#on.add(name);
    else this.#on.delete(name);
    return true;
  }

  /** Names of what is on; `changed` tells whether the hart has them already. */
  save(): { on: string[]; changed: boolean } {
    return { on: [...this.#on].sort(), changed: this.changed };
  }

  /** Throws PlainError when the host lacks one of them. */
  load({ on, changed }: { readonly on: readonly string[]; readonly changed: boolean }): void {
    const unknown = on.find((name) => !this.host.has(name) || !this.isGiven(name));
    if (unknown !== undefined) throw new PlainError('on', `the host has no ${unknown} for its guests`);
    this.#on.clear();
    for (const name of on) this.#on.add(name);
    this.changed = changed;
  }

  /** Single-letter extensions as bits 0 (A) to 25 (Z). */
  get letters(): bigint {
    return [...this.#on]
      .filter((name) => name.length === 1 && NUMBERED.has(name))
      .reduce((bits, name) => bits | (1n << BigInt(name.charCodeAt(0) - CODE_A)), 0n);
  }

  /** Switches what may be switched; other differences are ignored. */
  setLetters(bits: bigint): void {
    for (let letter = 0; letter < LETTERS; letter++) {
      this.set(String.fromCharCode(CODE_A + letter), ((bits >> BigInt(letter)) & 1n) === 1n);
    }
  }

  /**
   * The host's spellings of what a guest can use. Floating point goes only when F and D are both off: the
   * hypervisor has one switch for it, the FS field of its own sstatus.
   */
  enabledNames(): ReadonlySet<string> {
    const floats = FLOATS.some((name) => this.#on.has(name));
    const gone = Object.keys(ISA_EXT_BRINGS).filter((name) => this.host.has(name) && !this.#on.has(name));
    const partsGone = new Set(gone.flatMap((name) => ISA_EXT_BRINGS[name] ?? []));
    return new Set(
      [...this.spelled].filter((name) => {
        const upper = name.toUpperCase();
        if (partsGone.has(upper)) return false;
        return this.#on.has(upper) || (floats && FLOATS.includes(upper));
      }),
    );
  }
}
