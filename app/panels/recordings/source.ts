/** Where the recordings come from: parts of the page that are loaded when they are to be shown. */
import type { RecordedHost } from '../../../core/replay/recordings.ts';

export interface RecordedSource {
  /** Names of the hosts, and what loads each. */
  readonly hosts: readonly { readonly name: string; load(): Promise<RecordedHost> }[];
  /** Text of `runs.sh`. */
  readonly script: string;
  readonly payload: Uint8Array;
}

/** Rejects when they cannot be loaded. */
export async function recordedSource(): Promise<RecordedSource> {
  const { hosts, shared } = await import('virtual:recordings');
  const { script, payload } = await shared();
  return {
    hosts: hosts.map(({ name, load }) => ({ name, load: async () => ({ name, files: (await load()).files }) })),
    script,
    payload: Uint8Array.from(atob(payload), (character) => character.charCodeAt(0)),
  };
}
