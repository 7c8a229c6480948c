import { expect, it } from 'vitest';
import { MODES } from '../../../core/sbi/types.ts';
import { servedWords } from './select.ts';

it('says who would answer the console before anything was printed', () => {
  expect(MODES.map(servedWords)).toEqual([
    'DBCN is answered by KVM',
    'DBCN is answered by the VMM',
    'DBCN is off: nobody answers it',
  ]);
});
