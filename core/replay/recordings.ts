/** A folder of recordings: one host, `RUN.txt` and `RUN.ioctl.log` for each run. */
import type { Runs } from './script.ts';

/** Files of a host that are no runs. */
const NOT_RUNS = new Set([
  'host-command',
  'host-cpuinfo',
  'host-dmesg',
  'host-dmesg-after',
  'host-isa',
  'host-serial',
  'host-serial.log',
]);
const LOG = '.ioctl.log';
const TEXT = '.txt';

export interface Recordings {
  /** Name of the folder, which is that of the host. */
  readonly name: string;
  /** Names of all files. */
  readonly files: readonly string[];
  /** In alphabetical order. */
  readonly runs: readonly string[];
  /** A file, or null when there is none. */
  text(file: string): string | null;
}

/** A folder of recordings as plain data. */
export interface RecordedHost {
  readonly name: string;
  /** Texts by the name of the file. */
  readonly files: Readonly<Record<string, string>>;
}

export function recordingsOf({ name, files }: RecordedHost): Recordings {
  const text = (file: string): string | null => (Object.hasOwn(files, file) ? (files[file] ?? null) : null);
  const names = Object.keys(files);
  return { name, files: names, runs: runsAmong(names), text };
}

export interface Oracle {
  readonly hosts: readonly Recordings[];
  readonly runs: Runs;
}

/** Names of the runs among the files of a host's folder, in alphabetical order. */
export function runsAmong(files: Iterable<string>): readonly string[] {
  return [...files]
    .filter((file) => file.endsWith(TEXT))
    .map((file) => file.slice(0, -TEXT.length))
    .filter((name) => !NOT_RUNS.has(name) && !name.endsWith(LOG))
    .sort();
}
