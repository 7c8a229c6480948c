import { describe, expect, it } from 'vitest';
import { hostProfile } from './profiles/index.ts';
import { CSR_STIMECMP } from './state.ts';
import { bench, COSTS } from './testdata/bench.ts';

const CSR_SIE = 0x104;
const STIE = 1n << 5n;
/** Units of a nanosecond: 100 instructions in a tick of 100 ns. */
const UNITS = 1;

function sleeper(host = 'linux-7.2') {
  const made = bench(hostProfile(host)!, 'upstream');
  const [hart, vcpu, thread] = [made.harts[0]!, made.vcpus[0]!, made.threads[0]!];
  /** WFI with the timer so many ns after KVM has the trap; runs until it is awake. */
  const sleeps = (ns: number) => {
    const woken = thread.clock.now + (COSTS.trapNs + ns) * UNITS;
    hart.writeCsr(CSR_SIE, STIE);
    hart.writeCsr(CSR_STIMECMP, BigInt(woken / (100 * UNITS)));
    hart.script.push({ kind: 'wfi' });
    thread.sliceEnd = woken + 100;
    vcpu.kvmRun();
  };
  const stats = () =>
    Object.fromEntries(
      vcpu
        .getStats()
        .filter(({ name, value }) => name.startsWith('halt_') && value !== 0)
        .map(({ name, value }) => [name.slice('halt_'.length), value]),
    );
  return { sleeps, stats, made, thread, vcpu };
}

describe('the statistics of a vcpu that sleeps', () => {
  it('tell how long it waited and that it was woken, as on the measured kernels', () => {
    const { sleeps, stats } = sleeper();
    sleeps(6_000_000);
    expect(stats()).toEqual({ wakeup: 1, wait_ns: 6_000_000 });
    sleeps(2_000_000);
    expect(stats()).toEqual({ wakeup: 2, wait_ns: 8_000_000 });
  });

  it('are none when the interrupt was there already', () => {
    const { sleeps, stats } = sleeper();
    sleeps(0);
    expect(stats()).toEqual({});
  });

  it('tell of polling once sleeps are short: first 10 µs, then twice as long each time it was in vain', () => {
    const { sleeps, stats } = sleeper();
    sleeps(30_000);
    expect(stats()).toEqual({ wakeup: 1, wait_ns: 30_000 });
    sleeps(30_000);
    expect(stats()).toEqual({ wakeup: 2, wait_ns: 50_000, attempted_poll: 1, poll_fail_ns: 10_000 });
    sleeps(30_000);
    expect(stats()).toEqual({ wakeup: 3, wait_ns: 60_000, attempted_poll: 2, poll_fail_ns: 30_000 });
    sleeps(30_000);
    const polled = { attempted_poll: 3, successful_poll: 1, poll_fail_ns: 30_000, poll_success_ns: 30_000 };
    expect(stats()).toEqual({ wakeup: 3, wait_ns: 60_000, ...polled });
  });

  it('tell that a long sleep makes it poll less, and at last not at all', () => {
    const { sleeps, stats } = sleeper();
    for (const ns of [30_000, 30_000]) sleeps(ns);
    for (const ns of [1_000_000, 1_000_000, 1_000_000]) sleeps(ns);
    expect(stats()).toMatchObject({ attempted_poll: 3, poll_fail_ns: 10_000 + 20_000 + 10_000, wakeup: 5 });
  });

  it('tell that before Linux 6.11 one long sleep ends the polling', () => {
    const outcome = (host: string) => {
      const { sleeps, stats } = sleeper(host);
      for (const ns of [30_000, 30_000, 1_000_000, 1_000_000]) sleeps(ns);
      return stats();
    };
    expect(outcome('linux-6.10')).toMatchObject({ attempted_poll: 2, poll_fail_ns: 10_000 + 20_000, wakeup: 4 });
    expect(outcome('linux-6.11')).toMatchObject({ attempted_poll: 3, poll_fail_ns: 10_000 + 20_000 + 10_000 });
  });

  it('go on over slices of a run, which do not wake it', () => {
    const { sleeps, stats, thread, vcpu } = sleeper();
    const before = thread.clock.now;
    sleeps(1_000_000);
    const undisturbed = stats();
    const other = sleeper();
    other.made.harts[0]!.writeCsr(CSR_SIE, STIE);
    other.made.harts[0]!.writeCsr(CSR_STIMECMP, BigInt((before + COSTS.trapNs + 1_000_000) / 100));
    other.made.harts[0]!.script.push({ kind: 'wfi' });
    for (const end of [10_000, 500_000, 1_001_100]) {
      other.thread.sliceEnd = end;
      other.vcpu.kvmRun();
    }
    expect(other.stats()).toEqual(undisturbed);
    expect(vcpu.getStats().find(({ name }) => name === 'wfi_exit_stat')?.value).toBe(1);
  });
});
