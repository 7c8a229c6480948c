/** Prints one closing line over all test runs from the reports that vitest and Playwright leave in .cache. */
import { readFileSync } from 'node:fs';

interface UnitReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}
interface EndToEndReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
}

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../.cache/${name}`, import.meta.url), 'utf8'));
const unit = read<UnitReport>('unit.json');
const { stats } = read<EndToEndReport>('e2e.json');
const passed = unit.numPassedTests + stats.expected;
const failed = unit.numFailedTests + stats.unexpected + stats.flaky;
console.log(`${passed} passed, ${failed} failed, ${unit.numPendingTests + stats.skipped} skipped`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
