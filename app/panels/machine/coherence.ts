/**
 * The contradictions of the working copy. Their rules are loaded once there can be any: the machine that a
 * page opens with has none, and most of the rules is text.
 */
import { useEffect, useSyncExternalStore } from 'react';
import type { coherenceOf, Warning } from '../../../core/config/coherence.ts';
import { defaultConfig } from '../../../core/config/index.ts';
import { usePageState } from '../../shell/context.tsx';
import { type Draft, machineConfig, sameMachine } from '../../state/draft.ts';

type Check = typeof coherenceOf;

let check: Check | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Without the network there are no warnings; the next change of the machine asks again. */
function load(): void {
  import('../../../core/config/coherence.ts').then(
    (rules) => {
      check = rules.coherenceOf;
      for (const listener of listeners) listener();
    },
    () => undefined,
  );
}

const STANDARD = defaultConfig();

/** A program on the standard machine has nothing to warn of. */
function mayContradict(draft: Draft): boolean {
  return draft.image !== null || draft.config.guest.kind === 'system' || !sameMachine(draft.config, STANDARD);
}

const known = new WeakMap<Draft, readonly Warning[]>();
/** One for all, so that edits of a program draw nothing anew. */
const NONE: readonly Warning[] = [];

/** Those of the machine that Run would build, with the program or image that it then has. */
function warningsOf(rules: Check | null, draft: Draft): readonly Warning[] {
  if (rules === null) return NONE;
  const found = known.get(draft);
  if (found !== undefined) return found;
  const warnings = rules(machineConfig(draft));
  const kept = warnings.length === 0 ? NONE : warnings;
  known.set(draft, kept);
  return kept;
}

const useRules = (): Check | null => useSyncExternalStore(subscribe, () => check);

/** All warnings; whoever shows them has the rules loaded. */
export function useWarnings(): readonly Warning[] {
  const rules = useRules();
  const config = usePageState(({ draft }) => (rules === null && mayContradict(draft) ? draft.config : null));
  useEffect(() => {
    if (config !== null) load();
  }, [config]);
  return usePageState(({ draft }) => warningsOf(rules, draft));
}

/** What is said of a field (`harts`, `sbi.HSM`), or null. */
export function useWarningAt(field: string): string | null {
  const rules = useRules();
  return usePageState(({ draft }) => {
    const concerned = warningsOf(rules, draft).filter(({ fields }) => fields.includes(field));
    return concerned.length === 0 ? null : concerned.map(({ says }) => says).join(' ');
  });
}
