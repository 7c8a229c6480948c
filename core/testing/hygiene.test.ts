import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import layersFile from '../layers.json' with { type: 'json' };
import { SBI_NAMES } from '../sbi/types.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path && existsSync(root + path));
const text = (path: string) => readFileSync(root + path, 'utf8');
const code = tracked.filter((path) => /\.(ts|tsx)$/.test(path));
const isTest = (path: string) => /\.test\.tsx?$/.test(path) || path.startsWith('e2e/');
const runsOnlyInNode = (path: string) => /^core\/(cli|testing|bench)\//.test(path);
const layers: Readonly<Record<string, readonly string[]>> = layersFile.layers;

/** Longest file that a reader should meet; aim at 300. */
const HARD_LINE_LIMIT = 500;

function lines(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    text(path)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}: ${line.trim()}`] : [])),
  );
}

function layerTable(): string {
  const rows = Object.entries(layers).map(([from, to]) => `| ${from} | ${to.join(', ') || '—'} |`);
  return ['| Folder | May import |', '|---|---|', ...rows].join('\n');
}

describe('the repository', () => {
  it('has no top-level folder besides app, core, public, e2e and dot-folders', () => {
    const top = new Set(tracked.filter((path) => path.includes('/')).map((path) => path.split('/')[0]));
    expect([...top].filter((name) => !/^(app|core|public|e2e|\..+)$/.test(name ?? ''))).toEqual([]);
  });

  it('explains every layer in a README of its folder, or of the folder that gathers it', () => {
    const explained = (folder: string): boolean =>
      existsSync(`${root}${folder}/README.md`) ||
      (folder.split('/').length > 2 && explained(folder.replace(/\/[^/]+$/, '')));
    const folders = Object.keys(layers).filter((folder) => tracked.some((path) => path.startsWith(`${folder}/`)));
    expect(folders.filter((folder) => !explained(folder))).toEqual([]);
  });

  it('names every layer on the map of ARCHITECTURE.md', () => {
    const map = text('ARCHITECTURE.md');
    expect(Object.keys(layers).filter((folder) => !map.includes(`\`${folder}/\``))).toEqual([]);
  });

  it('keeps the import table of ARCHITECTURE.md equal to core/layers.json', () => {
    const path = `${root}ARCHITECTURE.md`;
    const document = readFileSync(path, 'utf8');
    const place = /(<!-- layers -->\n)[\s\S]*?(<!-- end layers -->)/;
    expect(document).toMatch(place);
    const fresh = document.replace(place, (_, begin, end) => `${begin}${layerTable()}\n${end}`);
    if (process.env.UPDATE_GOLDEN && !process.env.CI) writeFileSync(path, fresh);
    else expect(document).toBe(fresh);
  });

  it('keeps every source file readable in one sitting', () => {
    const long = code.filter((path) => text(path).split('\n').length > HARD_LINE_LIMIT);
    expect(long).toEqual([]);
  });

  it('skips no test without a reason and leaves no open end', () => {
    const here = 'core/testing/hygiene.test.ts';
    const paths = code.filter((path) => path !== here);
    expect(
      lines(
        paths,
        /\b(it|test|describe)\.(only|todo)\b|\b(it|test|describe)\.skip\(|\bTODO\b|\bFIXME\b|@ts-ignore|@ts-expect-error/,
      ),
    ).toEqual([]);
  });
});

describe('SBI extensions', () => {
  /** Production code in which more than half of the names stand, and why they do. */
  const KEPT_BY_HAND: Readonly<Record<string, string>> = {
    'core/sbi/types.ts': 'the list itself',
    'core/sbi/spec/index.ts': 'the table of each, which the list asks for',
    'core/kvm/sbi/index.ts': 'handlers, which the compiler asks for',
    'core/vmm/sbi/index.ts': 'handlers, which the compiler asks for',
    'core/kvm/uapi.ts': 'register numbers, which the compiler asks for',
    'core/config/fields.ts': 'letters in links, which the compiler asks for',
    'core/kvm/profiles/choices.ts': 'what was on in the first links, frozen',
    'core/config/coherence-services.ts': 'rules about single ones; a new one needs none',
    'core/sbi/errors.ts': 'reasons of single functions; a new one needs none',
    'core/vmm/profiles/kvmtool.ts': 'what kvmtool has options for',
    'core/guests/lessons.ts': 'what to try on single ones; a new one needs none',
  };

  it('are listed by hand only where the compiler asks for each, or where it is said why', () => {
    const production = code.filter((path) => /^(core|app)\//.test(path) && !isTest(path) && !runsOnlyInNode(path));
    const listing = production.filter((path) => {
      const bare = text(path)
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/\/\/.*/g, '');
      const named = SBI_NAMES.filter((name) =>
        new RegExp(`'${name}'|(^|[{,\\s])${name}:|^\\s+${name},$`, 'm').test(bare),
      );
      return named.length > SBI_NAMES.length / 2;
    });
    expect(listing.toSorted()).toEqual(Object.keys(KEPT_BY_HAND).toSorted());
  });
});

describe('core', () => {
  const core = code.filter(
    (path) => path.startsWith('core/') && !isTest(path) && !runsOnlyInNode(path) && !path.endsWith('.d.ts'),
  );

  it('is compiled without the types of DOM and Node, so that neither can be used', () => {
    const { compilerOptions } = JSON.parse(text('core/tsconfig.json'));
    expect(compilerOptions.lib).toEqual(['ES2023']);
    expect(compilerOptions.types ?? []).toEqual([]);
  });

  it('reads no wall clock and no randomness', () => {
    const pure = core.filter((path) => !path.startsWith('core/worker/'));
    expect(lines(pure, /\bnew Date\b|\bDate\.now|\bMath\.random/)).toEqual([]);
  });
});
