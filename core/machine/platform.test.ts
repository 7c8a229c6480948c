import { describe, expect, it } from 'vitest';
import { createPlatform, ENGINES } from './platform.ts';

const EXTENSIONS = new Set(['I', 'M', 'A', 'C', 'Zicsr', 'Zifencei', 'Zicntr', 'Sstc']);
const BASE = { harts: 2, instructionsPerTick: 10, extensions: EXTENSIONS };
const HART = { extensions: EXTENSIONS, hcounteren: 7, delegatesIllegal: true, satpMode: 10 as const };
/** c.addi a0, 1; c.j -2 */
const COUNT = Uint8Array.from([0x05, 0x05, 0xfd, 0xbf]);

describe.each(ENGINES)('a platform with the %s engine', (engine) => {
  it('has memory and harts that share it and the time base, each with its own clock', () => {
    const platform = createPlatform({ ...BASE, engine, ramBytes: 0x10000 });
    expect(platform.memory.size).toBe(0x10000);
    expect(platform.memory.mapSlot(0, 0x8000_0000n, 0x10000n, 0n)).toBe(true);
    platform.memory.write(0, COUNT);
    const harts = [0, 1].map((id) => platform.createHart({ ...HART, id }));
    for (const [index, hart] of harts.entries()) {
      hart.pc = 0x8000_0000n;
      expect(hart.run(100 * (index + 1))).toEqual({ kind: 'limit' });
      expect(hart.readX(10)).toBe(50n * BigInt(index + 1));
      expect(hart.clock.now).toBe(100 * (index + 1));
      expect(hart.clock.timebase).toBe(platform.timebase);
    }
    expect(harts.map((hart) => hart.id)).toEqual([0, 1]);
  });

  it('says in MiB what memory it could not get', () => {
    const make = () => createPlatform({ ...BASE, engine, ramBytes: 2 ** 53 - 4096 });
    expect(make).toThrow(RangeError);
    expect(make).toThrow(/MiB/);
  });
});
