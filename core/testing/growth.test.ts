/**
 * What is to grow by files alone does: a copy of the tree gets an invented Linux release, and an invented SBI extension,
 * and nothing else; the compiler says what it misses, and the command line then runs guests on it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const TSC = join(root, 'node_modules/.bin/tsc');
/** A compilation of core, or a run of the command line, on a machine that does much else. */
const TIMEOUT_MS = 240_000;

let tree = '';
const inTree = (path: string) => join(tree, path);
const write = (path: string, text: string) => writeFileSync(inTree(path), text);

/** Puts a line before the first one that has `mark`. */
function lineBefore(path: string, mark: string, line: string): void {
  const lines = readFileSync(inTree(path), 'utf8').split('\n');
  const at = lines.findIndex((text) => text.includes(mark));
  if (at < 0) throw new Error(`${path} has no ${mark}`);
  write(path, lines.toSpliced(at, 0, line).join('\n'));
}

/** The files in which the compiler finds core wrong. */
function wrongFiles(): readonly string[] {
  const { stdout } = spawnSync(TSC, ['-p', inTree('core'), '--noEmit'], { cwd: tree, encoding: 'utf8' });
  return [...new Set([...stdout.matchAll(/^(\S+)\(\d+,\d+\): error/gm)].map(([, file = '']) => file))].sort();
}

function ecall(...args: readonly string[]): string {
  const command = ['--import', 'tsx', inTree('core/cli/main.ts'), 'run', ...args];
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { cwd: tree, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'ecall-growth-'));
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', 'core', 'tsconfig*', 'package.json'],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  for (const path of listed.split('\n').filter((path) => path !== '' && !path.includes('/recorded/'))) {
    if (existsSync(join(root, path))) cpSync(join(root, path), inTree(path));
  }
  symlinkSync(join(root, 'node_modules'), inTree('node_modules'));
}, TIMEOUT_MS);

afterAll(() => {
  if (dirname(tree) === tmpdir()) rmSync(tree, { recursive: true });
});

describe('an invented Linux release', () => {
  const RELEASES = 'core/kvm/profiles';
  const FILE = `import type { Release } from '../types.ts';
import { LINUX_7_2 } from './linux-7.2.ts';

const { SUSP: _forgotten, DBCN, ...kept } = LINUX_7_2.extensions;

/** Answers the console itself, and knows no system suspend. */
export const LINUX_99_1 = {
  ...LINUX_7_2,
  name: '99.1',
  linux: '99.1.7',
  extensions: { ...kept, DBCN: { ...DBCN, enabled: true, where: 'kernel' } },
} as const satisfies Release;
`;

  it(
    'is a data file and a line of the list: then the probe boots on it and sees what the data says',
    () => {
      write(`${RELEASES}/releases/linux-99.1.ts`, FILE);
      lineBefore(
        `${RELEASES}/index.ts`,
        'import { LINUX_7_2 }',
        "import { LINUX_99_1 } from './releases/linux-99.1.ts';",
      );
      lineBefore(`${RELEASES}/index.ts`, '  LINUX_7_2,', '  LINUX_99_1,');
      expect(wrongFiles()).toEqual([]);
      const on = (host: string) =>
        ecall('--example', 'probe', '--interface', 'upstream', '--host', host, '--sbi', 'DBCN=kvm');
      expect(on('linux-99.1').split('\n')).toEqual(
        expect.arrayContaining(['impl_version=0x630107', 'DBCN=0x1', 'SUSP=0x0', 'console=0x0']),
      );
      expect(() => on('linux-7.2')).toThrow('no DBCN of its own');
    },
    TIMEOUT_MS,
  );
});

/** Probes ECHO, calls it with 'A' and prints both answers as characters. */
const GUEST = `_start:
 li a7, 0x10
 li a6, 3
 li a0, 0x4543484f
 ecall
 addi s0, a1, '0'
 li a7, 0x4543484f
 li a6, 0
 li a0, 'A'
 ecall
 mv s1, a1
 mv a0, s0
 li a7, 1
 ecall
 mv a0, s1
 li a7, 1
 ecall
 li a7, 8
 ecall
`;

describe('an invented SBI extension', () => {
  const SPEC = `import type { SbiExtension } from '../types.ts';

export const ECHO = {
  name: 'ECHO',
  eid: [0x4543484f, 0x4543484f],
  title: 'Echo',
  says: 'Gives back what it is given, and something more.',
  chapter: '99',
  since: '3.0',
  category: 'platform',
  hot: null,
  kvm: true,
  vmm: true,
  functions: {
    echo: { fid: 0, since: '3.0', says: 'Echoes.', args: [{ name: 'value', type: 'ulong' }], returns: 'value', errors: [] },
  },
} as const satisfies SbiExtension;
`;

  it(
    'is a specification file and its name, then the compiler asks for handlers, register and link code, and for nothing else',
    () => {
      write('core/sbi/spec/echo.ts', SPEC);
      lineBefore('core/sbi/types.ts', "  'EXPERIMENTAL',", "  'ECHO',");
      lineBefore('core/sbi/spec/index.ts', 'import { EXPERIMENTAL }', "import { ECHO } from './echo.ts';");
      lineBefore('core/sbi/spec/index.ts', '  EXPERIMENTAL,', '  ECHO,');
      expect(wrongFiles()).toEqual([
        'core/config/fields.ts',
        'core/kvm/sbi/index.ts',
        'core/kvm/uapi.ts',
        'core/vmm/sbi/index.ts',
      ]);
    },
    TIMEOUT_MS,
  );

  it(
    'is answered by whom the configuration says once the handlers are there',
    () => {
      lineBefore('core/config/fields.ts', "  EXPERIMENTAL: 'x',", "  ECHO: 'o',");
      lineBefore('core/kvm/uapi.ts', '  EXPERIMENTAL: 7,', '  ECHO: 63,');
      write(
        'core/kvm/sbi/echo.ts',
        `import type { KernelExtension } from './handlers.ts';
import { done } from './outcome.ts';

export const echo: KernelExtension<'ECHO'> = { echo: (_cpu, value) => done('SUCCESS', value + 1n) };
`,
      );
      lineBefore('core/kvm/sbi/index.ts', 'import { hsm }', "import { echo } from './echo.ts';");
      lineBefore('core/kvm/sbi/index.ts', '  HSM: hsm,', '  ECHO: echo,');
      write(
        'core/vmm/sbi/echo.ts',
        `import type { Server } from './server.ts';

export const echo: Server<'ECHO'> = { echo: (_vm, { value }) => ({ value: value + 2n }) };
`,
      );
      lineBefore('core/vmm/sbi/index.ts', 'import { hsm }', "import { echo } from './echo.ts';");
      lineBefore('core/vmm/sbi/index.ts', '  HSM: hsm,', '  ECHO: echo,');
      write('guest.s', GUEST);
      expect(wrongFiles()).toEqual([]);
      const answers = (['kvm', 'vmm', 'off'] as const).map((mode) => ecall('guest.s', '--sbi', `ECHO=${mode}`));
      expect(answers).toEqual(['1B', '1C', '0\0']);
      // A link that was made before says nothing of it.
      expect(ecall('guest.s')).toBe('0\0');
      expect(ecall('--example', 'probe', '--sbi', 'ECHO=vmm').split('\n')).toContain('ECHO=0x1');
    },
    TIMEOUT_MS,
  );
});
