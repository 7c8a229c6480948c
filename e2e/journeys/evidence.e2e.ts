import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { Bench, type Layer } from '../page.ts';
import { linkTo, program } from '../programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** First load without the editor, gzipped. */
const FIRST_LOAD_LIMIT = 350 * 1024;

function ecall(...args: string[]): string {
  return execFileSync('node', ['--import', 'tsx', 'core/cli/main.ts', ...args], { cwd: root, encoding: 'utf8' });
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
    const stats = join(folder, 'stats.json');
    writeFileSync(stats, '');
    ecall('run', '--url', link, '--trace', traceFile, `--stats=${stats}`);
    expect(here).toBe(readFileSync(traceFile, 'utf8'));

    const { calls } = JSON.parse(readFileSync(stats, 'utf8')) as { calls: Record<string, Record<Layer, number>> };
    for (const [name, by] of Object.entries(calls))
      for (const layer of ['kvm', 'vmm', 'none'] as const)
        if (by[layer] > 0) expect(await bench.count(name, layer), `${name} ${layer}`).toBe(by[layer]);
  });

test('the first load without the editor stays within its budget and is usable while the editor loads', async ({
  page,
}) => {
  let bytes = 0;
  let editor = 0;
  const held: (() => void)[] = [];
  let release = false;
  await page.route('**/*', async (route) => {
    const url = route.request().url();
    if (/monaco|editor/i.test(url) && !release) await new Promise<void>((go) => held.push(go));
    await route.continue();
  });
  page.on('response', async (response) => {
    if (!/\.(js|css|html)(\?|$)|\/$/.test(response.url())) return;
    const body = await response.body().catch(() => Buffer.alloc(0));
    const size = gzipSync(body, { level: 9 }).length;
    if (/monaco|editor/i.test(response.url())) editor += size;
    else bytes += size;
  });
  const bench = await Bench.open(page);
  await bench.runToEnd();
  expect(bytes).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(FIRST_LOAD_LIMIT);
  release = true;
  for (const go of held) go();
  await expect(page.locator('.monaco-editor').first()).toBeVisible({ timeout: 30_000 });
  console.log(`first load ${Math.round(bytes / 1024)} KB gzipped, editor ${Math.round(editor / 1024)} KB`);
});
