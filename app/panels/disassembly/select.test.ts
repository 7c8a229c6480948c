import { describe, expect, it } from 'vitest';
import { decoderOf, disassembled, labelsOf, windowStart } from './select.ts';

const decode = decoderOf(['I', 'C']);

describe('disassembly', () => {
  it('reads full and compressed instructions in step, with labels at places and targets', () => {
    // From GNU as: addi a0, a0, 1 (compressed); ecall; j .-6
    const bytes = Uint8Array.of(0x05, 0x05, 0x73, 0x00, 0x00, 0x00, 0x6f, 0xf0, 0xbf, 0xff);
    const rows = disassembled(0x80200000n, bytes, labelsOf([{ name: 'loop', address: 0x80200000n }]), decode);
    expect(rows.map(({ address, word, text }) => [address, word, text.replace(/\s+/g, ' ')])).toEqual([
      [0x80200000n, '0505', 'addi a0,a0,1'],
      [0x80200002n, '00000073', 'ecall '],
      [0x80200006n, 'ffbff06f', 'j 0x80200000 <loop>'],
    ]);
    expect(rows[0]?.label).toBe('loop');
  });

  it('says what is no instruction and stops before one that is cut', () => {
    const rows = disassembled(0n, Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x13, 0x05), new Map(), decode);
    expect(rows.map(({ text }) => text)).toEqual(['not an instruction']);
  });

  it('shows no instruction of an extension that the machine lacks', () => {
    const mul = Uint8Array.of(0x33, 0x05, 0xb5, 0x02);
    expect(disassembled(0n, mul, new Map(), decode)[0]?.text).toBe('not an instruction');
    expect(disassembled(0n, mul, new Map(), decoderOf(['I', 'M']))[0]?.text).toContain('mul');
  });

  it('begins at a label not far before the pc, so that it reads in step', () => {
    const labels = labelsOf([
      { name: 'far', address: 0x1000n },
      { name: 'near', address: 0x2000n },
      { name: 'after', address: 0x2040n },
    ]);
    expect(windowStart(0x2010n, labels)).toBe(0x2000n);
    expect(windowStart(0x5000n, labels)).toBe(0x5000n);
  });
});
