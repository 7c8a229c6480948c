/**
 * Runs a bench guest on a platform of its own, with the two SBI calls that such a guest makes answered
 * here: the subject is the engine, not the KVM model.
 */
import type { Hart } from '../hart/api.ts';
import { createPlatform } from '../machine/platform.ts';
import { type Guest, LOAD_ADDRESS } from './guests.ts';
import { LineWatch, type Measurement } from './measurement.ts';

const RAM_BASE = 0x8000_0000n;
const RAM_BYTES = 16 * 2 ** 20;
const EXTENSIONS = new Set(['I', 'M', 'A', 'C', 'Zicsr', 'Zifencei', 'Zicntr', 'Sstc', 'F', 'D', 'Zcd']);
/** A guest takes some 10^9 instructions; one that hangs must not hold the bench up. */
const LIMIT = 20e9;
const SLICE = 50e6;
const SBI_PUTCHAR = 1n;
const SBI_SRST = 0x5352_5354n;
const A0 = 10;
const A7 = 17;
const ECALL_BYTES = 4;

interface Sample {
  readonly cpuMs: number;
  readonly retired: number;
}

export interface OwnMeasurement extends Measurement {
  /** Retired in the measured part: the same in every run. */
  readonly instructions: number;
}

export function runInOurs(guest: Guest): OwnMeasurement {
  const platform = createPlatform({
    ramBytes: RAM_BYTES,
    harts: 1,
    instructionsPerTick: 100,
    extensions: EXTENSIONS,
    engine: 'interpreter',
  });
  platform.memory.mapSlot(0, RAM_BASE, BigInt(RAM_BYTES), 0n);
  platform.memory.write(Number(LOAD_ADDRESS - RAM_BASE), guest.image);
  const hart = platform.createHart({
    id: 0,
    extensions: EXTENSIONS,
    hcounteren: 7,
    delegatesIllegal: true,
    satpMode: 10,
  });
  hart.pc = LOAD_ADDRESS;
  const watch = new LineWatch<Sample>(() => ({ cpuMs: ownCpuMs(), retired: hart.clock.retired }));
  while (hart.clock.retired < LIMIT && answers(hart, watch));
  const { begin, end } = watch;
  if (begin === null || end === null) throw new Error(`${guest.name} did not finish in the interpreter`);
  return {
    checksum: end.checksum,
    cpuMs: end.sample.cpuMs - begin.cpuMs,
    instructions: end.sample.retired - begin.retired,
  };
}

/** Runs to the next exit and answers it; false when the guest shut down. */
function answers(hart: Hart, watch: LineWatch<Sample>): boolean {
  const exit = hart.run(SLICE);
  if (exit.kind === 'limit') return true;
  if (exit.kind !== 'ecall') throw new Error(`unexpected ${exit.kind} exit at pc 0x${hart.pc.toString(16)}`);
  const call = hart.readX(A7);
  if (call === SBI_SRST) return false;
  if (call !== SBI_PUTCHAR) throw new Error(`unexpected SBI call 0x${call.toString(16)}`);
  watch.put(String.fromCharCode(Number(hart.readX(A0) & 0xffn)));
  hart.complete(A0, 0n, ECALL_BYTES);
  return true;
}

export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
