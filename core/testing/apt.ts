/**
 * apt beside that of the machine, for packages of other releases and architectures of Debian: lists, sources and
 * cache are its own, what it reads is verified with the keyring of the archive, and root is not needed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Both names under which the package debian-archive-keyring has brought it. */
const KEYRINGS = ['gpg', 'pgp'].map((ending) => `/usr/share/keyrings/debian-archive-keyring.${ending}`);
const DEBIAN_RELEASES =
  /^(buster|bullseye|bookworm|trixie|forky|duke|sid|oldoldstable|oldstable|stable|testing|unstable)$/;

/** The reason why nothing was fetched, with the way out. */
export class FetchError extends Error {}

/** Standard output of a program. Throws `FetchError` with its last words when it fails. */
export function run(command: string, args: readonly string[], cwd?: string): string {
  const options = { encoding: 'utf8', maxBuffer: 1 << 26, cwd, env: { ...process.env, LC_ALL: 'C' } } as const;
  const { status, stdout, stderr, error } = spawnSync(command, args, options);
  if (status === 0) return stdout;
  const said = (error?.message ?? stderr).trim().split('\n').slice(-8).join('\n');
  throw new FetchError(`${command} ${args.at(-1) ?? ''} failed:\n${said}`);
}

/** `ECALL_DEBIAN_MIRROR`, or the mirror of the machine's own apt configuration. Throws when it has none. */
export function debianMirror(): string {
  const named = process.env.ECALL_DEBIAN_MIRROR;
  if (named) return named;
  const format = '$(REPO_URI) $(RELEASE) $(COMPONENT)';
  const targets = run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  for (const line of targets.split('\n')) {
    const [uri, release = '', component] = line.split(' ');
    if (uri && component === 'main' && DEBIAN_RELEASES.test(release)) return uri;
  }
  throw new FetchError(
    'the apt configuration of this machine names no Debian mirror. Give one in ECALL_DEBIAN_MIRROR.',
  );
}

export interface AptSource {
  readonly mirror: string;
  readonly suite: string;
  /** As `dpkg --print-architecture` names it; that of the machine when left out. */
  readonly architecture?: string;
}

/**
 * Runs an apt program, apt-get unless named, with lists, cache and sources in `folder`; proxies, certificates
 * and credentials stay the machine's.
 */
export function aptIn(
  folder: string,
  { mirror, suite, architecture }: AptSource,
  program: 'apt-get' | 'apt-cache' = 'apt-get',
): (...args: string[]) => string {
  for (const name of ['lists/partial', 'archives/partial', 'sources', 'none'])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'status'), '');
  const source = ['Types: deb', `URIs: ${mirror}`, `Suites: ${suite}`, 'Components: main'];
  const keyring = KEYRINGS.find((path) => existsSync(path));
  if (keyring !== undefined) source.push(`Signed-By: ${keyring}`);
  writeFileSync(join(folder, 'sources', 'debian.sources'), `${source.join('\n')}\n`);
  const settings = {
    'Dir::State': folder,
    'Dir::State::Lists': join(folder, 'lists'),
    // An empty one: all that is needed is downloaded, whatever the machine has.
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': folder,
    'Dir::Cache::archives': join(folder, 'archives'),
    'Dir::Etc::sourcelist': '/dev/null',
    'Dir::Etc::sourceparts': join(folder, 'sources'),
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': join(folder, 'none'),
    ...(architecture === undefined ? {} : { 'APT::Architecture': architecture, 'APT::Architectures': architecture }),
    'APT::Sandbox::User': 'root',
    'APT::Install-Recommends': 'false',
    'APT::Get::AllowUnauthenticated': 'false',
    'APT::Update::Error-Mode': 'any',
    'Acquire::AllowInsecureRepositories': 'false',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return (...args) => run(program, ['-q', ...(program === 'apt-get' ? ['-y'] : []), ...options, ...args], folder);
}
