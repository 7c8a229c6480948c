/** Which host a folder of recordings comes from, from what it records. */
import { composeHost, type HostHardware, type HostProfile, RELEASES } from '../kvm/profiles/index.ts';
import type { Recordings } from './recordings.ts';

export type HostResult =
  | { readonly profile: HostProfile; readonly words: readonly string[] }
  /** Why no profile fits. */
  | { readonly refusal: string };

const REGISTER = /^reg 0x[0-9a-f]+ .*?(\S+)\s+= (\S+)$/;
/** QEMU's `virt` machine, which all recordings were made on, has cache blocks of 64 bytes. */
const DEFAULT_BLOCK = 64n;

const FIXED_COUNTERS = 2;
const MAX_HARDWARE_COUNTERS = 32;

/** Release, build and hardware of the recorded host. */
export function hostOf(recordings: Recordings): HostResult {
  const dmesg = recordings.text('host-dmesg.txt');
  const linux = /Linux version (\d+\.\d+(?:\.\d+)?)/.exec(dmesg ?? '')?.[1] ?? versionIn(recordings.name);
  if (linux === undefined) {
    return { refusal: 'neither host-dmesg.txt nor the name of the folder says which Linux it is' };
  }
  const release = RELEASES.find(({ name }) => linux === name || linux.startsWith(`${name}.`));
  if (release === undefined) {
    const known = RELEASES.map(({ name }) => name).join(', ');
    return { refusal: `there is no profile of Linux ${linux} (there are ${known}): add a data file for it` };
  }
  const registers = registersIn(recordings.text('reglist.txt'));
  if (registers === null) return { refusal: 'there is no reglist.txt, which says what the host can do' };
  const hardware = hardwareOf(registers, recordings);
  const legacy = legacyOf(recordings);
  const profile = composeHost(
    { ...release, linux },
    hardware,
    { sbiV01: legacy.sbiV01 },
    { name: recordings.name, label: recordings.name },
  );
  return { profile, words: [`Linux ${linux}, profile ${release.name}`, legacy.words, describe(hardware)] };
}

function versionIn(name: string): string | undefined {
  return /^(\d+\.\d+(?:\.\d+)?)/.exec(name)?.[1];
}

/** Values by name, e.g. `CONFIG.marchid`; null without the recording. */
function registersIn(text: string | null): ReadonlyMap<string, bigint> | null {
  if (text === null) return null;
  const registers = new Map<string, bigint>();
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = REGISTER.exec(line) ?? [];
    if (/^(0x[0-9a-f]+|0)$/.test(value)) registers.set(name, BigInt(value));
  }
  return registers;
}

function hardwareOf(registers: ReadonlyMap<string, bigint>, recordings: Recordings): HostHardware {
  const satp = Number(registers.get('CONFIG.satp_mode') ?? 10n);
  const caps = recordings.text('caps.txt') ?? '';
  const isa = [...registers.keys()].filter((name) => name.startsWith('ISA.')).map((name) => name.slice('ISA.'.length));
  const cpus = /^cap vm +9 KVM_CAP_NR_VCPUS +=\s(\d+)/m.exec(caps)?.[1];
  return {
    name: recordings.name,
    label: recordings.name,
    cpus: Number(cpus ?? 1),
    mvendorid: registers.get('CONFIG.mvendorid') ?? 0n,
    marchid: registers.get('CONFIG.marchid') ?? 0n,
    mimpid: registers.get('CONFIG.mimpid') ?? 0n,
    isa,
    satpMode: satp === 8 || satp === 9 ? satp : 10,
    blockSize: registers.get('CONFIG.zicbom_block_size') ?? DEFAULT_BLOCK,
    counters: countersOf(recordings.text('host-dmesg.txt') ?? ''),
    translationEvents: isa.includes('SSCOFPMF'),
    misaligned: 'done',
    delegatesMisaligned: registers.has('SBI_STATE.FWFT.misaligned_deleg.enable'),
    vlenb: Number(registers.get('VECTOR.vlenb') ?? 0n),
    aia: /RISCV_AIA TEST -> OK/.test(caps),
  };
}

/** Hardware counters, and the place of the time CSR; what a machine that does not say has is not used. */
function countersOf(dmesg: string): number {
  const counters = /(\d+) hardware counters/.exec(dmesg)?.[1];
  return Math.min(Number(counters ?? FIXED_COUNTERS) + 1, MAX_HARDWARE_COUNTERS);
}

/** A kernel does not say in its log whether it has the legacy calls: the folder's name does, or what probing them answered. */
function legacyOf(recordings: Recordings): { readonly sbiV01: boolean; readonly words: string } {
  if (/v01/i.test(recordings.name)) return { sbiV01: true, words: 'with the legacy calls (its name says v01)' };
  const probe = /^probe 0x10 0x3 0x0 -> 0 (\d)/m.exec(recordings.text('default.txt') ?? '');
  if (probe !== null) {
    const sbiV01 = probe[1] === '1';
    return { sbiV01, words: `${sbiV01 ? 'with' : 'without'} the legacy calls (as probed in default.txt)` };
  }
  return { sbiV01: false, words: 'without the legacy calls (nothing says that it has them)' };
}

function describe({ cpus, isa, aia, marchid }: HostHardware): string {
  const has = (name: string): string => `${isa.includes(name) ? '' : 'no '}${name}`;
  const parts = [has('SSTC'), has('SSCOFPMF'), aia ? 'AIA' : 'no AIA', `marchid 0x${marchid.toString(16)}`];
  return `${cpus} CPUs, ${parts.join(', ')}`;
}
