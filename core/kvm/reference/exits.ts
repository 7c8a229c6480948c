/**
 * The exits of KVM_RUN: what causes them, what kvm_run then holds, what a VMM does and how the guest goes on. Data
 * only; a field of `KvmRun` or an exit reason without words does not compile. [Linux Documentation/virt/kvm/api.rst §5,
 * arch/riscv/kvm/vcpu_exit.c, vcpu_insn.c, vcpu_sbi.c]
 */
import * as uapi from '../uapi.ts';

type Part = 'mmio' | 'system_event' | 'riscv_sbi' | 'riscv_csr' | 'fail_entry' | 'internal';

type FieldsOf<P extends Part> = { readonly part: P; readonly fields: Readonly<Record<keyof uapi.KvmRun[P], string>> };

export interface ExitWords {
  readonly reason: number;
  /** What makes KVM_RUN come back with it. */
  readonly says: string;
  /** The part of kvm_run that belongs to it. */
  readonly run: { [P in Part]: FieldsOf<P> }[Part] | null;
  readonly vmm: string;
  readonly completion: string;
  /** The release that brought it, when that is not the first one with KVM for RISC-V. */
  readonly since?: string;
  /** The release has it when it has this capability. */
  readonly capability?: number;
  readonly whatIf?: true;
}

export const EXITS = {
  KVM_EXIT_UNKNOWN: {
    reason: uapi.KVM_EXIT_UNKNOWN,
    says: 'The guest trapped for a reason that KVM has no handler for. KVM_RUN also sets it before it enters the guest.',
    run: null,
    vmm: 'Reports it and stops: nothing is known about what the guest wanted.',
    completion: 'None.',
  },
  KVM_EXIT_DEBUG: {
    reason: uapi.KVM_EXIT_DEBUG,
    says: 'The guest executed ebreak while KVM_SET_GUEST_DEBUG hands breakpoints to user space.',
    run: null,
    vmm: 'A debugger looks at the registers and moves pc on, or puts the instruction back.',
    completion: 'None: KVM_RUN goes on at pc, which still points at ebreak.',
    capability: uapi.KVM_CAP_SET_GUEST_DEBUG,
  },
  KVM_EXIT_MMIO: {
    reason: uapi.KVM_EXIT_MMIO,
    says: 'The guest loaded from or stored to a guest-physical address that no memory slot backs.',
    run: {
      part: 'mmio',
      fields: {
        phys_addr: 'Guest-physical address.',
        data: 'What is stored, or where the VMM puts what is loaded; little-endian.',
        len: 'Bytes: 1, 2, 4 or 8.',
        is_write: 'Whether it is a store.',
      },
    },
    vmm: 'Finds the device of the address and reads or writes its register. For a load it fills data. Where there is none, a store is dropped, and data are zeroed or left as they are.',
    completion: 'The next KVM_RUN writes data into the register of a load and advances pc.',
  },
  KVM_EXIT_FAIL_ENTRY: {
    reason: uapi.KVM_EXIT_FAIL_ENTRY,
    says: 'The hardware refused to enter the guest.',
    run: {
      part: 'fail_entry',
      fields: { hardware_entry_failure_reason: 'What the hardware gave as the reason.' },
    },
    vmm: 'Reports it and stops: the state of the vcpu is not one that can run.',
    completion: 'None.',
  },
  KVM_EXIT_INTR: {
    reason: uapi.KVM_EXIT_INTR,
    says: 'A signal for the thread of the vcpu is pending. KVM_RUN itself gives EINTR then.',
    run: null,
    vmm: 'Handles the signal and calls KVM_RUN again.',
    completion: 'None: the guest goes on where it was.',
  },
  KVM_EXIT_INTERNAL_ERROR: {
    reason: uapi.KVM_EXIT_INTERNAL_ERROR,
    says: 'KVM itself could not go on.',
    run: {
      part: 'internal',
      fields: { suberror: 'Which kind of failure.', data: 'Figures that describe it.' },
    },
    vmm: 'Reports it and stops.',
    completion: 'None.',
  },
  KVM_EXIT_SYSTEM_EVENT: {
    reason: uapi.KVM_EXIT_SYSTEM_EVENT,
    says: 'The guest asked KVM for power-off or reset: SRST system_reset, or the legacy shutdown. All vcpus are stopped first.',
    run: {
      part: 'system_event',
      fields: {
        type: '1 is SHUTDOWN, 2 is RESET; cold and warm reboot both become RESET.',
        data: 'The first word is the reset reason of the call.',
      },
    },
    vmm: 'Ends the machine, or resets devices and vcpus and starts it again.',
    completion: 'None: the call does not return to the guest.',
  },
  KVM_EXIT_RISCV_SBI: {
    reason: uapi.KVM_EXIT_RISCV_SBI,
    says: 'The guest made an SBI call that KVM hands to user space.',
    run: {
      part: 'riscv_sbi',
      fields: {
        extension_id: 'a7 of the guest.',
        function_id: 'a6 of the guest.',
        args: 'a0 to a5 of the guest.',
        ret: 'Error and value for a0 and a1, prefilled with NOT_SUPPORTED and 0.',
      },
    },
    vmm: 'Serves the call and writes ret. A VMM that leaves it alone refuses the call.',
    completion: 'The next KVM_RUN puts ret into a0 and a1 and advances pc past the ecall, once.',
  },
  KVM_EXIT_RISCV_CSR: {
    reason: uapi.KVM_EXIT_RISCV_CSR,
    says: 'The guest accessed a CSR that KVM leaves to user space: the seed of Zkr, or with Ssaia one of an interrupt controller.',
    run: {
      part: 'riscv_csr',
      fields: {
        csr_num: 'Number of the CSR.',
        new_value: 'What the instruction writes; all ones where it sets bits or only reads.',
        write_mask: 'The bits that it writes; 0 when it only reads.',
        ret_value: 'Where the VMM puts the old value.',
      },
    },
    vmm: 'Emulates the CSR and writes ret_value.',
    completion: 'The next KVM_RUN writes ret_value into rd and advances pc.',
    since: '6.0',
  },
  KVM_EXIT_RISCV_PMU_OVERFLOW: {
    reason: uapi.KVM_EXIT_RISCV_PMU_OVERFLOW,
    says: 'A hardware counter of the vcpu passed its end, and PMU_COUNTER had asked that user space be told instead of the guest.',
    run: null,
    vmm: 'Makes the event of SSE for it pending, which reaches the guest even with interrupts off.',
    completion: 'None: KVM_RUN goes on behind the instruction that was counted last.',
    whatIf: true,
  },
  KVM_EXIT_RISCV_HART_STATE: {
    reason: uapi.KVM_EXIT_RISCV_HART_STATE,
    says: 'HSM in KVM stopped or started the vcpu, and KVM_CAP_RISCV_HART_STATE_EXITS is enabled.',
    run: null,
    vmm: 'Makes what it keeps of the hart for extensions that it serves, such as SSE or MPXY, as new.',
    completion: 'None: KVM_RUN waits until the hart is started, or runs its first instruction.',
    whatIf: true,
  },
} as const satisfies Readonly<Record<string, ExitWords>>;

export type ExitName = keyof typeof EXITS;
