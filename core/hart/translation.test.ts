import { describe, expect, it } from 'vitest';
import { makeCore, RAM, recordingCaches } from '../testing/hart-core.ts';

describe('address translation of a hart', () => {
  it('tells the engine when satp, SUM, MXR or the level change it, and only then', () => {
    const core = makeCore();
    const caches = recordingCaches();
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
    const core = makeCore({ extensions: new Set(['Svadu']) });
    const entry = (RAM >> 2n) | 0x0fn;
    core.memory.view.setBigUint64(0, entry, true);
    core.writeCsr(0x180, (8n << 60n) | (RAM >> 12n));
    expect(core.translation.lookup(0x123n, 'store')).toBe(RAM + 0x123n);
    expect(core.translation.lookup(0x4000_0000n, 'store')).toBeNull();
    expect(core.memory.view.getBigUint64(0, true)).toBe(entry);
  });
});
