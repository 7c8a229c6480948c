/** The command `run`: sets registers, loads the payload, runs every vcpu in a thread, reports how it ended. */
import * as uapi from '../../kvm/uapi.ts';
import { ExitHandler, type ExitOptions, Outcome } from './exits.ts';
import { errnoName, hex, ISA_NAMES, SBI_NAMES } from './names.ts';
import { strtoul } from './strtoul.ts';
import {
  dumpRegisters,
  ID,
  type Lines,
  type ProbeHost,
  type ProbeThread,
  ProbeVm,
  RAM,
  registerValue,
  type Steps,
} from './vm.ts';

/** A register that is written before the run. */
interface Preset {
  readonly id: bigint;
  readonly value: bigint;
  readonly words: string;
}

export interface RunOptions extends ExitOptions {
  readonly vcpus: number;
  readonly presets: readonly Preset[];
  readonly parameters: readonly bigint[];
  readonly seconds: number;
  readonly guestDebug: number;
  readonly dumpAfter: boolean;
}

const A0 = 10;
const A1 = 11;
/** What a loader would give as the address of the device tree. */
const DEVICE_TREE = 0x8f00_0000n;
const MVENDORID = 2;
const MARCHID = 3;
const MIMPID = 4;
const DEFAULT_SECONDS = 20;
const DEFAULT_MAX_LOG = 4000;

/** The arguments of the C program. Throws SyntaxError for one that it does not have, or that lacks its value. */
export function parseRun(args: readonly string[]): RunOptions {
  const presets: Preset[] = [];
  const parameters: bigint[] = [];
  const options: { -readonly [K in keyof RunOptions]: RunOptions[K] } = {
    vcpus: 1,
    presets,
    parameters,
    seconds: DEFAULT_SECONDS,
    guestDebug: 0,
    dumpAfter: false,
    reenter: false,
    maxLog: DEFAULT_MAX_LOG,
  };
  const rest = [...args];
  const next = (): string => {
    const word = rest.shift();
    if (word === undefined) throw new SyntaxError(`${args.at(-1)} lacks a value`);
    return word;
  };
  const number = (): bigint => strtoul(next());
  const int = (): number => Number(BigInt.asIntN(32, number()));
  while (rest.length > 0) {
    const option = next();
    switch (option) {
      case '--vcpus':
        options.vcpus = int();
        break;
      case '--disable':
      case '--enable':
        presets.push(sbiPreset(next(), option === '--enable'));
        break;
      case '--isa-off':
      case '--isa-on':
        presets.push(isaPreset(next(), option === '--isa-on'));
        break;
      case '--mvendorid':
        presets.push({ id: ID.config(MVENDORID), value: number(), words: 'mvendorid' });
        break;
      case '--marchid':
        presets.push({ id: ID.config(MARCHID), value: number(), words: 'marchid' });
        break;
      case '--mimpid':
        presets.push({ id: ID.config(MIMPID), value: number(), words: 'mimpid' });
        break;
      case '--fwd-ret':
        options.forwardReturn = [number(), number()];
        break;
      case '--csr-ret':
        options.csrReturn = number();
        break;
      case '--timeout':
        options.seconds = int();
        break;
      case '--max-log':
        options.maxLog = int() >>> 0;
        break;
      case '--guest-debug':
        options.guestDebug = int() >>> 0;
        break;
      case '--reenter':
        options.reenter = true;
        break;
      case '--regs-after':
        options.dumpAfter = true;
        break;
      case '--arg':
        parameters.push(number());
        break;
      default:
        throw new SyntaxError(`kvmprobe run has no option ${option}`);
    }
  }
  return options;
}

/** An extension by name or by number. */
function sbiPreset(name: string, on: boolean): Preset {
  const index = SBI_NAMES.indexOf(name);
  const number = index < 0 ? BigInt.asIntN(32, strtoul(name)) : BigInt(index);
  return preset(ID.sbi(0) | BigInt.asUintN(64, number), `SBI.${name}`, on);
}

/** The C program makes -1 of a name that it does not know. */
function isaPreset(name: string, on: boolean): Preset {
  return preset(ID.isa(0) | BigInt.asUintN(64, BigInt(ISA_NAMES.indexOf(name))), `ISA.${name}`, on);
}

function preset(id: bigint, words: string, on: boolean): Preset {
  return { id, value: on ? 1n : 0n, words: `${words}=${on ? 1 : 0}` };
}

export function* run(host: ProbeHost, lines: Lines, options: RunOptions): Steps {
  const vm = new ProbeVm(host.open(), lines, options.vcpus);
  vm.load(host.payload);
  vm.setParameters(options.parameters);
  for (const vcpu of vm.vcpus) prepare(vm, vcpu, options);
  const outcome = new Outcome(lines, options.maxLog);
  const handler = new ExitHandler(vm, outcome, options);
  const exits = vm.vcpus.map(() => 0);
  const threads = vm.vcpus.map((vcpu, at): ProbeThread => {
    return {
      vcpu: vcpu.id,
      turn: () => {
        if (turn(vcpu, handler)) exits[at] = (exits[at] ?? 0) + 1;
      },
    };
  });
  yield* vm.machine.run(threads, () => outcome.finished, options.seconds);
  if (!outcome.finished) outcome.finish('WATCHDOG timeout');
  for (const vcpu of vm.vcpus) kick(vcpu);
  report(vm, outcome, exits, options);
}

/** The signal that ends a thread which is still in KVM_RUN: one that slept is over with its sleep. */
function kick(vcpu: uapi.KvmVcpu): void {
  if (vcpu.run.exit_reason !== uapi.KVM_EXIT_INTR) return;
  vcpu.run.immediate_exit = 1;
  vcpu.kvmRun();
  vcpu.run.immediate_exit = 0;
}

/** One KVM_RUN; whether it came back with an exit. */
export function turn(vcpu: uapi.KvmVcpu, handler: ExitHandler): boolean {
  const result = vcpu.kvmRun();
  if (result === -uapi.EINTR) return false;
  if (result < 0) {
    handler.failed(vcpu, result);
    return false;
  }
  handler.handle(vcpu);
  return true;
}

function prepare({ lines }: ProbeVm, vcpu: uapi.KvmVcpu, { presets, guestDebug }: RunOptions): void {
  for (const { id, value, words } of presets) {
    const result = errnoName(vcpu.setOneReg(id, value));
    if (vcpu.id === 0)
      lines.out(`vmm: set ${words} (${hex(value)}) -> ${result}, get -> ${hex(registerValue(vcpu, id))}`);
    lines.note(`vcpu${vcpu.id} SET_ONE_REG ${hex(id)} ${words} = ${hex(value)} -> ${result}`);
  }
  if (vcpu.id === 0) {
    lines.note(`SET pc -> ${errnoName(vcpu.setOneReg(ID.core(0), RAM))}`);
    vcpu.setOneReg(ID.core(A0), 0n);
    vcpu.setOneReg(ID.core(A1), DEVICE_TREE);
  }
  if (guestDebug === 0) return;
  lines.out(`vmm: KVM_SET_GUEST_DEBUG ${hex(guestDebug)} -> ${errnoName(vcpu.setGuestDebug(guestDebug))}`);
}

function report(vm: ProbeVm, outcome: Outcome, exits: readonly number[], { dumpAfter }: RunOptions): void {
  const { lines } = vm;
  const perVcpu = exits.map((count) => ` ${count}`).join('');
  lines.out(`vmm: end: ${outcome.why} after 0.00 s; exits per vcpu:${perVcpu} (print-channel ${outcome.printed})`);
  for (const [key, count] of outcome.counts) lines.out(`vmm: exit-count ${key} = ${count}`);
  for (const vcpu of vm.vcpus) {
    lines.out(stateOf(vcpu));
    lines.out(statsOf(`vcpu${vcpu.id}`, vcpu.getStats()));
  }
  lines.out(statsOf('vm', vm.vm.getStats()));
  if (dumpAfter) dumpRegisters(vm, vm.first);
}

function stateOf(vcpu: uapi.KvmVcpu): string {
  const core = (number: number): string => hex(registerValue(vcpu, ID.core(number)));
  const registers = `pc=${core(0)} ra=${core(1)} a0=${core(A0)} a1=${core(A1)} a7=${core(17)} a6=${core(16)}`;
  const mode = registerValue(vcpu, ID.core(32));
  const satp = hex(registerValue(vcpu, ID.csr(8)));
  return `vcpu${vcpu.id} final mp_state=${vcpu.getMpState()} ${registers} mode=${mode} satp=${satp}`;
}

function statsOf(who: string, stats: readonly uapi.KvmStat[]): string {
  const shown = stats.filter(({ value }) => value !== 0).map(({ name, value }) => ` ${name}=${value}`);
  return `stats ${who}:${shown.join('')}`;
}
