import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { Bench, type Layer } from '../page.ts';
import { linkTo, program } from '../programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The editor, what it says of words and instructions, the assembler, and the programs of the examples but the first. */
const LATER = /monaco|editor|reference-|explained-|programs-/i;
/**
 * First load without what comes once the page is usable, the editor with its help, the assembler and the programs of other
 * examples; gzipped. It is the whole machine with every host profile, the list of examples, and the terminal.
 */
const FIRST_LOAD_LIMIT = 385 * 1024;

/** Runs the command line and gives the counts that it prints as the last line of standard error. */
function runInNode(...args: string[]): { calls: Record<string, Record<Layer, number>> } {
  const { status, stderr } = spawnSync('node', ['--import', 'tsx', 'core/cli/main.ts', 'run', ...args, '--stats'], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
}

const cases = [
  ['one hart', { guest: { kind: 'source', text: program.sayByDbcn } }],
  ['two harts', { guest: { kind: 'example', id: 'smp' }, harts: 2 }],
  ['the probe of every extension', { guest: { kind: 'example', id: 'probe' } }],
] as const;
for (const [what, changes] of cases)
  test(`the page and the command line give the same trace, byte for byte, and the same counts: ${what}`, async ({
    page,
  }) => {
    const link = await linkTo(changes);
    const bench = await Bench.open(page, link);
    await bench.runToEnd();
    const download = page.waitForEvent('download');
    await bench.id('export-trace').click();
    const here = readFileSync(await (await download).path(), 'utf8');

    const folder = mkdtempSync(join(tmpdir(), 'ecall-'));
    const traceFile = join(folder, 'trace.jsonl');
    const { calls } = runInNode('--url', link, '--trace', traceFile);
    expect(here).toBe(readFileSync(traceFile, 'utf8'));

    for (const [name, by] of Object.entries(calls))
      for (const layer of ['kvm', 'vmm', 'none'] as const)
        if (by[layer] > 0) expect(await bench.count(name, layer), `${name} ${layer}`).toBe(by[layer]);
  });

test('the first load without the editor stays within its budget and is usable while the editor loads', async ({
  page,
}) => {
  /** Gzipped size by address: what page and worker share is loaded once and then cached. */
  const first = new Map<string, number>();
  const held: (() => void)[] = [];
  let release = false;
  await page.route('**/*', async (route) => {
    const url = route.request().url();
    if (/monaco|editor/i.test(url) && !release) await new Promise<void>((go) => held.push(go));
    await route.continue();
  });
  page.on('response', async (response) => {
    const url = response.url();
    if (!/\.(js|css|html)(\?|$)|\/$/.test(url) || LATER.test(url)) return;
    const body = await response.body().catch(() => Buffer.alloc(0));
    if (body.length > 0) first.set(url, gzipSync(body, { level: 9 }).length);
  });
  const bench = await Bench.open(page);
  await bench.runToEnd();
  await expect(page.locator('.xterm').first()).toBeVisible();
  const bytes = [...first.values()].reduce((sum, size) => sum + size, 0);
  expect([...first.keys()].join(' ')).toMatch(/machine-worker-/);
  expect(bytes, [...first].map(([url, size]) => `${size} ${url}`).join('\n')).toBeLessThanOrEqual(FIRST_LOAD_LIMIT);
  console.log(`first load without the editor: ${(bytes / 1024).toFixed(0)} KB gzipped`);
  release = true;
  for (const go of held) go();
  await expect(page.locator('.monaco-editor').first()).toBeVisible({ timeout: 30_000 });
});
