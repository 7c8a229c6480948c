/**
 * DBTR in user space. Triggers belong to machine mode, and Linux has no ioctl that sets those of a vcpu for its guest:
 * only the accelerator interface does. Without it there are no triggers: num_triggers, which never fails, answers 0,
 * and from that number follow the errors of the other calls. Indexes are those of the hart. A call changes all that it
 * names or, when it fails, nothing. The text counts one short (`trig_count >= trig_max` is out of range), and so does
 * this. [SBI 3.0 §19]
 */
import { U64_MAX } from '../../base/u64.ts';
import { ENOTTY, type KvmVcpu, type TriggerRegisters, triggerType } from '../../kvm/uapi.ts';
import { DBTR_STATE } from '../../sbi/spec/dbtr.ts';
import { ioctlFailed, type VmContext } from '../context.ts';
import {
  DISABLED,
  ENTRY_BYTES,
  type Entry,
  entryWords,
  isChained,
  levelsOf,
  littleEndian,
  readEntry,
  refusal,
  toGuest,
  toHart,
} from './dbtr-config.ts';
import { type Server, SUCCESS } from './server.ts';

const ALIGNMENT = 8n;
const MASK_BITS = 64;
const { MAPPED, U, S, HAVE_HW_TRIG, HW_TRIG_IDX_SHIFT } = DBTR_STATE;

const NO_SHMEM = { error: 'NO_SHMEM' } as const;
const BAD_RANGE = { error: 'BAD_RANGE' } as const;
const INVALID_PARAM = { error: 'INVALID_PARAM' } as const;

type Refusal = Exclude<ReturnType<typeof refusal>, null>;

export const dbtr: Server<'DBTR'> = {
  num_triggers(vm, { trig_tdata1: tdata1 }, { vcpu }) {
    const max = triggersOf(vm, vcpu);
    if (tdata1 === 0n) return { value: BigInt(max) };
    const registers = { tdata1, tdata2: 0n, tdata3: 0n };
    if (refusal(registers) !== null) return { value: 0n };
    return { value: BigInt(range(max).filter((index) => canHold(vcpu, index, registers)).length) };
  },

  set_shmem(vm, { shmem_phys_lo: lo, shmem_phys_hi: hi, flags }, { vcpu }) {
    if (flags !== 0n) return INVALID_PARAM;
    if (lo === U64_MAX && hi === U64_MAX) {
      vm.sbi.DBTR.setShmem(vcpu.id, null);
      return SUCCESS;
    }
    if (lo % ALIGNMENT !== 0n) return INVALID_PARAM;
    const bytes = BigInt(triggersOf(vm, vcpu) * ENTRY_BYTES);
    if (hi !== 0n || !vm.ram.contains(lo, bytes)) return { error: 'INVALID_ADDRESS' };
    vm.sbi.DBTR.setShmem(vcpu.id, lo);
    return SUCCESS;
  },

  read_triggers(vm, { trig_idx_base, trig_count }, { vcpu }) {
    const shmem = vm.sbi.DBTR.shmem(vcpu.id);
    if (shmem === null) return NO_SHMEM;
    const max = BigInt(triggersOf(vm, vcpu));
    if (trig_idx_base >= max || trig_idx_base + trig_count >= max) return BAD_RANGE;
    for (const i of range(Number(trig_count))) {
      writeEntry(vm, shmem, i, entryOf(vm, vcpu, Number(trig_idx_base) + i));
    }
    return SUCCESS;
  },

  install_triggers(vm, { trig_count }, { vcpu }) {
    const found = readEntries(vm, vcpu, trig_count);
    if ('error' in found) return found;
    const { shmem, entries } = found;
    const plan = planInstallation(vm, vcpu, entries);
    if ('error' in plan) return plan;
    plan.indexes.forEach((index, i) => {
      const { registers } = entries[i] ?? { registers: DISABLED };
      program(vm, vcpu, index, toHart(registers));
      vm.sbi.DBTR.install(vcpu.id, index, levelsOf(registers));
      vm.ram.write(entryAt(shmem, i), littleEndian(BigInt(index)));
    });
    return SUCCESS;
  },

  update_triggers(vm, { trig_count }, { vcpu }) {
    const found = readEntries(vm, vcpu, trig_count);
    if ('error' in found) return found;
    const max = BigInt(triggersOf(vm, vcpu));
    for (const [i, entry] of found.entries.entries()) {
      const error = updateRefusal(vm, vcpu, entry, max);
      if (error !== null) return failedAt(error, i);
    }
    for (const { first, registers } of found.entries) {
      program(vm, vcpu, Number(first), toHart(registers));
      vm.sbi.DBTR.install(vcpu.id, Number(first), levelsOf(registers));
    }
    return SUCCESS;
  },

  uninstall_triggers(vm, { trig_idx_base, trig_idx_mask }, { vcpu }) {
    const indexes = installedOf(vm, vcpu, trig_idx_base, trig_idx_mask);
    if (indexes === null) return INVALID_PARAM;
    for (const index of indexes) {
      program(vm, vcpu, index, DISABLED);
      vm.sbi.DBTR.uninstall(vcpu.id, index);
    }
    return SUCCESS;
  },

  enable_triggers(vm, { trig_idx_base, trig_idx_mask }, { vcpu }) {
    const indexes = installedOf(vm, vcpu, trig_idx_base, trig_idx_mask);
    if (indexes === null) return INVALID_PARAM;
    for (const index of indexes) {
      program(vm, vcpu, index, toHart(registersOf(vcpu, index), vm.sbi.DBTR.installed(vcpu.id, index)));
    }
    return SUCCESS;
  },

  disable_triggers(vm, { trig_idx_base, trig_idx_mask }, { vcpu }) {
    const indexes = installedOf(vm, vcpu, trig_idx_base, trig_idx_mask);
    if (indexes === null) return INVALID_PARAM;
    for (const index of indexes) {
      program(vm, vcpu, index, toHart(registersOf(vcpu, index), { s: false, u: false }));
    }
    return SUCCESS;
  },
};

const range = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);
const entryAt = (shmem: bigint, index: number): bigint => shmem + BigInt(index * ENTRY_BYTES);
const failedAt = <Error extends Refusal>(error: Error, index: number) => ({ error, value: BigInt(index) });

/** trig_max of the hart. */
function triggersOf(vm: VmContext, vcpu: KvmVcpu): number {
  const { errno, count } = vcpu.trigger({ op: 'count' });
  if (errno !== 0) {
    const why = errno === ENOTTY ? '; this KVM interface has no such ioctl, so the guest has no triggers' : '';
    vm.say(`DBTR: ${ioctlFailed('counting the debug triggers', vcpu, errno)}${why}`);
  }
  return errno === 0 ? count : 0;
}

function canHold(vcpu: KvmVcpu, index: number, registers: TriggerRegisters): boolean {
  return vcpu.trigger({ op: 'check', index, registers: toHart(registers) }).errno === 0;
}

function registersOf(vcpu: KvmVcpu, index: number): TriggerRegisters {
  return vcpu.trigger({ op: 'read', index }).registers;
}

/** What was checked before, or was read. */
function program(vm: VmContext, vcpu: KvmVcpu, index: number, registers: TriggerRegisters): void {
  const { errno } = vcpu.trigger({ op: 'write', index, registers });
  if (errno !== 0) vm.say(`DBTR: ${ioctlFailed(`setting trigger ${index}`, vcpu, errno)}`);
}

/** What the guest reads of a trigger: zeros of one that is free. */
function entryOf(vm: VmContext, vcpu: KvmVcpu, index: number): Entry {
  const levels = vm.sbi.DBTR.installed(vcpu.id, index);
  if (levels === undefined) return { first: 0n, registers: DISABLED };
  const saved = (levels.s ? S : 0) | (levels.u ? U : 0);
  const state = BigInt(MAPPED | HAVE_HW_TRIG | saved) | (BigInt(index) << BigInt(HW_TRIG_IDX_SHIFT));
  return { first: state, registers: toGuest(registersOf(vcpu, index)) };
}

function writeEntry(vm: VmContext, shmem: bigint, index: number, entry: Entry): void {
  for (const [word, bytes] of entryWords(entry).entries()) {
    vm.ram.write(entryAt(shmem, index) + BigInt(word * bytes.length), bytes);
  }
}

/** The entries in the shared memory, read once: another hart may write there meanwhile. */
function readEntries(vm: VmContext, vcpu: KvmVcpu, count: bigint) {
  const shmem = vm.sbi.DBTR.shmem(vcpu.id);
  if (shmem === null) return NO_SHMEM;
  if (count >= BigInt(triggersOf(vm, vcpu))) return BAD_RANGE;
  const bytes = vm.ram.read(shmem, Number(count) * ENTRY_BYTES);
  return { shmem, entries: range(Number(count)).map((index) => readEntry(bytes, index)) };
}

/** An index for each entry in order, contiguous for those of a chain, or what is wrong with the first that fails. */
function planInstallation(vm: VmContext, vcpu: KvmVcpu, entries: readonly Entry[]) {
  const max = triggersOf(vm, vcpu);
  const indexes: number[] = [];
  const isFree = (index: number): boolean =>
    index < max && !indexes.includes(index) && vm.sbi.DBTR.installed(vcpu.id, index) === undefined;
  for (const [i, { registers }] of entries.entries()) {
    const error = refusal(registers);
    if (error !== null) return failedAt(error, i);
    if (isChained(registers) && i === entries.length - 1) return failedAt('INVALID_PARAM', i);
    const goesOn = i > 0 && isChained(entries[i - 1]?.registers ?? DISABLED);
    const before = indexes[i - 1] ?? 0;
    const index = goesOn ? before + 1 : placeFor(vm, vcpu, chainLength(entries, i), max, isFree);
    if (index === undefined) return failedAt('FAILED', i);
    if (!canHold(vcpu, index, registers)) return failedAt('NOT_SUPPORTED', i);
    indexes.push(index);
  }
  return { indexes };
}

/** Entries of the chain that begins there. */
function chainLength(entries: readonly Entry[], from: number): number {
  const rest = entries.slice(from);
  const last = rest.findIndex(({ registers }) => !isChained(registers));
  return last < 0 ? rest.length : last + 1;
}

/** The first index of so many free ones, of which the first does not end a chain that lost its end. */
function placeFor(
  vm: VmContext,
  vcpu: KvmVcpu,
  length: number,
  max: number,
  isFree: (index: number) => boolean,
): number | undefined {
  const endsChain = (index: number): boolean =>
    index > 0 && vm.sbi.DBTR.installed(vcpu.id, index - 1) !== undefined && isChained(registersOf(vcpu, index - 1));
  return range(max).find((first) => !endsChain(first) && range(length).every((offset) => isFree(first + offset)));
}

function updateRefusal(vm: VmContext, vcpu: KvmVcpu, { first, registers }: Entry, max: bigint): Refusal | null {
  if (first >= max) return 'INVALID_PARAM';
  const index = Number(first);
  if (vm.sbi.DBTR.installed(vcpu.id, index) === undefined) return 'FAILED';
  const error = refusal(registers);
  if (error !== null) return error;
  const installed = registersOf(vcpu, index);
  const sameType = triggerType(installed.tdata1) === triggerType(registers.tdata1);
  if (!sameType || isChained(installed) !== isChained(registers)) return 'INVALID_PARAM';
  return canHold(vcpu, index, registers) ? null : 'NOT_SUPPORTED';
}

/** The triggers of a mask, or null when one of them is not installed. */
function installedOf(vm: VmContext, vcpu: KvmVcpu, base: bigint, mask: bigint): readonly number[] | null {
  const max = BigInt(triggersOf(vm, vcpu));
  const indexes = range(MASK_BITS)
    .filter((bit) => ((mask >> BigInt(bit)) & 1n) === 1n)
    .map((bit) => base + BigInt(bit));
  const all = indexes.every((index) => index < max && vm.sbi.DBTR.installed(vcpu.id, Number(index)) !== undefined);
  return all ? indexes.map(Number) : null;
}
