/** What an editor is given, whichever of the two it is. */
import type { Diagnostic } from '../../core/protocol/messages.ts';
import type { Answerer } from '../../core/trace/events.ts';
import type { AssembledProgram } from './line-help.ts';

/** A remark after the end of a line of the program. */
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

export interface EditorProps {
  readonly source: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly notes: readonly LineNote[];
  readonly reveal: RevealRequest | null;
  /** Line of the instruction that comes next, 1-based; null while there is none. */
  readonly current: number | null;
  /** What the assembler made of the text; null while that is not known. */
  readonly program: AssembledProgram | null;
  readonly onChange: (source: string) => void;
  /** A note was chosen. */
  readonly onNote: (note: LineNote) => void;
}
