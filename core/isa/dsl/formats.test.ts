import { describe, expect, it } from 'vitest';
import { B, form, parseLayout, simm, x } from './formats.ts';

describe('a layout in the notation of the specification', () => {
  it('is read from the high bit down', () => {
    expect(parseLayout('31:25=12|10:5, 11:7=4:1|11')).toEqual([
      { lo: 31, width: 1, at: 12 },
      { lo: 25, width: 6, at: 5 },
      { lo: 8, width: 4, at: 1 },
      { lo: 7, width: 1, at: 11 },
    ]);
  });

  it('holds the low bits of the value where it names none', () => {
    expect(parseLayout('24:20')).toEqual([{ lo: 20, width: 5, at: 0 }]);
  });

  it.each([
    ['31:25=12|10:6', 'do not hold the value bits'],
    ['7:9', 'from high to low'],
    ['32:30', 'within 31..0'],
    ['rd', 'is not a bit range'],
  ])('%s is refused: %s', (layout, message) => {
    expect(() => parseLayout(layout)).toThrow(message);
  });
});

describe('a form', () => {
  it('gathers mask and match from the fixed bits', () => {
    const { mask, match } = B({ opcode: 0x63, funct3: 7 });
    expect([mask, match]).toEqual([0x707f, 0x7063]);
  });

  it('refuses a fixed value that is wider than its bits', () => {
    expect(() => form(4, { '6:0': 0x80 }, [])).toThrow('128 does not fit in bits 6:0');
  });

  it('keeps excluded values and biases of its fields', () => {
    expect(x('rd', '4:2', { bias: 8 })).toMatchObject({ bias: 8, signed: false });
    expect(simm('imm', '12=5, 6:2=4:0', { excludes: [0] })).toMatchObject({ excludes: [0], signed: true });
  });
});
