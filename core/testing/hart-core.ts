/** A hart's core without an engine, as the tests of core/hart look at it. */
import type { HartOptions } from '../hart/api.ts';
import { HartClock, Timebase } from '../hart/clock.ts';
import { HartCore } from '../hart/core.ts';
import { IntegerRegisters } from '../hart/integer.ts';
import type { EngineCaches } from '../hart/layout.ts';
import { SlottedMemory } from '../memory/guest-memory.ts';

export const RAM = 0x8000_0000n;
const SIZE = 0x10_0000n;

/** With a megabyte of memory at `RAM`. */
export function makeCore(more: Partial<HartOptions> = {}): HartCore {
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

/** Caches of an engine that only note what they are told. */
export function recordingCaches(): EngineCaches & { readonly seen: string[] } {
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

/** What a trap into S level leaves; of sstatus SPP, SPIE and SIE. */
export const trapOf = (core: HartCore) => ({
  pc: core.pc,
  privilege: core.privilege,
  sepc: core.readCsr(0x141),
  scause: core.readCsr(0x142),
  stval: core.readCsr(0x143),
  sstatus: core.readCsr(0x100) & 0x122n,
});
