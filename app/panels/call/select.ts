/** The story of one call across the layers, in steps. Pure. */
import type { Answerer, CallEvent, IoctlEvent } from '../../../core/trace/events.ts';
import { argumentsOfCall, definitionOf, errorOfCall, resultOfCall } from '../../state/call-words.ts';
import { duration, hex } from '../../ui/format.ts';

export interface StoryStep {
  readonly by: Answerer;
  readonly title: string;
  /** Monospaced lines. */
  readonly lines: readonly string[];
}

export function story(call: CallEvent, ioctls: readonly IoctlEvent[]): readonly StoryStep[] {
  if (call.by === 'guest') return [ownStep(call)];
  return [guestStep(call), kernelStep(call, ioctls), ...userSteps(call, ioctls), backStep(call)];
}

function ownStep(call: CallEvent): StoryStep {
  const value = call.args[0] ?? 0n;
  return {
    by: 'guest',
    title: 'Guest writes its own CSR',
    lines: [`stimecmp = ${value} ticks`, 'With Sstc no SBI call and no trap are needed.'],
  };
}

function guestStep(call: CallEvent): StoryStep {
  const names = argumentsOfCall(call);
  const width = Math.max(0, ...names.map(({ name }) => name.length));
  return {
    by: 'guest',
    title: `Guest, hart ${call.hart}: ecall`,
    lines: [
      `a7=${hex(call.eid)} a6=${hex(call.fid)}`,
      ...names.map(({ register, name, value, text }) => {
        const plain = hex(value);
        return register === name
          ? `${register}=${plain}`
          : `${register}=${plain}  ${name.padEnd(width)} ${text === plain ? '' : text}`.trimEnd();
      }),
    ],
  };
}

function kernelStep(call: CallEvent, ioctls: readonly IoctlEvent[]): StoryStep {
  const exit = ioctls[0]?.exit;
  return {
    by: 'kvm',
    title: 'KVM: trap from VS-mode',
    lines: [call.kernel, ...(exit === undefined ? [] : [`KVM_RUN returns: ${exit}`])],
  };
}

function userSteps(call: CallEvent, ioctls: readonly IoctlEvent[]): readonly StoryStep[] {
  if (!call.exited) return [];
  const made = ioctls.slice(1).map((ioctl) => {
    const failed = ioctl.ret < 0 ? ` = ${ioctl.ret}` : '';
    return `${ioctl.fd}: ${ioctl.name}(${ioctl.args})${failed}`;
  });
  const reply = call.error === null ? 'no reply: the call does not return' : `reply ${resultOfCall(call)}`;
  return [{ by: 'vmm', title: 'VMM: user space', lines: [...made, reply] }];
}

function backStep(call: CallEvent): StoryStep {
  const by: Answerer = call.by === 'none' ? 'none' : 'guest';
  if (call.error === null) {
    return { by, title: 'No return', lines: [`after ${duration(call.cost)}`] };
  }
  const value = call.value === null ? '' : ` a1=${hex(call.value)}`;
  const error = BigInt.asIntN(64, call.error);
  return {
    by,
    title: by === 'none' ? `Refused: ${errorOfCall(call)}` : 'Back in the guest',
    lines: [`a0=${error < 0n ? error : hex(error)}${value}, sepc += 4, after ${duration(call.cost)}`],
  };
}

/** What the specification says about the called function; null when it is unknown. */
export function saysOf(call: CallEvent): string | null {
  if (call.by === 'guest') return null;
  return definitionOf(call)?.says ?? null;
}
