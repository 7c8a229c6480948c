/** The cases that every extension has without being written: its probe, unknown functions, and its absence. */
import { SBI } from '../../sbi/spec/index.ts';
import type { SbiExtension, SbiName } from '../../sbi/types.ts';
import { idsOf } from './define.ts';
import { otherThan } from './steps.ts';
import type { Case, Expectation } from './types.ts';

const PROBE = SBI.BASE.functions.probe_extension;
const NOT_SUPPORTED: Expectation = { error: 'NOT_SUPPORTED' };
/** Legacy calls return the error in a0, like all others. [SBI 3.0 §5] */
const SECTION = '3';
/** Function ids are signed 32-bit integers; these are the ends of their range. [SBI 3.0 §3] */
const FAR_FUNCTIONS: readonly (readonly [string, bigint])[] = [
  ['last', 0x7fff_ffffn],
  ['negative', 0xffff_ffff_ffff_ffffn],
];
/** The legacy ids behind those that are calls are reserved. [SBI 3.0 §5.10] */
const RESERVED_LEGACY: readonly bigint[] = [0x9n, 0xfn];

export function isRange(extension: SbiExtension): boolean {
  return Object.keys(extension.functions).length === 0;
}

function probe(extension: SbiExtension, present: boolean): Case {
  // An id range has no function, so that there is nothing to be found in it.
  const value = present && !isRange(extension) ? otherThan(0n) : 0n;
  return {
    id: 'probe',
    class: 'probe',
    function: undefined,
    section: '4.4',
    eid: BigInt(SBI.BASE.eid[0]),
    fid: BigInt(PROBE.fid),
    args: [BigInt(extension.eid[0])],
    expects: { error: 'SUCCESS', value },
  };
}

function unknown(id: string, eid: bigint, fid: bigint): Case {
  const common = { class: 'unknown function', function: undefined, section: SECTION, args: [] } as const;
  return { ...common, id, eid, fid, expects: NOT_SUPPORTED };
}

function unknownFunctions(extension: SbiExtension): readonly Case[] {
  const eid = BigInt(extension.eid[0]);
  if (extension.name === 'V01') {
    return RESERVED_LEGACY.map((reserved) => unknown(`reserved-id-${reserved}`, reserved, 0n));
  }
  if (isRange(extension)) {
    const last = BigInt(extension.eid[1]);
    return [unknown('first-id', eid, 0n), unknown('second-id', eid + 1n, 1n), unknown('last-id', last, 0n)];
  }
  const known = Object.values(extension.functions).map(({ fid = 0 }) => fid);
  const next = BigInt(Math.max(-1, ...known) + 1);
  const near = unknown('unknown-function-next', eid, next);
  return [near, ...FAR_FUNCTIONS.map(([name, fid]) => unknown(`unknown-function-${name}`, eid, fid))];
}

/** The automatic cases on a target that serves the extension. */
export function casesOfPresence(name: SbiName): readonly Case[] {
  const extension: SbiExtension = SBI[name];
  return [probe(extension, true), ...unknownFunctions(extension)];
}

/** The automatic cases on a target that does not: no function is there, and the probe says so. */
export function casesOfAbsence(name: SbiName): readonly Case[] {
  const extension: SbiExtension = SBI[name];
  const functions = Object.entries(extension.functions).map(([key, definition]): Case => {
    const ids = idsOf(extension, definition);
    const common = { class: 'absent extension', function: key, section: SECTION, args: [] } as const;
    return { ...common, ...ids, id: `absent-${key.replaceAll('_', '-')}`, expects: NOT_SUPPORTED };
  });
  return [name === 'BASE' ? absentProbe() : probe(extension, false), ...functions, ...unknownFunctions(extension)];
}

/** Without BASE nothing can be probed. */
function absentProbe(): Case {
  return { ...probe(SBI.BASE, false), expects: NOT_SUPPORTED };
}
