import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { Bench } from '../page.ts';
import { linkTo, program } from '../programs.ts';

async function chooseFile(page: Page, bench: Bench, name: string, text: string): Promise<void> {
  const chosen = page.waitForEvent('filechooser');
  await bench.id('load-state').click();
  await (await chosen).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) });
}

test('a machine is saved to a file and goes on from it in another page, configuration and all', async ({
  page,
  context,
}) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.threeCalls } }));
  await bench.mode('DBCN', 'off');
  await bench.id('next-call').click();
  await bench.expectPaused();
  const saved = page.waitForEvent('download');
  await bench.id('save-state').click();
  const download = await saved;
  const text = await readFile(await download.path(), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ format: 'ecall-state', version: 3 });

  const other = await context.newPage();
  const fresh = await Bench.open(other);
  await chooseFile(other, fresh, download.suggestedFilename(), text);
  await expect(fresh.id('message').filter({ hasText: 'Continue goes on where it was saved' })).toBeVisible();
  await fresh.expectPaused();
  await expect(fresh.id('mode-DBCN-off')).toBeChecked();
  await fresh.runToEnd();
  expect(await fresh.count('BASE', 'kvm')).toBe(2);
  await bench.runToEnd();
  await expect(fresh.id('status-instructions')).toHaveText((await bench.id('status-instructions').textContent()) ?? '');
});

test('a file that is no state, or of a newer Ecall, is refused and the machine stays', async ({ page }) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.endless } }));
  await bench.id('step').click();
  await bench.expectPaused();
  await chooseFile(page, bench, 'notes.txt', 'hello');
  await expect(bench.id('message')).toContainText('notes.txt: This state cannot be loaded: the file is not JSON');
  await chooseFile(page, bench, 'new.json', '{"format":"ecall-state","version":42}');
  await expect(bench.id('message')).toContainText('version: is 42');
  await bench.id('step').click();
  await expect(bench.id('status-instructions')).toContainText('2');
});

for (const width of [1440, 390])
  test(`an instruction is explained by keyboard at ${width} pixels, without axe violations`, async ({ page }) => {
    await page.setViewportSize({ width, height: 844 });
    const link = await linkTo({
      guest: { kind: 'source', text: program.endless },
      isa: ['M', 'A', 'F', 'D', 'C', 'Zicsr'],
    });
    const bench = await Bench.open(page, link);
    await bench.id('step').click();
    await bench.expectPaused();
    if (width < 600) await bench.id('narrow-tab-program').click();
    await bench.id('centre-tab-disassembly').click();
    await page.locator('.instruction-text').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    const card = bench.id('explain');
    await expect(card).toContainText('now 0x1');
    const { violations } = await new AxeBuilder({ page }).exclude('.monaco-editor').analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
    ).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(card).toBeHidden();
    await bench.id('centre-tab-registers').click();
    await expect(bench.id('fcsr')).toContainText('rne');
    const registers = await new AxeBuilder({ page }).exclude('.monaco-editor').analyze();
    expect(registers.violations.map(({ id }) => id)).toEqual([]);
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  });
