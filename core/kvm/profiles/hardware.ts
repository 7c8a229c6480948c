/** Machines that hosts run on, as Linux 6.12.107 and 7.2.13 were measured on them. Data only. [core/kvm/testdata/recorded] */
import { ISA_EXT_NAMES } from './isa.ts';
import type { HardwareChoice, HostHardware, SatpMode } from './types.ts';

const PLAIN_ISA = [
  'A',
  'C',
  'D',
  'F',
  'H',
  'I',
  'M',
  'SSTC',
  'ZIHINTPAUSE',
  'ZICBOM',
  'ZICBOZ',
  'ZBB',
  'ZBA',
  'ZBS',
  'ZICNTR',
  'ZICSR',
  'ZIFENCEI',
  'ZIHPM',
  'ZBC',
  'ZIHINTNTL',
  'ZFA',
  'ZCA',
  'ZCD',
  'ZAWRS',
  'SVADU',
  'SVVPTC',
  'ZICCRSE',
  'ZAAMO',
  'ZALRSC',
  'ZICBOP',
] as const;

/** Sstc, no AIA: QEMU 11.1 `-cpu rv64,h=true`. */
export const PLAIN: HostHardware = {
  name: 'plain',
  label: 'with Sstc, without AIA',
  cpus: 2,
  mvendorid: 0n,
  marchid: 42n,
  mimpid: 0n,
  isa: PLAIN_ISA,
  satpMode: 10,
  hostSatpMode: 10,
  blockSize: 64n,
  aia: false,
  counters: 19,
  translationEvents: false,
  misaligned: 'done',
  delegatesMisaligned: false,
  vlenb: 0,
};

/** What has an ISA_EXT register and that machine lacks. */
const NOT_IN_MAX: ReadonlySet<string> = new Set(['ZCF', 'SVADE', 'ZCLSD', 'ZILSD']);

/** Everything that QEMU 11.1 has, with AIA and counters: `-M virt,aia=aplic-imsic,aia-guests=3 -cpu max`. */
export const MAX: HostHardware = {
  name: 'max',
  label: 'with AIA, counters and every extension',
  cpus: 2,
  mvendorid: 0n,
  marchid: 42n,
  mimpid: 0n,
  isa: ISA_EXT_NAMES.filter((name) => !NOT_IN_MAX.has(name)),
  satpMode: 10,
  hostSatpMode: 10,
  blockSize: 64n,
  aia: true,
  counters: 19,
  translationEvents: true,
  misaligned: 'done',
  delegatesMisaligned: false,
  vlenb: 16,
};

const SATP_MODE_OF: Readonly<Record<SatpMode, HostHardware['satpMode']>> = { sv39: 8, sv48: 9, sv57: 10 };
export const SATP_MODES = Object.keys(SATP_MODE_OF) as readonly SatpMode[];
/** Extension of harts with the advanced interrupt architecture, in the ISA string. */
export const AIA_EXTENSION = 'Ssaia';

/** What `PLAIN` is, in the points that can be chosen. */
export const PLAIN_CHOICE: HardwareChoice = {
  aia: PLAIN.aia,
  satpMode: 'sv57',
  misaligned: 'hart',
  mvendorid: PLAIN.mvendorid,
  marchid: PLAIN.marchid,
  mimpid: PLAIN.mimpid,
};

/** `PLAIN` with what was chosen. */
export function hardwareOf(choice: HardwareChoice): HostHardware {
  const isa = choice.aia ? [...PLAIN_ISA, AIA_EXTENSION.toUpperCase()] : PLAIN_ISA;
  return {
    ...PLAIN,
    ...choice,
    satpMode: SATP_MODE_OF[choice.satpMode],
    hostSatpMode: SATP_MODE_OF[choice.satpMode],
    isa,
    misaligned: choice.misaligned === 'hart' ? 'done' : 'traps',
    delegatesMisaligned: choice.misaligned === 'delegated',
  };
}
