/** A folder of recordings: one host, `RUN.txt` and `RUN.ioctl.log` for each run. Plain or gzipped text. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { UsageError } from '../usage.ts';
import { parseRuns, type Runs } from './script.ts';

/** Files of a host that are no runs. */
const NOT_RUNS = new Set(['host-dmesg', 'host-dmesg-after', 'host-serial', 'host-serial.log']);
const LOG = '.ioctl.log';
const TEXT = '.txt';

export interface Recordings {
  /** Name of the folder, which is that of the host. */
  readonly name: string;
  /** In alphabetical order. */
  readonly runs: readonly string[];
  /** A file, or null when there is none. */
  text(file: string): string | null;
}

export interface Oracle {
  readonly hosts: readonly Recordings[];
  readonly runs: Runs;
}

/** `path` is a folder of hosts or one host; `runs.sh` stands in it or beside the host. */
export function openOracle(path: string): Oracle {
  if (!existsSync(path) || !statSync(path).isDirectory()) {
    throw new UsageError(`${path} is not a folder`, 'Give a folder of recordings, or one host of it.');
  }
  const folders = isHost(path)
    ? [path]
    : readdirSync(path)
        .map((name) => join(path, name))
        .filter((folder) => statSync(folder).isDirectory() && isHost(folder));
  if (folders.length === 0) {
    throw new UsageError(`${path} has no recordings`, 'A host is a folder with reglist.txt or files RUN.ioctl.log.');
  }
  const script = [path, dirname(path)].map((folder) => join(folder, 'runs.sh')).find((file) => existsSync(file));
  if (script === undefined) {
    throw new UsageError(`there is no runs.sh in or above ${path}`, 'It says how each recording was started.');
  }
  return { hosts: folders.sort().map(recordingsIn), runs: parseRuns(readFileSync(script, 'utf8')) };
}

function isHost(folder: string): boolean {
  return readdirSync(folder).some((file) => /^reglist\.txt(\.gz)?$|\.ioctl\.log(\.gz)?$/.test(file));
}

function recordingsIn(folder: string): Recordings {
  const files = new Set(readdirSync(folder).map((file) => file.replace(/\.gz$/, '')));
  const runs = [...files]
    .filter((file) => file.endsWith(TEXT))
    .map((file) => file.slice(0, -TEXT.length))
    .filter((name) => !NOT_RUNS.has(name) && !name.endsWith(LOG));
  return {
    name: basename(folder),
    runs: runs.sort(),
    text: (file) => (files.has(file) ? read(join(folder, file)) : null),
  };
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : gunzipSync(readFileSync(`${file}.gz`)).toString('utf8');
}
