/** SBI_STATE registers: the area of STA. FWFT's features need hardware that no profile has. [Linux vcpu_sbi.c, vcpu_sbi_sta.c] */
import { U64_MAX } from '../../base/u64.ts';
import { STA_AREA } from '../../sbi/spec/sta.ts';
import { NO_ADDRESS, type VcpuState } from '../state.ts';
import { EINVAL, ENOENT, KVM_REG_RISCV_SBI_STATE, KVM_SBI_EXT_OFF, type OneReg } from '../uapi.ts';
import { failed, found, type RegisterGroup, SUBTYPE_MASK } from './group.ts';

const SHMEM_LO = 0;
const SHMEM_HI = 1;
const SUBTYPE_FWFT = 0x01_0000;
const NAMES = ['STA.shmem_lo', 'STA.shmem_hi'];

export const sbiState: RegisterGroup = {
  type: KVM_REG_RISCV_SBI_STATE,
  isKnown: ({ vm }) => vm.options.profile.extensions.STA !== undefined,
  list: (cpu) => (cpu.sbi.value('STA') === KVM_SBI_EXT_OFF ? [] : [SHMEM_LO, SHMEM_HI]),
  get: (cpu, number): OneReg => {
    const errno = refusal(cpu, number);
    if (errno !== 0) return failed(errno);
    return found(number === SHMEM_LO ? cpu.sta.address : 0n);
  },
  set: (cpu, number, value) => {
    const errno = refusal(cpu, number);
    if (errno !== 0) return errno;
    if (number === SHMEM_HI) return value === 0n ? 0 : EINVAL;
    const strict = cpu.vm.options.profile.quirks.strictSbiState;
    if (strict && value !== NO_ADDRESS && value % BigInt(STA_AREA.size) !== 0n) return EINVAL;
    cpu.sta.address = value === U64_MAX ? NO_ADDRESS : value;
    return 0;
  },
  name: (number) => {
    const index = number & ~SUBTYPE_MASK;
    return (number & SUBTYPE_MASK) === SUBTYPE_FWFT ? `FWFT.${index}` : (NAMES[number] ?? `${number}`);
  },
};

/** 0 when the register is there. */
function refusal(cpu: VcpuState, number: number): number {
  const { strictSbiState } = cpu.vm.options.profile.quirks;
  switch (number & SUBTYPE_MASK) {
    case 0:
      if (strictSbiState && cpu.sbi.value('STA') === KVM_SBI_EXT_OFF) return EINVAL;
      return number === SHMEM_LO || number === SHMEM_HI ? 0 : strictSbiState ? ENOENT : EINVAL;
    case SUBTYPE_FWFT:
      return cpu.sbi.value('FWFT') === KVM_SBI_EXT_OFF ? EINVAL : ENOENT;
    default:
      return EINVAL;
  }
}
