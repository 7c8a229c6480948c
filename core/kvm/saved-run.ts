/** The page shared with user space and what a vcpu left open, to plain data and back. */
import { hex } from '../base/bits.ts';
import { fromHex, toHex } from '../base/bytes.ts';
import type { OpenRun, PendingExit } from './run.ts';
import type { OpenCall } from './sbi/call.ts';
import type { CallSnapshot, PendingSnapshot, RunSnapshot, SleepSnapshot, VcpuSnapshot } from './snapshot.ts';
import type { Resumption, Sleep } from './state.ts';
import type { KvmRun } from './uapi.ts';

const all = (values: readonly bigint[]): string[] => values.map((value) => hex(value));
const numbers = (texts: readonly string[]): bigint[] => texts.map((text) => BigInt(text));

export function saveRun(run: KvmRun): RunSnapshot {
  const { mmio, riscv_sbi, riscv_csr, system_event, fail_entry, internal } = run;
  return {
    immediate_exit: run.immediate_exit,
    exit_reason: run.exit_reason,
    mmio: { phys_addr: hex(mmio.phys_addr), data: toHex(mmio.data), len: mmio.len, is_write: mmio.is_write },
    system_event: { type: system_event.type, data: all(system_event.data) },
    riscv_sbi: {
      extension_id: hex(riscv_sbi.extension_id),
      function_id: hex(riscv_sbi.function_id),
      args: all(riscv_sbi.args),
      ret: all(riscv_sbi.ret.map((value) => BigInt.asUintN(64, value))),
    },
    riscv_csr: {
      csr_num: riscv_csr.csr_num,
      new_value: hex(riscv_csr.new_value),
      write_mask: hex(riscv_csr.write_mask),
      ret_value: hex(riscv_csr.ret_value),
    },
    fail_entry: { hardware_entry_failure_reason: hex(fail_entry.hardware_entry_failure_reason) },
    internal: { suberror: internal.suberror, data: all(internal.data) },
  };
}

/** The object stays the same: user space holds it. */
export function loadRun(run: KvmRun, saved: RunSnapshot): void {
  const { mmio, riscv_sbi, riscv_csr, system_event, fail_entry, internal } = saved;
  const [a0 = 0n, a1 = 0n] = numbers(riscv_sbi.ret);
  run.immediate_exit = saved.immediate_exit;
  run.exit_reason = saved.exit_reason;
  run.mmio.phys_addr = BigInt(mmio.phys_addr);
  run.mmio.data.set(fromHex(mmio.data).subarray(0, run.mmio.data.length));
  run.mmio.len = mmio.len;
  run.mmio.is_write = mmio.is_write;
  run.system_event = { type: system_event.type, data: numbers(system_event.data) };
  run.riscv_sbi = {
    extension_id: BigInt(riscv_sbi.extension_id),
    function_id: BigInt(riscv_sbi.function_id),
    args: numbers(riscv_sbi.args),
    ret: [a0, a1],
  };
  run.riscv_csr = {
    csr_num: riscv_csr.csr_num,
    new_value: BigInt(riscv_csr.new_value),
    write_mask: BigInt(riscv_csr.write_mask),
    ret_value: BigInt(riscv_csr.ret_value),
  };
  run.fail_entry = { hardware_entry_failure_reason: BigInt(fail_entry.hardware_entry_failure_reason) };
  run.internal = { suberror: internal.suberror, data: numbers(internal.data) };
}

export function saveOpen(open: OpenRun): Pick<VcpuSnapshot, keyof OpenRun> {
  return { ...open, pending: open.pending === null ? null : savePending(open.pending) };
}

export function loadOpen(saved: Pick<VcpuSnapshot, keyof OpenRun>): OpenRun {
  const { pending, sliceEnded } = saved;
  return { pending: pending === null ? null : loadPending(pending), sliceEnded };
}

function savePending(pending: PendingExit): PendingSnapshot {
  switch (pending.kind) {
    case 'csr':
      return pending;
    case 'call':
      return { kind: 'call', open: saveCall(pending.open) };
    case 'mmio': {
      const { exit, done, bytes } = pending.access;
      const { store, signed, rd, length } = exit;
      const plain = { gpa: hex(exit.gpa), va: hex(exit.va), value: hex(exit.value), bytes: exit.bytes };
      return { kind: 'mmio', access: { exit: { ...plain, store, signed, rd, length }, done, bytes: toHex(bytes) } };
    }
    default:
      return pending satisfies never;
  }
}

function loadPending(saved: PendingSnapshot): PendingExit {
  switch (saved.kind) {
    case 'csr':
      return saved;
    case 'call':
      return { kind: 'call', open: loadCall(saved.open) };
    case 'mmio': {
      const { exit, done, bytes } = saved.access;
      const addresses = { gpa: BigInt(exit.gpa), va: BigInt(exit.va), value: BigInt(exit.value) };
      const brought = new Uint8Array(8);
      brought.set(fromHex(bytes).subarray(0, 8));
      return { kind: 'mmio', access: { exit: { kind: 'mmio', ...exit, ...addresses }, done, bytes: brought } };
    }
    default:
      return saved satisfies never;
  }
}

export function saveSleep(sleep: Sleep): SleepSnapshot {
  if (sleep.kind === 'wfi') return sleep;
  const { open, resume } = sleep;
  return { kind: 'call', open: saveCall(open), resume: resume === null ? null : saveResumption(resume) };
}

export function loadSleep(saved: SleepSnapshot): Sleep {
  if (saved.kind === 'wfi') return saved;
  const { open, resume } = saved;
  return { kind: 'call', open: loadCall(open), resume: resume === null ? null : loadResumption(resume) };
}

export function saveResumption({ address, opaque }: Resumption): { address: string; opaque: string } {
  return { address: hex(address), opaque: hex(opaque) };
}

export function loadResumption(saved: { readonly address: string; readonly opaque: string }): Resumption {
  return { address: BigInt(saved.address), opaque: BigInt(saved.opaque) };
}

function saveCall({ call, answering }: OpenCall): CallSnapshot {
  const { pc, eid, fid, args, start } = call;
  return { call: { pc: hex(pc), eid: hex(eid), fid: hex(fid), args: all(args), start }, answering };
}

function loadCall({ call, answering }: CallSnapshot): OpenCall {
  const { pc, eid, fid, args, start } = call;
  return { call: { pc: BigInt(pc), eid: BigInt(eid), fid: BigInt(fid), args: numbers(args), start }, answering };
}
