/** The page in the words of the journeys: the only file here that knows test ids. */
import { expect, type Locator, type Page } from '@playwright/test';

export type Layer = 'kvm' | 'vmm' | 'none' | 'guest';

export class Bench {
  constructor(readonly page: Page) {}

  static async open(page: Page, link = ''): Promise<Bench> {
    await page.goto(`/${link}`);
    const bench = new Bench(page);
    await expect(bench.id('run')).toBeVisible();
    return bench;
  }

  id(name: string): Locator {
    return this.page.getByTestId(name);
  }

  async run(): Promise<void> {
    await this.id('run').click();
  }

  async expectStopped(words: RegExp): Promise<void> {
    await expect(this.id('status-reason')).toContainText(words, { timeout: 30_000 });
  }

  async expectPaused(): Promise<void> {
    await expect(this.id('status-state')).toContainText(/paused/i);
  }

  async runToEnd(words = /powered off/): Promise<void> {
    await this.run();
    await this.expectStopped(words);
  }

  async mode(extension: string, mode: 'kvm' | 'vmm' | 'off'): Promise<void> {
    await this.id(`mode-${extension}-${mode}`).check({ force: true });
  }

  async expectConsole(text: string | RegExp, timeout?: number): Promise<void> {
    await expect(this.id('terminal-text')).toContainText(text, timeout === undefined ? {} : { timeout });
  }

  async consoleText(): Promise<string> {
    return (await this.id('terminal-text').textContent()) ?? '';
  }

  async count(extension: string, layer: Layer): Promise<number> {
    const text = await this.id(`count-${extension}-${layer}`).textContent();
    return Number((text ?? '').replace(/[^0-9]/g, '') || '0');
  }

  /** Cells of the trace rows now on screen. */
  traceRows(): Locator {
    return this.id('trace-row');
  }

  /** Height of what the trace shows in which no row is drawn. */
  async traceGap(): Promise<number> {
    return this.id('trace').evaluate((trace) => {
      const view = trace.querySelector('.trace-scroll')?.getBoundingClientRect();
      const rows = [...trace.querySelectorAll('[data-testid=trace-row]')].map((row) => row.getBoundingClientRect());
      if (view === undefined || rows.length === 0) return Number.POSITIVE_INFINITY;
      const above = Math.min(...rows.map(({ top }) => top)) - (view.top + 22);
      const below = view.bottom - Math.max(...rows.map(({ bottom }) => bottom));
      return Math.max(0, above) + Math.max(0, below);
    });
  }

  /** The card that the reference shows. */
  card(): Locator {
    return this.id('reference-card');
  }

  async type(text: string): Promise<void> {
    await this.id('terminal').click();
    await this.page.keyboard.type(text, { delay: 20 });
  }
}
