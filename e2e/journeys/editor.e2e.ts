import { expect, test } from '@playwright/test';
import { Bench } from '../page.ts';
import { linkTo, program } from '../programs.ts';

test('assembly errors are shown in place, all at once, and the program is not lost', async ({ page }) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.wrong } }));
  await expect(bench.id('problems')).toContainText('3');
  await expect(bench.id('problems')).toContainText('4');
  await expect(bench.id('problems')).toContainText(/adddi/);
  await expect(page.locator('.monaco-editor .squiggly-error').first()).toBeVisible();
  await bench.run();
  await expect(bench.id('status-reason')).toContainText(/assembl|error/i);
  await expect(bench.id('editor')).toContainText('adddi');
});

test('after a run each ecall line carries its last call and result', async ({ page }) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.threeCalls } }));
  await bench.runToEnd();
  await expect(bench.id('editor')).toContainText('get_spec_version');
});

test('a mnemonic explains itself on hover', async ({ page }) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.endless } }));
  await page.locator('.monaco-editor').getByText('addi', { exact: true }).first().hover();
  await expect(page.locator('.monaco-hover').first()).toContainText(/Adds a 12-bit constant/);
  await expect(page.locator('.monaco-hover').first()).toContainText('short for addi a0,a0,1');
  await expect(bench.id('editor')).toBeVisible();
});
