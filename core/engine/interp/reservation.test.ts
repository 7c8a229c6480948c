import { describe, expect, it } from 'vitest';
import type { Hart } from '../../hart/api.ts';
import { HartClock, Timebase } from '../../hart/clock.ts';
import { ReferenceHart } from '../../hart/reference.ts';
import { assemble } from '../../isa/asm/index.ts';
import { SlottedMemory } from '../../memory/guest-memory.ts';
import { InterpreterHart } from './hart.ts';
import { InterpreterSpace } from './space.ts';

const RAM = 0x8000_0000n;
const SIZE = 0x10_0000;
const EXTENSIONS = new Set(['I', 'A', 'Zicsr']);
const OPTIONS = { extensions: EXTENSIONS, hcounteren: 2, delegatesIllegal: true, satpMode: 8 } as const;
/** Offset of the reserved bytes. */
const DATA = 0x2000;
const [A0, A1, A2] = [10, 11, 12] as const;

interface Pair {
  readonly first: Hart;
  readonly second: Hart;
  readonly memory: SlottedMemory;
}

const ENGINES: readonly (readonly [string, () => Pair])[] = [
  [
    'reference',
    () => {
      const memory = new SlottedMemory(new Uint8Array(SIZE));
      const timebase = new Timebase(10);
      const make = (id: number): Hart => new ReferenceHart({ id, ...OPTIONS }, memory, new HartClock(timebase));
      return { first: make(0), second: make(1), memory };
    },
  ],
  [
    'interpreter',
    () => {
      const space = new InterpreterSpace({ ramBytes: SIZE, harts: 2 });
      const timebase = new Timebase(10);
      const make = (id: number): Hart => new InterpreterHart({ id, ...OPTIONS }, new HartClock(timebase), space);
      return { first: make(0), second: make(1), memory: space.guest };
    },
  ],
];

/** Runs one instruction of `source`, which has been put at `at`. */
function execute({ memory }: Pair, hart: Hart, source: string, at: number): void {
  const { image } = assemble(source, { base: RAM + BigInt(at), extensions: EXTENSIONS });
  if (image === null) throw new Error(source);
  memory.write(at, image.bytes);
  hart.pc = RAM + BigInt(at);
  hart.run(1);
}

function start(make: () => Pair): Pair {
  const pair = make();
  pair.memory.mapSlot(0, RAM, BigInt(SIZE), 0n);
  for (const hart of [pair.first, pair.second]) hart.writeX(A1, RAM + BigInt(DATA));
  return pair;
}

/** What SC gave after the first hart reserved, `between` happened and it tried: 0 for done. */
function outcome(
  make: () => Pair,
  between: (pair: Pair) => void,
  reserve = 'lr.w a0, (a1)',
  store = 'sc.w a0, zero, (a1)',
): bigint {
  const pair = start(make);
  // Both have stored to the page before, so that their TLBs know it.
  for (const hart of [pair.first, pair.second]) execute(pair, hart, 'sw zero, 0x80(a1)', 0x100);
  execute(pair, pair.first, reserve, 0x200);
  between(pair);
  execute(pair, pair.first, store, 0x300);
  return pair.first.readX(A0);
}

describe.each(ENGINES)('a reservation on the %s', (_, make) => {
  const by = (source: string) => (pair: Pair) => execute(pair, pair.second, source, 0x400);

  it('holds over what other harts do elsewhere', () => {
    expect(outcome(make, by('sw zero, 8(a1)'))).toBe(0n);
    expect(outcome(make, by('lw a2, 0(a1)'))).toBe(0n);
    expect(outcome(make, () => {})).toBe(0n);
  });

  it.each([
    ['a store of the value that is there', 'sw zero, 0(a1)'],
    ['a store of one of its bytes', 'sb zero, 3(a1)'],
    ['a store that reaches into it', 'sd zero, -4(a1)'],
    ['an atomic that changes nothing', 'amoor.w a2, zero, (a1)'],
  ])('ends with %s by another hart', (_, source) => {
    expect(outcome(make, by(source))).toBe(1n);
  });

  it('ends with a value that went away and came back', () => {
    const change = (pair: Pair): void => {
      pair.second.writeX(A2, 7n);
      execute(pair, pair.second, 'sw a2, 0(a1)', 0x400);
      execute(pair, pair.second, 'sw zero, 0(a1)', 0x400);
    };
    expect(outcome(make, change)).toBe(1n);
  });

  it('ends with a store-conditional of another hart that succeeds', () => {
    const other = (pair: Pair): void => {
      execute(pair, pair.second, 'lr.w a0, (a1)', 0x400);
      execute(pair, pair.second, 'sc.w a0, zero, (a1)', 0x500);
      expect(pair.second.readX(A0)).toBe(0n);
    };
    expect(outcome(make, other)).toBe(1n);
  });

  it('ends with bytes that come from outside the guest', () => {
    expect(outcome(make, ({ memory }) => memory.write(DATA + 2, Uint8Array.of(0)))).toBe(1n);
    expect(outcome(make, ({ memory }) => memory.write(DATA + 8, Uint8Array.of(0)))).toBe(0n);
  });

  it('is for its bytes alone, whole', () => {
    expect(outcome(make, () => {}, 'lr.d a0, (a1)')).toBe(1n);
    expect(outcome(make, () => {}, 'lr.d a0, (a1)', 'sc.d a0, zero, (a1)')).toBe(0n);
    expect(outcome(make, by('sw zero, 4(a1)'), 'lr.d a0, (a1)', 'sc.d a0, zero, (a1)')).toBe(1n);
  });

  it('leaves stores to its page fast once it is gone, and right', () => {
    const pair = start(make);
    execute(pair, pair.first, 'lr.w a0, (a1)', 0x200);
    execute(pair, pair.second, 'sw zero, 0(a1)', 0x400);
    execute(pair, pair.first, 'sc.w a0, zero, (a1)', 0x300);
    pair.second.writeX(A2, 5n);
    execute(pair, pair.second, 'sw a2, 0(a1)', 0x400);
    execute(pair, pair.second, 'sw a2, 4(a1)', 0x400);
    expect([...pair.memory.read(DATA, 5)]).toEqual([5, 0, 0, 0, 5]);
  });
});
