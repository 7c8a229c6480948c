/** The machine that a recording is replayed on: the KVM model of a host, harts and the scheduler, without devices. */
import { closure, EXTENSIONS } from '../isa/defs/index.ts';
import { openKvm } from '../kvm/index.ts';
import type { HostProfile } from '../kvm/profiles/index.ts';
import { createPlatform } from '../machine/platform.ts';
import { Scheduler } from '../machine/scheduler.ts';
import { type ProbeHost, type ProbeMachine, RAM_BYTES, type Steps } from '../vmm/kvmprobe/index.ts';
import { randomStream } from '../vmm/random.ts';

/** Few, so that the payload's waiting loops, which count ticks, are short. */
const INSTRUCTIONS_PER_TICK = 1;
const COSTS = { trapNs: 500, exitNs: 2000 } as const;
const MAX_HARTS = 16;
const NEVER: ShouldYield = () => false;
const NO_INPUT = { next: Number.POSITIVE_INFINITY, deliver: () => false };
/** Bounds a payload that never stops: far beyond what the longest recording executes. */
const MAX_INSTRUCTIONS = 2_000_000_000;

/** Asked after each turn of a vcpu thread: whether the machine is to be left for a while. */
export type ShouldYield = () => boolean;

export function replayHost(profile: HostProfile, payload: Uint8Array, shouldYield: ShouldYield = NEVER): ProbeHost {
  return { payload, open: () => openMachine(profile, shouldYield) };
}

/** What of the host's extensions our harts can execute, in the spelling of the ISA string. */
export function executable(profile: HostProfile): ReadonlySet<string> {
  const host = new Set(profile.hardware.isa);
  return closure(EXTENSIONS.map(({ name }) => name).filter((name) => host.has(name.toUpperCase())));
}

function openMachine(profile: HostProfile, shouldYield: ShouldYield): ProbeMachine {
  const extensions = executable(profile);
  const platform = createPlatform({
    ramBytes: RAM_BYTES,
    harts: MAX_HARTS,
    instructionsPerTick: INSTRUCTIONS_PER_TICK,
    extensions,
    engine: 'interpreter',
  });
  const opened = openKvm({
    profile,
    interface: 'upstream',
    memory: platform.memory,
    timebase: platform.timebase,
    createHart: (options) => {
      const known = (names: ReadonlySet<string>) => new Set([...names].filter((name) => extensions.has(name)));
      const { hardware = options.extensions } = options;
      return platform.createHart({ ...options, extensions: known(options.extensions), hardware: known(hardware) });
    },
    extensions: new Set([...profile.hardware.isa.filter((name) => !isSpelled(extensions, name)), ...extensions]),
    hooks: { costs: COSTS, random: randomStream(new Uint8Array(1)), observer: SILENT },
  });
  return {
    kvm: opened.kvm,
    *run(threads, finished, seconds): Steps {
      const vcpus = opened.threads();
      const scheduled = threads.map(({ vcpu: id, turn }) => {
        const vcpu = vcpus.find((candidate) => candidate.id === id);
        if (vcpu === undefined) throw new Error(`there is no vcpu ${id}`);
        return { vcpu, user: { vcpu: id, sleepingUntil: null, isOver: false, signalledAt: null, turn } };
      });
      const scheduler = new Scheduler(scheduled, platform.timebase, NO_INPUT, finished);
      const end = platform.timebase.unitsFromNs(seconds * 1e9);
      // The clock of a hart that sleeps stands still.
      const isOver = (): boolean => scheduled.some(({ vcpu }) => vcpu.clock.now >= end);
      const isTime = (): boolean => isOver() || shouldYield();
      for (;;) {
        const retired = scheduled.reduce((sum, { vcpu }) => sum + vcpu.clock.retired, 0);
        const outcome = scheduler.run({
          instructions: MAX_INSTRUCTIONS - retired,
          shouldYield: isTime,
          idleUntil: Number.POSITIVE_INFINITY,
        });
        if (outcome !== 'yielded' || isOver()) return;
        yield;
      }
    },
  };
}

function isSpelled(extensions: ReadonlySet<string>, name: string): boolean {
  return [...extensions].some((candidate) => candidate.toUpperCase() === name);
}

const nothing = (): void => undefined;
const SILENT = { call: nothing, ioctl: nothing, ioctlAs: nothing, trap: nothing, exit: nothing };
