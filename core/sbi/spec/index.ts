/**
 * Every SBI extension of SBI 0.1 to 3.0: the only list. Literal types are kept, so that the handlers
 * that KVM and the VMM must have, with their arguments and errors, follow from it.
 */
import type { SbiExtension, SbiName } from '../types.ts';
import { BASE } from './base.ts';
import { CPPC } from './cppc.ts';
import { DBCN } from './dbcn.ts';
import { DBTR } from './dbtr.ts';
import { EXPERIMENTAL } from './experimental.ts';
import { FWFT } from './fwft.ts';
import { HSM } from './hsm.ts';
import { IPI } from './ipi.ts';
import { MPXY } from './mpxy.ts';
import { NACL } from './nacl.ts';
import { PMU } from './pmu.ts';
import { RFENCE } from './rfence.ts';
import { SRST } from './srst.ts';
import { SSE } from './sse.ts';
import { STA } from './sta.ts';
import { SUSP } from './susp.ts';
import { TIME } from './time.ts';
import { V01 } from './v01.ts';
import { VENDOR } from './vendor.ts';

export const SBI = {
  V01,
  BASE,
  TIME,
  IPI,
  RFENCE,
  HSM,
  SRST,
  PMU,
  DBCN,
  SUSP,
  CPPC,
  NACL,
  STA,
  SSE,
  FWFT,
  DBTR,
  MPXY,
  EXPERIMENTAL,
  VENDOR,
} as const satisfies Record<SbiName, SbiExtension>;

export type SbiTable = typeof SBI;

/** The extensions that a layer of Ecall implements. */
export type ServedBy<Layer extends 'kvm' | 'vmm'> = {
  [Name in SbiName]: SbiTable[Name][Layer] extends true ? Name : never;
}[SbiName];
