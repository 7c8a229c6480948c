/**
 * The composition root: puts hardware, kernel model, VMM model, console and trace together under the
 * host's scheduler. A run is a function of configuration, image and input log.
 */
import { utf8 } from '../base/bytes.ts';
import { type Config, guestExtensions, hostExtensions, hostOf, parseConfig } from '../config/index.ts';
import { standardDevices } from '../devices/index.ts';
import type { Hart } from '../hart/api.ts';
import { TIMEBASE_HZ } from '../hart/clock.ts';
import { type HostHooks, type OpenKvm, openKvm, type VcpuThread } from '../kvm/index.ts';
import { handedOver, onHarts } from '../kvm/profiles/index.ts';
import { at, PlainError } from '../schema/plain.ts';
import type { TraceEvent } from '../trace/events.ts';
import { TraceRecorder } from '../trace/recorder.ts';
import type { StopReason } from '../trace/views.ts';
import type { Vmm, VmmFailure, VmmSettings } from '../vmm/api.ts';
import { resumeVmm, startVmm } from '../vmm/index.ts';
import { vmmProfile } from '../vmm/profiles/index.ts';
import { randomStream } from '../vmm/random.ts';
import type { MachineFailure, MachineHooks, MachineOptions, MachineResult, RestoreOptions } from './api.ts';
import { ConsoleInput } from './input.ts';
import { loadMemory } from './pages.ts';
import { createPlatform, type EngineName, type Platform } from './platform.ts';
import { RunningMachine } from './running.ts';
import { type InputSource, Scheduler } from './scheduler.ts';
import { type MachineSnapshot, readState, type StateSnapshot } from './snapshot.ts';

const MIB = 1024 * 1024;

/** Builds a machine with its guest loaded and nothing run. What cannot be built is a failure, not an exception. */
export function createMachine(options: MachineOptions): MachineResult {
  return guarded(() => {
    const { config, image, initrd, hooks } = options;
    const input = new ConsoleInput(options.replay ?? initialInput(config));
    const boot = (settings: VmmSettings) =>
      startVmm({ ...settings, image, ...(initrd === undefined ? {} : { initrd }) });
    return build({ config, engine: options.engine, linux: options.linux, hooks, input, boot, ended: null });
  });
}

/**
 * Builds a machine that goes on where another was saved. A snapshot that is not right is a failure that names the
 * place of what is wrong.
 */
export function restoreMachine({ snapshot, engine, hooks }: RestoreOptions): MachineResult {
  return guarded(() => {
    const state = readState(withoutBytes(snapshot));
    const parsed = parseConfig(state.config);
    if (!parsed.ok) {
      const [problem] = parsed.problems;
      throw new PlainError(`config.${problem?.field ?? ''}`, problem?.message ?? 'is not a configuration');
    }
    const quiet = { on: true };
    const boot = (settings: VmmSettings) => at('vmm', () => resumeVmm(settings, state.vmm, snapshot.loaded));
    const common = { config: parsed.config, engine, hooks: quieted(hooks, quiet), ended: state.ended };
    const result = build({ ...common, input: new ConsoleInput(), boot, load: { ...snapshot, ...state } });
    quiet.on = false;
    return result;
  });
}

function withoutBytes({ memory: _memory, loaded: _loaded, ...state }: MachineSnapshot): StateSnapshot {
  return state;
}

/** Nothing is told while the machine is set up: it was told when the machine that was saved was. */
function quieted(hooks: MachineHooks, quiet: { readonly on: boolean }): MachineHooks {
  const { event } = hooks;
  return {
    console: hooks.console,
    log: (words) => {
      if (!quiet.on) hooks.log?.(words);
    },
    ...(event === undefined
      ? {}
      : {
          event: (what: TraceEvent) => {
            if (!quiet.on) event(what);
          },
        }),
  };
}

function guarded(work: () => MachineResult): MachineResult {
  try {
    return work();
  } catch (error) {
    if (error instanceof PlainError) {
      const hint = 'Load a file that Ecall saved, unchanged.';
      return failed({ code: 'snapshot', message: `This state cannot be loaded: ${error.message}.`, hint });
    }
    if (error instanceof RangeError) return failed({ code: 'memory', message: error.message });
    const message = error instanceof Error ? error.message : String(error);
    return failed({ code: 'machine', message: `Ecall itself failed: ${message}`, hint: 'Please report it.' });
  }
}

function failed(failure: MachineFailure): MachineResult {
  return { ok: false, failure };
}

interface Plan {
  readonly config: Config;
  readonly engine: EngineName | undefined;
  readonly linux?: string | undefined;
  readonly hooks: MachineHooks;
  readonly input: ConsoleInput;
  readonly boot: (settings: VmmSettings) => Vmm | VmmFailure;
  readonly ended: StopReason | null;
  /** What the machine goes on from once it is set up. */
  readonly load?: MachineSnapshot;
}

function build(plan: Plan): MachineResult {
  const { config, hooks, input } = plan;
  const host = hostOf(config, plan.linux);
  if (host === undefined) return failed({ code: 'host', message: `There is no host ${config.host}.` });
  const extensions = hostExtensions(config);
  const profile = onHarts(host, extensions);
  const platform = createPlatform({
    ramBytes: config.memory * MIB,
    harts: config.harts,
    instructionsPerTick: config.costs.instructionsPerTick,
    extensions,
    misaligned: profile.hardware.misaligned,
    engine: plan.engine ?? 'interpreter',
  });
  let machine: RunningMachine | null = null;
  let scheduler: Scheduler | null = null;
  const trace = new TraceRecorder({
    call: (call) => machine?.observeCall(call),
    exit: (hart, reason) => machine?.observeExit(hart, reason),
    ...(hooks.event === undefined ? {} : { event: hooks.event }),
  });
  const harts = new Map<number, Hart>();
  const opened = openKvm({
    profile,
    interface: config.interface,
    memory: platform.memory,
    timebase: platform.timebase,
    extensions,
    createHart: (hartOptions) => {
      const hart = platform.createHart(hartOptions);
      harts.set(hartOptions.id, hart);
      return hart;
    },
    hooks: hostHooks(plan, trace),
  });
  const console = {
    write: (bytes: Uint8Array) => hooks.console(bytes, 'vmm'),
    read: (max: number) => input.read(max),
    get pending() {
      return input.pending;
    },
    get received() {
      return input.received;
    },
  };
  const vmm = plan.boot({
    kvm: opened.kvm,
    ...vmmConfig(config),
    handedOver: handedOver(profile),
    timebaseFrequency: TIMEBASE_HZ,
    console,
    devices: standardDevices(console),
    now: () => scheduler?.now ?? 0,
    runDelay: (vcpu) => threadOf(opened.threads(), vcpu).runDelayNs,
    log: (words) => hooks.log?.(words),
  });
  if ('failure' in vmm) return failed(vmm.failure);
  const threads = vmm.threads.map((user) => ({ user, vcpu: threadOf(opened.threads(), user.vcpu) }));
  scheduler = new Scheduler(threads, platform.timebase, telling(vmm, input), () => vmm.ended !== null);
  if (plan.load !== undefined) takeOver(plan.load, { platform, kvm: opened, scheduler, input, trace });
  machine = new RunningMachine({
    platform,
    harts,
    vmm,
    input,
    trace,
    scheduler,
    kvm: opened,
    config,
    ended: plan.ended,
  });
  return { ok: true, machine };
}

/** The input source, with a word to the VMM when something has come. */
function telling(vmm: Vmm, input: ConsoleInput): InputSource {
  return {
    get next() {
      return input.next;
    },
    deliver(time) {
      const came = input.deliver(time);
      if (came) vmm.inputCame();
      return came;
    },
  };
}

/** All but the VMM, which took over its part when it was made. */
function takeOver(
  snapshot: MachineSnapshot,
  parts: {
    readonly platform: Platform;
    readonly kvm: OpenKvm;
    readonly scheduler: Scheduler;
    readonly input: ConsoleInput;
    readonly trace: TraceRecorder;
  },
): void {
  at('memory', () => loadMemory(parts.platform.memory, snapshot.memory));
  at('kvm', () => parts.kvm.load(snapshot.kvm));
  at('scheduler', () => parts.scheduler.load(snapshot.scheduler));
  at('input', () => parts.input.load(snapshot.input));
  parts.platform.timebase.restore(snapshot.latestTick);
  parts.trace.load(snapshot.trace);
}

function threadOf(threads: readonly VcpuThread[], id: number): VcpuThread {
  const thread = threads.find((candidate) => candidate.id === id);
  if (thread === undefined) throw new Error(`there is no vcpu ${id}`);
  return thread;
}

function initialInput(config: Config): ConstructorParameters<typeof ConsoleInput>[0] {
  return config.input === '' ? [] : [{ time: 0, bytes: utf8(config.input) }];
}

function hostHooks({ config, hooks, input }: Plan, observer: TraceRecorder): HostHooks {
  const { trapNs, exitNs } = config.costs;
  return {
    costs: { trapNs, exitNs, neighbours: config.neighbours },
    observer,
    random: randomStream(utf8('entropy of the host')),
    console: {
      write: (bytes) => {
        hooks.console(bytes, 'kvm');
        return bytes.length;
      },
      read: (max) => input.read(max),
    },
  };
}

function vmmConfig(config: Config) {
  const { harts, bootargs, sbiVersion, implId, implVersion, mvendorid, marchid, mimpid, sbi, probes } = config;
  return {
    profile: vmmProfile(config.vmm),
    interface: config.interface,
    harts,
    memory: config.memory * MIB,
    bootargs,
    isa: guestExtensions(config),
    identity: { mvendorid, marchid, mimpid },
    sbiVersion,
    implId,
    implVersion,
    modes: sbi,
    probes,
  };
}
