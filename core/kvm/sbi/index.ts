/** The extensions that KVM can answer: the only list. The type follows from the specification table. */

import type { SbiName } from '../../sbi/types.ts';
import { base } from './base.ts';
import { dbcn } from './dbcn.ts';
import { fwft } from './fwft.ts';
import type { AnyHandler, KernelHandlers } from './handlers.ts';
import { hsm } from './hsm.ts';
import { ipi } from './ipi.ts';
import { pmu } from './pmu.ts';
import { rfence } from './rfence.ts';
import { srst } from './srst.ts';
import { sta } from './sta.ts';
import { susp } from './susp.ts';
import { time } from './time.ts';
import { v01 } from './v01.ts';

const HANDLERS: KernelHandlers = {
  V01: v01,
  BASE: base,
  TIME: time,
  IPI: ipi,
  RFENCE: rfence,
  HSM: hsm,
  SRST: srst,
  PMU: pmu,
  DBCN: dbcn,
  SUSP: susp,
  STA: sta,
  FWFT: fwft,
};

/** The handler of a function by name; undefined where the kernel has none. */
export function kernelHandler(extension: SbiName, name: string): AnyHandler | undefined {
  const functions = (HANDLERS as Partial<Record<SbiName, Readonly<Record<string, unknown>>>>)[extension];
  return functions?.[name] as AnyHandler | undefined;
}
