import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { Bench } from '../page.ts';
import { linkTo } from '../programs.ts';

/** In the views of the centre; the rest of the page is as in the other journeys. */
async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .include('#region-program')
    .exclude('.monaco-editor')
    .analyze();
  return found.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}

test('a call of the trace leads to its card, on to an error and to other functions, and back into the trace', async ({
  page,
}) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'example', id: 'probe' } }));
  await bench.runToEnd();
  await bench.traceRows().filter({ hasText: 'BASE probe_extension' }).first().click();
  await bench.id('call-about').click();
  await expect(bench.card()).toContainText('BASE probe_extension');
  await expect(bench.card()).toContainText('a7=0x10 a6=0x3');
  await bench.card().getByRole('button', { name: 'BASE', exact: true }).click();
  await expect(bench.card()).toContainText('Version, implementation and machine identity');
  await bench.id('reference-back').click();
  const seen = Number(/\d+/.exec((await bench.id('reference-count').textContent()) ?? '')?.[0]);
  expect(seen).toBeGreaterThan(1);
  await bench.id('reference-show').click();
  await expect(bench.id('trace-count')).toContainText(String(seen));
  await expect(bench.id('filter-extension')).toHaveValue('BASE');
  for (const row of await bench.traceRows().all()) await expect(row).toContainText('probe_extension');
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect(bench.id('filter-extension')).toHaveValue('all');
  await expect(bench.id('filter-text')).toHaveValue('');
});

test('what an error means is found by its number, with the functions that give it, without a mouse', async ({
  page,
}) => {
  const bench = await Bench.open(page);
  await page.keyboard.press('Control+k');
  await expect(bench.id('palette-input')).toBeFocused();
  await page.keyboard.type('-3');
  await expect(bench.id('palette-dialog')).toContainText('INVALID_PARAM');
  await page.keyboard.press('Enter');
  await expect(bench.card()).toBeFocused();
  await expect(bench.card()).toContainText('INVALID_PARAM');
  const link = bench.card().getByRole('button', { name: 'HSM hart_start' });
  for (let i = 0; i < 40 && !(await link.evaluate((node) => node === document.activeElement)); i += 1)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(bench.card()).toContainText('hart_start(hartid, start_addr, opaque)');
  await page.keyboard.press('Alt+6');
  await expect(bench.id('reference-search')).toBeFocused();
  await page.keyboard.type('0x8030000002000020');
  await page.keyboard.press('Enter');
  await expect(bench.card()).toContainText('CORE.mode');
});

test('the matrix and the log of ioctls lead to the cards of what they show', async ({ page }) => {
  const bench = await Bench.open(page);
  await bench.runToEnd();
  await page.getByRole('button', { name: /^SUSP/ }).click();
  await bench.id('about-SUSP').click();
  await expect(bench.card()).toContainText('System suspend');
  await bench.id('centre-tab-ioctls').click();
  await bench.id('ioctls-text').fill('SBI_EXT.SUSP');
  await bench.id('ioctl-row').first().getByText('SBI_EXT.SUSP').click();
  await expect(bench.card()).toContainText('0x803000000800000b');
  await bench.id('reference-show').click();
  await expect(bench.id('ioctls-text')).toHaveValue('SBI_EXT.SUSP');
  await bench.id('ioctls-text').fill('KVM_EXIT_RISCV_SBI');
  await page.getByRole('grid', { name: 'ioctls of the VMM' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(bench.card()).toContainText('prefilled with NOT_SUPPORTED');
  await bench.id('reference-show').click();
  await expect(bench.traceRows()).toHaveCount(1);
});

for (const scheme of ['light', 'dark'] as const)
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])
    test(`the reference has no axe violations in ${scheme} at ${viewport.width}x${viewport.height}`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      const bench = await Bench.open(page);
      await bench.runToEnd();
      await page.keyboard.press('Alt+6');
      await expect(bench.id('reference-search')).toBeFocused();
      expect(await violations(page)).toEqual([]);
      await page.keyboard.type('SBI_IDENTITY.spec_version');
      await page.keyboard.press('Enter');
      await expect(bench.card()).toContainText('WHAT-IF');
      expect(await violations(page)).toEqual([]);
      await bench.card().getByRole('button', { name: 'EBUSY' }).click();
      await expect(bench.card()).toContainText('errno of an ioctl');
      expect(await violations(page)).toEqual([]);
      await bench.id('reference-show').click();
      await expect(bench.id('ioctls-text')).toHaveValue('-EBUSY');
      await bench.id('ioctls-text').fill('');
      expect(await violations(page)).toEqual([]);
    });
