/**
 * The timer that KVM keeps for a vcpu whose harts have no Sstc; with it, the hart's stimecmp counts once it is loaded.
 * [Linux arch/riscv/kvm: vcpu_timer.c]
 */
import { hex } from '../base/bits.ts';
import { U64_MAX } from '../base/u64.ts';

/** `deadline` in units of the vcpu's clock; null: never. */
export interface SavedTimer {
  readonly next: string;
  readonly armed: boolean;
  readonly deadline: number | null;
}

export class VcpuTimer {
  /** Time of the next event, in ticks. */
  next = U64_MAX;
  armed = false;
  /** First unit at which it has come. */
  deadline = Number.POSITIVE_INFINITY;

  reset(): void {
    this.next = U64_MAX;
    this.armed = false;
    this.deadline = Number.POSITIVE_INFINITY;
  }

  arm(ticks: bigint, deadline: number): void {
    this.next = ticks;
    this.armed = true;
    this.deadline = deadline;
  }

  /** Whether it was armed and its time has come; it is then not armed any more. */
  expires(now: number): boolean {
    if (!this.armed || now < this.deadline) return false;
    this.armed = false;
    return true;
  }

  /** Next unit at which to look at it. */
  get nextCheck(): number {
    return this.armed ? this.deadline : Number.POSITIVE_INFINITY;
  }

  save(): SavedTimer {
    const { next, armed, deadline } = this;
    return { next: hex(next), armed, deadline: Number.isFinite(deadline) ? deadline : null };
  }

  load({ next, armed, deadline }: SavedTimer): void {
    this.next = BigInt(next);
    this.armed = armed;
    this.deadline = deadline ?? Number.POSITIVE_INFINITY;
  }
}
