import { describe, expect, it } from 'vitest';
import type { HartView } from '../../../core/protocol/messages.ts';
import { fcsrWords, floatRows, floatWords, fsState } from './float.ts';

const double = (value: number): bigint => {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return view.getBigUint64(0);
};
const single = (value: number): bigint => {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return (0xffff_ffffn << 32n) | BigInt(view.getUint32(0));
};
const half = (bits: number): bigint => 0xffff_ffff_ffff_0000n | BigInt(bits);

function hart(f0: bigint, fcsr: number, fs = 3n): HartView {
  return {
    id: 0,
    pc: 0n,
    privilege: 'S',
    x: [],
    float: { f: [f0, ...Array.from({ length: 31 }, () => 0n)], fcsr },
    csrs: [{ name: 'sstatus', value: fs << 13n }],
    hsm: 'STARTED',
    activity: 'running',
    retired: 0,
    time: 0,
  };
}

describe('a floating-point register', () => {
  it.each([0, -0, 1, 0.1, -2.5e-10, Number.MAX_VALUE, Math.PI, 2 ** 60])('read as a double is %d', (value) => {
    const { text, note } = floatWords(double(value), 'double');
    expect([Number(text), Object.is(Number(text), -0), note]).toEqual([value, Object.is(value, -0), null]);
  });

  it.each([0.1, -3.4028234663852886e38, 16777216, 1.17549435e-38, 0.3])(
    'read as a single has the fewest digits: %d',
    (value) => {
      const { text, note } = floatWords(single(value), 'single');
      expect([Math.fround(Number(text)), note]).toEqual([Math.fround(value), null]);
      expect(text.replace(/[-.]|e.*/g, '').length).toBeLessThanOrEqual(9);
    },
  );

  it('of 0.1 as a single is not shown with the digits of a double', () => {
    expect(floatWords(single(0.1), 'single').text).toBe('0.1');
  });

  it.each([
    [0x3c00, '1', null],
    [0xc000, '-2', null],
    [0x8000, '-0', null],
    [0x7bff, '65504', null],
    [0x0400, '0.000061035', null],
    [0x0001, '5.9605e-8', 'subnormal'],
    [0x7c00, '+∞', 'infinity'],
    [0xfc00, '-∞', 'infinity'],
    [0x7e00, 'NaN', 'canonical NaN'],
    [0x7d01, 'NaN', 'signaling NaN, fraction 0x101'],
    [0xfe00, 'NaN', 'quiet NaN, fraction 0x200'],
  ])('read as a half, 0x%s, is %s', (bits, text, note) => {
    expect(floatWords(half(bits), 'half')).toEqual({ text, note });
  });

  it('names what is special in a double', () => {
    expect(floatWords(1n, 'double')).toEqual({ text: '5e-324', note: 'subnormal' });
    expect(floatWords(0x7ff8n << 48n, 'double').note).toBe('canonical NaN');
    expect(floatWords(0xfffn << 52n, 'double')).toEqual({ text: '-∞', note: 'infinity' });
  });

  it('that holds a double is no boxed single, which is told', () => {
    expect(floatWords(double(1), 'single')).toEqual({ text: 'NaN', note: 'not boxed: as a single it reads as NaN' });
    expect(floatWords(single(1), 'half').note).toContain('not boxed');
    expect(floatWords(single(1), 'hex').text).toBe('0xffffffff3f800000');
  });

  it('that holds a boxed number tells which, where it is read as a wider one', () => {
    expect(floatWords(single(0.1), 'double')).toEqual({ text: 'NaN', note: 'box of the single 0.1' });
    expect(floatWords(half(0x3c00), 'double').note).toBe('box of the half 1');
    expect(floatWords(half(0x7e00), 'single').note).toBe('box of the half canonical NaN');
  });

  it('is marked with its old value in the same form, and f without F has no rows', () => {
    const [first, second] = floatRows(hart(double(2), 0), hart(double(1), 0), 'double');
    expect(first).toMatchObject({ name: 'ft0', number: 'f0', text: '2', old: '1' });
    expect(second?.old).toBeUndefined();
    expect(floatRows({ ...hart(0n, 0), float: null }, undefined, 'hex')).toEqual([]);
  });
});

describe('fcsr and FS', () => {
  it('are told by name', () => {
    const words = fcsrWords(hart(0n, 0b011_10001), hart(0n, 0));
    expect(words).toMatchObject({ mode: 'rup', old: 0 });
    expect(words?.flags.filter(({ set }) => set).map(({ name }) => name)).toEqual(['NV', 'NX']);
    expect([0n, 1n, 2n, 3n].map((fs) => fsState(hart(0n, 0, fs))?.name)).toEqual(['Off', 'Initial', 'Clean', 'Dirty']);
  });

  it('say that a reserved mode is none, and are not there without F', () => {
    expect([5, 6, 7].map((frm) => fcsrWords(hart(0n, frm << 5), undefined)?.mode)).toEqual([
      'reserved 5',
      'reserved 6',
      'reserved 7',
    ]);
    const none = { ...hart(0n, 0), float: null };
    expect([fcsrWords(none, undefined), fsState(none)]).toEqual([null, null]);
  });
});
