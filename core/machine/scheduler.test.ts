import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HartClock, Timebase } from '../hart/clock.ts';
import { ConsoleInput } from './input.ts';
import { type Budget, type ScheduledThread, Scheduler, windowUnits } from './scheduler.ts';

/** What a fake thread does, one act a turn: run instructions, wait in the host, sleep, wake or signal another, read input, end. */
type Act =
  | { readonly run: number }
  | { readonly spend: number }
  | { readonly sleepUntil: number }
  | { readonly wake: number }
  | { readonly signal: number }
  | { readonly readInput: true }
  | { readonly userSleepNs: number }
  | { readonly end: true };

class FakeMachine {
  readonly timebase = new Timebase(100);
  readonly log: string[] = [];
  readonly asleep: (number | null)[] = [];
  readonly userAsleep: (number | null)[] = [];
  readonly signalledAt: (number | null)[] = [];
  readonly threads: ScheduledThread[];
  readonly scheduler: Scheduler;
  ended = false;

  constructor(
    scripts: readonly (readonly Act[])[],
    readonly input = new ConsoleInput(),
  ) {
    this.threads = scripts.map((script, id) => this.#thread(id, [...script]));
    this.scheduler = new Scheduler(this.threads, this.timebase, input, () => this.ended);
  }

  #thread(id: number, script: Act[]): ScheduledThread {
    const clock = new HartClock(this.timebase);
    this.asleep[id] = null;
    this.userAsleep[id] = null;
    this.signalledAt[id] = null;
    let preempted = false;
    let act: Act | undefined;
    let left = 0;
    const vcpu = {
      id,
      clock,
      sliceEnd: 0,
      maxInstructions: 0,
      sleepingUntil: () => this.asleep[id] ?? null,
      hsm: 'STARTED' as const,
      pc: 0n,
      runDelayNs: 0,
      preempt: () => {
        preempted = true;
      },
    };
    const machine = this;
    const turn = (): void => {
      this.asleep[id] = null;
      this.userAsleep[id] = null;
      this.signalledAt[id] = null;
      preempted = false;
      while (
        clock.now < vcpu.sliceEnd &&
        !preempted &&
        !this.ended &&
        this.asleep[id] === null &&
        this.userAsleep[id] === null
      ) {
        if (left > 0) {
          const count = Math.min(left, vcpu.sliceEnd - clock.now, vcpu.maxInstructions);
          clock.retired += count;
          left -= count;
          if (vcpu.maxInstructions !== Number.POSITIVE_INFINITY) return;
          continue;
        }
        act = script.shift();
        if (act === undefined) this.asleep[id] = Number.POSITIVE_INFINITY;
        else if ('run' in act) left = act.run;
        else this.#perform(id, clock, act);
      }
    };
    return {
      vcpu,
      user: {
        vcpu: id,
        turn,
        isOver: false,
        get sleepingUntil() {
          return machine.userAsleep[id] ?? null;
        },
        get signalledAt() {
          return machine.signalledAt[id] ?? null;
        },
      },
    };
  }

  #perform(id: number, clock: HartClock, act: Exclude<Act, { run: number }>): void {
    if ('spend' in act) clock.spend(act.spend);
    else if ('sleepUntil' in act) this.asleep[id] = act.sleepUntil > clock.now ? act.sleepUntil : null;
    else if ('userSleepNs' in act) this.userAsleep[id] = act.userSleepNs;
    else if ('wake' in act) this.asleep[act.wake] = null;
    else if ('signal' in act) this.signalledAt[act.signal] = this.timebase.nsFromUnits(clock.now);
    else if ('end' in act) this.ended = true;
    const got = 'readInput' in act ? `:${String.fromCharCode(...this.input.read(9))}` : '';
    this.log.push(`${id}@${clock.now} ${Object.keys(act)[0]}${got}`);
  }
}

const unlimited: Budget = {
  instructions: Number.POSITIVE_INFINITY,
  shouldYield: () => false,
  idleUntil: Number.POSITIVE_INFINITY,
};
const NEVER = Number.POSITIVE_INFINITY;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ run: fc.integer({ min: 1, max: 40_000 }) }),
  fc.record({ spend: fc.integer({ min: 0, max: 30_000 }) }),
  fc.record({ sleepUntil: fc.oneof(fc.integer({ min: 0, max: 200_000 }), fc.constant(NEVER)) }),
  fc.record({ userSleepNs: fc.integer({ min: 0, max: 300_000 }) }),
  fc.record({ wake: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ signal: fc.integer({ min: 0, max: 2 }) }),
  fc.constant({ readInput: true } as const),
);
const anyScripts = fc.array(fc.array(anyAct, { maxLength: 12 }), { minLength: 3, maxLength: 3 });
const anyInput = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 400_000 }), fc.constantFrom('a', 'bc')), { maxLength: 4 })
  .map((list) => list.sort((a, b) => a[0] - b[0]).map(([time, text]) => ({ time, bytes: bytes(text) })));

describe('the scheduler', () => {
  it('gives every thread its turn within a window, in order of id', () => {
    const length = windowUnits(2, 100);
    const machine = new FakeMachine([
      [{ run: length }, { spend: 1 }, { end: true }],
      [{ run: length }, { spend: 2 }],
    ]);
    expect(machine.scheduler.run(unlimited)).toBe('ended');
    expect(machine.log[0]).toBe(`0@${length + 1} spend`);
    expect(machine.threads[1]?.vcpu.clock.now).toBe(length);
  });

  it('runs a thread that another woke in the same window', () => {
    const machine = new FakeMachine([
      [{ run: 10 }, { sleepUntil: NEVER }, { spend: 0 }],
      [{ run: 50 }, { wake: 0 }, { run: 100 }],
    ]);
    expect(machine.scheduler.run(unlimited)).toBe('idle');
    expect(machine.log).toEqual(['0@10 sleepUntil', '1@50 wake', '0@10 spend']);
  });

  it('lets a signal end the sleep of another thread, at its time and not before', () => {
    const machine = new FakeMachine([
      [{ sleepUntil: NEVER }, { spend: 0 }],
      [{ sleepUntil: 9_000_000 }, { spend: 0 }],
      [{ run: 50 }, { signal: 0 }, { signal: 1 }],
    ]);
    expect(machine.scheduler.run(unlimited)).toBe('idle');
    expect(machine.log.slice(2)).toEqual(['2@50 signal', '2@50 signal', '0@50 spend', '1@50 spend']);
  });

  it('leaves a thread that ran ahead until the others have caught up', () => {
    const length = windowUnits(2, 100);
    const machine = new FakeMachine([
      [{ spend: 5 * length }, { spend: 0 }],
      [{ run: 5 * length - 1 }, { spend: 0 }],
    ]);
    machine.scheduler.run(unlimited);
    expect(machine.log.map((line) => line[0])).toEqual(['0', '1', '0']);
  });

  it('skips to the first wake-up when all sleep', () => {
    const machine = new FakeMachine([
      [{ sleepUntil: 9_000_000 }, { spend: 0 }],
      [{ sleepUntil: 7_000_000 }, { spend: 0 }],
    ]);
    expect(machine.scheduler.run(unlimited)).toBe('idle');
    expect(machine.log.slice(2)).toEqual(['1@7000000 spend', '0@9000000 spend']);
    expect(machine.threads.map((thread) => thread.vcpu.clock.retired)).toEqual([0, 0]);
  });

  it('wakes a thread that sleeps in user space at its time, or when input comes', () => {
    const asleep = new FakeMachine([[{ userSleepNs: 1234.5 }, { spend: 0 }]]);
    asleep.scheduler.run(unlimited);
    expect(asleep.log[1]).toBe('0@1235 spend');
    const input = new ConsoleInput([{ time: 5_000, bytes: bytes('x') }]);
    const woken = new FakeMachine([[{ userSleepNs: NEVER }, { readInput: true }]], input);
    woken.scheduler.run(unlimited);
    expect(woken.log[1]).toBe('0@5000 readInput:x');
  });

  it('delivers input no earlier than its time and at the start of a window', () => {
    const length = windowUnits(1, 100);
    const input = new ConsoleInput([{ time: 1, bytes: bytes('x') }]);
    const machine = new FakeMachine(
      [[{ run: length - 1 }, { readInput: true }, { run: 2 }, { readInput: true }]],
      input,
    );
    machine.scheduler.run(unlimited);
    expect(machine.log).toEqual([`0@${length - 1} readInput:`, `0@${length + 1} readInput:x`]);
  });

  it('stops exactly at a limit of instructions', () => {
    fc.assert(
      fc.property(anyScripts, fc.integer({ min: 1, max: 60_000 }), (scripts, instructions) => {
        const machine = new FakeMachine(scripts);
        const outcome = machine.scheduler.run({ ...unlimited, instructions });
        const retired = machine.threads.reduce((sum, thread) => sum + thread.vcpu.clock.retired, 0);
        if (outcome === 'limit') expect(retired).toBe(instructions);
        else expect(retired).toBeLessThanOrEqual(instructions);
      }),
    );
  });

  it('does the same however often it is left and resumed', () => {
    fc.assert(
      fc.property(anyScripts, anyInput, fc.integer({ min: 1, max: 5 }), (scripts, input, every) => {
        const whole = new FakeMachine(scripts, new ConsoleInput(input));
        const end = whole.scheduler.run(unlimited);
        const sliced = new FakeMachine(scripts, new ConsoleInput(input));
        let turns = 0;
        let idleUntil = 0;
        let outcome: string;
        do {
          outcome = sliced.scheduler.run({ ...unlimited, idleUntil, shouldYield: () => ++turns % every === 0 });
          if (outcome === 'waiting') idleUntil = sliced.scheduler.nextWake;
        } while (outcome === 'yielded' || outcome === 'waiting');
        expect(outcome).toBe(end);
        expect(sliced.log).toEqual(whole.log);
      }),
      { numRuns: 300 },
    );
  });

  it('does the same with input that came live and with the log of it', () => {
    fc.assert(
      fc.property(anyScripts, fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }), (scripts, gaps) => {
        const live = new FakeMachine(scripts);
        for (const gap of gaps) {
          let turns = 0;
          live.scheduler.run({ ...unlimited, shouldYield: () => ++turns >= gap });
          live.input.add(live.scheduler.arrival, bytes('k'));
        }
        live.scheduler.run(unlimited);
        const replayed = new FakeMachine(scripts, new ConsoleInput(live.input.log));
        replayed.scheduler.run(unlimited);
        expect(replayed.log).toEqual(live.log);
      }),
      { numRuns: 300 },
    );
  });

  it('waits for the next wake-up instead of skipping when idle time is paced', () => {
    const machine = new FakeMachine([[{ sleepUntil: 5_000_000 }, { spend: 0 }]]);
    expect(machine.scheduler.run({ ...unlimited, idleUntil: 1_000_000 })).toBe('waiting');
    expect(machine.scheduler.nextWake).toBe(5_000_000);
    machine.scheduler.run({ ...unlimited, idleUntil: 5_000_000 });
    expect(machine.log[1]).toBe('0@5000000 spend');
  });

  it('steps one instruction of a thread, or says that it sleeps', () => {
    const machine = new FakeMachine([[{ run: 5 }], [{ run: 1 }, { sleepUntil: NEVER }]]);
    const [first, second] = machine.threads;
    expect(machine.scheduler.step(first!, () => false)).toBe(true);
    expect(first?.vcpu.clock.retired).toBe(1);
    machine.scheduler.run(unlimited);
    expect(machine.scheduler.step(second!, () => false)).toBe(false);
  });
});
