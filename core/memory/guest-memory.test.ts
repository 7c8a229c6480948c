import { describe, expect, it } from 'vitest';
import { SlottedMemory } from './guest-memory.ts';

const MIB = 1n << 20n;
const make = (mib = 2): SlottedMemory => new SlottedMemory(new Uint8Array(mib << 20));

describe('guest memory', () => {
  it('finds an address in its slot and nothing outside it', () => {
    const memory = make();
    expect(memory.mapSlot(0, 0x8000_0000n, MIB, MIB)).toBe(true);
    expect(memory.offsetOf(0x8000_0000n, 1)).toBe(1 << 20);
    expect(memory.offsetOf(0x8000_1234n, 8)).toBe((1 << 20) + 0x1234);
    expect(memory.offsetOf(0x7fff_ffffn, 1)).toBe(-1);
    expect(memory.offsetOf(0x8000_0000n + MIB - 4n, 8)).toBe(-1);
    expect(memory.offsetOf(1n << 60n, 1)).toBe(-1);
  });

  it('joins adjacent slots only where the store is adjacent too', () => {
    const memory = make();
    memory.mapSlot(0, 0n, 0x1000n, 0n);
    memory.mapSlot(1, 0x1000n, 0x1000n, 0x1000n);
    memory.mapSlot(2, 0x2000n, 0x1000n, 0x5000n);
    expect(memory.offsetOf(0xffcn, 8)).toBe(0xffc);
    expect(memory.offsetOf(0x1ffcn, 8)).toBe(-1);
  });

  it.each([
    ['overlaps another slot', 1, 0x8000_0000n - 0x1000n, 0x2000n, 0n],
    ['ends behind the store', 1, 0n, MIB, 2n * MIB - 0x1000n],
    ['ends behind the 56 bits of an address', 1, (1n << 56n) - 0x1000n, 0x2000n, 0n],
    ['is not a whole number of pages', 1, 0n, 0x1800n, 0n],
    ['does not start at a page', 1, 0x800n, 0x1000n, 0n],
    ['is not at a page of the store', 1, 0n, 0x1000n, 0x10n],
  ])('refuses a slot that %s', (_, slot, gpa, size, offset) => {
    const memory = make();
    memory.mapSlot(0, 0x8000_0000n, MIB, 0n);
    expect(memory.mapSlot(slot, gpa, size, offset)).toBe(false);
    expect(memory.offsetOf(0x8000_0000n, 1)).toBe(0);
  });

  it('moves a slot to a place that overlaps its old one', () => {
    const memory = make();
    memory.mapSlot(0, 0x1000n, 0x2000n, 0n);
    expect(memory.mapSlot(0, 0x2000n, 0x2000n, 0n)).toBe(true);
    expect(memory.offsetOf(0x1000n, 1)).toBe(-1);
    expect(memory.offsetOf(0x3000n, 1)).toBe(0x1000);
  });

  it('removes a slot with size 0, once', () => {
    const memory = make();
    memory.mapSlot(3, 0n, MIB, 0n);
    expect(memory.mapSlot(3, 0n, 0n, 0n)).toBe(true);
    expect(memory.offsetOf(0n, 1)).toBe(-1);
    expect(memory.mapSlot(3, 0n, 0n, 0n)).toBe(false);
  });

  it('gives copies and takes bytes, inside its store only', () => {
    const memory = make();
    memory.write(16, Uint8Array.of(1, 2, 3));
    const copy = memory.read(16, 3);
    copy[0] = 9;
    expect([...memory.read(16, 3)]).toEqual([1, 2, 3]);
    expect(() => memory.read(memory.size - 1, 2)).toThrow(RangeError);
    expect(() => memory.write(-1, copy)).toThrow(/offset -1/);
    expect(() => memory.write(0.5, copy)).toThrow(RangeError);
  });

  it('works inside a larger buffer', () => {
    const memory = new SlottedMemory(new Uint8Array(new ArrayBuffer(0x3000), 0x1000, 0x1000));
    memory.write(0, Uint8Array.of(7));
    expect(memory.view.getUint8(0)).toBe(7);
    expect(memory.size).toBe(0x1000);
  });

  it('tells listeners of writes and of new mappings until they leave', () => {
    const memory = make();
    const seen: string[] = [];
    const leave = memory.listen({
      written: (offset, length) => seen.push(`written ${offset} ${length}`),
      remapped: () => seen.push('remapped'),
    });
    memory.mapSlot(0, 0n, MIB, 0n);
    memory.write(8, new Uint8Array(4));
    leave();
    memory.write(8, new Uint8Array(4));
    expect(seen).toEqual(['remapped', 'written 8 4']);
  });
});
