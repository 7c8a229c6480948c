/** The cases of every extension: the only list. */
import type { SbiName } from '../../../sbi/types.ts';
import type { ExtensionCases } from '../types.ts';
import { base } from './base.ts';
import { cppc } from './cppc.ts';
import { dbcn } from './dbcn.ts';
import { dbtr } from './dbtr.ts';
import { fwft } from './fwft.ts';
import { hsm } from './hsm.ts';
import { mpxy } from './mpxy.ts';
import { nacl } from './nacl.ts';
import { srst } from './srst.ts';
import { sse } from './sse/index.ts';
import { sta } from './sta.ts';

/** Extensions whose cases are still to be written. */
export const PENDING: readonly SbiName[] = ['V01', 'TIME', 'IPI', 'RFENCE', 'PMU', 'SUSP', 'EXPERIMENTAL', 'VENDOR'];

export const CONFORMANCE: readonly ExtensionCases[] = [base, hsm, srst, dbcn, cppc, nacl, mpxy, sta, fwft, dbtr, sse];
