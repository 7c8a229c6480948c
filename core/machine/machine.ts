/**
 * The composition root: puts hardware, kernel model, VMM model, console and trace together under the
 * host's scheduler. A run is a function of configuration, image and input log.
 */
import { utf8 } from '../base/bytes.ts';
import type { Config } from '../config/index.ts';
import { standardDevices } from '../devices/index.ts';
import type { Hart } from '../hart/api.ts';
import { TIMEBASE_HZ } from '../hart/clock.ts';
import { type HostHooks, openKvm, type VcpuThread } from '../kvm/index.ts';
import { hostProfile } from '../kvm/profiles/index.ts';
import { TraceRecorder } from '../trace/recorder.ts';
import { startVmm } from '../vmm/index.ts';
import { randomStream } from '../vmm/random.ts';
import type { MachineFailure, MachineOptions, MachineResult } from './api.ts';
import { extensionsOf } from './guest.ts';
import { ConsoleInput } from './input.ts';
import { createPlatform } from './platform.ts';
import { RunningMachine } from './running.ts';
import { Scheduler } from './scheduler.ts';

const MIB = 1024 * 1024;

/** Builds a machine with its guest loaded and nothing run. What cannot be built is a failure, not an exception. */
export function createMachine(options: MachineOptions): MachineResult {
  try {
    return build(options);
  } catch (error) {
    if (error instanceof RangeError) return failed({ code: 'memory', message: error.message });
    const message = error instanceof Error ? error.message : String(error);
    return failed({ code: 'machine', message: `Ecall itself failed: ${message}`, hint: 'Please report it.' });
  }
}

function failed(failure: MachineFailure): MachineResult {
  return { ok: false, failure };
}

function build(options: MachineOptions): MachineResult {
  const { config, hooks } = options;
  const profile = hostProfile(config.host);
  if (profile === undefined) return failed({ code: 'host', message: `There is no host ${config.host}.` });
  const platform = createPlatform({
    ramBytes: config.memory * MIB,
    harts: config.harts,
    instructionsPerTick: config.costs.instructionsPerTick,
    extensions: extensionsOf(config),
    engine: options.engine ?? 'interpreter',
  });
  let machine: RunningMachine | null = null;
  let scheduler: Scheduler | null = null;
  const input = new ConsoleInput(options.replay ?? initialInput(config));
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
    extensions: extensionsOf(config),
    createHart: (hartOptions) => {
      const hart = platform.createHart(hartOptions);
      harts.set(hartOptions.id, hart);
      return hart;
    },
    hooks: hostHooks(options, input, trace),
  });
  const console = {
    write: (bytes: Uint8Array) => hooks.console(bytes, 'vmm'),
    read: (max: number) => input.read(max),
    get pending() {
      return input.pending;
    },
  };
  const vmm = startVmm({
    kvm: opened.kvm,
    ...vmmConfig(config),
    image: options.image,
    ...(options.initrd === undefined ? {} : { initrd: options.initrd }),
    timebaseFrequency: TIMEBASE_HZ,
    console,
    devices: standardDevices(console),
    now: () => scheduler?.now ?? 0,
    log: (words) => hooks.log?.(words),
  });
  if ('failure' in vmm) return failed(vmm.failure);
  const threads = vmm.threads.map((user) => ({ user, vcpu: threadOf(opened.threads(), user.vcpu) }));
  scheduler = new Scheduler(threads, platform.timebase, input, () => vmm.ended !== null);
  machine = new RunningMachine({ platform, harts, vmm, input, trace, scheduler });
  return { ok: true, machine };
}

function threadOf(threads: readonly VcpuThread[], id: number): VcpuThread {
  const thread = threads.find((candidate) => candidate.id === id);
  if (thread === undefined) throw new Error(`there is no vcpu ${id}`);
  return thread;
}

function initialInput(config: Config): ConstructorParameters<typeof ConsoleInput>[0] {
  return config.input === '' ? [] : [{ time: 0, bytes: utf8(config.input) }];
}

function hostHooks(options: MachineOptions, input: ConsoleInput, observer: TraceRecorder): HostHooks {
  const { trapNs, exitNs } = options.config.costs;
  return {
    costs: { trapNs, exitNs },
    observer,
    random: randomStream(utf8('entropy of the host')),
    console: {
      write: (bytes) => {
        options.hooks.console(bytes, 'kvm');
        return bytes.length;
      },
      read: (max) => input.read(max),
    },
  };
}

function vmmConfig(config: Config) {
  const { harts, bootargs, sbiVersion, implId, implVersion, mvendorid, marchid, mimpid, sbi } = config;
  return {
    interface: config.interface,
    harts,
    memory: config.memory * MIB,
    bootargs,
    isa: ['I', ...config.isa],
    identity: { mvendorid, marchid, mimpid },
    sbiVersion,
    implId,
    implVersion,
    modes: sbi,
  };
}
