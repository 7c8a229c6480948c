/** All kinds of programs that are compared. */
import { encodingKinds } from './encoding-kind.ts';
import type { Kind } from './kind.ts';
import { operandKinds } from './operand-kind.ts';
import { pagingKinds } from './paging-kind.ts';
import { programKinds } from './program-kind.ts';

export const KINDS: readonly Kind[] = [...programKinds(), ...operandKinds(), ...pagingKinds(), ...encodingKinds()];

/** Those whose name, first part or subject is among `names`, in any case; all when there are none. */
export function chosenKinds(names: readonly string[]): readonly Kind[] {
  const wanted = names.map((name) => name.toLowerCase());
  if (wanted.length === 0) return KINDS;
  return KINDS.filter(({ name, subject }) =>
    [name, name.split(':')[0] ?? '', subject].some((part) => wanted.includes(part.toLowerCase())),
  );
}
