import { expect, test } from '@playwright/test';
import { Bench } from '../page.ts';
import { linkTo, program } from '../programs.ts';

test('a "try this" of an example changes the machine and runs it', async ({ page }) => {
  const bench = await Bench.open(page);
  await bench.id('centre-tab-about').click();
  const before = await page.locator('input[data-testid^="mode-"]:checked').evaluateAll(testIds);
  await bench.id('try').first().click();
  await bench.expectStopped(/powered off/);
  const after = await page.locator('input[data-testid^="mode-"]:checked').evaluateAll(testIds);
  expect(after).not.toEqual(before);
});

const testIds = (nodes: Element[]): (string | null)[] => nodes.map((node) => node.getAttribute('data-testid'));

test('upstream Linux says why a choice does not exist, and the way back restores what was chosen', async ({ page }) => {
  const bench = await Bench.open(page);
  await bench.mode('TIME', 'vmm');
  await bench.id('interface-upstream').check({ force: true });
  await expect(bench.id('mode-TIME-kvm')).toBeChecked();
  await bench.id('mode-TIME-kvm').focus();
  await page.keyboard.press('ArrowRight');
  await expect(bench.id('refusal')).toContainText('TIME');
  await expect(bench.id('mode-TIME-vmm')).toHaveAccessibleDescription(/TIME/);
  await expect(bench.id('mode-TIME-kvm')).toBeChecked();
  await bench.id('interface-accelerator').check({ force: true });
  await expect(bench.id('mode-TIME-vmm')).toBeChecked();
});

test('after a step the registers that changed show what they were', async ({ page }) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.endless } }));
  await bench.id('centre-tab-registers').click();
  await bench.id('step').click();
  await bench.expectPaused();
  await expect(bench.id('reg-a0')).toContainText('0x0000000000000001');
  await expect(bench.id('reg-a0')).toContainText('was 0x0');
  await expect(bench.id('reg-a2')).not.toContainText('was');
});

test('the trace is narrowed by extension, layer, result and text', async ({ page }) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'example', id: 'probe' } }));
  await bench.runToEnd();
  const all = await bench.traceRows().count();
  await bench.id('filter-extension').selectOption('SRST');
  await expect(bench.traceRows()).toHaveCount(1);
  await bench.id('filter-extension').selectOption('all');
  await bench.id('filter-answered-by').selectOption('vmm');
  for (const row of await bench.traceRows().all()) await expect(row).toContainText('VMM');
  await bench.id('filter-answered-by').selectOption('all');
  await bench.id('filter-text').fill('no such words');
  await expect(bench.traceRows()).toHaveCount(0);
  await bench.id('filter-text').fill('');
  await expect(bench.traceRows()).toHaveCount(all);
});

test('the probe report agrees with the configuration', async ({ page }) => {
  const bench = await Bench.open(page);
  await bench.mode('SUSP', 'off');
  await bench.id('mimpid').fill('0x77');
  await bench.id('centre-tab-probe').click();
  await bench.id('probe').click();
  await expect(bench.id('probe-mimpid')).toContainText('0x77');
  await expect(bench.id('probe-SUSP')).toContainText('off');
  await expect(bench.id('probe-report')).toContainText('The guest sees what was configured.');
});

test('a program of one’s own can be brought back after another was opened', async ({ page }) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.sayByDbcn } }));
  await bench.id('example').selectOption('smp');
  await expect(bench.id('editor')).toContainText('Two harts');
  await bench.id('bring-back').click();
  await expect(bench.id('editor')).toContainText('said by DBCN');
});

test('without a clipboard the link stands in a field', async ({ page }) => {
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  const bench = await Bench.open(page);
  await bench.mode('DBCN', 'off');
  await bench.id('copy-link').click();
  await expect(bench.id('message-copy')).toHaveValue(/#.+/);
});
