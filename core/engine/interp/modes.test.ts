import { describe, expect, it } from 'vitest';
import type { Hart, HartOptions } from '../../hart/api.ts';
import { HartClock, Timebase } from '../../hart/clock.ts';
import { ReferenceHart } from '../../hart/reference.ts';
import { assemble } from '../../isa/asm/index.ts';
import { SlottedMemory } from '../../memory/guest-memory.ts';
import { InterpreterHart } from './hart.ts';
import { InterpreterSpace } from './space.ts';

const RAM = 0x8000_0000n;
const SIZE = 0x40_0000;
const OPTIONS: HartOptions = {
  id: 0,
  extensions: new Set(['I', 'M', 'Zicsr', 'Zicntr']),
  hcounteren: 7,
  delegatesIllegal: true,
  satpMode: 8,
};
/** Of a round trip: what user level retires, and what the handler does until it is back. */
const IN_USER = 3;
const IN_HANDLER = 6;
const ROUNDS = 5;

/** Goes to user level ROUNDS times; there three instructions retire and the fourth traps. */
const SOURCE = `
  la t0, handler
  csrw stvec, t0
  la t0, user
  csrw sepc, t0
  li s1, ${ROUNDS}
  li t0, 1 << 8
  csrc sstatus, t0
  sret
user:
  nop
  nop
  nop
  ecall
handler:
  addi s1, s1, -1
  beqz s1, done
  la t0, user
  csrw sepc, t0
  sret
done:
  ecall
`;
/** la is two instructions. */
const BEFORE_USER = 10;

const ENGINES: Readonly<Record<string, () => Hart>> = {
  interpreter: () => {
    const space = new InterpreterSpace({ ramBytes: SIZE, harts: 1 });
    space.guest.mapSlot(0, RAM, BigInt(SIZE), 0n);
    space.guest.write(0, program());
    return new InterpreterHart(OPTIONS, new HartClock(new Timebase(10)), space);
  },
  reference: () => {
    const memory = new SlottedMemory(new Uint8Array(SIZE));
    memory.mapSlot(0, RAM, BigInt(SIZE), 0n);
    memory.write(0, program());
    return new ReferenceHart(OPTIONS, memory, new HartClock(new Timebase(10)));
  },
};

function program(): Uint8Array {
  const { image, diagnostics } = assemble(SOURCE, { base: RAM, extensions: OPTIONS.extensions });
  if (image === null) throw new Error(diagnostics.map((d) => `${d.line}: ${d.message}`).join('\n'));
  return image.bytes;
}

function started(engine: string): Hart {
  const hart = ENGINES[engine]?.();
  if (hart === undefined) throw new Error(engine);
  hart.pc = RAM;
  return hart;
}

describe.each(Object.keys(ENGINES))('a hart of the %s', (engine) => {
  it('counts exactly what it retires at user level, however its run is cut', () => {
    for (const limit of [1, 2, 3, 7, 1000]) {
      const hart = started(engine);
      while (hart.run(limit).kind === 'limit');
      expect([hart.pc, hart.clock.retiredInUser]).toEqual([RAM + 4n * 20n, IN_USER * ROUNDS]);
      // Of the last round only the first two instructions of the handler.
      expect(hart.clock.retired).toBe(BEFORE_USER + (IN_USER + IN_HANDLER) * (ROUNDS - 1) + IN_USER + 2);
    }
  });

  it('comes back at each change of level when it is to', () => {
    const hart = started(engine);
    hart.stopsOnModeChange = true;
    const seen: (readonly [string, number, number])[] = [];
    while (hart.run(1000).kind === 'limit') seen.push([hart.privilege, hart.clock.retired, hart.clock.retiredInUser]);
    expect(seen.slice(0, 4)).toEqual([
      ['U', BEFORE_USER, 0],
      ['S', BEFORE_USER + IN_USER, IN_USER],
      ['U', BEFORE_USER + IN_USER + IN_HANDLER, IN_USER],
      ['S', BEFORE_USER + 2 * IN_USER + IN_HANDLER, 2 * IN_USER],
    ]);
    expect(seen.length).toBe(2 * ROUNDS);
  });

  it('comes back too when an interrupt takes it out of user level, before it does anything there', () => {
    const hart = started(engine);
    hart.stopsOnModeChange = true;
    hart.run(1000);
    hart.writeCsr(0x104, 2n);
    hart.setPending(1, true);
    expect(hart.run(1000)).toEqual({ kind: 'limit' });
    expect([hart.privilege, hart.clock.retired, hart.clock.retiredInUser]).toEqual(['S', BEFORE_USER, 0]);
  });

  it('keeps the counts over a snapshot taken at either level', () => {
    const hart = started(engine);
    hart.stopsOnModeChange = true;
    for (let stop = 0; stop < 4; stop++) {
      hart.run(1000);
      const other = started(engine);
      other.load(hart.save());
      while (other.run(1).kind === 'limit');
      expect(other.clock.retiredInUser).toBe(IN_USER * ROUNDS);
    }
  });
});
