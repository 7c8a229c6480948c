/** What SBI servers and exit handlers have at hand: the options, the ioctls, guest memory, and what the VMM remembers. */
import type { KvmVcpu, KvmVm } from '../kvm/uapi.ts';
import type { VmmSettings } from './api.ts';
import { errnoName } from './errno.ts';
import type { GuestRam } from './ram.ts';
import type { Register } from './registers.ts';
import { makeState, resetHart, type SbiState } from './sbi/state.ts';

/** Registers with their values, in the order in which they are set. */
export type Registers = readonly (readonly [Register, bigint])[];

/** Lines of the log at most: far more than there are reasons for one, though a guest can put numbers of its own into some. */
export const MAX_LINES = 256;
const NO_MORE = `The log of the VMM ends here, after ${MAX_LINES} lines.`;

export class VmContext {
  /** Harts that sleep in a hart_suspend that the VMM serves. */
  readonly suspended = new Set<number>();
  /** Lines of the log so far. */
  readonly said = new Set<string>();
  /** What is kept of each SBI extension that keeps something. */
  readonly sbi: SbiState;

  constructor(
    readonly options: VmmSettings,
    readonly vm: KvmVm,
    readonly vcpus: readonly KvmVcpu[],
    readonly ram: GuestRam,
    /** Whether KVM knows SUSP: then it checks each call and resets the vcpu when it resumes. */
    readonly kvmChecksSuspend: boolean,
  ) {
    this.sbi = makeState(options);
  }

  /** What extensions keep of a hart is as new; `sbi/reset.ts` undoes what they did in KVM too. */
  resetHart(hartid: number): void {
    resetHart(this.sbi, hartid);
  }

  /** A line in the VMM's own log, once however often it is said, as long as there is room. */
  say(words: string): void {
    if (this.said.size > MAX_LINES || this.said.has(words)) return;
    const line = this.said.size === MAX_LINES ? NO_MORE : words;
    this.said.add(line);
    this.options.log?.(line);
  }

  /** Sets registers in order; null, or what failed in words. */
  set(vcpu: KvmVcpu, values: Registers): string | null {
    for (const [register, value] of values) {
      const ret = vcpu.setOneReg(register.id, value);
      if (ret < 0) return ioctlFailed(`KVM_SET_ONE_REG ${register.name} = 0x${value.toString(16)}`, vcpu, ret);
    }
    return null;
  }

  /** The register's value, or 0 when it cannot be read, which is said. */
  get(vcpu: KvmVcpu, register: Register): bigint {
    const { errno, value } = vcpu.getOneReg(register.id);
    if (errno !== 0) this.say(ioctlFailed(`KVM_GET_ONE_REG ${register.name}`, vcpu, errno));
    return errno === 0 ? value : 0n;
  }
}

export function ioctlFailed(ioctl: string, vcpu: KvmVcpu | null, errno: number): string {
  return `${ioctl}${vcpu ? ` on vcpu ${vcpu.id}` : ''} failed: ${errnoName(errno)}`;
}
