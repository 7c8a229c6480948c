/** The parts of a running page, as actions and panels get them. */
import type { Rings } from '../state/rings.ts';
import type { PageStore } from '../state/store.ts';
import type { Session } from './session.ts';

export interface Page {
  readonly store: PageStore;
  readonly rings: Rings;
  readonly session: Session;
}
