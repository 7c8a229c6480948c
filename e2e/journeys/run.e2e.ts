import { expect, test } from '@playwright/test';
import { Bench } from '../page.ts';
import { linkTo, program } from '../programs.ts';

test('the page opens on a worked example that runs to its power-off and fills terminal, trace and counts', async ({
  page,
}) => {
  const bench = await Bench.open(page);
  await bench.runToEnd();
  expect((await bench.consoleText()).length).toBeGreaterThan(0);
  await expect(bench.traceRows().first()).toBeVisible();
  expect((await bench.count('SRST', 'kvm')) + (await bench.count('SRST', 'vmm'))).toBe(1);
  await expect(bench.id('status-state')).toContainText(/stopped/i);
});

test('what is typed into the terminal reaches the guest through DBCN read', async ({ page }) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'example', id: 'echo' } }));
  await bench.run();
  await expect(bench.id('terminal')).toBeVisible();
  await bench.type('hello q');
  await bench.expectStopped(/powered off/);
  await bench.expectConsole('hello');
});

test('what is typed while the terminal is still being loaded reaches the guest too', async ({ page }) => {
  let load: () => void = () => {};
  const typed = new Promise<void>((done) => {
    load = done;
  });
  await page.route('**/xterm-*.js', async (route) => {
    await typed;
    await route.continue();
  });
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'example', id: 'echo' } }));
  await bench.run();
  await bench.type('early q');
  load();
  await bench.expectStopped(/powered off/);
  await bench.expectConsole('early');
});

test.describe('the three modes of DBCN', () => {
  test('in KVM the text appears and the counts name KVM', async ({ page }) => {
    const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.sayByDbcn } }));
    await bench.mode('DBCN', 'kvm');
    await bench.runToEnd();
    await bench.expectConsole('said by DBCN');
    expect(await bench.count('DBCN', 'kvm')).toBeGreaterThan(0);
    expect(await bench.count('DBCN', 'vmm')).toBe(0);
  });

  test('in the VMM the same text appears, the counts name the VMM and each call costs more', async ({ page }) => {
    const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.sayByDbcn } }));
    await bench.mode('DBCN', 'vmm');
    await bench.runToEnd();
    await bench.expectConsole('said by DBCN');
    expect(await bench.count('DBCN', 'vmm')).toBeGreaterThan(0);
    expect(await bench.count('DBCN', 'kvm')).toBe(0);
  });

  test('off leaves the console silent and the trace shows NOT_SUPPORTED', async ({ page }) => {
    const bench = await Bench.open(page, await linkTo({ guest: { kind: 'source', text: program.sayByDbcn } }));
    await bench.mode('DBCN', 'off');
    await bench.runToEnd();
    expect(await bench.consoleText()).not.toContain('said by DBCN');
    expect(await bench.count('DBCN', 'none')).toBeGreaterThan(0);
    await expect(bench.id('trace')).toContainText('NOT_SUPPORTED');
  });
});

test('SBI version 1.0 hides DBCN, which came with 2.0', async ({ page }) => {
  const bench = await Bench.open(
    page,
    await linkTo({ sbiVersion: '1.0', guest: { kind: 'source', text: program.sayByDbcn } }),
  );
  await bench.runToEnd();
  expect(await bench.consoleText()).not.toContain('said by DBCN');
  expect(await bench.count('DBCN', 'none')).toBeGreaterThan(0);
});

test('the guest sees the machine ids that were typed into the page', async ({ page }) => {
  const bench = await Bench.open(page, await linkTo({ guest: { kind: 'example', id: 'probe' } }));
  await bench.id('mvendorid').fill('0x123456789abcdef0');
  await bench.id('marchid').fill('0x8000000000000007');
  await bench.id('mimpid').fill('0x20261122');
  await bench.runToEnd();
  await bench.expectConsole(/mvendorid=0x123456789abcdef0/i);
  await bench.expectConsole(/marchid=0x8000000000000007/i);
  await bench.expectConsole(/mimpid=0x0*20261122/i);
});
