/** The ioctls that a VMM makes, as the log names them. Data only. [Linux Documentation/virt/kvm/api.rst §4] */
import type { Release } from '../profiles/types.ts';
import { KVM_CAP_SET_GUEST_DEBUG } from '../uapi.ts';
import type { Refusal } from './errnos.ts';

export interface IoctlWords {
  /** The file descriptors that it is made on. */
  readonly on: readonly ('/dev/kvm' | 'VM' | 'vcpu')[];
  readonly says: string;
  readonly refusals: readonly Refusal[];
  /** Whether a release has it; every one when left out. */
  readonly isIn?: (release: Pick<Release, 'quirks' | 'capabilities'>) => boolean;
  readonly whatIf?: true;
}

const REFUSED = 'KVM on RISC-V does not have it, though other architectures do: it always fails.';
const NEVER = [{ errno: 'EINVAL', when: 'Always.' }] as const;
const NOT_ALLOWED = [
  { errno: 'ENOTTY', when: 'The machine does not have KVM_CAP_RISCV_SBI_ACCELERATOR enabled.' },
] as const;

export const IOCTLS = {
  KVM_GET_API_VERSION: {
    on: ['/dev/kvm'],
    says: 'Gives 12. A VMM does not go on with any other.',
    refusals: [],
  },
  KVM_CREATE_VM: {
    on: ['/dev/kvm'],
    says: 'Makes a VM without memory and vcpus and gives its file descriptor.',
    refusals: [],
  },
  KVM_GET_VCPU_MMAP_SIZE: {
    on: ['/dev/kvm'],
    says: 'Bytes to map of a vcpu: kvm_run, through which it speaks with user space.',
    refusals: [],
  },
  KVM_CHECK_EXTENSION: {
    on: ['/dev/kvm', 'VM'],
    says: 'Whether the kernel has a capability: 0 when not, else 1 or a figure such as the most vcpus.',
    refusals: [],
  },
  KVM_ENABLE_CAP: {
    on: ['VM', 'vcpu'],
    says: 'Switches on what a VMM has to ask for. A vcpu has no such capability on RISC-V.',
    refusals: [
      { errno: 'EINVAL', when: 'The capability cannot be enabled, or flags or arguments are not 0.' },
      { errno: 'EBUSY', when: 'It is too late for the capability: a vcpu was made or has run.' },
    ],
  },
  KVM_SET_USER_MEMORY_REGION: {
    on: ['VM'],
    says: 'Puts memory of the VMM at a guest-physical address, moves it, or takes it away (size 0).',
    refusals: [
      {
        errno: 'EINVAL',
        when: 'Address or size is not a multiple of the page, a flag is not known, or the slot does not exist.',
      },
      { errno: 'EEXIST', when: 'Another slot has a part of the range.' },
    ],
  },
  KVM_CREATE_VCPU: {
    on: ['VM'],
    says: 'Makes a vcpu; its id is the hart id. All vcpus are runnable at first.',
    refusals: [
      { errno: 'EINVAL', when: 'The id is not below KVM_CAP_MAX_VCPUS.' },
      { errno: 'EEXIST', when: 'A vcpu of the VM has this id.' },
    ],
  },
  KVM_CREATE_DEVICE: {
    on: ['VM'],
    says: 'Makes a device of the kernel, on RISC-V the AIA interrupt controller, or asks whether it could.',
    refusals: [{ errno: 'ENODEV', when: 'The host has no such device.' }],
  },
  KVM_CREATE_IRQCHIP: { on: ['VM'], says: REFUSED, refusals: NEVER },
  KVM_RUN: {
    on: ['vcpu'],
    says: 'Completes the last exit, then runs the guest until something needs user space; kvm_run then says what.',
    refusals: [
      { errno: 'EINTR', when: 'A signal is pending, or immediate_exit is set.' },
      { errno: 'EOPNOTSUPP', when: 'The guest touched a device by an instruction that KVM does not take apart.' },
      { errno: 'EFAULT', when: 'Before Linux 6.5, a misaligned access of the guest came to KVM: that of an atomic.' },
    ],
  },
  KVM_GET_ONE_REG: {
    on: ['vcpu'],
    says: 'Reads a register of the vcpu by its id.',
    refusals: [
      { errno: 'ENOENT', when: 'There is no such register here.' },
      { errno: 'EINVAL', when: 'The size in the id is not that of the register.' },
      { errno: 'EFAULT', when: 'The value cannot be put at the address given.' },
    ],
  },
  KVM_SET_ONE_REG: {
    on: ['vcpu'],
    says: 'Writes a register of the vcpu by its id. What describes the machine can be written until the vcpu first runs.',
    refusals: [
      { errno: 'ENOENT', when: 'There is no such register here.' },
      { errno: 'EINVAL', when: 'The size in the id is not that of the register, or it cannot have the value.' },
      { errno: 'EBUSY', when: 'The vcpu has run, and the register is fixed from then on.' },
      { errno: 'EFAULT', when: 'The value cannot be read from the address given.' },
    ],
  },
  KVM_GET_REG_LIST: {
    on: ['vcpu'],
    says: 'Gives the ids of all registers that the vcpu has now.',
    refusals: [
      { errno: 'E2BIG', when: 'There is room for fewer ids than there are; how many is written to n.' },
      { errno: 'EINVAL', when: 'The release does not have the ioctl.' },
    ],
    isIn: ({ quirks }) => quirks.registerList !== 'absent',
  },
  KVM_GET_MP_STATE: { on: ['vcpu'], says: 'Whether the vcpu is RUNNABLE or STOPPED.', refusals: [] },
  KVM_SET_MP_STATE: {
    on: ['vcpu'],
    says: 'Stops the vcpu or makes it runnable: how a VMM that serves HSM starts and stops harts.',
    refusals: [
      {
        errno: 'EINVAL',
        when: 'The state is another one; INIT_RECEIVED, which resets the registers, needs KVM_CAP_RISCV_MP_STATE_RESET.',
      },
    ],
  },
  KVM_INTERRUPT: { on: ['vcpu'], says: 'Raises or lowers the external interrupt of the vcpu.', refusals: [] },
  KVM_SET_GUEST_DEBUG: {
    on: ['vcpu'],
    says: 'Hands ebreak of the guest to user space, as KVM_EXIT_DEBUG, or leaves it to the guest.',
    refusals: [{ errno: 'EINVAL', when: 'The release does not have the ioctl.' }],
    isIn: ({ capabilities }) => capabilities[KVM_CAP_SET_GUEST_DEBUG] !== undefined,
  },
  KVM_GET_REGS: { on: ['vcpu'], says: `${REFUSED} Registers are read one by one.`, refusals: NEVER },
  KVM_GET_SREGS: { on: ['vcpu'], says: `${REFUSED} Registers are read one by one.`, refusals: NEVER },
  KVM_GET_FPU: { on: ['vcpu'], says: `${REFUSED} Registers are read one by one.`, refusals: NEVER },
  KVM_NMI: { on: ['vcpu'], says: REFUSED, refusals: NEVER },
  REMOTE_FENCE: {
    on: ['VM'],
    says: 'Carries out a fence on vcpus, so that a VMM can serve RFENCE.',
    refusals: NOT_ALLOWED,
    whatIf: true,
  },
  SOFTWARE_INTERRUPT: {
    on: ['vcpu'],
    says: 'Raises the supervisor software interrupt of a vcpu, so that a VMM can serve IPI.',
    refusals: NOT_ALLOWED,
    whatIf: true,
  },
  DEBUG_TRIGGER: {
    on: ['vcpu'],
    says: 'Reads and sets the debug triggers of a vcpu, so that a VMM can serve DBTR.',
    refusals: [
      ...NOT_ALLOWED,
      { errno: 'ENOENT', when: 'The vcpu has no trigger of that index.' },
      { errno: 'EINVAL', when: 'The hart has no such trigger, or it would fire outside the guest.' },
    ],
    whatIf: true,
  },
  PMU_COUNTER: {
    on: ['vcpu'],
    says: 'Programs, starts, stops and reads the counters of a vcpu, so that a VMM can serve PMU, and says who hears of an overflow: the guest by its interrupt, or user space by an exit, for an event of SSE.',
    refusals: [
      ...NOT_ALLOWED,
      { errno: 'EINVAL', when: 'The vcpu has no such hardware counter, or no firmware event has that code.' },
      { errno: 'ENOENT', when: 'The counter, or the host, cannot count the event; or the counter has none.' },
      { errno: 'EBUSY', when: 'The counter runs.' },
      { errno: 'ENODEV', when: 'An exit for each overflow is asked for, and the harts have no Sscofpmf.' },
    ],
    whatIf: true,
  },
} as const satisfies Readonly<Record<string, IoctlWords>>;

export type IoctlName = keyof typeof IOCTLS;
