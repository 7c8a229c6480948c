/** A hart that executes nothing: it reports the exits of a script, and keeps registers. For tests of the KVM model. */
import {
  type Hart,
  type HartExit,
  type HartOptions,
  type HartSnapshot,
  IRQ_S_TIMER,
  type Privilege,
  type SupervisorIrq,
} from '../../hart/api.ts';
import { HartClock, type Timebase } from '../../hart/clock.ts';
import type { TriggerRegisters } from '../../hart/trigger-fields.ts';
import { TRIGGER_COUNT, Triggers } from '../../hart/triggers.ts';
import { CSR_STIMECMP } from '../state.ts';

const CSR_SIE = 0x104;

export class ScriptedHart implements Hart {
  readonly id: number;
  readonly clock: HartClock;
  henvcfg = 0n;
  pc = 0n;
  privilege: Privilege = 'S';
  fcsr = 0;
  exitsOnBreakpoint = false;
  stopsOnModeChange = false;
  delegatesMisaligned = false;
  /** What `run` reports next; when empty it retires its limit. */
  readonly script: HartExit[] = [];
  /** Every call that changed the pc or a translation, in words. */
  readonly done: string[] = [];
  /** Guest-virtual addresses that have no translation. */
  unmapped: (va: bigint) => boolean = () => false;
  readonly #x = new Map<number, bigint>();
  readonly #f = new Map<number, bigint>();
  readonly #csrs = new Map<number, bigint>();
  readonly #pending = new Set<SupervisorIrq>();
  readonly triggerCount = TRIGGER_COUNT;
  readonly #triggers = new Triggers();

  constructor(
    readonly options: HartOptions,
    timebase: Timebase,
  ) {
    this.id = options.id;
    this.clock = new HartClock(timebase);
  }

  run(limit: number): HartExit {
    const exit = this.script.shift();
    if (exit !== undefined) return exit;
    this.clock.retired += limit;
    return { kind: 'limit' };
  }

  emulateMisaligned(): HartExit {
    this.done.push('emulated');
    return this.run(1);
  }

  interruptRun(): void {}

  /** As a trap or SRET would. */
  enter(level: Privilege): void {
    this.privilege = level;
    this.clock.changeMode(level === 'U', this.clock.retired);
  }

  readX(index: number): bigint {
    return this.#x.get(index) ?? 0n;
  }

  writeX(index: number, value: bigint): void {
    if (index !== 0) this.#x.set(index, value);
  }

  get hasFloat(): boolean {
    return this.options.extensions.has('F');
  }

  readF(index: number): bigint {
    return this.#f.get(index) ?? 0n;
  }

  writeF(index: number, value: bigint): void {
    this.#f.set(index, value);
  }

  readCsr(number: number): bigint {
    return this.#csrs.get(number) ?? 0n;
  }

  writeCsr(number: number, value: bigint): void {
    this.#csrs.set(number, value);
  }

  readTrigger(index: number): TriggerRegisters | undefined {
    return this.#triggers.read(index);
  }

  writeTrigger(index: number, registers: TriggerRegisters): void {
    this.#triggers.write(index, registers);
  }

  setPending(irq: SupervisorIrq, pending: boolean): void {
    if (pending) this.#pending.add(irq);
    else this.#pending.delete(irq);
  }

  isPending(irq: SupervisorIrq): boolean {
    return this.#pending.has(irq) || (irq === IRQ_S_TIMER && this.timerDeadline() <= this.clock.now);
  }

  hasWakeup(): boolean {
    const enabled = this.readCsr(CSR_SIE);
    return ([1, 5, 9] as const).some((irq) => this.isPending(irq) && ((enabled >> BigInt(irq)) & 1n) === 1n);
  }

  timerDeadline(): number {
    const compare = this.#csrs.get(CSR_STIMECMP);
    return compare === undefined ? Number.POSITIVE_INFINITY : this.clock.timebase.unitsAt(compare);
  }

  trap(cause: bigint, tval: bigint): void {
    this.done.push(`trap ${cause} ${tval.toString(16)}`);
  }

  complete(rd: number, value: bigint, length: number): void {
    this.writeX(rd, value);
    this.pc += BigInt(length);
    this.done.push(`complete x${rd}`);
  }

  translate(va: bigint): bigint | null {
    return this.unmapped(va) ? null : va;
  }

  fenceI(): void {
    this.done.push('fence.i');
  }

  sfenceVma(address?: bigint, size?: bigint, asid?: bigint): void {
    this.done.push(`sfence.vma ${address ?? 'all'} ${size ?? 'all'} ${asid ?? 'all'}`);
  }

  reset(): void {
    this.pc = 0n;
    this.privilege = 'S';
    this.#x.clear();
    this.#f.clear();
    this.fcsr = 0;
    this.#csrs.clear();
    this.#pending.clear();
  }

  save(): HartSnapshot {
    const hex = (value: bigint): string => value.toString(16);
    return {
      pc: hex(this.pc),
      privilege: this.privilege,
      x: Array.from({ length: 32 }, (_, index) => hex(this.readX(index))),
      f: Array.from({ length: 32 }, (_, index) => hex(this.readF(index))),
      fcsr: hex(BigInt(this.fcsr)),
      csrs: Object.fromEntries([...this.#csrs].map(([number, value]) => [`${number}`, hex(value)])),
      pending: [...this.#pending].join(' '),
      retired: this.clock.retired,
      waited: this.clock.waited,
      user: this.clock.retiredInUser,
    };
  }

  load(snapshot: HartSnapshot): void {
    this.pc = BigInt(`0x${snapshot.pc}`);
    this.fcsr = Number(`0x${snapshot.fcsr ?? 0}`);
    this.privilege = snapshot.privilege;
    for (const [index, value] of snapshot.x.entries()) this.writeX(index, BigInt(`0x${value}`));
    for (const [index, value] of (snapshot.f ?? []).entries()) this.writeF(index, BigInt(`0x${value}`));
    for (const [number, value] of Object.entries(snapshot.csrs)) this.writeCsr(Number(number), BigInt(`0x${value}`));
    const { retired, waited, user = 0 } = snapshot;
    this.clock.restore({ retired, waited, user }, snapshot.privilege === 'U');
  }
}
