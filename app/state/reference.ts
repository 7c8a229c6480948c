/** What the reference shows: which card, how one came to it, and what is looked for. The cards are loaded apart. */

export interface ReferenceSlice {
  /** Id of the card, such as `function/HSM.hart_start`. */
  readonly card: string | null;
  /** The cards that led to it, the last one at the end. */
  readonly trail: readonly string[];
  readonly query: string;
  /** What takes the focus once it is shown. */
  readonly focus: 'card' | 'search' | null;
}

export const referenceSlice: ReferenceSlice = { card: null, trail: [], query: '', focus: null };

/** Steps back that are kept. */
const TRAIL_LIMIT = 50;

export function withCard(slice: ReferenceSlice, card: string): ReferenceSlice {
  const trail = slice.card === null || slice.card === card ? slice.trail : [...slice.trail, slice.card];
  return { ...slice, card, trail: trail.slice(-TRAIL_LIMIT), focus: 'card' };
}

export function withoutLast(slice: ReferenceSlice): ReferenceSlice {
  return { ...slice, card: slice.trail.at(-1) ?? null, trail: slice.trail.slice(0, -1), focus: 'card' };
}
