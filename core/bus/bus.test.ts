import { describe, expect, it } from 'vitest';
import { Bus } from './bus.ts';
import type { Access, Device } from './device.ts';
import { treeNode } from './tree.ts';

function register(name: string, size = 8): Device & { readonly seen: Access[]; value: bigint } {
  return {
    name,
    size,
    widths: [4],
    seen: [],
    value: 0n,
    read(access) {
      this.seen.push(access);
      return this.value;
    },
    write(access, value) {
      this.seen.push(access);
      this.value = value;
    },
    tree: () => treeNode(name, {}),
    save: () => null,
    load: () => {},
  };
}

describe('bus', () => {
  it('gives a device its offset, the width and who asks, and cuts values to the width', () => {
    const bus = new Bus();
    const device = register('a');
    bus.insert(0x1000n, device);
    expect(bus.write(0x1004n, 4, 0x1_ffff_fffen, 3)).toBeNull();
    expect(device.seen).toEqual([{ offset: 4, width: 4, who: 3 }]);
    expect(bus.read(0x1000n, 4, 0)).toEqual({ value: 0xffff_fffen });
  });

  it('refuses a window that overlaps another at either end', () => {
    const bus = new Bus();
    bus.insert(0x1000n, register('a'));
    expect(() => bus.insert(0x1007n, register('b'))).toThrow('b at 0x1007 overlaps a at 0x1000');
    expect(() => bus.insert(0xff9n, register('b'))).toThrow('overlaps');
    bus.insert(0x1008n, register('b'));
    expect(bus.placed.map((x) => x.device.name)).toEqual(['a', 'b']);
  });

  it('refuses a second device of the same name, since snapshots are keyed by it', () => {
    const bus = new Bus();
    bus.insert(0n, register('a'));
    expect(() => bus.insert(0x100n, register('a'))).toThrow('there is a device of that name');
  });

  it('tells in words that nothing is there, that the width is not declared, or that the window ends', () => {
    const bus = new Bus();
    bus.insert(0x1000n, register('a', 6));
    expect(bus.read(0x2000n, 8, 0)).toEqual({
      fault: 'load of 8 bytes at 0x2000: neither RAM nor a device is there',
      nowhere: true,
    });
    expect(bus.write(0x1000n, 1, 0n, 0)).toEqual({
      fault: 'store of 1 byte at 0x1000: a takes accesses of 4 only',
      nowhere: false,
    });
    expect(bus.read(0x1004n, 4, 0)).toEqual({
      fault: 'load of 4 bytes at 0x1004 reaches past the end of a',
      nowhere: false,
    });
  });
});
