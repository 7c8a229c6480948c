import { expect, type Page, test } from '@playwright/test';
import { imagesOrReason } from '../../core/cli/guests/folder.ts';
import { defaultConfig, withSystem } from '../../core/config/index.ts';
import { Bench } from '../page.ts';
import { linkTo } from '../programs.ts';

const images = imagesOrReason('linux');
const stockImages = imagesOrReason('debian');

async function openLinux(page: Page, harts: number, id = 'linux'): Promise<Bench> {
  const linux = withSystem({ ...defaultConfig(), harts }, id);
  if (linux === null) throw new Error(`there is no system ${id}`);
  return Bench.open(page, await linkTo(linux));
}

/** For a busy machine; alone the kernel of Debian takes some seconds. */
const BOOT_MS = 60_000;

/** Boots to the shell, whose prompt is the last thing on the console. */
async function bootToShell(bench: Bench): Promise<void> {
  await bench.run();
  await bench.expectConsole(/BusyBox.*built-in shell.*\/ # /s, BOOT_MS);
}

for (const harts of [1, 2, 4])
  test(`Linux boots on ${harts} harts to a shell that answers what is typed, and powers off`, async ({
    page,
  }, info) => {
    info.skip(images !== null, images ?? '');
    const bench = await openLinux(page, harts);
    await bootToShell(bench);
    await bench.expectConsole('SBI DBCN extension detected');
    await bench.type('echo $((6 * 7)) on $(nproc)\n');
    await bench.expectConsole(`42 on ${harts}`);
    await bench.type('poweroff -f\n');
    await bench.expectStopped(/powered off \(SRST/);
    expect(await bench.count('HSM', 'kvm')).toBe(harts - 1);
    expect(await bench.count('DBCN', 'vmm')).toBeGreaterThan(100);
  });

test('at its prompt Linux follows the wall clock, and still answers', async ({ page }, info) => {
  info.skip(images !== null, images ?? '');
  const bench = await openLinux(page, 1);
  await bootToShell(bench);
  // After so long it looks for input every two seconds only; skipped idle time would cost billions of instructions.
  await page.waitForTimeout(5_000);
  const instructions = (await bench.id('status-instructions').textContent()) ?? '';
  expect(Number(instructions.replace(/\D/g, ''))).toBeLessThan(200_000_000);
  await bench.type('echo a$((1))b\n');
  await bench.expectConsole('a1b');
});

test('the kernel of Debian boots to a shell on the UART, and powers off', async ({ page }, info) => {
  info.skip(stockImages !== null, stockImages ?? '');
  const bench = await openLinux(page, 1, 'debian');
  await bootToShell(bench);
  await bench.type('echo $((6 * 7)) on $(uname -m)\n');
  await bench.expectConsole('42 on riscv64');
  await bench.type('poweroff -f\n');
  await bench.expectStopped(/powered off \(SRST/);
});

test('without its images the page says how to get them, and a link to Linux opens all the same', async ({ page }) => {
  await page.route('**/guests/linux/**', (route) => route.fulfill({ status: 404 }));
  const bench = await openLinux(page, 2);
  await expect(bench.id('system-absent')).toContainText('npm run guests');
  await bench.run();
  await expect(bench.id('message')).toContainText('npm run guests');
  await bench.id('example').selectOption('hello');
  await bench.runToEnd();
});
