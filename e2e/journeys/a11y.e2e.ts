import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { Bench } from '../page.ts';

for (const scheme of ['light', 'dark'] as const)
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])
    test(`no axe violations in ${scheme} at ${viewport.width}x${viewport.height}, before and after a run`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      const bench = await Bench.open(page);
      const check = async () => {
        const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').analyze();
        expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
      };
      await check();
      await bench.runToEnd();
      await check();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
    });

test('a machine that contradicts itself is told in words, by keyboard, without axe violations, until it is repaired', async ({
  page,
}) => {
  const bench = await Bench.open(page);
  await bench.id('harts').fill('4');
  await bench.id('mode-HSM-off').check();
  const summary = bench.id('warnings').locator('summary');
  await expect(summary).toContainText('2 warnings');
  await expect(bench.id('warning-at-harts')).toContainText('no HSM');
  await summary.focus();
  await page.keyboard.press('Enter');
  await expect(bench.id('warning-hsm-missing')).toContainText('runs on the first alone');
  const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await bench.id('mode-HSM-kvm').check();
  await expect(bench.id('warnings')).toBeHidden();
});

test('a run, a changed mode and a second run need no mouse', async ({ page }) => {
  const bench = await Bench.open(page);
  const tabTo = async (id: string) => {
    for (let i = 0; i < 150; i += 1) {
      await page.keyboard.press('Tab');
      if (
        await bench.id(id).evaluate((node) => node === document.activeElement || node.contains(document.activeElement))
      )
        return;
    }
    throw new Error(`Tab never reached ${id}`);
  };
  await tabTo('run');
  await page.keyboard.press('Enter');
  await bench.expectStopped(/powered off/);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await page.evaluate(() => window.scrollTo(0, 0));
  const group = bench.id('mode-DBCN-kvm').or(bench.id('mode-DBCN-vmm')).or(bench.id('mode-DBCN-off'));
  await expect(group.first()).toBeAttached();
  for (let i = 0; i < 150; i += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? '');
    if (name.startsWith('mode-DBCN-')) break;
  }
  await page.keyboard.press('ArrowRight');
  const chosen = await page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? '');
  expect(chosen).toMatch(/^mode-DBCN-/);
  await expect(bench.id(chosen)).toBeChecked();
});
