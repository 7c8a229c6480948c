/** WHAT-IF: what BASE reports as specification version, implementation id and implementation version. */
import { decodeVersion, encodeVersion } from '../../sbi/version.ts';
import type { VcpuState } from '../state.ts';
import { EBUSY, EINVAL, ENOENT, KVM_REG_RISCV_SBI_IDENTITY, KVM_SBI_IDENTITY } from '../uapi.ts';
import { failed, found, type RegisterGroup } from './group.ts';

const NAMES = Object.keys(KVM_SBI_IDENTITY) as (keyof typeof KVM_SBI_IDENTITY)[];

export const identity: RegisterGroup = {
  type: KVM_REG_RISCV_SBI_IDENTITY,
  list: (cpu) => (cpu.vm.accelerator ? NAMES.map((name) => KVM_SBI_IDENTITY[name]) : []),
  get: (cpu, number) => {
    const name = nameOf(cpu, number);
    return name === undefined ? failed(ENOENT) : found(read(cpu, name));
  },
  set: (cpu, number, value) => {
    const name = nameOf(cpu, number);
    if (name === undefined) return ENOENT;
    if (value === read(cpu, name)) return 0;
    if (cpu.ran) return EBUSY;
    return write(cpu, name, value);
  },
  name: (number) => NAMES.find((name) => KVM_SBI_IDENTITY[name] === number) ?? `${number}`,
};

function nameOf(cpu: VcpuState, number: number): keyof typeof KVM_SBI_IDENTITY | undefined {
  return cpu.vm.accelerator ? NAMES.find((name) => KVM_SBI_IDENTITY[name] === number) : undefined;
}

function read(cpu: VcpuState, name: keyof typeof KVM_SBI_IDENTITY): bigint {
  switch (name) {
    case 'spec_version':
      return encodeVersion(cpu.specification.version);
    case 'impl_id':
      return cpu.specification.implId;
    case 'impl_version':
      return cpu.specification.implVersion;
  }
}

/** A version that no specification has is refused: nothing would say what it gates. */
function write(cpu: VcpuState, name: keyof typeof KVM_SBI_IDENTITY, value: bigint): number {
  switch (name) {
    case 'spec_version': {
      const version = decodeVersion(value);
      if (version === undefined) return EINVAL;
      cpu.specification.version = version;
      cpu.sbi.generation++;
      return 0;
    }
    case 'impl_id':
      cpu.specification.implId = value;
      return 0;
    case 'impl_version':
      cpu.specification.implVersion = value;
      return 0;
  }
}
