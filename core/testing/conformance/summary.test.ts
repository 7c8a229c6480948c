import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { CONFORMANCE } from './cases/index.ts';
import { differencesText, RENEW, summaryTable } from './results.ts';

const README = new URL('README.md', import.meta.url);
const DIFFERENCES = new URL('DIFFERENCES.md', import.meta.url);

function compared(path: URL, fresh: string): void {
  if (RENEW) writeFileSync(path, fresh);
  else expect(readFileSync(path, 'utf8')).toBe(fresh);
}

it('the table in README.md is that of the kept results', () => {
  const text = readFileSync(README, 'utf8');
  const place = /(<!-- results -->\n)[\s\S]*?(<!-- end results -->)/;
  expect(text).toMatch(place);
  compared(
    README,
    text.replace(place, (_, begin, end) => `${begin}${summaryTable(CONFORMANCE)}\n${end}`),
  );
});

it('DIFFERENCES.md tells what the cases explain', () => {
  compared(DIFFERENCES, differencesText(CONFORMANCE));
});
