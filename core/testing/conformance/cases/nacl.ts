/**
 * Cases of nested acceleration: no target provides it, so that only the automatic ones are asked, which say that it is
 * absent altogether. The specification tells firmware not to have it beside the hypervisor extension. [SBI 3.0 §15]
 */
import { casesOf } from '../define.ts';

export const nacl = casesOf('NACL', { cases: [] });
