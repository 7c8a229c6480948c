import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Bench } from '../page.ts';
import { linkTo, program } from '../programs.ts';

test('a copied link opens elsewhere with the same program and configuration', async ({ page, context, browser }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.sayByDbcn } }));
  await bench.mode('DBCN', 'off');
  await bench.id('mimpid').fill('0x77');
  await bench.id('mimpid').blur();
  await bench.id('copy-link').click();
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain('#');
  const link = await page.evaluate(() => navigator.clipboard.readText());

  const elsewhere = await browser.newContext();
  const other = await elsewhere.newPage();
  await other.goto(link);
  const copy = new Bench(other);
  await expect(copy.id('mode-DBCN-off')).toBeChecked();
  await expect(copy.id('mimpid')).toHaveValue(/0x0*77$/);
  await expect(copy.id('editor')).toContainText('said by DBCN');
  await elsewhere.close();
});

test('a link to an example keeps its address and costs no working copy, until something is changed', async ({
  page,
}) => {
  const kept = () => page.evaluate(() => localStorage.getItem('ecall.working-copy'));
  const bench = await Bench.open(page);
  await bench.id('example').selectOption('echo');
  await expect.poll(kept).toContain('echo');
  const link = await linkTo({ guest: { kind: 'example', id: 'timer' }, harts: 2 });
  await page.goto('about:blank');
  await Bench.open(page, link);
  await expect(bench.id('editor')).toContainText('Timer: the same deadline');
  await expect(bench.id('problems')).toContainText('assembles to');
  // Longer than the page takes to keep a change.
  await page.waitForTimeout(1000);
  expect([await kept(), page.url().endsWith(link)]).toEqual([expect.stringContaining('echo'), true]);
  await bench.mode('DBCN', 'off');
  await expect.poll(kept).toContain('timer');
  expect(page.url()).not.toContain('#');
});

const malformed: readonly (readonly [string, string])[] = [
  ['an unknown field', '#2&zz=1'],
  ['a number of harts that no machine has', '#2&n=99'],
  ['cut-off source', '#2&g=~AAAA'],
  ['no version that is known', '#9&h=2'],
  ['plain noise', '#%%%%%'],
];
for (const [what, link] of malformed)
  test(`a link with ${what} opens the default and says what is wrong`, async ({ page }) => {
    const bench = await Bench.open(page, link);
    await expect(bench.id('message')).toBeVisible();
    await expect(bench.id('message')).toContainText(/link/i);
    await bench.runToEnd();
  });

const published = ['urls.json', 'urls-2.json'].flatMap((file) => {
  const text = readFileSync(new URL(`../fixtures/${file}`, import.meta.url), 'utf8');
  return (JSON.parse(text) as { links: { link: string }[] }).links;
});
test('every link that was published once still opens', async ({ page }) => {
  for (const { link } of published) {
    await page.goto('about:blank');
    const bench = await Bench.open(page, link);
    await expect(bench.id('message').filter({ hasText: 'cannot be opened' })).toHaveCount(0);
  }
});
