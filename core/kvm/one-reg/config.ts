/** CONFIG registers: ISA letters, machine identity, cache-block sizes, satp mode. [Linux vcpu_onereg.c] */

import { CONFIG_BLOCKS, CONFIG_NAMES, type ConfigName, knowsConfig } from '../reference/layout.ts';
import type { VcpuState } from '../state.ts';
import { EBUSY, EINVAL, ENOENT, EOPNOTSUPP, KVM_REG_RISCV_CONFIG, type OneReg } from '../uapi.ts';
import { failed, found, isNoChange, type RegisterGroup, refusesWrites } from './group.ts';

/** Bits of the letters A to Y; a value that reaches Z or beyond is refused, as Linux does. */
const LETTER_LIMIT = 1n << 25n;

export const config: RegisterGroup = {
  type: KVM_REG_RISCV_CONFIG,
  list: (cpu) =>
    CONFIG_NAMES.flatMap((_, number) => {
      const name = nameOf(cpu, number);
      return name !== undefined && read(cpu, name).errno === 0 ? [number] : [];
    }),
  get: (cpu, number) => {
    const name = nameOf(cpu, number);
    return name === undefined ? failed(ENOENT) : read(cpu, name);
  },
  set: (cpu, number, value) => {
    const name = nameOf(cpu, number);
    return name === undefined ? ENOENT : write(cpu, name, value);
  },
  name: (number) => CONFIG_NAMES[number] ?? `${number}`,
};

/** The register of a number, when the release has it. */
function nameOf(cpu: VcpuState, number: number): ConfigName | undefined {
  const name = CONFIG_NAMES[number];
  return name !== undefined && knowsConfig(cpu.vm.options.profile.quirks, name) ? name : undefined;
}

function read(cpu: VcpuState, name: ConfigName): OneReg {
  switch (name) {
    case 'isa':
      return found(cpu.isa.letters);
    case 'mvendorid':
    case 'marchid':
    case 'mimpid':
      return found(cpu.identity[name]);
    case 'satp_mode':
      return found(BigInt(cpu.vm.options.profile.hostSatpMode));
    default: {
      const size = blockSize(cpu, CONFIG_BLOCKS[name]);
      return size === undefined ? failed(ENOENT) : found(size);
    }
  }
}

function write(cpu: VcpuState, name: ConfigName, value: bigint): number {
  switch (name) {
    case 'isa':
      return writeIsa(cpu, value);
    case 'mvendorid':
    case 'marchid':
    case 'mimpid':
      if (isNoChange(cpu, value === cpu.identity[name])) return 0;
      if (cpu.ran) return EBUSY;
      cpu.identity[name] = value;
      return 0;
    case 'satp_mode':
      return value === BigInt(cpu.vm.options.profile.hostSatpMode) ? 0 : EINVAL;
    default: {
      const size = blockSize(cpu, CONFIG_BLOCKS[name]);
      if (refusesWrites(cpu) && CONFIG_BLOCKS[name] in cpu.vm.options.profile.blockSizes) return EOPNOTSUPP;
      if (size === undefined) return ENOENT;
      const ignored = value === 0n && cpu.vm.options.profile.quirks.absentBlockSize === 'zero';
      return value === size || ignored ? 0 : EINVAL;
    }
  }
}

function writeIsa(cpu: VcpuState, value: bigint): number {
  if (value >= LETTER_LIMIT) return EINVAL;
  if (isNoChange(cpu, value === cpu.isa.letters)) return 0;
  if (cpu.ran) return EBUSY;
  cpu.isa.setLetters(value);
  return 0;
}

function blockSize(cpu: VcpuState, extension: 'ZICBOM' | 'ZICBOZ' | 'ZICBOP'): bigint | undefined {
  const { profile } = cpu.vm.options;
  const size = profile.blockSizes[extension];
  const there = profile.quirks.blockSizesStay ? cpu.isa.host.has(extension) : cpu.isa.has(extension);
  if (there || size === undefined) return size;
  return profile.quirks.absentBlockSize === 'zero' ? 0n : undefined;
}
