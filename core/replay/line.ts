/** What a line of the payload or of its VMM tells. A line is null where a side has none. */
import { strtoul } from '../vmm/kvmprobe/index.ts';

/** A vcpu that ran until the watchdog left the guest at least this often: for the ticks of the host, if for nothing else. */
const BUSY_EXITS = 100;

export function sequenceIn(line: string | null): number | null {
  const [, value] = /^ {2}shmem\[0\] \(sequence\/flags\)=(0x[0-9a-f]+)$/.exec(line ?? '') ?? [];
  return value === undefined ? null : Number(value);
}

/** It is even between two updates. */
export function isLaterSequence(theirs: number | null, mine: number | null): boolean {
  return theirs !== null && mine !== null && theirs > mine && theirs % 2 === 0;
}

/** Whether a timer that has expired still shows as on, or not yet in sip, in what was recorded, and not in ours. */
export function isLateTimer(recorded: string | null, ours: string | null): boolean {
  const pairs = [
    [/^sip after (?:legacy )?set_timer\(0\)=0x0$/, /=0x20$/],
    [/^sip after waiting=0x0$/, /=0x20$/],
    [/^reg 0x8030000004000003 .* = 0x1$/, / = 0$/],
  ] as const;
  return pairs.some(([late, expired]) => late.test(recorded ?? '') && expired.test(ours ?? ''));
}

/** Whether a trial of TIMER.state saw a timer that is armed with a past time, before or after it expired. */
export function isTrialOfPastTimer(line: string | null): boolean {
  return /^TIMER\.state (1 .* GET=OK:0 SET 0x1 -> OK GET=(0x1|0)|0 .* GET=OK:(0x1 SET 0 -> OK|0 SET 0 -> EINVAL) GET=0)$/.test(
    line ?? '',
  );
}

export function isRegister(line: string | null, name: string): boolean {
  return line?.startsWith('reg 0x') === true && line.includes(` ${name} `);
}

/** The number of a counter whose value was read: empty for any other line. */
export function counterReadIn(line: string | null): string {
  const [, loop, call] =
    /^(?:fw_read (\d+)|(?:fw_read|call) .*0x504d55 0x5 (0x[0-9a-f]+).*) -> 0 -?\w+$/.exec(line ?? '') ?? [];
  return loop ?? call ?? '';
}

/** `final 0`, `stats 0`: which line about the end of which vcpu. */
export function vcpuIn(line: string | null): string {
  const [, final, stats] = /^(?:vcpu(\d+) final mp_state=0 |stats vcpu(\d+):)/.exec(line ?? '') ?? [];
  return final === undefined ? `stats ${stats}` : `final ${final}`;
}

/** Whether a line is about the end of a vcpu that ran until then. */
export function isOfBusy(line: string | null, recorded: string): boolean {
  const vcpu = /^(?:vcpu|stats vcpu)(\d+)\b/.exec(line ?? '')?.[1];
  return vcpu !== undefined && vcpuIn(line) !== 'stats undefined' && isBusy(vcpu, recorded);
}

/** Whether a vcpu ran, and did not sleep, when the watchdog came. */
export function isBusy(vcpu: string, recorded: string): boolean {
  return Number(/\bexits=(\d+)/.exec(statsOf(vcpu, recorded))?.[1] ?? 0) >= BUSY_EXITS;
}

function statsOf(vcpu: string, recorded: string): string {
  return new RegExp(`^stats vcpu${vcpu}:.*$`, 'm').exec(recorded)?.[0] ?? '';
}

/** `CORE.s2` of a line of the register list. */
export function coreIn(line: string | null): string | null {
  return /^reg 0x\w+ .* (CORE\.\w+) +=/.exec(line ?? '')?.[1] ?? null;
}

/** Bytes of the longest loop that a secondary hart of the payload waits in. */
const LOOP_BYTES = 32;

/** Whether two lines about the end of a secondary vcpu that never slept differ in the pc alone, and by little. */
export function isElsewhereInLoop(recorded: string | null, ours: string | null, text: string): boolean {
  const final = /^vcpu([1-9]\d*) final mp_state=0 pc=(0x[0-9a-f]+)( .*)$/;
  const [, vcpu = '', pc = 0, rest] = final.exec(recorded ?? '') ?? [];
  const [, mine, at = 0, others] = final.exec(ours ?? '') ?? [];
  const isSame = vcpu !== '' && vcpu === mine && rest === others;
  return isSame && !/ wfi_exit_stat=/.test(statsOf(vcpu, text)) && Math.abs(Number(pc) - Number(at)) < LOOP_BYTES;
}

/** The value of sip that a line shows. */
export function sipIn(line: string | null): bigint | null {
  const value = /^(?:sip\b.*|.* sip)=(0x[0-9a-f]+)$/.exec(line ?? '')?.[1];
  return value === undefined ? null : BigInt(value);
}

/** The mode of the payload that a run was started with: its first parameter, as a number in words; empty for another command. */
export function modeIn(args: readonly string[]): string {
  return args[0] !== 'run' ? '' : String(argumentsIn(args)[0] ?? 0n);
}

/** The values given to the payload of a run, its mode first. */
export function argumentsIn([command, ...args]: readonly string[]): readonly bigint[] {
  if (command !== 'run') return [];
  return args.flatMap((arg, at) => (args[at - 1] === '--arg' ? [strtoul(arg)] : []));
}

const SD = 1n << 63n;

/** Whether a sstatus register is ours without SD. */
export function lacksDirty(recorded: string | null, ours: string | null): boolean {
  const register = /^reg 0x8030000003000000 .* = (0x[0-9a-f]+)$/;
  const [theirs, mine] = [recorded, ours].map((line) => register.exec(line ?? '')?.[1]);
  return theirs !== undefined && mine !== undefined && (BigInt(theirs) | SD) === BigInt(mine);
}
