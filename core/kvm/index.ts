/** The KVM model: entry point for the composition root. The VMM sees only what `uapi.ts` says. */
import { checkExtension } from './caps.ts';
import type { VcpuThread } from './host.ts';
import { type KvmOptions, VmState } from './state.ts';
import { KVM_API_VERSION, type Kvm, type KvmMapping, type KvmVm } from './uapi.ts';
import { Vm } from './vm.ts';
import { capName } from './words.ts';

export type { HostCosts, HostHooks, KernelConsole, VcpuThread } from './host.ts';
export type { KvmOptions } from './state.ts';

/** `kvm_run`, and a page for coalesced MMIO. */
const VCPU_MMAP_BYTES = 8192;

export interface OpenKvm {
  readonly kvm: Kvm;
  /** The vcpu threads of all VMs, in the order of their creation. */
  readonly threads: () => readonly VcpuThread[];
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
  return { kvm, threads: () => vms.flatMap((vm) => vm.threads) };
}

function mapping({ memory }: KvmOptions): KvmMapping {
  return {
    size: memory.size,
    read: (offset, length) => memory.read(offset, length),
    write: (offset, bytes) => memory.write(offset, bytes),
  };
}
