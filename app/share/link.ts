/** Links to the working copy, and how the page starts from one. */
import { type Config, defaultConfig, fromLink, toLink } from '../../core/config/index.ts';
import type { Problem } from '../../core/schema/index.ts';
import { type Draft, machineConfig } from '../state/draft.ts';
import type { Message } from '../state/ui.ts';
import type { WorkingCopyStorage } from './working-copy.ts';

/** The address that opens this program and machine. */
export async function shareLink(draft: Draft, base: string = pageAddress()): Promise<string> {
  return base + (await toLink(machineConfig(draft)));
}

export function pageAddress(): string {
  const { origin, pathname, search } = window.location;
  return `${origin === 'null' ? 'file://' : origin}${pathname}${search}`;
}

export interface Opened {
  readonly config: Config;
  /** What was wrong with the link; the default was opened in its place. */
  readonly problem: Problem | null;
  readonly from: 'link' | 'working-copy' | 'default';
}

/** A link in the address wins over the working copy; what cannot be read gives the default. */
export async function openAtStart(fragment: string, storage: WorkingCopyStorage): Promise<Opened> {
  if (fragment.length > 1) return openLink(fragment);
  const saved = storage.load();
  if (saved !== null) {
    const result = await fromLink(saved);
    if (result.ok) return { config: result.config, problem: null, from: 'working-copy' };
  }
  return { config: defaultConfig(), problem: null, from: 'default' };
}

export async function openLink(fragment: string): Promise<Opened> {
  const result = await fromLink(fragment);
  if (result.ok) return { config: result.config, problem: null, from: 'link' };
  const problem = result.problems[0] ?? { field: 'link', message: 'The link cannot be read.', hint: 'Copy it again.' };
  return { config: defaultConfig(), problem, from: 'default' };
}

/** Message for a link that could not be used; it names the field. */
export function linkProblemWords(
  problem: Problem,
  instead = 'The default is open in its place.',
): { readonly text: string; readonly hint: string } {
  return {
    text: `This link cannot be opened (${problem.field}): ${sentence(problem.message)} ${instead}`,
    hint: problem.hint,
  };
}

/** What to say when the guest is an image, which neither a link nor the browser's storage carries. */
export function missingImage({ guest }: Config): Message | null {
  if (guest.kind !== 'image') return null;
  return {
    id: 'image',
    tone: 'info',
    text: `The guest is the image ${guest.name}, which links do not carry.`,
    hint: 'Open the file again.',
    action: 'open-file',
  };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
