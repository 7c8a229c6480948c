import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@playwright/test';
import { Bench } from '../page.ts';
import { linkTo } from '../programs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the page exports the C program that the command line exports for the same link', async ({ page }) => {
  const link = await linkTo({ guest: { kind: 'example', id: 'smp' }, harts: 2 });
  await Bench.open(page, link);
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-input').fill('Export as C');
  const download = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const file = await download;
  expect(file.suggestedFilename()).toBe('vm.c');
  const args = ['--import', 'tsx', 'core/cli/main.ts', 'export', '--as', 'c', '--url', link];
  const { status, stdout, stderr } = spawnSync('node', args, { cwd: root, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  expect(readFileSync(await file.path(), 'utf8')).toBe(stdout);
  await expect(page.getByText('vm.c is saved.')).toBeVisible();
});
