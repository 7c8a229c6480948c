/** Machines that hosts run on. Data only. [KVM_GET_REG_LIST on the measured machines] */
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
};
