/** Machines that hosts run on. Data only. [KVM_GET_REG_LIST on the measured machines] */
import { ISA_EXT_NAMES } from './isa.ts';
import type { HostHardware } from './types.ts';

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
  blockSize: 64n,
  aia: false,
  counters: 19,
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
  blockSize: 64n,
  aia: true,
  counters: 19,
  delegatesMisaligned: false,
  vlenb: 16,
};
