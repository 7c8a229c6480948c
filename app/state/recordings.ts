/** Which recording is shown. What was recorded, and what its replays found, is loaded apart with the panel. */

export interface RecordingsSlice {
  /** Name of the host's folder; null for the first. */
  readonly host: string | null;
  /** The run whose lines are shown; null for the list of all. */
  readonly run: string | null;
  /** The row of the run's lines that was looked at last. */
  readonly row: number | null;
  /** The run that the list is to lead the keyboard back to. */
  readonly left: string | null;
}

export const recordingsSlice: RecordingsSlice = { host: null, run: null, row: null, left: null };
