/** How the page is set up: theme, chosen tabs, open dialogs, messages. */

import type { Draft } from './draft.ts';

export type Theme = 'light' | 'dark' | 'system';
export type Dialog = 'palette' | 'help' | null;

/** Something the user has to know; `id` names its kind, so that a new one replaces the old. */
export interface Message {
  readonly id: string;
  readonly tone: 'error' | 'info';
  readonly text: string;
  readonly hint?: string | undefined;
  /** A text to be copied by hand. */
  readonly copy?: string | undefined;
  /** What can be done about it: the id of an action. */
  readonly action?: string | undefined;
}

export interface UiSlice {
  readonly theme: Theme;
  /** Tab of the centre. */
  readonly tab: string;
  /** Tab of the narrow layout, where one panel is shown at a time. */
  readonly narrowTab: string;
  readonly dialog: Dialog;
  readonly messages: readonly Message[];
  /** Hart that disassembly and registers show. */
  readonly hart: number;
  /** Source line to reveal, and a number that grows with each request. */
  readonly reveal: { readonly line: number; readonly request: number; readonly focus: boolean } | null;
  /** What the user had, program and machine, where another one took its place; the newest last. */
  readonly shelved: readonly Draft[];
  /** Whether the programs of the examples could not be loaded when they were last wanted. */
  readonly programsFailed: boolean;
  /** Characters of the link to the working copy. */
  readonly linkLength: number | null;
}

export const uiSlice: UiSlice = {
  theme: 'system',
  tab: 'program',
  narrowTab: 'program',
  dialog: null,
  messages: [],
  hart: 0,
  reveal: null,
  shelved: [],
  programsFailed: false,
  linkLength: null,
};

export function withMessage(messages: readonly Message[], message: Message): readonly Message[] {
  return [...messages.filter((other) => other.id !== message.id), message];
}

export function withoutMessage(messages: readonly Message[], id: string): readonly Message[] {
  return messages.some((message) => message.id === id) ? messages.filter((message) => message.id !== id) : messages;
}
