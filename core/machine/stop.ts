/** Why a machine stands still, in words and as a code. */
import { callText } from '../sbi/codec.ts';
import { SBI } from '../sbi/spec/index.ts';
import type { CallEvent } from '../trace/events.ts';
import type { Unnumbered } from '../trace/ring.ts';
import type { StopReason } from '../trace/views.ts';
import type { VmEnd } from '../vmm/api.ts';
import type { VmmProfile } from '../vmm/profiles/index.ts';

const FAILURE = BigInt(SBI.SRST.functions.system_reset.args[1].values.SYSTEM_FAILURE);

/** `last` is the newest call of the trace: the one that ended the VM, when a call did. */
export function stopOfEnd(end: VmEnd, last: Unnumbered<CallEvent> | null, vmm: VmmProfile): StopReason {
  switch (end.kind) {
    case 'shutdown': {
      const after = `${by(last)}${andThen(vmm.shutdown.says)}`;
      if (end.reason === FAILURE)
        return { code: 'guest-failed', words: `the guest reported a failure and powered off${after}` };
      return { code: 'powered-off', words: `the guest powered off${after}` };
    }
    case 'reset': {
      const after = `${by(last)}${andThen(vmm.reset.says)}`;
      if (end.reason === FAILURE)
        return { code: 'guest-failed', words: `the guest reported a failure and asked for a reset${after}` };
      return { code: 'reset', words: `the guest asked for a reset${after}` };
    }
    case 'error':
      return {
        code: end.unhandled === true ? 'unhandled-exit' : 'vmm-error',
        words: `the VMM gave up: ${end.words}`,
      };
    default:
      return end satisfies never;
  }
}

function andThen(says: string): string {
  return says === '' ? '' : `; ${says}`;
}

function by(call: Unnumbered<CallEvent> | null): string {
  return call === null || call.error !== null ? '' : ` (${callText(call.eid, call.fid, call.args)})`;
}

export function stopOfError(error: unknown): StopReason {
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'machine-error', words: `Ecall itself failed: ${message}. Reset the machine, and please report it.` };
}

export const IDLE_FOREVER: StopReason = {
  code: 'idle-forever',
  words: 'every hart waits for an interrupt that cannot come',
};

/** Instructions of all harts together; `barren` when they only trap since then. */
export function limitReached(instructions: number, barren: boolean): StopReason {
  const count = `${instructions} ${instructions === 1 ? 'instruction' : 'instructions'}`;
  const loop = barren ? ', and nothing but traps since: does stvec point to code that can run?' : '';
  return { code: 'limit', words: `the limit was reached after ${count}${loop}` };
}

export function reachedCall(call: Unnumbered<CallEvent>): StopReason {
  return {
    code: 'reached-call',
    words: `hart ${call.hart} made an SBI call: ${callText(call.eid, call.fid, call.args)}`,
  };
}

export function reachedExit(hart: number, reason: string): StopReason {
  return { code: 'reached-exit', words: `hart ${hart} exited to the VMM: ${reason}` };
}
