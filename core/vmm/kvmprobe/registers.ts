/** The commands `regs` and `regs2`: KVM_GET_REG_LIST of a fresh vcpu with values. */
import { dumpRegisters, type Lines, type ProbeHost, ProbeVm } from './vm.ts';

export function registers(host: ProbeHost, lines: Lines): void {
  const probe = new ProbeVm(host.open(), lines, 1);
  dumpRegisters(probe, probe.first);
}

/** Of the second of two vcpus. */
export function registersOfSecond(host: ProbeHost, lines: Lines): void {
  const probe = new ProbeVm(host.open(), lines, 2);
  const [, second] = probe.vcpus;
  if (second !== undefined) dumpRegisters(probe, second);
}
