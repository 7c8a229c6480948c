/** What a floating-point register holds, in words and figures. Pure. [IEEE 754-2019; RISC-V Unprivileged ISA, F, D, Zfh] */

import { csrByName } from '../../../core/isa/csr/index.ts';
import { ROUNDING_MODES } from '../../../core/isa/derive/operands.ts';
import { F_NAMES } from '../../../core/isa/derive/registers.ts';
import type { HartView } from '../../../core/protocol/messages.ts';

/** How the 64 bits of a register are read. */
export type FloatFormat = 'double' | 'single' | 'half' | 'hex';

/** What the extensions of a machine can hold in a register, the widest first. */
export function formatsOf(isa: readonly string[]): readonly { readonly value: FloatFormat; readonly label: string }[] {
  const all: readonly (readonly [FloatFormat, string, boolean])[] = [
    ['double', 'double', isa.includes('D')],
    ['single', 'single', isa.includes('F')],
    ['half', 'half', isa.includes('Zfh') || isa.includes('Zfhmin')],
    ['hex', 'hex', true],
  ];
  return all.flatMap(([value, label, there]) => (there ? [{ value, label }] : []));
}

interface Layout {
  readonly bits: number;
  readonly exponent: number;
  readonly fraction: number;
}

const LAYOUTS: Readonly<Record<Exclude<FloatFormat, 'hex'>, Layout>> = {
  double: { bits: 64, exponent: 11, fraction: 52 },
  single: { bits: 32, exponent: 8, fraction: 23 },
  half: { bits: 16, exponent: 5, fraction: 10 },
};

export interface FloatWords {
  readonly text: string;
  /** What is special about it: `subnormal`, `quiet NaN`, `not boxed: instructions read NaN`, ...; null for a plain number. */
  readonly note: string | null;
}

const ALL_ONES = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** A narrower value stands in the low bits with ones above it (NaN-boxed); else instructions read the canonical NaN. */
function isBoxed(register: bigint, { bits }: Layout): boolean {
  return register >> BigInt(bits) === ALL_ONES(64 - bits);
}

export function floatWords(register: bigint, format: FloatFormat): FloatWords {
  if (format === 'hex') return { text: `0x${register.toString(16).padStart(16, '0')}`, note: null };
  const layout = LAYOUTS[format];
  if (!isBoxed(register, layout)) return { text: 'NaN', note: `not boxed: as a ${format} it reads as NaN` };
  const raw = register & ALL_ONES(layout.bits);
  const exponent = (raw >> BigInt(layout.fraction)) & ALL_ONES(layout.exponent);
  const fraction = raw & ALL_ONES(layout.fraction);
  const negative = raw >> BigInt(layout.bits - 1) === 1n;
  if (exponent === ALL_ONES(layout.exponent)) return withBoxed(special(fraction, negative, layout), register, format);
  const text = shortest(finite(raw, format), format);
  const tiny = exponent === 0n && fraction !== 0n;
  return { text: negative && !text.startsWith('-') ? `-${text}` : text, note: tiny ? 'subnormal' : null };
}

/** The narrowest format comes first: ones above a half are also ones above a single. */
const INSIDE: Readonly<Record<FloatFormat, readonly (keyof typeof LAYOUTS)[]>> = {
  double: ['half', 'single'],
  single: ['half'],
  half: [],
  hex: [],
};

/** Names the narrower number that a NaN is the box of. */
function withBoxed(words: FloatWords, register: bigint, format: FloatFormat): FloatWords {
  const inside = INSIDE[format].find((narrower) => isBoxed(register, LAYOUTS[narrower]));
  if (inside === undefined) return words;
  const { text, note } = floatWords(register, inside);
  return { text: 'NaN', note: `box of the ${inside} ${note?.includes('NaN') === true ? note : text}` };
}

function special(fraction: bigint, negative: boolean, layout: Layout): FloatWords {
  const sign = negative ? '-' : '+';
  if (fraction === 0n) return { text: `${sign}∞`, note: 'infinity' };
  const quiet = fraction >> BigInt(layout.fraction - 1) === 1n;
  const canonical = quiet && !negative && fraction === 1n << BigInt(layout.fraction - 1);
  const payload = canonical ? '' : `, fraction 0x${fraction.toString(16)}`;
  return { text: 'NaN', note: `${canonical ? 'canonical' : quiet ? 'quiet' : 'signaling'} NaN${payload}` };
}

const view = new DataView(new ArrayBuffer(8));

/** The number that finite bits stand for; doubles hold those of the narrower formats exactly. */
function finite(raw: bigint, format: Exclude<FloatFormat, 'hex'>): number {
  switch (format) {
    case 'double':
      view.setBigUint64(0, raw);
      return view.getFloat64(0);
    case 'single':
      view.setUint32(0, Number(raw));
      return view.getFloat32(0);
    case 'half': {
      const { fraction } = LAYOUTS.half;
      const bits = Number(raw);
      const exponent = (bits >> fraction) & 31;
      const significand = (bits & 1023) + (exponent === 0 ? 0 : 1024);
      return significand * 2 ** (Math.max(exponent, 1) - 15 - fraction) * (bits >> 15 === 1 ? -1 : 1);
    }
    default:
      return format satisfies never;
  }
}

/** Significant decimal digits that tell any two numbers of a format apart. */
const DIGITS = { single: 9, half: 5 } as const;

/** The fewest digits that still mean this number in its format. */
function shortest(value: number, format: Exclude<FloatFormat, 'hex'>): string {
  if (format === 'double') return String(value);
  const most = DIGITS[format];
  for (let digits = 1; digits < most; digits++) {
    const text = Number(value.toPrecision(digits));
    if (format === 'single' ? Math.fround(text) === value : text === value) return String(text);
  }
  return String(Number(value.toPrecision(most)));
}

export interface FloatRow extends FloatWords {
  /** ABI name, and `f10` beside it. */
  readonly name: string;
  readonly number: string;
  readonly raw: bigint;
  /** In the same form, when it changed since the last stop. */
  readonly old: string | undefined;
}

/** None for a hart without floating point. */
export function floatRows(hart: HartView, before: HartView | undefined, format: FloatFormat): readonly FloatRow[] {
  return (hart.float?.f ?? []).map((raw, index) => {
    const old = before?.float?.f[index];
    return {
      name: F_NAMES[index] ?? `f${index}`,
      number: `f${index}`,
      raw,
      ...floatWords(raw, format),
      old: old === undefined || old === raw ? undefined : floatWords(old, format).text,
    };
  });
}

/** What the rounding modes of frm mean; 7 is not one there. [Unprivileged ISA, Floating-Point CSR] */
const ROUNDING_WORDS: Readonly<Record<string, string>> = {
  rne: 'to nearest, ties to even',
  rtz: 'towards zero',
  rdn: 'down, towards −∞',
  rup: 'up, towards +∞',
  rmm: 'to nearest, ties to the larger magnitude',
};

/** In the order of their bits, from the highest. */
const FLAGS = [...(csrByName('fflags')?.fields ?? [])].sort((a, b) => b.lo - a.lo);

export interface FcsrWords {
  readonly value: number;
  /** `rne`, or `reserved 5`. */
  readonly mode: string;
  readonly modeSays: string;
  readonly flags: readonly { readonly name: string; readonly says: string; readonly set: boolean }[];
  /** The value before, when it changed since the last stop. */
  readonly old: number | undefined;
}

export function fcsrWords(hart: HartView, before: HartView | undefined): FcsrWords | null {
  if (hart.float === null) return null;
  const { fcsr } = hart.float;
  const frm = (fcsr >> 5) & 7;
  const named = frm === 7 ? '' : (ROUNDING_MODES[frm] ?? '');
  const old = before?.float?.fcsr;
  return {
    value: fcsr,
    mode: named === '' ? `reserved ${frm}` : named,
    modeSays: ROUNDING_WORDS[named] ?? 'no rounding mode: an instruction that rounds as frm says is illegal',
    flags: FLAGS.map(({ name, lo, says }) => ({ name, says, set: ((fcsr >> lo) & 1) === 1 })),
    old: old === undefined || old === fcsr ? undefined : old,
  };
}

const FS_SHIFT = 13n;
const FS_STATES = [
  { name: 'Off', says: 'floating-point instructions are illegal' },
  { name: 'Initial', says: 'as after reset' },
  { name: 'Clean', says: 'not changed since the guest last saved it' },
  { name: 'Dirty', says: 'changed since the guest last saved it' },
] as const;

/** sstatus.FS by name. [Privileged ISA, Extension context status in mstatus] */
export function fsState(hart: HartView): (typeof FS_STATES)[number] | null {
  const sstatus = hart.csrs.find(({ name }) => name === 'sstatus')?.value;
  if (sstatus === undefined || hart.float === null) return null;
  return FS_STATES[Number((sstatus >> FS_SHIFT) & 3n)] ?? null;
}
