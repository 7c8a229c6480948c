/** How each target is set up for an extension, and which extensions it serves. */
import { type Config, defaultConfig, moveTo } from '../../config/index.ts';
import { hardwareRefusal, modeRefusal } from '../../config/tables.ts';
import { closure } from '../../isa/defs/index.ts';
import { SBI } from '../../sbi/spec/index.ts';
import type { Mode, SbiName } from '../../sbi/types.ts';
import type { FirmwareName } from '../firmware.ts';
import { casesOfAbsence, casesOfPresence, isRange } from './automatic.ts';
import { HARTS, RAM_MIB, TYPED } from './layout.ts';
import { type EcallTarget, isEcall, type TargetName } from './target-names.ts';
import type { Case, ExtensionCases } from './types.ts';

const HOST = 'linux-7.2';

/**
 * What OpenSBI serves on QEMU's virt machine, as its probes say, with SUSP for 1.9, which takes long; it has it on request
 * alone, so that 1.6 shows that it is absent otherwise. The rest is absent.
 */
const SERVED: Readonly<Record<FirmwareName, readonly SbiName[]>> = {
  'opensbi-1.6': ['V01', 'BASE', 'TIME', 'IPI', 'RFENCE', 'HSM', 'SRST', 'PMU', 'DBCN', 'FWFT', 'SSE', 'DBTR'],
  'opensbi-1.9': ['V01', 'BASE', 'TIME', 'IPI', 'RFENCE', 'HSM', 'SRST', 'PMU', 'DBCN', 'SUSP', 'FWFT', 'SSE', 'DBTR'],
};

const MODES: Readonly<Record<EcallTarget, Mode>> = { kvm: 'kvm', vmm: 'vmm', 'vmm-userspace': 'vmm', absent: 'off' };

/** Linux as it is where it can do it: the kernel's answers are then those of a real one. */
function interfacesOf(target: EcallTarget): readonly Config['interface'][] {
  if (target === 'kvm') return ['upstream', 'accelerator'];
  return target === 'vmm-userspace' ? ['userspace'] : ['accelerator'];
}

/** What of the cases of an extension decides how a machine is set up. */
type Asked = Pick<ExtensionCases, 'name' | 'isa'> & Partial<Pick<ExtensionCases, 'alongside'>>;

/** The configuration of a machine for a target, or null when it cannot be configured so. */
export function configFor({ name, isa, alongside = [] }: Asked, target: EcallTarget): Config | null {
  for (const kvm of interfacesOf(target)) {
    const mode = MODES[target];
    const { config } = moveTo(defaultConfig(), { interface: kvm, host: HOST });
    // With the capability of 2025 only a VMM that answers BASE can say what else it answers.
    const base = target === 'vmm-userspace' ? { BASE: 'vmm' as const } : {};
    const others = mode === 'off' ? {} : Object.fromEntries(alongside.map((other) => [other, mode]));
    const sbi = { ...config.sbi, ...base, ...others, [name]: mode };
    // Only a host with AIA lets a guest have overflow interrupts.
    const hardware = { ...config.hardware, aia: 'on' as const };
    const wanted = { ...config, hardware, isa: [...new Set([...config.isa, ...isa])], sbi };
    const refused = modeRefusal(wanted, name, mode) ?? (mode === 'kvm' ? hardwareRefusal(wanted, name) : null);
    if (refused === null) {
      return { ...wanted, isa: [...closure(wanted.isa)], harts: HARTS, memory: RAM_MIB, input: TYPED };
    }
  }
  return null;
}

/** Whether the target is to answer the extension; null when it cannot be asked at all. */
export function serves(cases: Asked, target: TargetName): boolean | null {
  if (isEcall(target)) return configFor(cases, target) === null ? null : target !== 'absent';
  return SERVED[target].includes(cases.name) || isRange(SBI[cases.name]);
}

/** The cases that are run on a target. */
export function casesOn(extension: ExtensionCases, target: TargetName): readonly Case[] {
  const served = serves(extension, target);
  if (served === null) return [];
  if (!served) return casesOfAbsence(extension.name);
  const written = extension.cases.filter(({ notOn }) => notOn?.includes(target) !== true);
  return [...casesOfPresence(extension.name), ...written];
}
