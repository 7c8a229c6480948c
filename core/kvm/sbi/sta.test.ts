import { describe, expect, it } from 'vitest';
import { hostProfile } from '../profiles/index.ts';
import { type Bench, bench, ecall, RAM_BASE } from '../testdata/bench.ts';

const PAGE = 0x4000;
const STA = 0x535441n;
/** Slice of the host in units of the bench: 3 ms at 1 unit each ns. */
const SLICE = 3_000_000;

function area(machine: Bench): { readonly sequence: number; readonly steal: bigint } {
  const view = new DataView(machine.memory.read(PAGE, 16).buffer);
  return { sequence: view.getUint32(0, true), steal: view.getBigUint64(8, true) };
}

function sharing(neighbours: number): Bench {
  const machine = bench(hostProfile('linux-7.2')!, 'upstream', { neighbours });
  ecall(machine, 0, STA, 0n, [RAM_BASE + BigInt(PAGE), 0n, 0n]);
  return machine;
}

function work(machine: Bench, units: number): void {
  const [thread] = machine.threads;
  thread!.sliceEnd = thread!.clock.now + units;
  machine.vcpus[0]!.kvmRun();
}

describe('stolen time', () => {
  it('is none on a host without other machines', () => {
    const machine = sharing(0);
    work(machine, 4 * SLICE);
    expect(area(machine).steal).toBe(0n);
    expect(machine.threads[0]!.clock.waited).toBeLessThan(SLICE);
  });

  it('is a slice for each neighbour whenever a slice of the guest is over, and really passes', () => {
    const machine = sharing(2);
    const { sequence } = area(machine);
    const before = machine.threads[0]!.clock.waited;
    work(machine, SLICE);
    expect(area(machine).steal).toBe(2n * BigInt(SLICE));
    expect(machine.threads[0]!.clock.waited - before).toBe(2 * SLICE);
    expect(area(machine).sequence).toBe(sequence + 2);
    work(machine, 6 * SLICE);
    expect(area(machine).steal).toBe(2n * BigInt(SLICE) + 4n * BigInt(SLICE));
  });

  it('before the area was set is not reported', () => {
    const machine = bench(hostProfile('linux-7.2')!, 'upstream', { neighbours: 1 });
    work(machine, 4 * SLICE);
    ecall(machine, 0, STA, 0n, [RAM_BASE + BigInt(PAGE), 0n, 0n]);
    expect(area(machine).steal).toBe(0n);
  });
});
