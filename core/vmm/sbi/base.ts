/**
 * BASE as the VMM answers it: identity from the options, and a probe that agrees with what the
 * configuration makes of each extension, whoever then answers its calls, unless the options have an answer. [SBI 3.0 §4]
 */
import { extensionOf } from '../../sbi/codec.ts';
import type { SbiExtension } from '../../sbi/types.ts';
import { encodeVersion, hasVersion } from '../../sbi/version.ts';
import type { VmContext } from '../context.ts';
import type { Server } from './server.ts';

export const base: Server<'BASE'> = {
  get_spec_version: (vm) => ({ value: encodeVersion(vm.options.sbiVersion) }),
  get_impl_id: (vm) => ({ value: vm.options.implId }),
  get_impl_version: (vm) => ({ value: vm.options.implVersion }),
  probe_extension: (vm, { extension_id }) => ({ value: probe(vm, extension_id) }),
  get_mvendorid: (vm) => ({ value: vm.options.identity.mvendorid }),
  get_marchid: (vm) => ({ value: vm.options.identity.marchid }),
  get_mimpid: (vm) => ({ value: vm.options.identity.mimpid }),
};

function probe(vm: VmContext, eid: bigint): bigint {
  const extension = extensionOf(eid);
  const chosen = extension && vm.options.probes?.[extension.name];
  return chosen ?? (isPresent(vm, extension) ? 1n : 0n);
}

/** An id range without a single function is empty: nothing is present in it. */
function isPresent(vm: VmContext, extension: SbiExtension | undefined): boolean {
  if (!extension || Object.keys(extension.functions).length === 0) return false;
  return vm.options.modes[extension.name] !== 'off' && hasVersion(extension, vm.options.sbiVersion);
}
