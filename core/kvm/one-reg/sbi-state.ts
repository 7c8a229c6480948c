/** SBI_STATE registers: the area of STA, and the features of FWFT. [Linux vcpu_sbi.c, vcpu_sbi_sta.c] */
import { U64_MAX } from '../../base/u64.ts';
import { STA_AREA } from '../../sbi/spec/sta.ts';
import {
  FWFT_FEATURES,
  FWFT_PARTS,
  type FwftFeature,
  STA_NAMES,
  SUBTYPE_FWFT,
  SUBTYPE_MASK,
} from '../reference/layout.ts';
import { NO_ADDRESS, type VcpuState } from '../state.ts';
import { EINVAL, ENOENT, KVM_REG_RISCV_SBI_STATE, KVM_SBI_EXT_OFF, type OneReg } from '../uapi.ts';
import { failed, found, type RegisterGroup } from './group.ts';

const SHMEM_LO = 0;
const SHMEM_HI = 1;
const FLAG_LOCK = 1n;

export const sbiState: RegisterGroup = {
  type: KVM_REG_RISCV_SBI_STATE,
  isKnown: ({ vm }) => vm.options.profile.extensions.STA !== undefined,
  list: (cpu) => [
    ...(cpu.sbi.value('STA') === KVM_SBI_EXT_OFF ? [] : [SHMEM_LO, SHMEM_HI]),
    ...(cpu.sbi.value('FWFT') === KVM_SBI_EXT_OFF ? [] : fwftNumbers(cpu)),
  ],
  get: (cpu, number): OneReg => {
    const errno = refusal(cpu, number);
    if (errno !== 0) return failed(errno);
    const part = fwftPart(number);
    if (part !== null) return found(readFwft(cpu, part));
    return found(number === SHMEM_LO ? cpu.sta.address : 0n);
  },
  set: (cpu, number, value) => {
    const errno = refusal(cpu, number);
    if (errno !== 0) return errno;
    const part = fwftPart(number);
    if (part !== null) return writeFwft(cpu, part, value);
    if (number === SHMEM_HI) return value === 0n ? 0 : EINVAL;
    const strict = cpu.vm.options.profile.quirks.strictSbiState;
    if (strict && value !== NO_ADDRESS && value % BigInt(STA_AREA.size) !== 0n) return EINVAL;
    cpu.sta.address = value === U64_MAX ? NO_ADDRESS : value;
    return 0;
  },
  name: (number) => {
    const index = number & ~SUBTYPE_MASK;
    const part = fwftPart(number);
    if (part !== null) return `FWFT.${part.feature}.${part.part}`;
    if ((number & SUBTYPE_MASK) === SUBTYPE_FWFT) return `FWFT.${index}`;
    return STA_NAMES[number] === undefined ? `${number}` : `STA.${STA_NAMES[number]}`;
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
      if (cpu.sbi.value('FWFT') === KVM_SBI_EXT_OFF) return EINVAL;
      return fwftNumbers(cpu).includes(number) ? 0 : ENOENT;
    default:
      return EINVAL;
  }
}

interface FwftPart {
  readonly feature: FwftFeature;
  readonly part: (typeof FWFT_PARTS)[number];
}

function fwftPart(number: number): FwftPart | null {
  const index = number & ~SUBTYPE_MASK;
  const feature = FWFT_FEATURES[Math.floor(index / FWFT_PARTS.length)];
  const part = FWFT_PARTS[index % FWFT_PARTS.length];
  const isFwft = (number & SUBTYPE_MASK) === SUBTYPE_FWFT;
  return isFwft && feature !== undefined && part !== undefined ? { feature, part } : null;
}

function fwftNumbers(cpu: VcpuState): readonly number[] {
  return FWFT_FEATURES.flatMap((feature, at) =>
    cpu.fwft.isSupported(feature) ? FWFT_PARTS.map((_, part) => SUBTYPE_FWFT | (at * FWFT_PARTS.length + part)) : [],
  );
}

function readFwft({ fwft }: VcpuState, { feature, part }: FwftPart): bigint {
  const { enabled, flags } = fwft.settings[feature];
  if (part === 'value') return fwft.get(feature);
  return part === 'flags' ? flags : enabled ? 1n : 0n;
}

function writeFwft({ fwft }: VcpuState, { feature, part }: FwftPart, value: bigint): number {
  const setting = fwft.settings[feature];
  switch (part) {
    case 'enable':
      if (value > 1n) return EINVAL;
      setting.enabled = value === 1n;
      return 0;
    case 'flags':
      setting.flags = value & FLAG_LOCK;
      return 0;
    case 'value':
      return fwft.set(feature, value) ? 0 : EINVAL;
    default:
      return part satisfies never;
  }
}
