/** CORE registers: pc, x1 to x31, privilege mode. [Linux vcpu_onereg.c] */
import type { VcpuState } from '../state.ts';
import { ENOENT, KVM_REG_RISCV_CORE } from '../uapi.ts';
import { failed, found, type RegisterGroup } from './group.ts';

const NAMES = [
  'pc',
  'ra',
  'sp',
  'gp',
  'tp',
  't0',
  't1',
  't2',
  's0',
  's1',
  'a0',
  'a1',
  'a2',
  'a3',
  'a4',
  'a5',
  'a6',
  'a7',
  's2',
  's3',
  's4',
  's5',
  's6',
  's7',
  's8',
  's9',
  's10',
  's11',
  't3',
  't4',
  't5',
  't6',
  'mode',
] as const;
const PC = 0;
const MODE = NAMES.indexOf('mode');
const MODE_S = 1n;
const MODE_U = 0n;

export const core: RegisterGroup = {
  type: KVM_REG_RISCV_CORE,
  list: () => NAMES.map((_, number) => number),
  get: (cpu, number) => (number >= NAMES.length ? failed(ENOENT) : found(read(cpu, number))),
  set: (cpu, number, value) => {
    if (number >= NAMES.length) return ENOENT;
    if (number === PC) cpu.unloadedPc = value;
    else if (number === MODE) cpu.hart.privilege = value === MODE_S ? 'S' : 'U';
    else cpu.hart.writeX(number, value);
    return 0;
  },
  name: (number) => NAMES[number] ?? `${number}`,
};

function read(cpu: VcpuState, number: number): bigint {
  if (number === PC) return cpu.unloadedPc ?? cpu.hart.pc;
  if (number === MODE) return cpu.hart.privilege === 'S' ? MODE_S : MODE_U;
  return cpu.hart.readX(number);
}
