/** The id ranges for experiments and vendors: no function is defined, so that the automatic cases are all. [SBI 3.0 §21, §22] */
import { casesOf } from '../define.ts';

export const experimental = casesOf('EXPERIMENTAL', { cases: [] });
export const vendor = casesOf('VENDOR', { cases: [] });
