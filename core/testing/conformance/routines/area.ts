/** What the routines of a guest know in common: the area of each hart, registers, SBI calls, and the lines they print. */
import { SBI } from '../../../sbi/spec/index.ts';
import { idsOf } from '../define.ts';

/** Bytes for each hart; `sscratch` points to its own. A power of two. */
export const AREA = 2048;
export const AREA_SHIFT = 11;
/** Offsets in an area. */
export const KIND = 0;
export const A0 = 8;
export const A1 = 16;
export const CHANGED = 24;
export const SEEN = 32;
export const SEEN_AT = 40;
export const RETURN = 304;
export const RECOVER = 440;
export const RECOVER_SP = 448;
export const SAVED_T1 = 456;
export const SAVED_T2 = 464;
export const INTERRUPTS = 480;
/** Registers as they have to be after a call, and as they were. */
export const WANTED = 1024;
export const FOUND = 1280;

/** What came of a measured call; the first number of a result line. */
export const KINDS = { none: 0, returned: 1, resumed: 2, trapped: 3 } as const;
export const MOST_SEEN = 32;

export const HSM = SBI.HSM.functions;
export const sbi = (extension: 'HSM' | 'SRST' | 'V01', fid: number | undefined, eid?: number): string => {
  const ids = idsOf(SBI[extension], { ...HSM.hart_stop, fid, ...(eid === undefined ? {} : { eid }) } as never);
  return `li a6, ${ids.fid}\n        li a7, 0x${ids.eid.toString(16)}\n        ecall`;
};

/** Kept over a call by convention: ra, sp, gp, tp, s0 to s11. */
export const KEPT = [1, 2, 3, 4, 8, 9, ...Array.from({ length: 10 }, (_, at) => 18 + at)];
export const ALL = Array.from({ length: 31 }, (_, at) => at + 1);
export const isArgument = (register: number): boolean => register >= 10 && register <= 17;
export const each = (registers: readonly number[], line: (register: number) => string): string =>
  registers.map((register) => `        ${line(register)}`).join('\n');

/** The first line of a guest's own, and the last. */
export const FIRST_LINE = '= conformance';
export const LAST_LINE = '= done';
/** What a watching hart says. */
export const HANGS_LINE = '= hangs';
export const CASE_BEGINS = '> ';
export const CASE_ENDS = '< ';
