import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { Bench } from '../page.ts';

/** Some hundred runs of a guest, on machines that may be slow. */
const ALL_REPLAYED_MS = 180_000;
/** axe looks at every line and cell. */
const AXE_MS = 180_000;
const RUN = '#recordings/7.2.13-plain/default';

async function violations(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').analyze();
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}

for (const scheme of ['light', 'dark'] as const)
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])
    test(`the recordings have no axe violations in ${scheme} at ${viewport.width}x${viewport.height}, as a list and line by line`, async ({
      page,
    }) => {
      test.setTimeout(AXE_MS);
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      const bench = await Bench.open(page, '#recordings/6.12.107-q72/csr');
      await expect(bench.id('recordings-counts')).toContainText(/ 0 different\.$/, { timeout: 30_000 });
      // Few lines are enough, and axe looks at each.
      await bench.id('recordings-differences').check();
      await expect(bench.id('recorded-purpose').first()).toContainText('QEMU 7.2');
      await bench.id('recorded-purpose').first().click();
      expect(await violations(page)).toEqual([]);
      await bench.id('recordings-differences').uncheck();
      await page.goto('/#recordings/6.12.107-q72/mmio');
      await expect(bench.id('recorded-volatile').first()).toBeVisible({ timeout: 30_000 });
      expect(await violations(page)).toEqual([]);
      await bench.id('recordings-back').click();
      await expect(bench.id('recordings-totals')).toContainText(/^✓ 2 runs.* 0 different$/);
      expect(await violations(page)).toEqual([]);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
    });

test('every recording is replayed beside the machine, and no line differs but on purpose', async ({ page }) => {
  test.setTimeout(ALL_REPLAYED_MS + 60_000);
  const bench = await Bench.open(page);
  await page.keyboard.press('Alt+7');
  const started = Date.now();
  await bench.id('recordings-all').click();
  await expect(bench.id('recordings-progress')).toContainText('Replaying');
  await bench.runToEnd();
  await bench.id('recordings-stop').click();
  await expect(bench.id('recordings-all')).toBeVisible();
  await bench.id('recordings-all').click();
  await expect(bench.id('recordings-all')).toBeVisible({ timeout: ALL_REPLAYED_MS });
  console.log(`all recordings took ${((Date.now() - started) / 1000).toFixed(1)} s`);
  const totals = (await bench.id('recordings-totals').textContent()) ?? '';
  const [, runs = '0', lines = '0'] = /(\d+) runs, ([\d,]+) lines/.exec(totals) ?? [];
  expect(await bench.id('recordings-all').textContent()).toBe(`Replay all ${runs} runs`);
  expect(Number(lines.replaceAll(',', ''))).toBeGreaterThan(20_000);
  expect(totals).toMatch(/ 0 different$/);
  await expect(bench.id('status-reason')).toContainText('powered off');
});

test('a link opens a run, whose lines are walked by keyboard to the card of a call and back', async ({ page }) => {
  const bench = await Bench.open(page, RUN);
  await expect(bench.id('recordings-counts')).toContainText('0 different', { timeout: 30_000 });
  const call = page.getByRole('row', { name: /impl_id 0x10 0x1 -> 0 3/ });
  await call.click();
  await expect(bench.id('recordings-said')).toContainText('Equal. BASE.get_impl_id: what is it?');
  await page.keyboard.press('ArrowDown');
  await expect(bench.id('recordings-said')).toContainText('BASE.get_impl_version');
  await page.keyboard.press('Enter');
  await expect(bench.card()).toContainText('get_impl_version');
  await page.keyboard.press('Alt+7');
  await expect(bench.id('recordings-said')).toContainText('BASE.get_impl_version');
  await expect(page.locator('[aria-selected="true"][data-testid="recorded-equal"]')).toContainText(
    'impl_version 0x10 0x2',
  );
  await page.keyboard.press('End');
  await expect(bench.id('recorded-equal').last()).toContainText('EXIT_RISCV_SBI');
  await expect(bench.id('recorded-equal').last()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(bench.id('recordings-runs')).toBeFocused();
  await expect(bench.id('recorded-run-default')).toHaveAttribute('aria-selected', 'true');
  await expect(page).toHaveURL(/\/$/);
});

test('times are shown of both sides and marked as not compared', async ({ page }) => {
  const bench = await Bench.open(page, '#recordings/7.2.13-plain/mmio');
  const slept = bench.id('recorded-volatile').filter({ hasText: 'wfi slept ticks' });
  await expect(slept.locator('mark')).toHaveCount(2, { timeout: 30_000 });
  await slept.click();
  await expect(bench.id('recordings-said')).toContainText('Not compared: time that a sleep');
  await bench.id('recordings-back').click();
  await bench.id('recorded-run-default').click();
  await expect(page).toHaveURL(/\/$/);
  await bench.id('recordings-link').click();
  await expect(page).toHaveURL(/#recordings\/7\.2\.13-plain\/default$/);
});

test('the host of a recording becomes that of the machine, and can be given back', async ({ page }) => {
  const bench = await Bench.open(page, '#recordings/6.12.107-q72');
  await bench.id('recordings-load').click();
  await expect(bench.id('host')).toHaveValue('linux-6.12-nov01');
  await expect(bench.id('hardware.marchid')).toHaveValue('0x0000000000070216');
  await bench.id('bring-back').click();
  await expect(bench.id('host')).toHaveValue('linux-7.2');
});

test('recordings that cannot be loaded say so, and come when they are asked for again', async ({ page }) => {
  await page.route('**/shared-*', (route) => route.abort());
  const bench = await Bench.open(page, '#recordings');
  await expect(bench.id('recordings-failure')).toContainText('could not be loaded');
  await page.unroute('**/shared-*');
  await bench.id('recordings-failure').getByRole('button').click();
  await expect(bench.id('recorded-run-default')).toContainText('calls every extension');
});
