import { expect, test } from '@playwright/test';
import { Bench } from '../page.ts';
import { linkTo, program } from '../programs.ts';

test('a million calls are counted exactly, and the newest are kept', async ({ page }) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.millionCalls } }));
  await bench.runToEnd();
  expect(await bench.count('BASE', 'kvm')).toBe(1_000_000);
  await expect(bench.id('trace-count')).toHaveText('newest 100,000 of 1,000,001');
});

test('a long trace is followed to its end, scrolled without gaps, and walked by keyboard', async ({ page }) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.millionCalls } }));
  await bench.runToEnd();
  await expect(bench.traceRows().last()).toContainText('system_reset');
  await expect(bench.traceRows().last()).toBeInViewport();
  expect(await bench.traceRows().count()).toBeLessThan(100);
  await bench.traceRows().last().hover();
  for (const by of [-400_000, 150_000, -7]) {
    await page.mouse.wheel(0, by);
    await expect.poll(() => bench.traceGap()).toBe(0);
  }
  await expect(bench.id('trace-follow')).toHaveAttribute('aria-pressed', 'false');
  await bench.traceRows().nth(20).click();
  await page.keyboard.press('Home');
  await expect(bench.traceRows().first()).toBeInViewport();
  await expect(bench.traceRows().first()).toHaveAttribute('aria-rowindex', '2');
  await page.keyboard.press('End');
  await expect(bench.traceRows().last()).toHaveAttribute('aria-rowindex', '100001');
  await expect(bench.traceRows().last()).toBeInViewport();
  // As by the scroll bar, without a wheel.
  await bench.id('trace-follow').click();
  await expect(bench.id('trace-follow')).toHaveAttribute('aria-pressed', 'true');
  await page.locator('.trace-scroll').evaluate((rows) => {
    rows.scrollTop -= 40_000;
  });
  await expect(bench.id('trace-follow')).toHaveAttribute('aria-pressed', 'false');
});

test('a guest that floods its console can be paused, and its newest output is shown', async ({ page }) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.flood } }));
  await bench.run();
  await bench.expectConsole('flood');
  await bench.id('pause').click();
  await bench.expectPaused();
  await expect(page.locator('.xterm-rows')).toContainText('flood');
});

test('a page that cannot load the machine says so, and a restart helps', async ({ page }) => {
  await page.route('**/machine-worker-*', (route) => route.abort());
  const bench = await Bench.open(page);
  await expect(bench.id('message')).toContainText('could not be loaded');
  await page.unroute('**/machine-worker-*');
  await bench.id('restart').click();
  await bench.runToEnd();
});

test('a page that cannot load the assembler says so, and the next run tries again', async ({ page }) => {
  await page.route('**/programs-*', (route) => route.abort());
  const bench = await Bench.open(page);
  await bench.run();
  await expect(bench.id('message')).toContainText('The assembler could not be loaded');
  await page.unroute('**/programs-*');
  await bench.runToEnd();
});

test('an example whose program cannot be loaded says so, keeps its machine, and comes when tried again', async ({
  page,
}) => {
  await page.route('**/programs-*', (route) => route.abort());
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'example', id: 'timer' }, harts: 3 }));
  await expect(bench.id('program-awaited')).toContainText('could not be loaded');
  await bench.run();
  await expect(bench.id('message')).toContainText('The program of the example could not be loaded');
  await page.unroute('**/programs-*');
  await bench.id('load-program').click();
  await expect(bench.id('editor')).toContainText('Timer: the same deadline');
  await expect(bench.id('harts')).toHaveValue('3');
  await expect(bench.id('message')).toHaveCount(0);
  await bench.runToEnd();
});

test('an example is there when it is chosen, without a connection too', async ({ page, context }) => {
  const bench = await Bench.open(page);
  await expect(bench.id('problems')).toContainText('assembles to');
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  await bench.id('example').selectOption('smp');
  await expect(bench.id('editor')).toContainText('Two harts: HSM starts the second');
  await bench.runToEnd();
});

for (const width of [390, 320])
  test(`a page ${width} wide can run a program and read its console`, async ({ page }) => {
    await page.setViewportSize({ width, height: 700 });
    const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.sayByDbcn } }));
    await bench.runToEnd();
    await bench.id('narrow-tab-terminal').click();
    await bench.expectConsole('said by DBCN');
    await bench.id('narrow-tab-trace').click();
    await expect(bench.traceRows().first()).toBeVisible();
    await bench.traceRows().first().click();
    await bench.id('narrow-tab-call').click();
    await expect(bench.id('call-card')).toContainText('console_write');
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
