/**
 * The newest events of a run: a ring that forgets the oldest. Calls may come a million times a second,
 * so they are kept in columns of numbers and made into objects only when they are read: objects that
 * live as long as the ring would cost the collector more than the call itself.
 */
import {
  type Answerer,
  type CallEvent,
  type IoctlEvent,
  type IoctlForm,
  ioctlEvent,
  type TraceEvent,
} from './events.ts';

/** Events kept: what the page's list shows smoothly; about 13 MB. */
export const TRACE_CAPACITY = 100_000;

const ANSWERERS: readonly Answerer[] = ['guest', 'kvm', 'vmm', 'none'];
const ANSWERER_NUMBER: Readonly<Record<Answerer, number>> = { guest: 0, kvm: 1, vmm: 2, none: 3 };
const EXITED = 4;
const RETURNED = 8;
/** Arguments that an SBI call has registers for: a0 to a5. */
const ARGUMENTS = 6;
/** pc, eid, fid, error, value, then the arguments. */
const WORDS = 5 + ARGUMENTS;

/** An event as it is reported, before it has a number. */
export type Unnumbered<T> = Omit<T, 'seq'>;

export class TraceRing {
  readonly #words: BigUint64Array;
  /** time and cost of each call. */
  readonly #times: Float64Array;
  readonly #harts: Uint8Array;
  readonly #flags: Uint8Array;
  readonly #lengths: Uint8Array;
  /** What KVM did with a call, in words that few calls do not share; or the ioctl of this place, or its form. */
  readonly #rest: (string | Unnumbered<IoctlEvent> | IoctlForm)[];
  #total = 0;
  /** Events before this one were of a run that went on from a snapshot, which does not hold them. */
  #first = 0;

  constructor(readonly capacity: number = TRACE_CAPACITY) {
    this.#words = new BigUint64Array(capacity * WORDS);
    this.#times = new Float64Array(capacity * 2);
    this.#harts = new Uint8Array(capacity);
    this.#flags = new Uint8Array(capacity);
    this.#lengths = new Uint8Array(capacity);
    this.#rest = [];
  }

  /** How many were ever pushed; the next one has this number. */
  get total(): number {
    return this.#total;
  }

  /** How many were forgotten; the oldest kept one has this number. */
  get dropped(): number {
    return Math.max(this.#first, this.#total - this.capacity);
  }

  /** Empty, with the next event having that number. */
  restart(total: number): void {
    this.#rest.length = 0;
    this.#total = total;
    this.#first = total;
  }

  /** Gives the number of the event. */
  pushCall(call: Unnumbered<CallEvent>): number {
    const at = this.#total % this.capacity;
    const words = this.#words;
    const first = at * WORDS;
    words[first] = call.pc;
    words[first + 1] = call.eid;
    words[first + 2] = call.fid;
    words[first + 3] = call.error ?? 0n;
    words[first + 4] = call.value ?? 0n;
    const { args } = call;
    const length = Math.min(args.length, ARGUMENTS);
    for (let i = 0; i < length; i++) words[first + 5 + i] = args[i] ?? 0n;
    this.#lengths[at] = length;
    this.#times[at * 2] = call.time;
    this.#times[at * 2 + 1] = call.cost;
    this.#harts[at] = call.hart;
    const returned = (call.error === null ? 0 : RETURNED) | (call.value === null ? 0 : RETURNED << 1);
    this.#flags[at] = ANSWERER_NUMBER[call.by] | (call.exited ? EXITED : 0) | returned;
    this.#rest[at] = call.kernel;
    return this.#total++;
  }

  pushIoctl(ioctl: Unnumbered<IoctlEvent>): number {
    this.#rest[this.#total % this.capacity] = ioctl;
    return this.#total++;
  }

  pushIoctlAs(form: IoctlForm, time: number, ret: number, a: bigint, b: bigint, c: bigint): number {
    const at = this.#total % this.capacity;
    const first = at * WORDS;
    this.#words[first] = a;
    this.#words[first + 1] = b;
    this.#words[first + 2] = c;
    this.#times[at * 2] = time;
    this.#times[at * 2 + 1] = ret;
    this.#rest[at] = form;
    return this.#total++;
  }

  /** Kept events with numbers from `first` on, oldest first, at most `count`. */
  from(first: number, count = Number.POSITIVE_INFINITY): readonly TraceEvent[] {
    const start = Math.max(first, this.dropped);
    const end = Math.min(this.#total, start + count);
    const result: TraceEvent[] = [];
    for (let seq = start; seq < end; seq++) result.push(this.#event(seq));
    return result;
  }

  #event(seq: number): TraceEvent {
    const at = seq % this.capacity;
    const rest = this.#rest[at] ?? '';
    if (typeof rest === 'string') return this.#call(seq, at, rest);
    return 'kind' in rest ? { ...rest, seq } : { ...this.#ioctl(at, rest), seq };
  }

  #ioctl(at: number, form: IoctlForm): Unnumbered<IoctlEvent> {
    const first = at * WORDS;
    const [a = 0n, b = 0n, c = 0n] = this.#words.subarray(first, first + 3);
    return ioctlEvent(form, this.#times[at * 2] ?? 0, this.#times[at * 2 + 1] ?? 0, a, b, c);
  }

  #call(seq: number, at: number, kernel: string): CallEvent {
    const first = at * WORDS;
    const [pc = 0n, eid = 0n, fid = 0n, error = 0n, value = 0n, ...args] = this.#words.subarray(first, first + WORDS);
    const flags = this.#flags[at] ?? 0;
    return {
      kind: 'call',
      seq,
      hart: this.#harts[at] ?? 0,
      time: this.#times[at * 2] ?? 0,
      pc,
      eid,
      fid,
      args: args.slice(0, this.#lengths[at] ?? 0),
      by: ANSWERERS[flags & 3] ?? 'none',
      error: (flags & RETURNED) === 0 ? null : error,
      value: (flags & (RETURNED << 1)) === 0 ? null : value,
      cost: this.#times[at * 2 + 1] ?? 0,
      exited: (flags & EXITED) !== 0,
      kernel,
    };
  }
}
