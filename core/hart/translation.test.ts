import { describe, expect, it } from 'vitest';
import { SlottedMemory } from '../memory/guest-memory.ts';
import type { HartOptions } from './api.ts';
import { HartClock, Timebase } from './clock.ts';
import { HartCore } from './core.ts';
import { IntegerRegisters } from './integer.ts';
import type { EngineCaches } from './layout.ts';

const RAM = 0x8000_0000n;
const SIZE = 0x10_0000n;

function make(more: Partial<HartOptions> = {}): HartCore {
  const options: HartOptions = {
    id: 3,
    extensions: new Set(['C', 'Sstc']),
    hcounteren: 2,
    delegatesIllegal: true,
    satpMode: 10,
    ...more,
  };
  const memory = new SlottedMemory(new Uint8Array(Number(SIZE)));
  memory.mapSlot(0, RAM, SIZE, 0n);
  return new HartCore(options, memory, new HartClock(new Timebase(10)), new IntegerRegisters());
}

function recording(): EngineCaches & { readonly seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    contextChanged: () => seen.push('context'),
    rulesChanged: () => seen.push('rules'),
    sfenceVma: (address, size, asid) => seen.push(`sfence ${address} ${size} ${asid}`),
    fencePage: (high, low, asid) => seen.push(`page ${high} ${low} ${asid}`),
    fenceI: () => seen.push('fence.i'),
  };
}

describe('address translation of a hart', () => {
  it('tells the engine when satp, SUM, MXR or the level change it, and only then', () => {
    const core = make();
    const caches = recording();
    core.attach(caches);
    core.writeCsr(0x100, 0x20n);
    core.privilege = 'S';
    expect(caches.seen).toEqual([]);
    core.writeCsr(0x100, 1n << 18n);
    core.writeCsr(0x100, 1n << 19n);
    core.privilege = 'U';
    core.writeCsr(0x180, (9n << 60n) | 5n);
    expect(caches.seen).toEqual(['context', 'context', 'rules', 'context', 'context']);
    expect(core.translation.context).toMatchObject({ levels: 4, root: 5, user: true, sum: false, mxr: true });
  });

  it('looks addresses up without touching accessed and dirty bits', () => {
    const core = make({ extensions: new Set(['Svadu']) });
    const entry = (RAM >> 2n) | 0x0fn;
    core.memory.view.setBigUint64(0, entry, true);
    core.writeCsr(0x180, (8n << 60n) | (RAM >> 12n));
    expect(core.translation.lookup(0x123n, 'store')).toBe(RAM + 0x123n);
    expect(core.translation.lookup(0x4000_0000n, 'store')).toBeNull();
    expect(core.memory.view.getBigUint64(0, true)).toBe(entry);
  });
});
