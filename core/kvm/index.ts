/** The KVM model: entry point for the composition root. The VMM sees only what `uapi.ts` says. */
import { at, PlainError } from '../schema/plain.ts';
import { checkExtension } from './caps.ts';
import type { VcpuThread } from './host.ts';
import type { KvmSnapshot } from './snapshot.ts';
import { type KvmOptions, VmState } from './state.ts';
import { KVM_API_VERSION, type Kvm, type KvmMapping, type KvmVm } from './uapi.ts';
import { Vm } from './vm.ts';
import { capName } from './words.ts';

export type { HostCosts, HostHooks, KernelConsole, VcpuThread } from './host.ts';
export { KVM_SHAPE, type KvmSnapshot } from './snapshot.ts';
export type { KvmOptions } from './state.ts';

/** `kvm_run`, and a page for coalesced MMIO. */
const VCPU_MMAP_BYTES = 8192;

export interface OpenKvm {
  readonly kvm: Kvm;
  /** The vcpu threads of all VMs, in the order of their creation. */
  readonly threads: () => readonly VcpuThread[];
  /** Plain data. Only while no vcpu runs. */
  readonly save: () => KvmSnapshot;
  /** Into a KVM whose VMM has set up the same VMs. Throws PlainError; then the machine is of no use. */
  readonly load: (saved: KvmSnapshot) => void;
}

/** Opens /dev/kvm of a host. Everything that is not a function of `options` is the VMM's doing. */
export function openKvm(options: KvmOptions): OpenKvm {
  const vms: Vm[] = [];
  const log = (name: string, args: string, ret: number): void =>
    options.hooks.observer.ioctl({ kind: 'ioctl', time: 0, fd: 'kvm', name, args, ret });
  const kvm: Kvm = {
    getApiVersion: () => {
      log('KVM_GET_API_VERSION', '', KVM_API_VERSION);
      return KVM_API_VERSION;
    },
    checkExtension: (cap) => {
      const result = checkExtension({ options }, cap);
      log('KVM_CHECK_EXTENSION', capName(cap), result);
      return result;
    },
    getVcpuMmapSize: () => {
      log('KVM_GET_VCPU_MMAP_SIZE', '', VCPU_MMAP_BYTES);
      return VCPU_MMAP_BYTES;
    },
    mmap: () => mapping(options),
    createVm: (): KvmVm => {
      const vm = new Vm(new VmState(options));
      vms.push(vm);
      log('KVM_CREATE_VM', '', 0);
      return vm;
    },
  };
  return {
    kvm,
    threads: () => vms.flatMap((vm) => vm.threads),
    save: () => ({ vms: vms.map((vm) => vm.save()) }),
    load: (saved) => loadVms(vms, saved),
  };
}

function loadVms(vms: readonly Vm[], saved: KvmSnapshot): void {
  if (saved.vms.length !== vms.length) {
    throw new PlainError('vms', `there are ${saved.vms.length} where the VMM has made ${vms.length}`);
  }
  for (const [index, vm] of vms.entries()) {
    const own = saved.vms[index];
    if (own !== undefined) at(`vms.${index}`, () => vm.load(own));
  }
}

function mapping({ memory }: KvmOptions): KvmMapping {
  return {
    size: memory.size,
    read: (offset, length) => memory.read(offset, length),
    write: (offset, bytes) => memory.write(offset, bytes),
  };
}
