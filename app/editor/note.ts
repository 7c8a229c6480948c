/** A remark after the end of a line of the program. */
import type { Answerer } from '../../core/trace/events.ts';

export interface LineNote {
  /** 1-based. */
  readonly line: number;
  readonly by: Answerer;
  readonly text: string;
  /** Running number of the call it tells of. */
  readonly seq: number;
}

export interface RevealRequest {
  readonly line: number;
  /** Whether the editor takes the focus, too. */
  readonly focus: boolean;
  readonly request: number;
}
