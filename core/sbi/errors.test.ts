import { describe, expect, it } from 'vitest';
import { ERROR_CAUSES, ERROR_WORDS } from './errors.ts';
import { SBI } from './spec/index.ts';
import { SBI_ERRORS, SBI_NAMES, type SbiError, type SbiExtension } from './types.ts';

/** The specification that brought a code, from the change log and the tables of the specifications. */
const BROUGHT = { '0.2': [0, -1, -2, -3, -4, -5, -6], '0.3': [-7, -8], '2.0': [-9], '3.0': [-10, -11, -12, -13, -14] };

describe('the words for SBI errors', () => {
  it.each(Object.keys(SBI_ERRORS) as SbiError[])('%s says in a sentence what it means and since when', (name) => {
    const { since, says } = ERROR_WORDS[name];
    expect(says).toMatch(/^[A-Z].*\.$/);
    expect(BROUGHT[since]).toContain(SBI_ERRORS[name]);
  });

  it('give a reason only for an error that the function can give', () => {
    for (const name of SBI_NAMES) {
      const causes: Readonly<Record<string, Readonly<Record<string, string>>>> = ERROR_CAUSES[name] ?? {};
      const { functions }: SbiExtension = SBI[name];
      for (const [key, reasons] of Object.entries(causes)) {
        expect(functions[key]?.errors, `${name} ${key}`).toEqual(expect.arrayContaining(Object.keys(reasons)));
        for (const reason of Object.values(reasons)) expect(reason).toMatch(/^[A-Za-z].*\.$/);
      }
    }
  });
});
