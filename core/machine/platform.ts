/**
 * The hardware of a machine: guest memory, time base and harts on the chosen engine. It knows nothing of
 * KVM or devices.
 */
import { InterpreterHart } from '../engine/interp/hart.ts';
import { InterpreterSpace } from '../engine/interp/space.ts';
import type { Hart, HartOptions } from '../hart/api.ts';
import { HartClock, Timebase } from '../hart/clock.ts';
import { ReferenceHart } from '../hart/reference.ts';
import type { GuestMemory } from '../memory/api.ts';
import { SlottedMemory } from '../memory/guest-memory.ts';

export const ENGINES = ['interpreter', 'reference'] as const;
/** The generated interpreter, or the slow evaluator of the same semantics. */
export type EngineName = (typeof ENGINES)[number];

export interface PlatformOptions {
  /** Bytes of backing store of guest memory: whole pages. */
  readonly ramBytes: number;
  /** Number of hart ids. */
  readonly harts: number;
  /** Units in a tick of the time base. */
  readonly instructionsPerTick: number;
  /** Extension names as in the ISA string that harts are expected to have: their code is generated at once. */
  readonly extensions: ReadonlySet<string>;
  /** What they do with misaligned accesses. */
  readonly misaligned?: 'done' | 'traps';
  readonly engine: EngineName;
}

export interface Platform {
  readonly memory: GuestMemory;
  readonly timebase: Timebase;
  /** A hart in its reset state, with a clock of its own on the time base. It takes the place of the one with its id. */
  createHart(options: HartOptions): Hart;
}

/** Throws RangeError when there is no memory for a guest of that size. */
export function createPlatform(options: PlatformOptions): Platform {
  const timebase = new Timebase(options.instructionsPerTick);
  switch (options.engine) {
    case 'interpreter': {
      const space = new InterpreterSpace(options);
      space.codes.for(options);
      return {
        memory: space.guest,
        timebase,
        createHart: (hart) => new InterpreterHart(hart, new HartClock(timebase), space),
      };
    }
    case 'reference': {
      const memory = new SlottedMemory(allocate(options.ramBytes));
      return {
        memory,
        timebase,
        createHart: (hart) => new ReferenceHart(hart, memory, new HartClock(timebase)),
      };
    }
    default:
      return options.engine satisfies never;
  }
}

function allocate(bytes: number): Uint8Array {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    const mib = Math.ceil(bytes / 2 ** 20);
    throw new RangeError(`no memory for a guest of ${mib} MiB: choose a smaller memory size`, { cause });
  }
}
