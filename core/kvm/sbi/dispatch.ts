/**
 * An ecall from the guest: who answers it, and what the registers become. Only here is it known what
 * disabled, unknown, forwarded and gated by a version mean. [Linux arch/riscv/kvm/vcpu_sbi.c; SBI 3.0 §3]
 */
import { extensionOf, functionOf } from '../../sbi/codec.ts';
import type { SbiExtension, SbiFunction, SbiName } from '../../sbi/types.ts';
import { hasVersion } from '../../sbi/version.ts';
import type { HostProfile } from '../profiles/index.ts';
import type { VcpuState } from '../state.ts';
import type { Answering, Call } from './call.ts';
import type { AnyHandler } from './handlers.ts';
import { kernelHandler } from './index.ts';
import { done, FORWARD, type Outcome } from './outcome.ts';
import { validateSuspend } from './susp.ts';

const A0 = 10;
const A6 = 16;
const A7 = 17;
const ARGUMENTS = 6;
const NOT_SUPPORTED = done('NOT_SUPPORTED');

/** How a call is answered. */
export interface Verdict extends Answering {
  readonly outcome: Outcome;
}

/** What an extension id leads to; it stays as long as the SBI_EXT registers do. */
interface Route {
  readonly verdict: Verdict;
  readonly extension: SbiExtension | undefined;
  /** By function id, for routes into the kernel. */
  readonly functions: Map<bigint, KernelRoute>;
}

interface KernelRoute {
  readonly handler: AnyHandler | undefined;
  readonly definition: SbiFunction | undefined;
  readonly words: string;
}

export class Dispatcher {
  readonly #routes = new Map<bigint, Route>();
  #generation = -1;
  /** Guests repeat calls, and to look a bigint up costs more than to compare it. */
  #lastId = 0n;
  #lastRoute: Route | null = null;

  constructor(private readonly cpu: VcpuState) {}

  /** The registers of the call that the guest makes now. */
  read(): Call {
    const { hart, clock } = this.cpu;
    const args: bigint[] = [];
    for (let index = 0; index < ARGUMENTS; index++) args.push(hart.readX(A0 + index));
    return { pc: hart.pc, eid: hart.readX(A7), fid: hart.readX(A6), args, start: clock.now };
  }

  dispatch(call: Call): Verdict {
    const route = this.route(call.eid);
    return route.verdict.by === 'kvm' ? this.answer(call, route) : this.pass(call, route);
  }

  private answer(call: Call, route: Route): Verdict {
    const { verdict, extension } = route;
    if (extension === undefined) return verdict;
    const key = extension.name === 'V01' ? call.eid : call.fid;
    const found = route.functions.get(key) ?? this.functionRoute(route, extension, call, key);
    if (found.handler === undefined)
      return { ...verdict, outcome: this.unknownFunction(extension), kernel: found.words };
    const outcome = found.handler(this.cpu, ...call.args);
    if (outcome.kind === 'forward') {
      return { ...verdict, outcome, by: 'vmm', kernel: `${extension.name} hands this call over: KVM_EXIT_RISCV_SBI` };
    }
    if (outcome.kind === 'stop') {
      return {
        ...verdict,
        outcome,
        noReturn: true,
        kernel: `${extension.name} ends the machine: KVM_EXIT_SYSTEM_EVENT`,
      };
    }
    const noReturn = found.definition?.noReturn === true && outcome.kind === 'done' && outcome.name === 'SUCCESS';
    return { ...verdict, outcome, noReturn, kernel: found.words };
  }

  private unknownFunction(extension: SbiExtension): Outcome {
    const { accelerator, options } = this.cpu.vm;
    if (accelerator || (extension.name !== 'TIME' && extension.name !== 'IPI')) return NOT_SUPPORTED;
    return done(options.profile.quirks.unknownTimeIpi);
  }

  private functionRoute(route: Route, extension: SbiExtension, call: Call, key: bigint): KernelRoute {
    const found = functionOf(extension, call.eid, call.fid);
    const { vm, specification } = this.cpu;
    const gated = found !== undefined && vm.accelerator && !hasVersion(found.definition, specification.version);
    const later = found !== undefined && !vm.accelerator && isLater(vm.options.profile, extension.name, found.name);
    const handler = found === undefined || gated || later ? undefined : kernelHandler(extension.name, found.name);
    const result: KernelRoute = {
      handler,
      definition: found?.definition,
      words: later ? `${found.name} came with a later Linux: refused` : this.words(extension, found?.name, gated),
    };
    route.functions.set(key, result);
    return result;
  }

  private words(extension: SbiExtension, name: string | undefined, gated: boolean): string {
    if (gated) return `${name} is newer than SBI ${this.cpu.specification.version}: NOT_SUPPORTED`;
    if (name === undefined) return `${extension.name} has no such function: refused`;
    return `${extension.name} is enabled: answered in KVM`;
  }

  /** Calls that are not the kernel's: refused, or forwarded, after the checks that Linux makes of some. */
  private pass(call: Call, route: Route): Verdict {
    const { verdict, extension } = route;
    if (verdict.by === 'none' || extension === undefined) return verdict;
    const outcome = this.check(call, extension);
    if (outcome.kind === 'forward') return verdict;
    return { ...verdict, outcome, by: 'kvm', kernel: `${extension.name} is refused before it is forwarded` };
  }

  private check(call: Call, extension: SbiExtension): Outcome {
    if (this.cpu.sbi.place(extension.name) !== 'user') return FORWARD;
    const found = functionOf(extension, call.eid, call.fid);
    const { vm, specification } = this.cpu;
    if (found !== undefined && vm.accelerator && !hasVersion(found.definition, specification.version))
      return NOT_SUPPORTED;
    if (extension.name === 'SUSP') {
      const [type, address, opaque] = call.args;
      if (found === undefined) return NOT_SUPPORTED;
      return validateSuspend(this.cpu, type ?? 0n, address ?? 0n, opaque ?? 0n);
    }
    const refusesUnknown = extension.name === 'DBCN' && vm.options.profile.quirks.unknownDbcn === 'refused';
    return refusesUnknown && found === undefined ? NOT_SUPPORTED : FORWARD;
  }

  private route(eid: bigint): Route {
    if (this.#generation !== this.cpu.sbi.generation) {
      this.#routes.clear();
      this.#lastRoute = null;
      this.#generation = this.cpu.sbi.generation;
    }
    if (eid === this.#lastId && this.#lastRoute !== null) return this.#lastRoute;
    const route = this.#routes.get(eid) ?? this.newRoute(eid);
    this.#lastId = eid;
    this.#lastRoute = route;
    return route;
  }

  private newRoute(eid: bigint): Route {
    const extension = extensionOf(eid);
    const route = { extension, verdict: this.verdictOf(extension), functions: new Map<bigint, KernelRoute>() };
    if (this.#routes.size >= MAX_ROUTES) this.#routes.clear();
    this.#routes.set(eid, route);
    return route;
  }

  private verdictOf(extension: SbiExtension | undefined): Verdict {
    if (extension === undefined) return this.unserved('KVM knows no extension of this id');
    const { sbi, vm, specification } = this.cpu;
    const { name } = extension;
    if (vm.accelerator && !hasVersion(extension, specification.version)) {
      return refused(`${name} is newer than SBI ${specification.version}: NOT_SUPPORTED`);
    }
    const keepsA1 = name === 'V01';
    switch (sbi.place(name)) {
      case 'kernel':
        return { outcome: NOT_SUPPORTED, by: 'kvm', keepsA1, noReturn: false, kernel: `${name} is enabled` };
      case 'user':
        return forwarded(`${name} is forwarded: KVM_EXIT_RISCV_SBI`);
      case 'nobody':
        return this.unserved(`${name} is ${sbi.value(name) === 0n ? 'disabled' : 'not built into this kernel'}`);
    }
  }

  /** Nothing in the kernel answers: Linux refuses, the capability proposed in 2025 lets user space answer. */
  private unserved(why: string): Verdict {
    return this.cpu.vm.userspaceSbi
      ? forwarded(`${why}, which exits to user space: KVM_EXIT_RISCV_SBI`)
      : refused(`${why}: NOT_SUPPORTED`);
  }
}

/** Whether only a later release knows the function. */
function isLater({ lacks }: HostProfile, extension: SbiName, name: string): boolean {
  return lacks[extension]?.includes(name) ?? false;
}

/** Ids that a guest may try in a row before what was learnt about them is thrown away; bounds the memory. */
const MAX_ROUTES = 1024;

function refused(kernel: string): Verdict {
  return { outcome: NOT_SUPPORTED, by: 'none', keepsA1: false, noReturn: false, kernel };
}

function forwarded(kernel: string): Verdict {
  return { outcome: FORWARD, by: 'vmm', keepsA1: false, noReturn: false, kernel };
}
