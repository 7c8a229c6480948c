/** A configuration as the command lines of kvmtool and QEMU that come closest to it on a RISC-V host with KVM. */
import { hex } from '../base/bits.ts';
import type { Config } from '../config/index.ts';
import { KVM_RISCV_ISA_EXT } from '../kvm/uapi.ts';
import { SBI_NAMES, type SbiName } from '../sbi/types.ts';
import { canSwitchOff, canSwitchOn, KVMTOOL, QEMU, type VmmProfile } from '../vmm/profiles/index.ts';
import { type Exported, isOn, type Plan, planOf, probeWords } from './plan.ts';

/** The option of kvmtool that switches an SBI extension off. [kvmtool riscv/include/kvm/kvm-config-arch.h] */
function kvmtoolSwitch(name: SbiName): string {
  return `--disable-sbi-${name === 'V01' ? 'legacy' : name.toLowerCase()}`;
}

/** ISA extensions that kvmtool has an option for. [kvmtool riscv/include/kvm/kvm-config-arch.h] */
const KVMTOOL_ISA: ReadonlySet<string> = new Set([
  ...['SMSTATEEN', 'SSAIA', 'SSTC', 'SVINVAL', 'SVNAPOT', 'SVPBMT', 'ZBA', 'ZBB', 'ZBC', 'ZBKB', 'ZBKC', 'ZBKX', 'ZBS'],
  ...['ZFH', 'ZFHMIN', 'ZICBOM', 'ZICBOZ', 'ZICCRSE', 'ZICNTR', 'ZICOND', 'ZICSR', 'ZIFENCEI', 'ZIHINTNTL'],
  ...['ZIHINTPAUSE', 'ZIHPM', 'ZKND', 'ZKNE', 'ZKNH', 'ZKR', 'ZKSED', 'ZKSH', 'ZKT', 'ZVBB', 'ZVBC', 'ZVKB', 'ZVKG'],
  ...['ZVKNED', 'ZVKNHA', 'ZVKNHB', 'ZVKSED', 'ZVKSH', 'ZVKT'],
]);

/** ISA extensions that QEMU can switch off under KVM. [QEMU target/riscv/kvm/kvm-cpu.c] */
const QEMU_ISA: ReadonlySet<string> = new Set([
  ...['A', 'C', 'D', 'F', 'M', 'ZICBOM', 'ZICBOZ', 'ZICCRSE', 'ZICNTR', 'ZICOND', 'ZICSR', 'ZIFENCEI', 'ZIHINTNTL'],
  ...['ZIHINTPAUSE', 'ZIHPM', 'ZIMOP', 'ZCMOP', 'ZABHA', 'ZACAS', 'ZAWRS', 'ZFA', 'ZFH', 'ZFHMIN', 'ZBA', 'ZBB', 'ZBC'],
  ...['ZBKB', 'ZBKC', 'ZBKX', 'ZBS', 'ZCA', 'ZCB', 'ZCD', 'ZKND', 'ZKNE', 'ZKNH', 'ZKR', 'ZKSED', 'ZKSH', 'ZKT'],
  ...['ZVBB', 'ZVBC', 'ZVFH', 'ZVFHMIN', 'ZVKB', 'ZVKG', 'ZVKNED', 'ZVKNHA', 'ZVKNHB', 'ZVKSED', 'ZVKSH', 'ZVKT'],
  ...['SMNPM', 'SMSTATEEN', 'SSAIA', 'SSCOFPMF', 'SSNPM', 'SSTC', 'SVADE', 'SVADU', 'SVINVAL', 'SVNAPOT', 'SVPBMT'],
  'SVVPTC',
]);

const MACHINE_IDS = ['mvendorid', 'marchid', 'mimpid'] as const;

/** `lkvm run`; the guest is a Linux Image or a flat binary, since kvmtool loads no ELF file. */
export function toKvmtool(config: Config): Exported {
  const plan = planOf(config);
  const off = SBI_NAMES.filter((name) => config.sbi[name] === 'off' && isKnown(plan, name));
  const isa = offExtensions(config);
  const words = [
    'lkvm run --nodefaults',
    `--cpus ${config.harts}`,
    `--mem ${config.memory}`,
    '--kernel GUEST',
    ...(config.bootargs === '' ? [] : [`--params ${quoted(config.bootargs)}`]),
    ...MACHINE_IDS.filter((field) => config[field] !== 0n).map((field) => `--custom-${field}=${hex(config[field])}`),
    ...off.filter((name) => canSwitchOff(KVMTOOL, name)).map(kvmtoolSwitch),
    ...isa.filter((name) => KVMTOOL_ISA.has(name)).map((name) => `--disable-${name.toLowerCase()}`),
  ];
  const cannot = [
    ...plan.cannot,
    ...rangeProbes(config, plan, 'kvmtool'),
    ...off
      .filter((name) => isOnUnder(KVMTOOL, plan, name) && !canSwitchOff(KVMTOOL, name))
      .map((name) => `${name} off: kvmtool has no option for it.`),
    ...unserved(KVMTOOL, plan, config),
    ...otherVmm(KVMTOOL, config),
    ...MACHINE_IDS.filter((field) => config[field] === 0n).map(
      (field) => `${field} 0: kvmtool leaves that of the host.`,
    ),
    ...withoutOption('kvmtool', isa, KVMTOOL_ISA),
  ];
  return { text: commandLine(words, cannot), cannot };
}

/** `qemu-system-riscv64` with KVM. It enables DBCN and leaves other SBI extensions as the kernel has them. */
export function toQemu(config: Config): Exported {
  const plan = planOf(config);
  const isa = offExtensions(config);
  const properties = [
    ...MACHINE_IDS.map((field) => `${field}=${hex(config[field])}`),
    ...isa.filter((name) => QEMU_ISA.has(name)).map((name) => `${name.toLowerCase()}=off`),
  ];
  const words = [
    'qemu-system-riscv64 -machine virt -accel kvm -bios none -nographic',
    `-smp ${config.harts}`,
    `-m ${config.memory}M`,
    `-cpu rv64,${properties.join(',')}`,
    '-kernel GUEST',
    ...(config.bootargs === '' ? [] : [`-append ${quoted(config.bootargs)}`]),
  ];
  const fixed = SBI_NAMES.filter((name) => isKnown(plan, name)).filter((name) => {
    return isOnUnder(QEMU, plan, name) !== (config.sbi[name] !== 'off');
  });
  const cannot = [
    ...plan.cannot,
    ...rangeProbes(config, plan, 'QEMU'),
    ...fixed.map((name) => {
      return `${name} ${config.sbi[name] === 'off' ? 'off' : 'on'}: QEMU has no option for SBI extensions of KVM.`;
    }),
    ...otherVmm(QEMU, config),
    ...withoutOption('QEMU', isa, QEMU_ISA),
  ];
  return { text: commandLine(words, cannot), cannot };
}

/** Whether a guest has it when nothing is asked of the VMM. */
function isOnUnder(vmm: VmmProfile, { profile }: Plan, name: SbiName): boolean {
  return profile.extensions[name]?.enabled === true || canSwitchOn(vmm, name);
}

/** What is to be on and that it can neither switch on nor find on. */
function unserved(vmm: VmmProfile, plan: Plan, { sbi }: Config): readonly string[] {
  return SBI_NAMES.filter((name) => isKnown(plan, name) && sbi[name] !== 'off' && !isOnUnder(vmm, plan, name)).map(
    (name) => `${name} on: ${vmm.label} has no option for it.`,
  );
}

/** Chosen answers to probes that Linux hands to user space. */
function rangeProbes({ probes }: Config, plan: Plan, program: string): readonly string[] {
  return plan.probes
    .filter(({ name }) => probes[name] !== undefined)
    .map(
      ({ name, answer }) =>
        `${probeWords(name, answer)}: Linux hands such a probe to user space, where ${program} does not answer it.`,
    );
}

/** A configuration that names another program than the one whose command line is written. */
function otherVmm(vmm: VmmProfile, config: Config): readonly string[] {
  if (config.vmm === vmm.name || config.vmm === 'ecall') return [];
  return [`vmm ${config.vmm}: this is a command line of ${vmm.label}, which does as ${vmm.label} does.`];
}

function isKnown({ profile }: Plan, name: SbiName): boolean {
  return profile.extensions[name]?.available === true;
}

/** H is never a guest's. */
function offExtensions(config: Config): readonly string[] {
  return KVM_RISCV_ISA_EXT.filter((name) => name !== 'H' && !isOn(config, name));
}

function withoutOption(program: string, off: readonly string[], known: ReadonlySet<string>): readonly string[] {
  const rest = off.filter((name) => !known.has(name));
  return rest.length === 0 ? [] : [`Off, but ${program} has no option for them: ${rest.join(', ')}.`];
}

/** One option in a line; what cannot be expressed in comments above. */
function commandLine(words: readonly string[], cannot: readonly string[]): string {
  const comments = cannot.map((sentence) => `# Not expressed: ${sentence}\n`);
  return `${comments.join('')}${words.join(' \\\n  ')}\n`;
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
