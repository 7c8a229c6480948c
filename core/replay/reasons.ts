/** Lines that differ on purpose, each with its reason. What no rule names is a defect. */
import type { HostProfile } from '../kvm/profiles/index.ts';
import type { Excuse } from './compare.ts';
import {
  argumentsIn,
  coreIn,
  counterReadIn,
  isBusy,
  isElsewhereInLoop,
  isLaterSequence,
  isLateTimer,
  isOfBusy,
  isRegister,
  isTrialOfPastTimer,
  lacksDirty,
  modeIn,
  sequenceIn,
  sipIn,
  vcpuIn,
} from './line.ts';
import { normalised } from './normalise.ts';

/** What a reason may look at. */
export interface RunContext {
  readonly profile: HostProfile;
  /** Extensions that our harts can execute. */
  readonly executable: ReadonlySet<string>;
  /** The whole recorded output. */
  readonly recorded: string;
  /** Our whole output. */
  readonly ours: string;
  /** How it was started. */
  readonly args: readonly string[];
}

interface Reason {
  readonly why: string;
  /** Whether it holds for this run on this host. */
  readonly where: (context: RunContext) => boolean;
  readonly lines: (recorded: string | null, ours: string | null, context: RunContext) => boolean;
}

/** QEMU gives its own version as marchid and mimpid up to 7.2; later ones give 42. */
const isQemu7 = ({ profile }: RunContext): boolean => profile.hardware.marchid >> 16n === 7n;
const SIP_TIMER = 0x20n;
const SENVCFG_LPE = 4n;

/** One of them begins so; the other side may lack the line. */
function either(pattern: RegExp): Reason['lines'] {
  return (recorded, ours) => pattern.test(recorded ?? ours ?? '') && pattern.test(ours ?? recorded ?? '');
}

/** A vcpu that failed stands at an address of the host's kernel or of its module. */
const FAILED_AT_HOST = /KVM_RUN -> EOPNOTSUPP[\s\S]*vcpu\d final .* pc=0xffffffff[0-9a-f]{8} /;

/** By mode of the payload: core registers that hold times at its end. */
const TIMES_IN: Readonly<Record<string, readonly string[]>> = {
  1: ['CORE.s1', 'CORE.s3', 'CORE.a2'],
  8: ['CORE.s2'],
};
const SECOND_FAILS = /^vcpu[1-9]\d* KVM_RUN -> EOPNOTSUPP/m;
const WATCHDOG = /^vmm: end: WATCHDOG timeout /m;

const REASONS: readonly Reason[] = [
  {
    why: 'QEMU 7.2 does not show an expired vstimecmp in sip',
    where: isQemu7,
    lines: (recorded, ours) => {
      const [theirs, mine] = [sipIn(recorded), sipIn(ours)];
      return theirs !== null && mine !== null && (theirs | SIP_TIMER) === mine;
    },
  },
  {
    why: 'QEMU 7.2 keeps every bit of scounteren, sstatus.VS and the high bit of UXL, the cache-block bits of senvcfg and bit 0 of sepc, and gives no address with a breakpoint',
    where: isQemu7,
    lines: either(/^(csrw 0x106 scounteren|csrw? 0x100 sstatus|csrw 0x10a senvcfg|csrw 0x141 sepc|i_ebreak) /),
  },
  {
    why: 'QEMU 7.2 keeps bit 0 of sepc: a guest that is resumed at an odd address traps for ever',
    where: (context) => isQemu7(context) && isResumedAtOdd(context.args),
    lines: either(
      /^(boot regs: |vmm: end: WATCHDOG|vmm: exit-count KVM_EXIT_RISCV_SBI|vcpu0 (final|EXIT_RISCV_SBI ext=0x53555350) |stats vcpu0)/,
    ),
  },
  {
    why: 'QEMU 10 and 11 keep mstatus.MPV, which the firmware cleared, when it passes an illegal instruction of a guest to Linux: the hart goes on in V mode at an address of the host',
    where: ({ profile, recorded }) => !profile.delegatesIllegal && FAILED_AT_HOST.test(recorded),
    lines: (recorded) =>
      recorded === null ||
      /^(vcpu\d KVM_RUN -> EOPNOTSUPP|vmm: end: KVM_RUN error|vcpu\d final|stats vcpu|reg 0x)/.test(recorded),
  },
  {
    why: "the area is written anew whenever the thread of the vcpu gets its CPU back, which is the host scheduler's matter",
    where: () => true,
    lines: (recorded, ours) => isLaterSequence(sequenceIn(recorded), sequenceIn(ours)),
  },
  {
    why: 'this kernel reads memory beyond its events for a firmware counter without one: what is there is chance',
    where: ({ profile }) => profile.quirks.pmuUnconfigured === 'read beyond' && profile.hardware.translationEvents,
    lines: (recorded, ours, { profile }) => {
      const counter = Number(counterReadIn(recorded) || -1);
      const isFirmware = counter >= profile.hardware.counters;
      return isFirmware && / -> 0 0$/.test(ours ?? '') && counterReadIn(recorded) === counterReadIn(ours);
    },
  },
  {
    why: 'QEMU raises the interrupt of stimecmp in another thread, which a busy machine delays',
    where: ({ profile }) => profile.isa.includes('SSTC'),
    lines: (recorded, ours) => recorded === 'sip after waiting=0x0' && ours === 'sip after waiting=0x20',
  },
  {
    why: 'QEMU gives vsstatus to KVM without SD, which the specification has there',
    where: () => true,
    lines: lacksDirty,
  },
  {
    why: 'the payload keeps in these registers when it began, how long it took, and the digits of that',
    where: ({ args }) => TIMES_IN[modeIn(args)] !== undefined,
    lines: (recorded, ours, { args }) =>
      (TIMES_IN[modeIn(args)] ?? []).some((name) => isRegister(recorded, name) && isRegister(ours, name)),
  },
  {
    why: "without Sstc a timer that is armed with a past time is on until the host's interrupt comes: a race with the next read",
    where: ({ profile }) => !profile.isa.includes('SSTC'),
    lines: (recorded, ours) =>
      isLateTimer(recorded, ours) || (isTrialOfPastTimer(recorded) && isTrialOfPastTimer(ours)),
  },
  {
    why: 'a second vcpu fails while vcpu 0 still prints: which comes first is a race',
    where: ({ profile, recorded, ours }) =>
      profile.quirks.fetchOutside === 'EOPNOTSUPP' && [recorded, ours].some((output) => SECOND_FAILS.test(output)),
    lines: either(
      /^(hart_start 1 addr 0x40000000|call 0x48534d 0x0 |vmm: end: (KVM_RUN error|guest done)|vcpu0 final|stats vcpu0|vcpu[1-9]\d* KVM_RUN|reg 0x\w+ .* CORE\.)/,
    ),
  },
  {
    why: 'our harts have no translation buffers that are state: their events are there, and never happen',
    where: ({ profile }) => profile.hardware.translationEvents,
    lines: (recorded, ours) => {
      const read = /^fw_read \d+ -> 0 (0x[0-9a-f]+|\d+)$/;
      return (
        read.test(recorded ?? '') && / -> 0 0$/.test(ours ?? '') && counterReadIn(recorded) === counterReadIn(ours)
      );
    },
  },
  {
    why: 'our harts have no vector unit',
    where: ({ executable, recorded }) => /^i_v ok$/m.test(recorded) && !executable.has('V'),
    lines: either(/^(csrw? 0x(8|f|c20|c21|c22|100) |i_v |vmm: end: |stats vcpu0)/),
  },
  {
    why: 'our harts have no landing pads (Zicfilp), whose bit LPE a guest can write in senvcfg',
    where: ({ recorded }) => /^csrw 0x10a senvcfg ones-> /m.test(recorded),
    lines: (recorded, ours) => {
      const [theirs, mine] = [senvcfgIn(recorded), senvcfgIn(ours)];
      return theirs !== null && mine !== null && theirs === (mine | SENVCFG_LPE);
    },
  },
  {
    why: 'the recorded harts delegate counters (Smcdeleg), under which a guest may not read scountovf; ours do not',
    where: ({ profile }) => profile.isa.includes('SSCOFPMF'),
    lines: either(/^csr 0xda0 /),
  },
  {
    why: 'the guest goes on until the watchdog: how far it is then is a matter of speed',
    where: ({ recorded }) => WATCHDOG.test(recorded),
    lines: (recorded, ours, { recorded: text }) =>
      [recorded, ours].every((line) => line !== null && /^vmm: (end: WATCHDOG|exit-count .* = \d{2,}$)/.test(line)) ||
      (isOfBusy(recorded, text) && vcpuIn(recorded) === vcpuIn(ours)) ||
      (isBusy('0', text) && coreIn(recorded) !== null && coreIn(recorded) === coreIn(ours)),
  },
  {
    why: 'a vcpu that still runs when another one ends the run stands anywhere in its loop',
    where: ({ args }) => args.includes('--vcpus'),
    lines: (recorded, ours, { recorded: text }) => isElsewhereInLoop(recorded, ours, text),
  },
  {
    why: 'our WRS.NTO goes on at once, which it may; the recorded one exits to KVM',
    where: ({ profile }) => profile.isa.includes('ZAWRS'),
    lines: (recorded, ours) =>
      recorded !== null && ours !== null && normalised(recorded).replace(/ wrs_exit_stat=\d+/, '') === normalised(ours),
  },
];

/** Mode 15 of the payload suspends the system; its arguments are the sleep type and the address to resume at. */
function isResumedAtOdd(args: readonly string[]): boolean {
  const [mode, , address = 0n] = argumentsIn(args);
  return mode === 15n && (address & 1n) === 1n;
}

/** Says why two lines of a run may differ, or null. */
export function excuseFor(context: RunContext): Excuse {
  const reasons = REASONS.filter(({ where }) => where(context));
  return (recorded, ours) => reasons.find(({ lines }) => lines(recorded, ours, context))?.why ?? null;
}

/** What senvcfg held after all ones were written to it. */
function senvcfgIn(line: string | null): bigint | null {
  const value = /^csrw 0x10a senvcfg ones-> (0x[0-9a-f]+) zero-> 0x0$/.exec(line ?? '')?.[1];
  return value === undefined ? null : BigInt(value);
}
