/**
 * What the QEMU that the programs run in is made to be: QEMU 10 where it was fetched, else the machine's own, and
 * the extensions that it then has in common with Ecall.
 */
import { EXTENSIONS, isPart } from '../../isa/defs/index.ts';
import { findTool } from '../tools.ts';

export interface QemuProfile {
  readonly path: string;
  /** QEMU 10 and not the machine's own. */
  readonly isNew: boolean;
  /** The argument of `-cpu`. */
  readonly cpu: string;
  /** Names of the extensions that the harts get, besides those always on. */
  readonly extensions: readonly string[];
  /** Instructions of these that QEMU gets wrong, so that they cannot be compared with it, and how. */
  readonly wrong: ReadonlyMap<string, string>;
  /** Instructions that QEMU leaves out when nothing reads their result, exceptions and all. */
  readonly leftOutUnread: ReadonlySet<string>;
  /** Fields in which QEMU of this version is not what a KVM guest sees: bits that are not compared. */
  readonly deviations: readonly Deviation[];
}

export interface Deviation {
  readonly field: string;
  readonly ignore: bigint;
  readonly reason: string;
}

/** Extensions that no program is run with, and why; all others are switched on where QEMU has them. */
export const NOT_COMPARED: ReadonlyMap<string, string> = new Map([
  ['Svade', 'the programs want accessed and dirty bits to be written, which Svadu does'],
  ['Svnapot', 'has a processor of its own'],
  ['Svpbmt', 'has a processor of its own'],
  ['Smstateen', 'belongs to the firmware'],
  ['Ssstateen', 'its registers are the hypervisor’s to hide, and an access leaves a KVM guest'],
  ['Zkr', 'a seed is random, and an access leaves a KVM guest'],
  ['Ssaia', 'what differs from QEMU is recorded from a KVM guest'],
  ['Sscofpmf', 'QEMU 10.0 shows its interrupt neither in sie nor in sip'],
]);

const DEVIATIONS: readonly Deviation[] = [
  { field: 'sepc', ignore: 1n, reason: 'QEMU keeps bit 0 of sepc' },
  {
    field: 'scounteren',
    ignore: 0xffff_ffff_fff8_0000n,
    reason: 'QEMU keeps more bits; hosts recorded with Linux 7.2 keep the 19 counters that exist',
  },
];

const OLD_STATUS: Deviation = {
  field: 'sstatus',
  ignore: (3n << 32n) | (3n << 9n) | (1n << 63n),
  reason: 'QEMU 7.2 lets UXL and, without V, VS be written; VS shows in SD',
};

/** On by default in the `rv64` of QEMU 7.2. */
const OLD_DEFAULT = ['Zba', 'Zbb', 'Zbc', 'Zbs'] as const;
/**
 * Off in it until the command line switches them on. Not Svinval: at U level its fences are legal there, and
 * sinval.vma leaves stval zero.
 */
const OLD_SWITCHED_ON = ['Zbkb', 'Zbkc', 'Zbkx', 'Zknd', 'Zkne', 'Zknh', 'Zksed', 'Zksh'] as const;
const OLD_GENERAL = ['M', 'A', 'F', 'D', 'C', 'Zicsr', 'Zifencei', 'Zicbom', 'Zicboz', 'Zihintpause', 'Sstc', 'Svadu'];

function oldProfile(path: string): QemuProfile {
  // F, D, Sstc and Zicbo* are on by default.
  const on = OLD_SWITCHED_ON.map((name) => `${name.toLowerCase()}=true`);
  return {
    path,
    isNew: false,
    cpu: ['rv64,h=false,v=false', ...on].join(),
    extensions: [...OLD_GENERAL, ...OLD_DEFAULT, ...OLD_SWITCHED_ON],
    leftOutUnread: new Set(),
    wrong: new Map([['ctzw', 'QEMU 7.2 counts on beyond bit 31 when the lower half is zero, where Zbb says 32']]),
    deviations: [...DEVIATIONS, OLD_STATUS],
  };
}

/** Everything is off in `rv64i` until it is named, which QEMU does with the same names in lower case. */
function newProfile(path: string): QemuProfile {
  const known = EXTENSIONS.filter(({ name, always }) => !isPart(name) && !always && !NOT_COMPARED.has(name));
  const extensions = known.map(({ name }) => name);
  const on = ['s', 'u', 'mmu', 'pmp', 'sv57', ...extensions.map((name) => name.toLowerCase())];
  return {
    path,
    isNew: true,
    cpu: ['rv64i', ...on.map((name) => `${name}=true`)].join(),
    extensions,
    // QEMU 10.0 says of the functions that compute these that they have no side effects; fflags are one.
    leftOutUnread: new Set(
      ['fround', 'froundnx'].flatMap((name) => ['h', 's', 'd'].map((format) => `${name}.${format}`)),
    ),
    wrong: new Map(
      ['sfence.w.inval', 'sfence.inval.ir', 'sinval.vma'].map((name) => [name, 'QEMU 10.0 executes it at U level']),
    ),
    deviations: DEVIATIONS,
  };
}

function findProfile(): QemuProfile {
  const path = findTool('qemuNew');
  return path === null ? oldProfile(findTool('qemu') ?? 'qemu-system-riscv64') : newProfile(path);
}

export const PROFILE = findProfile();
