/** Links that open the recordings: `#recordings`, `#recordings/HOST` or `#recordings/HOST/RUN`. They hold no machine. */
import type { RecordingsSlice } from '../state/recordings.ts';

const NAME = '#recordings';

export function recordingsFragment(host: string, run: string): string {
  return [NAME, host, run].map((part, at) => (at === 0 ? part : encodeURIComponent(part))).join('/');
}

/** What such a link shows; null for any other fragment. */
export function recordingsIn(fragment: string): Pick<RecordingsSlice, 'host' | 'run'> | null {
  const [name, host, run, ...more] = fragment.split('/');
  if (name !== NAME || more.length > 0) return null;
  return { host: decoded(host), run: decoded(run) };
}

/** Null for what is missing or cannot be read. */
function decoded(part: string | undefined): string | null {
  try {
    return part === undefined || part === '' ? null : decodeURIComponent(part);
  } catch {
    return null;
  }
}
