/** Fetches the packages of Debian that the guests are made of, and keeps them with their checksums. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { aptIn, FetchError } from '../../testing/apt.ts';
import { sha256OfFile } from './checksum.ts';

export interface PackageRequest {
  readonly name: string;
  /** `null` for a package that is the same on all architectures: any index lists it. */
  readonly architecture: string | null;
  /** Asked in this order: a mirror in the middle of an update may have an index that does not verify. */
  readonly suites: readonly string[];
}

export interface FetchedPackage {
  readonly name: string;
  readonly version: string;
  readonly suite: string;
  readonly sha256: string;
  /** Path of the .deb. */
  readonly path: string;
}

export interface PackageStore {
  readonly mirror: string;
  /** Folder for indexes and packages. */
  readonly folder: string;
  readonly say: (words: string) => void;
}

/**
 * The package as it was fetched before, when it is whole; else, or with `update`, the newest one of the first
 * suite that has a verified index. Throws `FetchError` with what apt said of each suite.
 */
export function fetchPackage(request: PackageRequest, store: PackageStore, update: boolean): FetchedPackage {
  const note = join(store.folder, `${request.name}.json`);
  const before = update ? null : packageBefore(note);
  if (before !== null) return before;
  const failures: string[] = [];
  for (const suite of request.suites) {
    try {
      const fetched = fetchFrom(suite, request, store);
      writeFileSync(note, `${JSON.stringify(fetched, null, 2)}\n`);
      return fetched;
    } catch (error) {
      if (!(error instanceof FetchError)) throw error;
      store.say(`${request.name} cannot be had from ${suite}: ${reasonOf(error.message)}`);
      failures.push(error.message);
    }
  }
  throw new FetchError(`${request.name} cannot be fetched from ${store.mirror}:\n${failures.join('\n')}`);
}

/** The line in which apt tells the error, out of many. */
function reasonOf(words: string): string {
  const lines = words.split('\n');
  return lines.find((line) => line.startsWith('E: ')) ?? lines.at(-1) ?? words;
}

function packageBefore(note: string): FetchedPackage | null {
  if (!existsSync(note)) return null;
  const fetched: FetchedPackage = JSON.parse(readFileSync(note, 'utf8'));
  return existsSync(fetched.path) && sha256OfFile(fetched.path) === fetched.sha256 ? fetched : null;
}

function fetchFrom(suite: string, request: PackageRequest, { folder, mirror, say }: PackageStore): FetchedPackage {
  const { name, architecture } = request;
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, 'apt-'));
  try {
    const source = { mirror, suite, ...(architecture === null ? {} : { architecture }) };
    const get = aptIn(work, source);
    say(`${name}: reading the index of ${suite}`);
    get('update');
    const shown = aptIn(work, source, 'apt-cache')('show', '--no-all-versions', name);
    const { Version: version = '', SHA256: sha256 = '', Size: size = '0' } = fieldsOf(shown);
    say(`${name} ${version}: downloading ${Math.ceil(Number(size) / 1e6)} MB`);
    get('download', `${name}=${version}`);
    const file = readdirSync(work).find((entry) => entry.endsWith('.deb'));
    if (file === undefined) throw new FetchError(`apt-get downloaded nothing for ${name}=${version}`);
    const got = sha256OfFile(join(work, file));
    if (got !== sha256) throw new FetchError(`${file} has the checksum ${got}, the index says ${sha256}`);
    renameSync(join(work, file), join(folder, file));
    return { name, version, suite, sha256, path: join(folder, file) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Fields of a paragraph that are on one line. [deb-control(5)] */
function fieldsOf(paragraph: string): Readonly<Record<string, string>> {
  const lines = paragraph.split('\n').map((line) => /^([A-Za-z0-9-]+): (.*)$/.exec(line));
  return Object.fromEntries(lines.flatMap((match) => (match === null ? [] : [[match[1] ?? '', match[2] ?? '']])));
}
