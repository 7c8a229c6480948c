import { expect, it } from 'vitest';
import { lostLines } from './kernel.ts';

it('names the lines of a fragment that Kconfig did not take', () => {
  const fragment = '# a comment\nCONFIG_A=y\nCONFIG_B=8\nCONFIG_C=n\nCONFIG_D=n\nCONFIG_E=y\n';
  const config = 'CONFIG_A=y\nCONFIG_B=4\n# CONFIG_C is not set\nCONFIG_D=m\n';
  expect(lostLines(fragment, config)).toEqual(['CONFIG_B=8', 'CONFIG_D=n', 'CONFIG_E=y']);
});
