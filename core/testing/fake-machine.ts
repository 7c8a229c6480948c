/** A VMM on a fake KVM, with a console and a clock that the test holds. */
import { latin1, utf8 } from '../base/bytes.ts';
import { standardDevices } from '../devices/index.ts';
import { type Mode, SBI_NAMES, type SbiName } from '../sbi/types.ts';
import type { Vmm, VmmOptions } from '../vmm/api.ts';
import { resumeVmm, startVmm } from '../vmm/index.ts';
import { RAM_BASE } from '../vmm/layout.ts';
import { ECALL } from '../vmm/profiles/index.ts';
import type { VmmSnapshot } from '../vmm/snapshot.ts';
import { FakeKvm, type FakeVcpu, sbiExit } from './fake-kvm.ts';

export const MIB = 1024 * 1024;
export const IMAGE = Uint8Array.of(0x13, 0, 0, 0);
/** An address in RAM that nothing else uses. */
export const AT = RAM_BASE + 0x30_0000n;

export type Overrides = Omit<Partial<VmmOptions>, 'modes'> & { readonly modes?: Partial<Record<SbiName, Mode>> };

function modes(overrides: Partial<Record<SbiName, Mode>> = {}): Record<SbiName, Mode> {
  const kernel: readonly SbiName[] = ['V01', 'BASE', 'TIME', 'IPI', 'RFENCE', 'HSM', 'SRST', 'STA'];
  const user: readonly SbiName[] = ['DBCN', 'SUSP', 'EXPERIMENTAL', 'VENDOR'];
  const mode = (name: SbiName): Mode => (kernel.includes(name) ? 'kvm' : user.includes(name) ? 'vmm' : 'off');
  return {
    ...(Object.fromEntries(SBI_NAMES.map((name) => [name, mode(name)])) as Record<SbiName, Mode>),
    ...overrides,
  };
}

/** With `saved` the VMM goes on from there and boots nothing. */
export function machine(overrides: Overrides = {}, prepare: (kvm: FakeKvm) => void = () => {}, saved?: VmmSnapshot) {
  const kvm = new FakeKvm(16 * MIB);
  prepare(kvm);
  const written: number[] = [];
  let pending = new Uint8Array(0);
  let received = 0;
  const console = {
    write: (bytes: Uint8Array) => void written.push(...bytes),
    read(max: number) {
      const taken = pending.slice(0, max);
      pending = pending.slice(max);
      return taken;
    },
    get pending() {
      return pending.length;
    },
    get received() {
      return received;
    },
  };
  const state = { now: 0, said: [] as string[] };
  const options: VmmOptions = {
    kvm,
    profile: ECALL,
    interface: 'upstream',
    handedOver: ['DBCN', 'SUSP', 'MPXY', 'EXPERIMENTAL', 'VENDOR'],
    harts: 1,
    memory: 16 * MIB,
    image: IMAGE,
    bootargs: '',
    isa: ['I', 'M', 'A', 'C', 'Zicsr'],
    timebaseFrequency: 10_000_000,
    identity: { mvendorid: 0n, marchid: 0n, mimpid: 0n },
    sbiVersion: '3.0',
    implId: 3n,
    implVersion: 0x70200n,
    console,
    now: () => state.now,
    devices: standardDevices(console),
    log: (words) => state.said.push(words),
    ...overrides,
    modes: modes(overrides.modes),
  };
  const started = saved === undefined ? startVmm(options) : resumeVmm(options, saved);
  return {
    kvm,
    state,
    started,
    output: () => latin1(Uint8Array.from(written)),
    type: (text: string) => {
      pending = utf8(text) as Uint8Array<ArrayBuffer>;
      received += pending.length;
    },
    memory: (gpa: bigint, length: number) => kvm.memory.slice(Number(gpa - RAM_BASE), Number(gpa - RAM_BASE) + length),
    poke: (gpa: bigint, bytes: Uint8Array) => kvm.memory.set(bytes, Number(gpa - RAM_BASE)),
  };
}

/** A machine whose set-up went well, with an empty log. */
export function running(overrides: Overrides = {}, prepare?: (kvm: FakeKvm) => void, saved?: VmmSnapshot) {
  const it = machine(overrides, prepare, saved);
  if ('failure' in it.started) throw new Error(it.started.failure.message);
  const vmm: Vmm = it.started;
  it.kvm.log.length = 0;
  const cpu = (id: number) => it.kvm.vcpus[id] as FakeVcpu;
  const turn = (id = 0) => vmm.threads[id]?.turn();
  /** One call of vcpu 0; what it gets back, or undefined when it has not come back. */
  const call = (eid: number, fid: number, ...args: readonly (number | bigint)[]) => {
    cpu(0).script.push(sbiExit(eid, fid, ...args));
    turn();
    turn();
    return cpu(0).returned.pop();
  };
  return { ...it, vmm, cpu, turn, call };
}
