/** Opens folders of recordings; their files are plain or gzipped text. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Oracle, type Recordings, runsAmong } from '../../replay/recordings.ts';
import { parseRuns } from '../../replay/script.ts';
import { UsageError } from '../usage.ts';

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
  return {
    name: basename(folder),
    files: [...files].sort(),
    runs: runsAmong(files),
    text: (file) => (files.has(file) ? read(join(folder, file)) : null),
  };
}

function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : gunzipSync(readFileSync(`${file}.gz`)).toString('utf8');
}
