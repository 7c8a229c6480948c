/**
 * What every hart does alike, whatever executes its instructions: the `Hart` interface over the privileged
 * state of a `HartCore`. An engine adds `run` and what it caches of that state.
 */
import type { Hart, HartExit, HartSnapshot, Privilege, SupervisorIrq } from './api.ts';
import type { HartClock } from './clock.ts';
import type { HartCore } from './core.ts';
import type { TriggerRegisters } from './trigger-fields.ts';
import { TRIGGER_COUNT } from './triggers.ts';

export abstract class CoreHart implements Hart {
  constructor(
    readonly id: number,
    readonly clock: HartClock,
    protected readonly core: HartCore,
  ) {}

  abstract run(limit: number): HartExit;
  abstract interruptRun(): void;

  get pc(): bigint {
    return this.core.pc;
  }

  set pc(value: bigint) {
    this.core.pc = value;
  }

  get privilege(): Privilege {
    return this.core.privilege;
  }

  set privilege(value: Privilege) {
    this.core.privilege = value;
  }

  readX(index: number): bigint {
    return this.core.registers.read(index);
  }

  writeX(index: number, value: bigint): void {
    this.core.registers.write(index, value);
  }

  get hasFloat(): boolean {
    return this.core.options.extensions.has('F');
  }

  readF(index: number): bigint {
    return this.core.float.read(index);
  }

  writeF(index: number, value: bigint): void {
    this.core.float.values[index] = value;
  }

  get fcsr(): number {
    return this.core.float.fcsr;
  }

  set fcsr(value: number) {
    this.core.float.fcsr = value;
  }

  readCsr(number: number): bigint {
    return this.core.readCsr(number);
  }

  writeCsr(number: number, value: bigint): void {
    this.core.writeCsr(number, value);
  }

  get henvcfg(): bigint {
    return this.core.csrs.state.henvcfg;
  }

  set henvcfg(value: bigint) {
    this.core.writeHenvcfg(value);
  }

  get exitsOnBreakpoint(): boolean {
    return this.core.exitsOnBreakpoint;
  }

  set exitsOnBreakpoint(value: boolean) {
    this.core.exitsOnBreakpoint = value;
  }

  get delegatesMisaligned(): boolean {
    return this.core.delegatesMisaligned;
  }

  set delegatesMisaligned(value: boolean) {
    this.core.delegatesMisaligned = value;
  }

  emulateMisaligned(): HartExit {
    this.core.emulates = true;
    const exit = this.run(1);
    this.core.emulates = false;
    return exit;
  }

  get stopsOnModeChange(): boolean {
    return this.core.onModeChange !== null;
  }

  set stopsOnModeChange(value: boolean) {
    if (value !== this.stopsOnModeChange) this.core.onModeChange = value ? () => this.interruptRun() : null;
  }

  get triggerCount(): number {
    return TRIGGER_COUNT;
  }

  readTrigger(index: number): TriggerRegisters | undefined {
    return this.core.triggers.read(index);
  }

  writeTrigger(index: number, registers: TriggerRegisters): void {
    this.core.writeTrigger(index, registers);
  }

  setPending(irq: SupervisorIrq, pending: boolean): void {
    this.core.setPending(irq, pending);
  }

  isPending(irq: SupervisorIrq): boolean {
    return this.core.isPending(irq);
  }

  hasWakeup(): boolean {
    return this.core.hasWakeup();
  }

  timerDeadline(): number {
    return this.core.timerDeadline();
  }

  trap(cause: bigint, tval: bigint): void {
    this.core.trap(cause, tval);
  }

  complete(rd: number, value: bigint, length: number): void {
    this.core.complete(rd, value, length);
  }

  translate(va: bigint, access: 'load' | 'store' | 'fetch'): bigint | null {
    return this.core.translation.lookup(va, access);
  }

  fenceI(): void {
    this.core.fenceI();
  }

  sfenceVma(address?: bigint, size?: bigint, asid?: bigint): void {
    this.core.sfenceVma(address, size, asid);
  }

  reset(): void {
    this.core.reset();
  }

  save(): HartSnapshot {
    return this.core.save();
  }

  load(snapshot: HartSnapshot): void {
    this.core.load(snapshot);
  }
}
