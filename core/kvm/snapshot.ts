/**
 * What KVM keeps, as named plain data: VMs with their memory slots and capabilities, vcpus with their hart, registers
 * and mp state, and what a vcpu thread left open. What follows from these, such as routes of SBI calls, is made anew.
 */
import { HART_SHAPE } from '../hart/snapshot.ts';
import { SBI_NAMES, SBI_VERSIONS, type SbiName } from '../sbi/types.ts';
import * as plain from '../schema/plain.ts';
import { COUNTING_MODES, SOURCES } from './pmu/events.ts';
import { MAX_COUNTERS } from './pmu/pmu.ts';
import { FWFT_FEATURES, type FwftFeature } from './reference/layout.ts';
import { STAT_NAMES, type StatName } from './stats.ts';
import { KVM_SBI_EXT_FORWARD } from './uapi.ts';

const CALL = plain.record({
  pc: plain.hex64,
  eid: plain.hex64,
  fid: plain.hex64,
  args: plain.listOf(plain.hex64),
  start: plain.count,
});
/** A call whose answer is still to come. */
const OPEN_CALL = plain.record({
  call: CALL,
  answering: plain.record({
    by: plain.oneOf('kvm', 'vmm', 'none'),
    keepsA1: plain.flag,
    noReturn: plain.flag,
    kernel: plain.text,
  }),
});

const RESUMPTION = plain.record({ address: plain.hex64, opaque: plain.hex64 });

const SLEEP = plain.variant('kind', [
  plain.record({ kind: plain.oneOf('wfi') }),
  plain.record({ kind: plain.oneOf('call'), open: OPEN_CALL, resume: plain.nullable(RESUMPTION) }),
]);

const ACCESS = plain.record({
  exit: plain.record({
    store: plain.flag,
    gpa: plain.hex64,
    va: plain.hex64,
    bytes: plain.oneOf(1, 2, 4, 8),
    value: plain.hex64,
    signed: plain.flag,
    rd: plain.upTo(31),
    length: plain.oneOf(2, 4),
  }),
  done: plain.upTo(7),
  bytes: plain.hexBytes,
});

/** What KVM_RUN does first when it is entered again. */
const PENDING = plain.variant('kind', [
  plain.record({ kind: plain.oneOf('mmio'), access: ACCESS }),
  plain.record({ kind: plain.oneOf('csr'), rd: plain.upTo(31) }),
  plain.record({ kind: plain.oneOf('call'), open: OPEN_CALL }),
]);

/** The page shared with user space, under the names of `struct kvm_run`. */
const RUN = plain.record({
  immediate_exit: plain.upTo(255),
  exit_reason: plain.count,
  mmio: plain.record({
    phys_addr: plain.hex64,
    data: plain.hexBytes,
    len: plain.upTo(8),
    is_write: plain.flag,
  }),
  system_event: plain.record({ type: plain.count, data: plain.listOf(plain.hex64) }),
  riscv_sbi: plain.record({
    extension_id: plain.hex64,
    function_id: plain.hex64,
    args: plain.listOf(plain.hex64),
    ret: plain.listOfLength(plain.hex64, 2),
  }),
  riscv_csr: plain.record({
    csr_num: plain.upTo(0xfff),
    new_value: plain.hex64,
    write_mask: plain.hex64,
    ret_value: plain.hex64,
  }),
  fail_entry: plain.record({ hardware_entry_failure_reason: plain.hex64 }),
  internal: plain.record({ suberror: plain.count, data: plain.listOf(plain.hex64) }),
});

const SBI_EXT_VALUE = plain.upTo(Number(KVM_SBI_EXT_FORWARD));
/** By extension: off, on, or forwarded. */
const SBI_EXT = plain.record(
  Object.fromEntries(SBI_NAMES.map((name) => [name, SBI_EXT_VALUE])) as Record<SbiName, typeof SBI_EXT_VALUE>,
);

/** A counter of the guest that is in use; `overflowAt` null when it will not overflow. */
const COUNTER = plain.record({
  index: plain.upTo(MAX_COUNTERS - 1),
  event: plain.nullable(plain.hex64),
  value: plain.hex64,
  started: plain.flag,
  overflown: plain.flag,
  perf: plain.nullable(
    plain.record({
      source: plain.oneOf(...SOURCES),
      modes: plain.oneOf(...COUNTING_MODES),
      total: plain.count,
      since: plain.nullable(plain.count),
    }),
  ),
  overflowAt: plain.nullable(plain.count),
});

const PMU = plain.record({
  counters: plain.listOf(COUNTER),
  /** By firmware event. */
  firmware: plain.named(plain.record({ started: plain.flag, value: plain.hex64 })),
  snapshot: plain.hex64,
  /** Firmware events since reset, by name. */
  happened: plain.named(plain.count),
  /** Traps and exits from U-mode. */
  fromUser: plain.record({ traps: plain.count, exits: plain.count }),
  /** Whether overflows go to user space, and one has still to. */
  overflow: plain.optional(plain.record({ exits: plain.flag, untold: plain.flag })),
});

/** One that is missing is 0. */
const STAT = plain.optional(plain.count);
const STATS = plain.record(Object.fromEntries(STAT_NAMES.map((name) => [name, STAT])) as Record<StatName, typeof STAT>);

const FWFT_SETTING = plain.record({ enabled: plain.flag, flags: plain.hex64 });
const FWFT = plain.record({
  settings: plain.record(
    Object.fromEntries(FWFT_FEATURES.map((name) => [name, FWFT_SETTING])) as Record<FwftFeature, typeof FWFT_SETTING>,
  ),
  delegatesMisaligned: plain.flag,
});

const VCPU = plain.record({
  id: plain.count,
  hart: HART_SHAPE,
  /** ISA_EXT names that are on; `changed` until the hart has them. */
  isa: plain.record({ on: plain.listOf(plain.text), changed: plain.flag }),
  /** Values of the SBI_EXT registers. */
  sbi: SBI_EXT,
  identity: plain.record({ mvendorid: plain.hex64, marchid: plain.hex64, mimpid: plain.hex64 }),
  specification: plain.record({ version: plain.oneOf(...SBI_VERSIONS), implId: plain.hex64, implVersion: plain.hex64 }),
  ran: plain.flag,
  stopped: plain.flag,
  /** That HSM stopped or started it has still to be told. */
  stateUntold: plain.optional(plain.flag),
  loaded: plain.flag,
  sleep: plain.nullable(SLEEP),
  /** When it fell asleep, in units, and how long it would poll next. */
  halt: plain.optional(plain.record({ since: plain.count, pollNs: plain.count })),
  /** What user space wrote and the hart does not hold yet; CSRs by number, in hexadecimal. */
  unloaded: plain.record({ pc: plain.nullable(plain.hex64), csrs: plain.named(plain.hex64) }),
  /** The deadline is that of the last arming, in units; null for never. */
  timer: plain.record({ next: plain.hex64, armed: plain.flag, deadline: plain.nullable(plain.count) }),
  pendingReset: plain.nullable(RESUMPTION),
  sta: plain.record({ address: plain.hex64, sequence: plain.count, steal: plain.hex64 }),
  /** Units since the thread got its CPU, and ns that it waited for one. */
  share: plain.record({ used: plain.count, delayNs: plain.count }),
  /** What KVM_GET_STATS_FD tells, by name. */
  stats: STATS,
  pmu: PMU,
  fwft: FWFT,
  run: RUN,
  pending: plain.nullable(PENDING),
  sliceEnded: plain.flag,
});

const VM = plain.record({
  userspaceSbi: plain.flag,
  accelerator: plain.flag,
  hartStateExits: plain.optional(plain.flag),
  mpStateReset: plain.flag,
  /** What TIMER.time was set to beyond the time of the host, in ticks modulo 2^64. */
  timeDelta: plain.hex64,
  now: plain.count,
  slots: plain.listOf(plain.record({ slot: plain.count, gpa: plain.hex64, size: plain.hex64, offset: plain.hex64 })),
  vcpus: plain.listOf(VCPU),
});

export const KVM_SHAPE = plain.record({ vms: plain.listOf(VM) });

type Of<S> = S extends plain.Shape<infer T> ? T : never;
export type CallSnapshot = Of<typeof OPEN_CALL>;
export type SleepSnapshot = Of<typeof SLEEP>;
export type PmuSnapshot = Of<typeof PMU>;
export type PendingSnapshot = Of<typeof PENDING>;
export type RunSnapshot = Of<typeof RUN>;
export type VcpuSnapshot = Of<typeof VCPU>;
export type VmSnapshot = Of<typeof VM>;
export type KvmSnapshot = Of<typeof KVM_SHAPE>;
