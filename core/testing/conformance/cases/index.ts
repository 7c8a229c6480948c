/** The cases of every extension: the only list. */
import type { ExtensionCases } from '../types.ts';
import { base } from './base.ts';
import { cppc } from './cppc.ts';
import { dbcn } from './dbcn.ts';
import { dbtr } from './dbtr.ts';
import { fwft } from './fwft.ts';
import { hsm } from './hsm.ts';
import { ipi } from './ipi.ts';
import { mpxy } from './mpxy.ts';
import { nacl } from './nacl.ts';
import { pmu } from './pmu.ts';
import { experimental, vendor } from './ranges.ts';
import { rfence } from './rfence.ts';
import { srst } from './srst.ts';
import { sse } from './sse/index.ts';
import { sta } from './sta.ts';
import { susp } from './susp.ts';
import { time } from './time.ts';
import { v01 } from './v01.ts';

export const CONFORMANCE: readonly ExtensionCases[] = [
  v01,
  base,
  time,
  ipi,
  rfence,
  hsm,
  srst,
  pmu,
  dbcn,
  susp,
  cppc,
  nacl,
  sta,
  sse,
  fwft,
  dbtr,
  mpxy,
  experimental,
  vendor,
];
