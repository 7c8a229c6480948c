/** What a replay found, as plain data. */
import type { Difference, Row } from './compare.ts';

export type { Row } from './compare.ts';

export interface FileReport {
  /** Name of the recorded file. */
  readonly file: string;
  readonly rows: readonly Row[];
}

export interface RunReport {
  readonly run: string;
  /** Why it was not replayed; null when it was. */
  readonly refusal: string | null;
  /** Output and log of ioctls and exits, as far as they were recorded. */
  readonly files: readonly FileReport[];
}

export interface Counts {
  /** Lines of the recording, and lines that only we have. */
  readonly lines: number;
  readonly equal: number;
  /** Lines that differ for a reason that is named. */
  readonly purpose: number;
  /** All others: defects. */
  readonly different: number;
}

export function countsOf(reports: Iterable<RunReport>): Counts {
  let [lines, equal, purpose] = [0, 0, 0];
  for (const { files } of reports) {
    for (const row of files.flatMap(({ rows }) => rows)) {
      lines += 1;
      if (row.equal) equal += 1;
      else if (row.reason !== null) purpose += 1;
    }
  }
  return { lines, equal, purpose, different: lines - equal - purpose };
}

/** The differing lines of a run, each with its file. */
export function differencesOf({ files }: RunReport): readonly (Difference & { readonly file: string })[] {
  return files.flatMap(({ file, rows }) => rows.filter(({ equal }) => !equal).map((row) => ({ ...row, file })));
}
