/** A machine that was built: runs it in slices, steps it, and shows what can be seen of it. */

import { type Config, toFile } from '../config/index.ts';
import type { Hart } from '../hart/api.ts';
import { csrByName } from '../isa/csr/index.ts';
import type { OpenKvm } from '../kvm/index.ts';
import type { CallEvent, RunCounts } from '../trace/events.ts';
import type { TraceRecorder } from '../trace/recorder.ts';
import type { TraceRing, Unnumbered } from '../trace/ring.ts';
import type { HartView, StopReason, StopUntil } from '../trace/views.ts';
import type { VmEnd, Vmm } from '../vmm/api.ts';
import { vmmProfile } from '../vmm/profiles/index.ts';
import type { Machine, RunOptions, RunStatus } from './api.ts';
import type { ConsoleInput, InputEvent } from './input.ts';
import { saveMemory } from './pages.ts';
import type { Platform } from './platform.ts';
import type { ScheduledThread, Scheduler } from './scheduler.ts';
import { type MachineSnapshot, SNAPSHOT_FORMAT, SNAPSHOT_VERSION } from './snapshot.ts';
import { IDLE_FOREVER, limitReached, reachedCall, reachedExit, stopOfEnd, stopOfError } from './stop.ts';

export interface MachineParts {
  readonly platform: Platform;
  /** The newest hart of each id. */
  readonly harts: ReadonlyMap<number, Hart>;
  readonly vmm: Vmm;
  readonly input: ConsoleInput;
  readonly trace: TraceRecorder;
  readonly scheduler: Scheduler;
  readonly kvm: Pick<OpenKvm, 'save'>;
  readonly config: Config;
  /** Set in a machine that was restored after its end. */
  readonly ended: StopReason | null;
}

/** CSRs of a hart view, in the order of a register panel. */
const VIEWED_CSRS = [
  'sstatus',
  'sie',
  'sip',
  'stvec',
  'sscratch',
  'sepc',
  'scause',
  'stval',
  'satp',
  'scounteren',
  'stimecmp',
].flatMap((name) => {
  const csr = csrByName(name);
  return csr === undefined ? [] : [{ name, number: csr.number }];
});

/** What a step does when the hart has no instruction to run: time goes on, or another hart. */
const ONE_TURN = { instructions: 1, shouldYield: () => true, idleUntil: Number.POSITIVE_INFINITY } as const;

const PAGE = 4096n;
const REGISTERS = [...Array(32).keys()];

export class RunningMachine implements Machine {
  #ended: StopReason | null;
  #until: StopUntil = 'forever';
  #reached: StopReason | null = null;
  #lastCall: Unnumbered<CallEvent> | null = null;
  #exits = 0;

  constructor(private readonly parts: MachineParts) {
    this.#ended = parts.ended;
  }

  get entry(): bigint {
    return this.parts.vmm.entry;
  }

  get ended(): StopReason | null {
    return this.#ended;
  }

  get trace(): TraceRing {
    return this.parts.trace.ring;
  }

  get inputLog(): readonly InputEvent[] {
    return this.parts.input.log;
  }

  get hasUnreadInput(): boolean {
    const { input } = this.parts;
    return input.pending > 0 || input.next < Number.POSITIVE_INFINITY;
  }

  get time(): number {
    const { scheduler, platform } = this.parts;
    const clocks = scheduler.threads.map(({ vcpu }) => platform.timebase.nsFromUnits(vcpu.clock.now));
    return Math.max(scheduler.now, ...clocks);
  }

  get instructions(): number {
    return this.parts.scheduler.threads.reduce((sum, { vcpu }) => sum + vcpu.clock.retired, 0);
  }

  /** For the recorder: what a run until the next call waits for. */
  observeCall(call: Unnumbered<CallEvent>): void {
    this.#lastCall = call;
    if (this.#until !== 'call' || call.by === 'guest') return;
    this.#reached ??= reachedCall(call);
    this.parts.scheduler.halt();
  }

  observeExit(hart: number, reason: string): void {
    this.#exits++;
    if (this.#until !== 'exit') return;
    this.#reached ??= reachedExit(hart, reason);
    this.parts.scheduler.halt();
  }

  run(options: RunOptions): RunStatus {
    if (this.#ended !== null) return { kind: 'stopped', stop: this.#ended };
    this.#until = options.until;
    this.#reached = null;
    try {
      return this.#run(options);
    } catch (error) {
      return this.#end(stopOfError(error));
    } finally {
      this.#until = 'forever';
    }
  }

  #run(options: RunOptions): RunStatus {
    const { scheduler, vmm } = this.parts;
    const { instructions = Number.POSITIVE_INFINITY, idleUntil = Number.POSITIVE_INFINITY } = options;
    const outcome = scheduler.run({ instructions, idleUntil, shouldYield: options.shouldYield ?? (() => false) });
    switch (outcome) {
      case 'ended':
        return this.#end(vmm.ended === null ? IDLE_FOREVER : this.#stopOf(vmm.ended));
      case 'halted':
        return this.#reached === null ? { kind: 'yielded' } : { kind: 'stopped', stop: this.#reached };
      case 'yielded':
        return { kind: 'yielded' };
      case 'limit':
        return { kind: 'stopped', stop: limitReached(this.instructions, scheduler.isBarren()) };
      case 'waiting':
        return { kind: 'waiting', until: scheduler.nextWake };
      case 'idle':
        return options.live === true && this.parts.vmm.wakesForInput ? { kind: 'idle' } : this.#end(IDLE_FOREVER);
      default:
        return outcome satisfies never;
    }
  }

  #stopOf(end: VmEnd): StopReason {
    return stopOfEnd(end, this.#lastCall, vmmProfile(this.parts.config.vmm));
  }

  #end(stop: StopReason): RunStatus {
    this.#ended = stop;
    return { kind: 'stopped', stop };
  }

  step(hart: number): StopReason {
    if (this.#ended !== null) return this.#ended;
    const thread = this.parts.scheduler.threads.find(({ vcpu }) => vcpu.id === hart);
    if (thread === undefined) return { code: 'stepped', words: `there is no hart ${hart}` };
    try {
      return this.#step(thread);
    } catch (error) {
      this.#ended = stopOfError(error);
      return this.#ended;
    }
  }

  #step(thread: ScheduledThread): StopReason {
    const { scheduler, vmm } = this.parts;
    const { id, hsm } = thread.vcpu;
    const exitsBefore = this.#exits;
    const stepped = scheduler.step(thread, () => this.#exits > exitsBefore);
    const outcome = stepped ? null : scheduler.run(ONE_TURN);
    if (outcome === 'idle') this.#ended = IDLE_FOREVER;
    if (vmm.ended !== null) {
      this.#ended = this.#stopOf(vmm.ended);
    }
    if (this.#ended !== null) return this.#ended;
    if (stepped) return { code: 'stepped', words: `hart ${id} made one step` };
    const state = hsm === 'STOPPED' ? 'is stopped' : 'sleeps';
    return { code: 'stepped', words: `hart ${id} ${state}: the machine went on to what comes next` };
  }

  addInput(bytes: Uint8Array, time = 0): void {
    const { input, scheduler } = this.parts;
    input.add(Math.max(scheduler.arrival, Math.ceil(time)), bytes);
  }

  save(): MachineSnapshot {
    const { config, platform, scheduler, input, kvm, vmm, trace } = this.parts;
    return {
      format: SNAPSHOT_FORMAT,
      version: SNAPSHOT_VERSION,
      config: JSON.parse(toFile(config)),
      ended: this.#ended,
      latestTick: platform.timebase.latest,
      scheduler: scheduler.save(),
      input: input.save(),
      kvm: kvm.save(),
      vmm: vmm.save(),
      trace: trace.save(),
      memory: saveMemory(platform.memory),
      loaded: vmm.loaded,
    };
  }

  counts(): RunCounts {
    return this.parts.trace.counts();
  }

  harts(): readonly HartView[] {
    return this.parts.scheduler.threads.flatMap((thread) => {
      const hart = this.parts.harts.get(thread.vcpu.id);
      return hart === undefined ? [] : [this.#view(thread, hart)];
    });
  }

  #view({ vcpu, user }: ScheduledThread, hart: Hart): HartView {
    const asleep = vcpu.sleepingUntil() !== null || user.sleepingUntil !== null;
    return {
      id: vcpu.id,
      pc: vcpu.pc,
      privilege: hart.privilege,
      x: REGISTERS.map((index) => hart.readX(index)),
      float: hart.hasFloat ? { f: REGISTERS.map((index) => hart.readF(index)), fcsr: hart.fcsr } : null,
      csrs: VIEWED_CSRS.map(({ name, number }) => ({ name, value: hart.readCsr(number) })),
      hsm: user.sleepingUntil === null || user.isOver ? vcpu.hsm : 'SUSPENDED',
      activity: vcpu.hsm === 'STOPPED' ? 'stopped' : asleep ? 'waiting' : 'running',
      retired: vcpu.clock.retired,
      time: this.parts.platform.timebase.nsFromUnits(vcpu.clock.now),
    };
  }

  readMemory(hartId: number, address: bigint, length: number): Uint8Array {
    const hart = this.parts.harts.get(hartId);
    if (hart === undefined) return new Uint8Array();
    const { memory } = this.parts.platform;
    const result = new Uint8Array(Math.max(0, length));
    let done = 0;
    while (done < result.length) {
      const at = BigInt.asUintN(64, address + BigInt(done));
      const chunk = Math.min(result.length - done, Number(PAGE - (at % PAGE)));
      const gpa = hart.translate(at, 'load');
      const offset = gpa === null ? -1 : memory.offsetOf(gpa, chunk);
      if (offset < 0) break;
      result.set(memory.read(offset, chunk), done);
      done += chunk;
    }
    return result.slice(0, done);
  }
}
