import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { Bench } from '../page.ts';

/** Some hundred guests run, on machines that may be slow. */
const ALL_RAN_MS = 150_000;

async function openMatrix(page: Page, width: number): Promise<Bench> {
  const bench = await Bench.open(page);
  if (width < 821) await bench.id('narrow-tab-program').click();
  await bench.id('centre-tab-matrix').click();
  return bench;
}

for (const scheme of ['light', 'dark'] as const)
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])
    test(`the matrix has no axe violations in ${scheme} at ${viewport.width}x${viewport.height}, while guests run and when they are stopped`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
      await page.setViewportSize(viewport);
      const bench = await openMatrix(page, viewport.width);
      const check = async () => {
        const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').analyze();
        expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
      };
      await bench.id('matrix-stop').click();
      await expect(bench.id('matrix-progress')).toHaveText('Stopped.');
      await check();
      await bench.id('matrix-go-on').click();
      await bench.id('matrix-topic').selectOption('V01');
      await expect(bench.id('cell-linux-7.2-crosvm')).toHaveText('✕ stops', { timeout: 60_000 });
      await check();
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
    });

test('no control of the matrix is cut off in the narrowest panel', async ({ page }) => {
  await page.setViewportSize({ width: 821, height: 900 });
  const bench = await openMatrix(page, 821);
  await bench.id('matrix-stop').click();
  const beyond = await bench.id('matrix').evaluate((panel) => {
    const { right } = panel.getBoundingClientRect();
    const controls = [...panel.querySelectorAll('.survey-controls label, .survey-controls button')];
    return controls.filter((control) => control.getBoundingClientRect().right > right).map((one) => one.textContent);
  });
  expect(beyond).toEqual([]);
});

test('a guest is run for each combination beside the machine, and a cell becomes the machine by keyboard', async ({
  page,
}) => {
  test.setTimeout(ALL_RAN_MS + 60_000);
  const bench = await openMatrix(page, 1440);
  const started = Date.now();
  await bench.runToEnd();
  await expect(bench.id('matrix-progress')).toHaveText('All have run.', { timeout: ALL_RAN_MS });
  console.log(`the matrix of one interface took ${((Date.now() - started) / 1000).toFixed(1)} s`);
  await expect(bench.id('status-reason')).toContainText('powered off');
  await bench.id('matrix-topic').selectOption('DBCN');
  await expect(bench.id('cell-linux-6.6-qemu')).toHaveText('–');
  await expect(bench.id('cell-linux-6.7-qemu')).toHaveText('VMM');
  await expect(bench.id('cell-linux-6.4-crosvm')).toHaveText('no start');

  await bench.id('cell-linux-7.2-ecall').focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
  await expect(bench.id('matrix-detail')).toContainText('Linux 7.1 under kvmtool');
  await page.keyboard.press('Enter');
  await expect(bench.id('vmm')).toHaveValue('kvmtool');
  await expect(bench.id('host')).toHaveValue('linux-7.1');
  await bench.id('bring-back').click();
  await expect(bench.id('vmm')).toHaveValue('ecall');
});
