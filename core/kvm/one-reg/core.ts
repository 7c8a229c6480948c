/** CORE registers: pc, x1 to x31, privilege mode. [Linux vcpu_onereg.c] */

import { CORE_NAMES } from '../reference/layout.ts';
import type { VcpuState } from '../state.ts';
import { ENOENT, KVM_REG_RISCV_CORE, KVM_RISCV_MODE_S, KVM_RISCV_MODE_U } from '../uapi.ts';
import { failed, found, type RegisterGroup } from './group.ts';

const PC = 0;
const MODE = CORE_NAMES.indexOf('mode');

export const core: RegisterGroup = {
  type: KVM_REG_RISCV_CORE,
  list: () => CORE_NAMES.map((_, number) => number),
  get: (cpu, number) => (number >= CORE_NAMES.length ? failed(ENOENT) : found(read(cpu, number))),
  set: (cpu, number, value) => {
    if (number >= CORE_NAMES.length) return ENOENT;
    if (number === PC) cpu.unloadedPc = value;
    else if (number === MODE) cpu.hart.privilege = value === KVM_RISCV_MODE_S ? 'S' : 'U';
    else cpu.hart.writeX(number, value);
    return 0;
  },
  name: (number) => CORE_NAMES[number] ?? `${number}`,
};

function read(cpu: VcpuState, number: number): bigint {
  if (number === PC) return cpu.unloadedPc ?? cpu.hart.pc;
  if (number === MODE) return cpu.hart.privilege === 'S' ? KVM_RISCV_MODE_S : KVM_RISCV_MODE_U;
  return cpu.hart.readX(number);
}
