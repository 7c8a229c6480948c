/** All kinds of programs that are compared. */
import { encodingKinds } from './encoding-kind.ts';
import type { AnyKind, CheckKind, Kind } from './kind.ts';
import { operandKinds } from './operand-kind.ts';
import { pagingKinds } from './paging-kind.ts';
import { programKinds } from './program-kind.ts';
import { textKinds } from './text-kind.ts';

export const KINDS: readonly Kind[] = [...programKinds(), ...operandKinds(), ...pagingKinds(), ...encodingKinds()];

/** What needs no program: words as text, where the binutils are there that know every extension. */
export const CHECKS: readonly CheckKind[] = textKinds();

const ALL: readonly AnyKind[] = [...KINDS, ...CHECKS];

/** Those whose name, first part or subject is among `names`, in any case; all when there are none. */
export function chosenKinds(names: readonly string[]): readonly AnyKind[] {
  const wanted = names.map((name) => name.toLowerCase());
  if (wanted.length === 0) return ALL;
  return ALL.filter(({ name, subject }) =>
    [name, name.split(':')[0] ?? '', subject].some((part) => wanted.includes(part.toLowerCase())),
  );
}
