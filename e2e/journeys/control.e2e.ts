import { expect, test } from '@playwright/test';
import { Bench } from '../page.ts';
import { linkTo, program } from '../programs.ts';

const source = (text: string) => linkTo({ guest: { kind: 'source', text } });

test('an endless loop can be paused, stepped, reset and run again', async ({ page }) => {
  const bench = await Bench.open(page, await source(program.endless));
  await bench.run();
  await expect(bench.id('pause')).toBeVisible();
  await page.waitForTimeout(500);
  await bench.id('pause').click();
  await bench.expectPaused();
  const before = await bench.id('status-instructions').textContent();
  await bench.id('step').click();
  await expect(bench.id('status-instructions')).not.toHaveText(before ?? '');
  await bench.id('reset').click();
  await expect(bench.id('status-instructions')).toHaveText(/^\D*0\D*$/);
});

test('the page answers while a guest loops for ever', async ({ page }) => {
  const bench = await Bench.open(page, await source(program.endless));
  await bench.run();
  await expect(bench.id('pause')).toBeVisible();
  await bench.id('mode-DBCN-off').check({ force: true });
  await expect(bench.id('mode-DBCN-off')).toBeChecked();
  await bench.id('pause').click();
  await bench.expectPaused();
});

test('run to the next SBI call stops after each call in turn', async ({ page }) => {
  const bench = await Bench.open(page, await source(program.threeCalls));
  await bench.id('next-call').click();
  await bench.expectStopped(/get_spec_version/);
  await bench.id('next-call').click();
  await bench.expectStopped(/get_impl_id/);
  await bench.run();
  await bench.expectStopped(/powered off/);
});

test('run to the next exit skips what KVM answers and stops at what reaches the VMM', async ({ page }) => {
  const bench = await Bench.open(page, await source(program.sayByDbcn));
  await bench.mode('DBCN', 'vmm');
  await bench.id('next-exit').click();
  await bench.expectStopped(/KVM_EXIT_RISCV_SBI|DBCN/);
});
