/**
 * What the VMM remembers, as named plain data: how the VM ended, its threads, the harts that it suspended, the lines it
 * has said, and what each SBI extension and each device keeps, under its name. Registers and memory are KVM's and the machine's.
 */
import * as plain from '../schema/plain.ts';

/** Times are virtual ns. */
const SLEEP = plain.variant('kind', [
  plain.record({
    kind: plain.oneOf('hart'),
    enabled: plain.hex64,
    /** Null for never. */
    deadline: plain.nullable(plain.amount),
    look: plain.amount,
  }),
  plain.record({ kind: plain.oneOf('system', 'fixed'), end: plain.amount }),
  plain.record({ kind: plain.oneOf('over') }),
]);
const RESUMED = plain.variant('kind', [
  plain.record({ kind: plain.oneOf('return'), a0: plain.hex64, a1: plain.hex64 }),
  plain.record({ kind: plain.oneOf('restart'), pc: plain.hex64, opaque: plain.hex64 }),
]);
const ASLEEP = plain.record({ sleep: SLEEP, next: RESUMED });

const THREAD = plain.record({
  vcpu: plain.count,
  asleep: plain.nullable(ASLEEP),
  /** Where the stream stands that the seed CSR is answered from. */
  entropy: plain.hex64,
});

const END = plain.variant('kind', [
  plain.record({ kind: plain.oneOf('shutdown', 'reset'), reason: plain.hex64 }),
  plain.record({ kind: plain.oneOf('error'), words: plain.text, unhandled: plain.flag }),
]);

export const VMM_SHAPE = plain.record({
  ended: plain.nullable(END),
  entry: plain.hex64,
  threads: plain.listOf(THREAD),
  suspended: plain.listOf(plain.count),
  said: plain.listOf(plain.text),
  /** Each device reads its own. */
  devices: plain.named(plain.anything),
  /** Each SBI extension reads its own; null is as new. */
  sbi: plain.named(plain.anything),
});

type Of<S> = S extends plain.Shape<infer T> ? T : never;
export type VmmSnapshot = Of<typeof VMM_SHAPE>;
export type ThreadSnapshot = Of<typeof THREAD>;
export type AsleepSnapshot = Of<typeof ASLEEP>;
