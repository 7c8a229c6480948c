/** What the measuring VMM does with each exit, and what it writes about it. */
import { fromLittleEndian } from '../../base/bytes.ts';
import { u64 } from '../../base/u64.ts';
import * as uapi from '../../kvm/uapi.ts';
import { errnoName, exitReasonName, hex } from './names.ts';
import { ID, type Lines, type ProbeVm, RAM, RAM_BYTES, registerValue } from './vm.ts';

/** An 8-byte store: guest-physical address of the text to print. */
const PRINT = 0x1000_0000n;
const EXIT = 0x1000_0008n;
/** Longest text that the payload prints at once. */
const MAX_TEXT = 4096;
const PUTCHAR = 1n;
const GETCHAR = 2n;
const DBCN = 0x4442434en;
/** What reads of unknown device registers give. */
const FILL = 0xa5;
const EBREAK_LENGTH = 4n;

export interface ExitOptions {
  /** Answer to every forwarded call, instead of the usual one. */
  readonly forwardReturn?: readonly [bigint, bigint];
  readonly csrReturn?: bigint;
  /** Goes on after a system event. */
  readonly reenter: boolean;
  /** Lines of exits that are logged at most. */
  readonly maxLog: number;
}

/** How the run ends; shared by the threads of all vcpus. */
export class Outcome {
  finished = false;
  why = '';
  printed = 0;
  #logged = 0;
  readonly #counts = new Map<string, number>();

  constructor(
    private readonly lines: Lines,
    private readonly maxLog: number,
  ) {}

  finish(why: string): void {
    if (!this.finished) this.why = why;
    this.finished = true;
  }

  log(line: string): void {
    if (this.#logged++ < this.maxLog) this.lines.note(line);
  }

  count(reason: number, a: bigint | number, b: bigint | number): void {
    const key = `${exitReasonName(reason)}(${reason}) ${hex(a)} ${hex(b)}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  get counts(): Iterable<[string, number]> {
    return this.#counts;
  }
}

export class ExitHandler {
  constructor(
    private readonly vm: ProbeVm,
    private readonly outcome: Outcome,
    private readonly options: ExitOptions,
  ) {}

  /** KVM_RUN failed. */
  failed(vcpu: uapi.KvmVcpu, result: number): void {
    const { outcome } = this;
    if (outcome.finished) return;
    const words = `vcpu${vcpu.id} KVM_RUN -> ${errnoName(result)} exit_reason=${vcpu.run.exit_reason}`;
    outcome.log(words);
    this.vm.lines.out(words);
    outcome.finish('KVM_RUN error');
  }

  /** KVM_RUN came back with an exit. */
  handle(vcpu: uapi.KvmVcpu): void {
    const { run } = vcpu;
    switch (run.exit_reason) {
      case uapi.KVM_EXIT_MMIO:
        this.mmio(vcpu);
        break;
      case uapi.KVM_EXIT_RISCV_SBI:
        this.call(vcpu);
        break;
      case uapi.KVM_EXIT_SYSTEM_EVENT:
        this.systemEvent(vcpu);
        break;
      case uapi.KVM_EXIT_RISCV_CSR:
        this.csr(vcpu);
        break;
      case uapi.KVM_EXIT_DEBUG:
        this.debug(vcpu);
        break;
      default: {
        const words = `vcpu${vcpu.id} exit_reason=${run.exit_reason} ${exitReasonName(run.exit_reason)}`;
        this.outcome.count(run.exit_reason, 0, 0);
        this.outcome.log(words);
        this.vm.lines.out(words);
        this.outcome.finish('other exit');
      }
    }
  }

  private mmio({ id, run: { mmio } }: uapi.KvmVcpu): void {
    const { outcome } = this;
    const data = fromLittleEndian(mmio.data.subarray(0, mmio.len));
    if (mmio.is_write && mmio.phys_addr === PRINT) {
      outcome.printed++;
      this.print(data);
      return;
    }
    if (mmio.is_write && mmio.phys_addr === EXIT) {
      outcome.finish('guest done');
      return;
    }
    const direction = mmio.is_write ? 'W' : 'R';
    outcome.count(uapi.KVM_EXIT_MMIO, mmio.phys_addr, (mmio.is_write ? 0x100 : 0) | mmio.len);
    outcome.log(`vcpu${id} EXIT_MMIO ${direction} addr=${hex(mmio.phys_addr)} len=${mmio.len} data=${hex(data)}`);
    if (!mmio.is_write) mmio.data.fill(FILL);
  }

  private print(address: bigint): void {
    const offset = Number(address - RAM);
    if (offset < 0 || offset >= RAM_BYTES) return;
    const bytes = this.vm.memory.read(offset, Math.min(MAX_TEXT, RAM_BYTES - offset));
    const end = bytes.indexOf(0);
    this.vm.lines.text(String.fromCharCode(...bytes.subarray(0, end < 0 ? bytes.length : end)));
  }

  private call({ id, run: { riscv_sbi: call } }: uapi.KvmVcpu): void {
    const { extension_id: ext, function_id: fid, args, ret } = call;
    this.outcome.count(uapi.KVM_EXIT_RISCV_SBI, ext, fid);
    const prefilled = `${BigInt.asIntN(64, ret[0])},${BigInt.asIntN(64, ret[1])}`;
    const [how, answer] = this.answerTo(ext, fid, args);
    if (answer !== null) call.ret = [answer[0], answer[1] ?? ret[1]];
    const reply = `${BigInt.asIntN(64, call.ret[0])},${BigInt.asIntN(64, call.ret[1])}`;
    this.outcome.log(
      `vcpu${id} EXIT_RISCV_SBI ext=${hex(ext)} fid=${hex(fid)} args=${args.map(hex).join(',')} prefilled=${prefilled} reply=${reply} (${how})`,
    );
  }

  private answerTo(
    ext: bigint,
    fid: bigint,
    [length = 0n, low = 0n, high = 0n]: readonly bigint[],
  ): readonly [string, readonly [bigint, bigint?] | null] {
    const { forwardReturn } = this.options;
    if (forwardReturn !== undefined) return ['--fwd-ret', forwardReturn];
    if (ext === PUTCHAR) return ['putchar', [0n]];
    if (ext === GETCHAR) return ['getchar', [u64(-1n)]];
    if (ext === DBCN && fid === 0n) {
      const end = RAM + BigInt(RAM_BYTES);
      const inRam = high === 0n && low >= RAM && low < end && length <= end - low;
      return inRam ? ['dbcn write', [0n, length]] : ['dbcn bad address', [u64(-3n), 0n]];
    }
    if (ext === DBCN && fid === 1n) return ['dbcn read: none', [0n, 0n]];
    if (ext === DBCN && fid === 2n) return ['dbcn byte', [0n, 0n]];
    return ['left as prefilled', null];
  }

  private systemEvent({ id, run: { system_event: event } }: uapi.KvmVcpu): void {
    const { type, data } = event;
    const [data0 = 0n, data1 = 0n] = data;
    const kind =
      type === uapi.KVM_SYSTEM_EVENT_SHUTDOWN ? 'SHUTDOWN' : type === uapi.KVM_SYSTEM_EVENT_RESET ? 'RESET' : '?';
    this.outcome.count(uapi.KVM_EXIT_SYSTEM_EVENT, type, data.length);
    this.outcome.log(
      `vcpu${id} EXIT_SYSTEM_EVENT type=${type} ndata=${data.length} data0=${hex(data0)} data1=${hex(data1)}`,
    );
    this.vm.lines.out(`EXIT_SYSTEM_EVENT vcpu${id} type=${type}(${kind}) ndata=${data.length} data0=${hex(data0)}`);
    if (!this.options.reenter) this.outcome.finish('system event');
  }

  private csr({ id, run: { riscv_csr: csr } }: uapi.KvmVcpu): void {
    this.outcome.count(uapi.KVM_EXIT_RISCV_CSR, csr.csr_num, 0);
    const { csr_num, new_value, write_mask, ret_value } = csr;
    this.outcome.log(
      `vcpu${id} EXIT_RISCV_CSR num=${hex(csr_num)} new=${hex(new_value)} mask=${hex(write_mask)} ret(prefilled)=${hex(ret_value)}`,
    );
    if (this.options.csrReturn !== undefined) csr.ret_value = this.options.csrReturn;
  }

  private debug(vcpu: uapi.KvmVcpu): void {
    const pc = registerValue(vcpu, ID.core(0));
    this.outcome.count(uapi.KVM_EXIT_DEBUG, 0, 0);
    this.outcome.log(`vcpu${vcpu.id} EXIT_DEBUG pc=${hex(pc)}`);
    this.vm.lines.out(`EXIT_DEBUG vcpu${vcpu.id} pc=${hex(pc)}`);
    vcpu.setOneReg(ID.core(0), pc + EBREAK_LENGTH);
  }
}
