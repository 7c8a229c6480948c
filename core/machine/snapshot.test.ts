import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig, ISA_OPTIONS, withExample, withPatch } from '../config/index.ts';
import { Random, randomCode } from '../engine/interp/random-program.ts';
import { EXAMPLES, type ExamplePatch } from '../guests/catalogue.ts';
import type { TraceEvent } from '../trace/events.ts';
import type { SseEvents } from '../vmm/sbi/sse/state.ts';
import {
  createMachine,
  type EngineName,
  type InputEvent,
  type Machine,
  type MachineHooks,
  type MachineResult,
  type MachineSnapshot,
  prepareGuest,
  type RunOptions,
  restoreMachine,
} from './index.ts';

/** The least memory there is: it is looked through at each stop. */
const small = (config: Config): Config => ({ ...config, memory: 16 });
const POWER_OFF = ' li a7, 0x53525354\n li a6, 0\n li a0, 0\n li a1, 0\n ecall\n';
/** Far more than any example needs. */
const LIMIT = 3_000_000;
const TYPED: readonly InputEvent[] = [
  { time: 0, bytes: Uint8Array.of(104, 101) },
  { time: 3_000_000, bytes: Uint8Array.of(121, 13) },
  { time: 9_000_000, bytes: Uint8Array.of(113) },
];

/** What a run shows from here on. */
class Seen {
  console = '';
  readonly events: TraceEvent[] = [];
  readonly hooks: MachineHooks = {
    console: (bytes, by) => {
      this.console += `${by}:${Buffer.from(bytes).toString('latin1')};`;
    },
    event: (event) => this.events.push(event),
  };
}

interface Run {
  readonly machine: Machine;
  readonly seen: Seen;
}

function started(config: Config, engine: EngineName): Run {
  const guest = prepareGuest(config, undefined);
  if (!guest.ok) throw new Error(guest.failure.message);
  const seen = new Seen();
  const replay = config.guest.kind === 'example' && config.guest.id === 'echo' ? TYPED : undefined;
  const hooks = { config, image: guest.image, engine, hooks: seen.hooks };
  return { machine: built(createMachine(replay === undefined ? hooks : { ...hooks, replay })), seen };
}

function restored(snapshot: MachineSnapshot, engine: EngineName): Run {
  const seen = new Seen();
  return { machine: built(restoreMachine({ snapshot, engine, hooks: seen.hooks })), seen };
}

function built(result: MachineResult): Machine {
  if (!result.ok) throw new Error(result.failure.message);
  return result.machine;
}

/** As a file would carry it: nothing but JSON and bytes survives. */
function carried({ memory, ...state }: MachineSnapshot): MachineSnapshot {
  return { ...JSON.parse(JSON.stringify(state)), memory: structuredClone(memory) };
}

const afterTurns = (turns: number): Partial<RunOptions> => {
  let left = turns;
  return { shouldYield: () => --left <= 0 };
};

function toTheEnd({ machine }: Run): void {
  machine.run({ until: 'forever', instructions: LIMIT - machine.instructions });
}

/** What must not depend on where a run was left: everything but how many events its list has lost. */
function outcome({ machine, seen }: Run) {
  const { dropped: _dropped, ...counts } = machine.counts();
  return { console: seen.console, events: seen.events, counts, state: packed(machine.save()) };
}

/** Memory as text: arrays of bytes are compared slowly. */
function packed({ memory, ...state }: MachineSnapshot) {
  return {
    ...state,
    memory: memory.runs.map(({ offset, bytes }) => `${offset}:${createHash('sha256').update(bytes).digest('hex')}`),
  };
}

type Uninterrupted = ReturnType<typeof outcome>;

function uninterrupted(config: Config, engine: EngineName): Uninterrupted {
  const run = started(config, engine);
  toTheEnd(run);
  return outcome(run);
}

/** Leaves one run at each of `stops`, carries it into a new machine on `to` each time, and compares the rest there. */
function expectSame(config: Config, from: EngineName, to: EngineName, stops: readonly Partial<RunOptions>[]): void {
  const whole = uninterrupted(config, from);
  const one = started(config, from);
  for (const stop of stops) {
    one.machine.run({ until: 'forever', ...stop });
    const saved = carried(one.machine.save());
    const two = restored(saved, to);
    expect(packed(two.machine.save())).toEqual(packed(saved));
    expect(two.machine.harts()).toEqual(one.machine.harts());
    expect([two.machine.time, two.machine.instructions]).toEqual([one.machine.time, one.machine.instructions]);
    toTheEnd(two);
    const rest = outcome(two);
    expect(joined(one.seen.console + rest.console)).toBe(joined(whole.console));
    const events = [...one.seen.events, ...rest.events];
    expect(events.length).toBe(whole.events.length);
    const different = events.findIndex((event, index) => !isDeepStrictEqual(event, whole.events[index]));
    expect(events[different]).toEqual(whole.events[different]);
    expect({ ...rest, console: '', events: [] }).toEqual({ ...whole, console: '', events: [] });
  }
}

/** Console output without the borders of its pieces. */
const joined = (text: string): string => text.replaceAll(/;(kvm|vmm):/g, '').replace(/;$/, '');

const everywhere = (mode: 'kvm' | 'vmm') =>
  Object.fromEntries(
    ['V01', 'BASE', 'TIME', 'IPI', 'RFENCE', 'HSM', 'SRST', 'STA', 'DBCN', 'SUSP'].map((n) => [n, mode]),
  );

const SETTINGS: readonly (readonly [string, ExamplePatch])[] = [
  ['as it is', {}],
  ['with every call in KVM', { sbi: everywhere('kvm') }],
  ['with every call in the VMM', { sbi: everywhere('vmm') }],
  ['without Sstc', { without: ['Sstc'] }],
];

const example = (id: string, patch: ExamplePatch = {}): Config =>
  small(withPatch(withExample(defaultConfig(), id)!.config, patch).config);
const source = (text: string, over: Partial<Config> = {}): Config =>
  small({ ...defaultConfig(), ...over, guest: { kind: 'source', text } });

/**
 * Engines keep translations until a fence, and a snapshot does not: this example looks at a page that it has moved
 * before its fence, so it is left only before that and after it.
 */
const LOOKS_BEFORE_ITS_FENCE = 'fence';

describe('a run that goes on from a snapshot equals the uninterrupted one', () => {
  const random = new Random(7);
  const settled = EXAMPLES.map(({ id }) => [id, 'as it is', {}] as const);
  const calling = ['smp', 'timer', 'suspend', 'echo', 'too-new'];
  const placed = calling.flatMap((id) => SETTINGS.slice(1).map(([words, patch]) => [id, words, patch] as const));
  const served = { sbi: { ...everywhere('vmm'), PMU: 'vmm', FWFT: 'vmm' } } as const;
  const counting = [['counters', 'with its counters served by the VMM', served] as const];
  it.each([...settled, ...placed, ...counting])(
    '%s, %s: left after any number of turns and of instructions',
    (id, _words, patch) => {
      const config = example(id, patch);
      const early = [afterTurns(1 + random.below(3))];
      const later = [
        afterTurns(1 + random.below(60)),
        { until: 'exit' } as const,
        { instructions: 1 + random.below(200) },
      ];
      const ended = [{ instructions: LIMIT }];
      const stops = id === LOOKS_BEFORE_ITS_FENCE ? early : [...early, ...later];
      expectSame(config, 'interpreter', 'interpreter', [...stops, ...ended]);
    },
  );

  it.each(['timer', 'smp', 'sse', 'triggers', 'uart', 'counters'])('%s: from one engine to the other', (id) => {
    const stops = () => [afterTurns(1 + random.below(20)), { instructions: 1 + random.below(2000) }];
    expectSame(example(id), 'interpreter', 'reference', stops());
    expectSame(example(id), 'reference', 'interpreter', stops());
  });

  it.each(['timer', 'smp', 'suspend'])('%s: where an instruction takes no whole number of nanoseconds', (id) => {
    const config = example(id);
    const fast = { ...config, costs: { ...config.costs, instructionsPerTick: 700 } };
    expectSame(fast, 'interpreter', 'interpreter', [{ instructions: 3000 }, { instructions: LIMIT }]);
  });

  it('with a reservation of LR held, at each instruction of a loop that needs it', () => {
    const loop = source(`_start: la a0, word
1: lr.d t0, (a0)
 addi t0, t0, 3
 sc.d t1, t0, (a0)
 bnez t1, 1b
 li t2, 30
 blt t0, t2, 1b
${POWER_OFF} .balign 8
word: .8byte 0
`);
    const held = started(loop, 'reference');
    held.machine.run({ until: 'forever', instructions: 4 });
    expect(held.machine.save().kvm.vms[0]!.vcpus[0]!.hart.reservation).toMatchObject({ bytes: 8, value: '0x0' });
    const each = Array.from({ length: 9 }, () => ({ instructions: 1 }));
    expectSame(loop, 'reference', 'reference', each);
    expectSame(loop, 'interpreter', 'reference', each.slice(4));
  });

  it('with a load from a device under way, taken apart into its bytes', () => {
    const misaligned = source(`_start: li a0, 0x10000001
 lhu a1, 0(a0)
 mv a2, a1
${POWER_OFF}`);
    const one = started(misaligned, 'interpreter');
    one.machine.run({ until: 'exit' });
    const saved = one.machine.save();
    const pending = saved.kvm.vms[0]!.vcpus[0]!.pending;
    expect(pending).toMatchObject({ kind: 'mmio', access: { done: 0, exit: { bytes: 2 } } });
    expectSame(misaligned, 'interpreter', 'interpreter', [{ until: 'exit' }, { until: 'exit' }, { until: 'exit' }]);
  });

  it('asleep in WFI with the timer to come, and with an interrupt pending that is not enabled', () => {
    const asleep = source(`_start: li t0, 0x222
 csrw sie, t0
 csrsi sip, 2
 li t0, 0x20
 csrw sie, t0
 rdtime t0
 li t1, 300000
 add t0, t0, t1
 csrw stimecmp, t0
 wfi
 rdtime a0
${POWER_OFF}`);
    const one = started(asleep, 'interpreter');
    one.machine.run({ until: 'forever', ...afterTurns(1) });
    const [vcpu] = one.machine.save().kvm.vms[0]!.vcpus;
    expect(vcpu).toMatchObject({ sleep: { kind: 'wfi' }, hart: { pending: '0x2' } });
    expectSame(asleep, 'interpreter', 'reference', [afterTurns(1), afterTurns(1), afterTurns(1)]);
  });

  it('in handlers of software events, one in the middle of another', () => {
    const one = started(example('sse'), 'interpreter');
    const running = () => {
      const { harts, global } = one.machine.save().vmm.sbi.SSE as ReturnType<SseEvents['save']>;
      return [...harts.flatMap(({ local }) => local), ...global].filter(({ state }) => state === 'RUNNING');
    };
    const exits = { until: 'exit' } as const;
    while (running().length < 2) one.machine.run(exits);
    const stops = [{ instructions: one.machine.instructions }, exits, exits, exits, exits];
    expectSame(example('sse'), 'interpreter', 'reference', stops);
  });

  it('with input that has arrived and is not read, and input that is to come', () => {
    const one = started(example('echo'), 'interpreter');
    one.machine.run({ until: 'call' });
    const { input } = one.machine.save();
    expect(input).toMatchObject({ delivered: 1, arrived: '6865', log: [{}, {}, {}] });
    expectSame(example('echo'), 'interpreter', 'interpreter', [
      { until: 'call' },
      { until: 'call' },
      { until: 'call' },
    ]);
  });

  it('for random code, from one engine to the other', () => {
    const instructions = 20_000;
    let compared = 0;
    // Much random code soon reaches an address where nothing is: programs that run on are looked for.
    for (let seed = 1; compared < 4; seed++) {
      expect(seed).toBeLessThan(100);
      const [from, to] =
        seed % 2 === 0 ? (['interpreter', 'reference'] as const) : (['reference', 'interpreter'] as const);
      const config = randomProgram(seed);
      const whole = started(config, from);
      whole.machine.run({ until: 'forever', instructions });
      if (whole.machine.instructions < instructions) continue;
      compared++;
      const parts = started(config, from);
      for (let piece = 0; piece < 4; piece++)
        parts.machine.run({ until: 'forever', instructions: 1 + random.below(4000) });
      const two = restored(carried(parts.machine.save()), to);
      two.machine.run({ until: 'forever', instructions: instructions - two.machine.instructions });
      expect(withoutList(outcome(two))).toEqual(withoutList(outcome(whole)));
    }
  });
});

/** Random instructions in a loop; what traps is skipped, halfword by halfword. */
function randomProgram(seed: number): Config {
  const code = [...randomCode(new Random(seed), 512)].join(',');
  const isa = ISA_OPTIONS.map(({ value }) => value);
  return source(
    `_start: la t0, trap\n csrw stvec, t0\n la sp, data\n mv s0, sp\n mv s1, sp\n mv a0, sp\n mv a1, sp
code: .byte ${code}\n j code
 .balign 4
trap: csrw sscratch, t0\n csrr t0, sepc\n addi t0, t0, 2\n csrw sepc, t0\n csrr t0, sscratch\n sret
 .balign 4096\n .space 4096\ndata: .space 4096\n`,
    seed % 3 === 0 ? {} : { isa },
  );
}

const withoutList = ({ state, counts }: Uninterrupted) => ({ state, counts });
