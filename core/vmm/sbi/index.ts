/**
 * Serves forwarded SBI calls: finds the handler by the tables and turns its answer into registers. The
 * list is typed from the tables: an extension that the VMM is to serve and that is missing here does
 * not compile. An extension that is off, or newer than the SBI version, is not there. [SBI 3.0 §3]
 */
import { u64FromNumber } from '../../base/u64.ts';
import type { KvmVcpu } from '../../kvm/uapi.ts';
import { callText, extensionOf, functionOf } from '../../sbi/codec.ts';
import type { ServedBy } from '../../sbi/spec/index.ts';
import { SBI_ERRORS, type SbiArgument, type SbiError, type SbiExtension, type SbiName } from '../../sbi/types.ts';
import { hasVersion } from '../../sbi/version.ts';
import type { VmContext } from '../context.ts';
import type { VmmProfile } from '../profiles/index.ts';
import { base } from './base.ts';
import { cppc } from './cppc.ts';
import { dbcn } from './dbcn.ts';
import { dbtr } from './dbtr.ts';
import { FOREIGN_SERVERS } from './foreign.ts';
import { fwft } from './fwft.ts';
import { hsm } from './hsm.ts';
import { ipi } from './ipi.ts';
import { mpxy } from './mpxy.ts';
import { pmu } from './pmu.ts';
import { rfence } from './rfence.ts';
import type { Answer, Call, Outcome, Server } from './server.ts';
import { srst } from './srst.ts';
import { sse } from './sse/index.ts';
import { sta } from './sta.ts';
import { susp } from './susp.ts';
import { time } from './time.ts';
import { v01 } from './v01.ts';

export const SERVERS: { readonly [Name in ServedBy<'vmm'>]: Server<Name> } = {
  V01: v01,
  BASE: base,
  TIME: time,
  IPI: ipi,
  RFENCE: rfence,
  HSM: hsm,
  SRST: srst,
  PMU: pmu,
  DBCN: dbcn,
  SUSP: susp,
  CPPC: cppc,
  STA: sta,
  SSE: sse,
  FWFT: fwft,
  DBTR: dbtr,
  MPXY: mpxy,
  EXPERIMENTAL: {},
  VENDOR: {},
};

type Handler = (vm: VmContext, args: Readonly<Record<string, bigint>>, call: Call) => Answer<SbiError>;

interface Found {
  readonly handler: Handler;
  readonly arguments: readonly SbiArgument[];
}

/** What a call leads to: a handler, a refusal, or, in a VMM that is not complete, no code at all. */
type Route = Found | 'refused' | 'no code';

/** Serves the calls of one vcpu. */
export class CallServer {
  /** What the last call led to, since guests repeat calls; it depends on the options of the VM alone. */
  #last: { readonly eid: bigint; readonly fid: bigint; readonly found: Route } | null = null;

  constructor(
    private readonly vm: VmContext,
    private readonly vcpu: KvmVcpu,
  ) {}

  /** Answers the call in `run.riscv_sbi`. */
  serve(): Outcome {
    const { vm, vcpu } = this;
    const { extension_id: eid, function_id: fid, args: registers } = vcpu.run.riscv_sbi;
    const found = this.#find(eid, fid);
    if (found === 'refused') return result({ error: 'NOT_SUPPORTED' });
    if (found === 'no code')
      return { kind: 'unhandled', words: `KVM_EXIT_RISCV_SBI for ${callText(eid, fid, registers)}` };
    const args: Record<string, bigint> = {};
    for (let i = 0; i < found.arguments.length; i++) args[found.arguments[i]?.name ?? ''] = registers[i] ?? 0n;
    const answer = found.handler(vm, args, { vcpu, eid, registers });
    return 'kind' in answer ? answer : result(answer);
  }

  #find(eid: bigint, fid: bigint): Route {
    if (this.#last?.eid !== eid || this.#last.fid !== fid) this.#last = { eid, fid, found: find(this.vm, eid, fid) };
    return this.#last.found;
  }
}

type Servers = Partial<Record<SbiName, Readonly<Record<string, Handler>>>>;

function find(vm: VmContext, eid: bigint, fid: bigint): Route {
  const extension = extensionOf(eid);
  const { serves } = vm.options.profile;
  if (serves !== 'all') return foreign(serves, extension, eid, fid);
  if (!extension || vm.options.modes[extension.name] === 'off') return 'refused';
  const found = functionOf(extension, eid, fid);
  if (!found || !hasVersion(found.definition, vm.options.sbiVersion)) return 'refused';
  const servers: Servers = SERVERS as never;
  const handler = servers[extension.name]?.[found.name];
  return handler ? { handler, arguments: found.definition.args } : 'refused';
}

/** Other VMMs know nothing of modes and versions: they have code for a call, or none. A legacy call is an id of its own. */
function foreign(
  serves: Exclude<VmmProfile['serves'], 'all'>,
  extension: SbiExtension | undefined,
  eid: bigint,
  fid: bigint,
): Route {
  const served = extension && serves[extension.name];
  if (!extension || !served) return 'no code';
  const found = functionOf(extension, eid, fid);
  if (!found || !served.includes(found.name)) return extension.name === 'V01' ? 'no code' : 'refused';
  const servers: Servers = FOREIGN_SERVERS as never;
  const handler = servers[extension.name]?.[found.name];
  return handler ? { handler, arguments: found.definition.args } : 'no code';
}

function result(answer: { readonly error: SbiError; readonly value?: bigint } | { readonly value: bigint }): Outcome {
  const { value = 0n } = answer;
  return { kind: 'return', a0: 'error' in answer ? u64FromNumber(SBI_ERRORS[answer.error]) : 0n, a1: value };
}
