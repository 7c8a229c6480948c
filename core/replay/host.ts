/** Which host a folder of recordings comes from, from what it records. */
import { composeHost, type HostHardware, type HostProfile, RELEASES } from '../kvm/profiles/index.ts';
import type { Recordings } from './recordings.ts';

export type HostResult =
  | { readonly profile: HostProfile; readonly words: readonly string[] }
  /** Why no profile fits. */
  | { readonly refusal: string };

const REGISTER = /^reg 0x[0-9a-f]+ .*?(\S+)\s+= (\S+)$/;
/** Where a kernel cannot list its registers, what was tried on each of them tells what is there. */
const TRIED_ISA = /^(ISA\.\S+) +default=1 /;
const TRIED_CONFIG = /^(CONFIG\.\S+) same +id=\S+ GET=OK:(\S+)/;
/** Linux takes every hart to have these, whatever the ISA string says. [Linux arch/riscv/kernel/cpufeature.c, riscv_fill_hwcap] */
const TAKEN_FOR_GRANTED = ['ZICNTR', 'ZICSR', 'ZIFENCEI', 'ZIHPM'];
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
  const registers = registersIn(recordings);
  if (registers.size === 0 && recordings.text('host-isa.txt') === null) {
    return { refusal: 'none of reglist.txt, misuse.txt and host-isa.txt says what the host can do' };
  }
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

/** Values by name, e.g. `CONFIG.marchid`; none without a recording of them. */
function registersIn(recordings: Recordings): ReadonlyMap<string, bigint> {
  const listed = valuesIn(recordings.text('reglist.txt'), [REGISTER]);
  return listed.size > 0 ? listed : valuesIn(recordings.text('misuse.txt'), [TRIED_ISA, TRIED_CONFIG]);
}

/** What these patterns find: a name and a number, which is 1 when the pattern has none. */
function valuesIn(text: string | null, patterns: readonly RegExp[]): ReadonlyMap<string, bigint> {
  const values = new Map<string, bigint>();
  for (const line of (text ?? '').split('\n')) {
    const [, name = '', value = '1'] = patterns.map((pattern) => pattern.exec(line)).find((match) => match) ?? [];
    if (name !== '' && !values.has(name) && /^(0x[0-9a-f]+|[01])$/.test(value)) values.set(name, BigInt(value));
  }
  return values;
}

/** Extensions of the harts: those that a kernel has registers for, and what the ISA string of the device tree has beyond. */
function isaOf(registers: ReadonlyMap<string, bigint>, isaString: string | null): readonly string[] {
  const numbered = [...registers.keys()]
    .filter((name) => name.startsWith('ISA.'))
    .map((name) => name.slice('ISA.'.length));
  if (isaString === null) return numbered;
  const [letters = '', ...names] = isaString.trim().toUpperCase().split('_');
  return [...new Set([...numbered, ...letters.replace(/^RV64/, ''), ...names, ...TAKEN_FOR_GRANTED])];
}

function hardwareOf(registers: ReadonlyMap<string, bigint>, recordings: Recordings): HostHardware {
  const caps = recordings.text('caps.txt') ?? '';
  const isa = isaOf(registers, recordings.text('host-isa.txt'));
  const satpMode = modeOfBits(Number(/^cap vm +207 KVM_CAP_VM_GPA_BITS +=\s(\d+)/m.exec(caps)?.[1] ?? 59));
  const host = Number(registers.get('CONFIG.satp_mode') ?? satpMode);
  const cpus = /^cap vm +9 KVM_CAP_NR_VCPUS +=\s(\d+)/m.exec(caps)?.[1];
  return {
    name: recordings.name,
    label: recordings.name,
    cpus: Number(cpus ?? 1),
    ...identityOf(registers, recordings.text('default.txt') ?? ''),
    isa,
    satpMode,
    hostSatpMode: host === 8 || host === 9 ? host : 10,
    blockSize: registers.get('CONFIG.zicbom_block_size') || DEFAULT_BLOCK,
    counters: countersOf(recordings.text('host-dmesg.txt') ?? ''),
    translationEvents: isa.includes('SSCOFPMF'),
    misaligned: 'done',
    delegatesMisaligned: registers.has('SBI_STATE.FWFT.misaligned_deleg.enable'),
    vlenb: Number(registers.get('VECTOR.vlenb') ?? 0n),
    aia: /RISCV_AIA TEST -> OK/.test(caps),
  };
}

/** Machine ids: a guest sees those of the host where a kernel has no registers for them. */
function identityOf(
  registers: ReadonlyMap<string, bigint>,
  output: string,
): Pick<HostHardware, 'mvendorid' | 'marchid' | 'mimpid'> {
  const id = (name: string): bigint => {
    const answered = new RegExp(`^${name} 0x10 \\S+ -> 0 (\\S+)$`, 'm').exec(output)?.[1];
    return registers.get(`CONFIG.${name}`) ?? BigInt(answered ?? 0);
  };
  return { mvendorid: id('mvendorid'), marchid: id('marchid'), mimpid: id('mimpid') };
}

/** Guest-physical addresses have two bits more than virtual ones of the same mode; the largest of them is the sign. */
function modeOfBits(bits: number): HostHardware['satpMode'] {
  return bits < 50 ? 8 : bits < 59 ? 9 : 10;
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
