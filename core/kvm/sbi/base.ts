/** BASE in KVM. Experimental and vendor ids are probed by user space, whatever their state. [SBI 3.0 §4] */

import { U64_MAX } from '../../base/u64.ts';
import { extensionOf } from '../../sbi/codec.ts';
import { encodeVersion, hasVersion } from '../../sbi/version.ts';
import type { VcpuState } from '../state.ts';
import type { KernelExtension } from './handlers.ts';
import { done, FORWARD, type Outcome } from './outcome.ts';

export const base: KernelExtension<'BASE'> = {
  get_spec_version: (cpu) => done('SUCCESS', encodeVersion(cpu.specification.version)),
  get_impl_id: (cpu) => done('SUCCESS', cpu.specification.implId),
  get_impl_version: (cpu) => done('SUCCESS', cpu.specification.implVersion),
  probe_extension: probe,
  get_mvendorid: (cpu) => done('SUCCESS', cpu.identity.mvendorid),
  get_marchid: (cpu) => done('SUCCESS', cpu.identity.marchid),
  get_mimpid: (cpu) => done('SUCCESS', cpu.identity.mimpid),
};

function probe(cpu: VcpuState, eid: bigint): Outcome<'SUCCESS'> {
  const extension = extensionOf(eid);
  if (extension === undefined) return done('SUCCESS', isStub(cpu, eid) ? 1n : 0n);
  const { vm, sbi } = cpu;
  if (extension.name === 'EXPERIMENTAL' || extension.name === 'VENDOR') {
    const hidden = vm.accelerator && sbi.place(extension.name) === 'nobody';
    return hidden ? done('SUCCESS', 0n) : FORWARD;
  }
  if (vm.accelerator && !hasVersion(extension, cpu.specification.version)) return done('SUCCESS', 0n);
  return done('SUCCESS', sbi.place(extension.name) === 'nobody' ? 0n : 1n);
}

/** What stands in for the legacy calls where they are not compiled in claims id -1, and answers nothing. */
function isStub(cpu: VcpuState, eid: bigint): boolean {
  return eid === U64_MAX && !cpu.vm.options.profile.sbiV01 && cpu.sbi.value('V01') !== 0n;
}
