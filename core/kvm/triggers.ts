/** WHAT-IF: the debug triggers of a vcpu as a VMM that serves DBTR sets them. */
import type { Hart } from '../hart/api.ts';
import { ICOUNT, MCONTROL6, TDATA1_DMODE, TRIGGER_ICOUNT, triggerType } from '../hart/trigger-fields.ts';
import { EINVAL, ENOENT, type KvmTriggerAnswer, type KvmTriggerCommand, type TriggerRegisters } from './uapi.ts';

export const NO_TRIGGER: TriggerRegisters = { tdata1: 0n, tdata2: 0n, tdata3: 0n };

export const triggerAnswer = (errno: number, registers = NO_TRIGGER, count = 0): KvmTriggerAnswer => ({
  errno,
  count,
  registers,
});

export type TriggerHart = Pick<Hart, 'triggerCount' | 'readTrigger' | 'writeTrigger'>;

/** The host's own levels, which a guest must never stop. */
const HOST_MODES = MCONTROL6.m | MCONTROL6.s | MCONTROL6.u;
const HOST_MODES_ICOUNT = ICOUNT.m | ICOUNT.s | ICOUNT.u;

export function triggerCommand(hart: TriggerHart, command: KvmTriggerCommand): KvmTriggerAnswer {
  if (command.op === 'count') return triggerAnswer(0, NO_TRIGGER, hart.triggerCount);
  const { index } = command;
  const before = hart.readTrigger(index);
  if (before === undefined) return triggerAnswer(ENOENT);
  if (command.op === 'read') return triggerAnswer(0, before);
  const { registers } = command;
  if (reachesHost(registers)) return triggerAnswer(EINVAL);
  hart.writeTrigger(index, registers);
  const after = hart.readTrigger(index) ?? NO_TRIGGER;
  const holds = isSame(after, registers) || isSame(registers, NO_TRIGGER);
  if (command.op === 'check' || !holds) hart.writeTrigger(index, before);
  return triggerAnswer(holds ? 0 : EINVAL);
}

function reachesHost({ tdata1 }: TriggerRegisters): boolean {
  const modes = triggerType(tdata1) === TRIGGER_ICOUNT ? HOST_MODES_ICOUNT : HOST_MODES;
  return (tdata1 & (TDATA1_DMODE | modes)) !== 0n;
}

function isSame(a: TriggerRegisters, b: TriggerRegisters): boolean {
  return a.tdata1 === b.tdata1 && a.tdata2 === b.tdata2 && a.tdata3 === b.tdata3;
}
