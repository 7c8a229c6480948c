/**
 * What the trace gets of a vcpu's ioctls. Exits come a million times a second, so KVM_RUN and ONE_REG report
 * numbers with a form that makes words of them once somebody reads the event.
 */
import { fromLittleEndian } from '../base/bytes.ts';
import { fromHalves } from '../base/u64.ts';
import { callName } from '../sbi/codec.ts';
import type { IoctlForm } from '../trace/events.ts';
import { registerName } from './one-reg/index.ts';
import type { VcpuState } from './state.ts';
import * as uapi from './uapi.ts';
import { exitName, hex } from './words.ts';

type Args = IoctlForm['args'];

/** By exit reason: the operands are those that `KvmRun` has for it. */
const EXIT_ARGS: Readonly<Record<number, Args>> = {
  [uapi.KVM_EXIT_MMIO]: (address, _value, length) => `read ${length} bytes at ${hex(address)}`,
  [uapi.KVM_EXIT_RISCV_SBI]: (extension, fn) => callName(extension, fn),
  [uapi.KVM_EXIT_SYSTEM_EVENT]: (type, reason) => `${eventName(type)}, reason ${hex(reason)}`,
  [uapi.KVM_EXIT_RISCV_CSR]: (number) => `csr ${hex(number)}`,
};
const mmioWrite: Args = (address, value, length) => `write ${hex(value)} to ${hex(address)}, ${length} bytes`;
const nothing: Args = () => '';
const registerRead: Args = (id, value) => `${registerName(id)} = ${hex(value)}`;
const registerUnread: Args = (id) => registerName(id);
const registerWritten: Args = (id, value) => `${registerName(id)} = ${value < 10n ? value : hex(value)}`;

function eventName(type: bigint): string {
  if (type === BigInt(uapi.KVM_SYSTEM_EVENT_SHUTDOWN)) return 'SHUTDOWN';
  return type === BigInt(uapi.KVM_SYSTEM_EVENT_RESET) ? 'RESET' : `${type}`;
}

export class VcpuLog {
  readonly #fd: string;
  readonly #exits = new Map<number, IoctlForm>();
  readonly #mmioWrite: IoctlForm;
  readonly #read: IoctlForm;
  readonly #unread: IoctlForm;
  readonly #written: IoctlForm;

  constructor(private readonly state: VcpuState) {
    this.#fd = `vcpu ${state.id}`;
    this.#mmioWrite = this.#exitForm(uapi.KVM_EXIT_MMIO, mmioWrite);
    this.#read = { fd: this.#fd, name: 'KVM_GET_ONE_REG', args: registerRead };
    this.#unread = { fd: this.#fd, name: 'KVM_GET_ONE_REG', args: registerUnread };
    this.#written = { fd: this.#fd, name: 'KVM_SET_ONE_REG', args: registerWritten };
  }

  /** KVM_RUN came back with what `run` says. */
  exited(run: uapi.KvmRun, result: number): void {
    const reason = run.exit_reason;
    switch (reason) {
      case uapi.KVM_EXIT_MMIO: {
        const { is_write, phys_addr, len, data } = run.mmio;
        const form = is_write ? this.#mmioWrite : this.#formOf(reason);
        this.#report(
          form,
          result,
          phys_addr,
          is_write ? fromLittleEndian(data.subarray(0, len)) : 0n,
          fromHalves(0, len),
        );
        return;
      }
      case uapi.KVM_EXIT_RISCV_SBI: {
        const { extension_id, function_id } = run.riscv_sbi;
        this.#report(this.#formOf(reason), result, extension_id, function_id, 0n);
        return;
      }
      case uapi.KVM_EXIT_SYSTEM_EVENT: {
        const { type, data } = run.system_event;
        this.#report(this.#formOf(reason), result, BigInt(type), data[0] ?? 0n, 0n);
        return;
      }
      case uapi.KVM_EXIT_RISCV_CSR:
        this.#report(this.#formOf(reason), result, BigInt(run.riscv_csr.csr_num), 0n, 0n);
        return;
      default:
        this.#report(this.#formOf(reason), result, 0n, 0n, 0n);
    }
  }

  gotOneReg(id: bigint, { errno, value }: uapi.OneReg): void {
    if (errno === 0) this.#report(this.#read, 0, id, value, 0n);
    else this.#report(this.#unread, -errno, id, 0n, 0n);
  }

  setOneReg(id: bigint, value: bigint, result: number): void {
    this.#report(this.#written, result, id, value, 0n);
  }

  /** Any other ioctl. */
  add(name: string, args: string, ret: number): void {
    this.#report({ fd: this.#fd, name, args: () => args }, ret, 0n, 0n, 0n);
  }

  #formOf(reason: number): IoctlForm {
    const known = this.#exits.get(reason);
    if (known !== undefined) return known;
    const form = this.#exitForm(reason, EXIT_ARGS[reason] ?? nothing);
    this.#exits.set(reason, form);
    return form;
  }

  #exitForm(reason: number, args: Args): IoctlForm {
    return { fd: this.#fd, name: 'KVM_RUN', args, exit: exitName(reason) };
  }

  /** -0 of a negated errno is told as 0. */
  #report(form: IoctlForm, ret: number, a: bigint, b: bigint, c: bigint): void {
    const { vm, clock } = this.state;
    vm.options.hooks.observer.ioctlAs(form, vm.nanoseconds(clock.now), ret || 0, a, b, c);
  }
}
