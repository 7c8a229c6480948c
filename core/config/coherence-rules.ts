/**
 * The contradictions a configuration can hold. What Linux does is that of a kernel without the legacy calls
 * (CONFIG_RISCV_SBI_V01=n) on a machine without IMSIC, which is what the VMM builds.
 * [Linux 6.12 arch/riscv/kernel/sbi.c, smp.c, cpu_ops_sbi.c, drivers/clocksource/timer-riscv.c]
 */
import { systemById } from '../guests/systems.ts';
import type { HostProfile } from '../kvm/profiles/index.ts';
import { SBI } from '../sbi/spec/index.ts';
import { SBI_NAMES, type SbiName } from '../sbi/types.ts';
import { compareVersions, hasVersion } from '../sbi/version.ts';
import type { VmmProfile } from '../vmm/profiles/index.ts';
import type { Config } from './types.ts';

/** A configuration with what follows from the tables. */
export interface Facts {
  readonly config: Config;
  readonly host: HostProfile;
  readonly vmm: VmmProfile;
  /** More than one hart. */
  readonly smp: boolean;
  /** ISA extensions, with those that others stand for. */
  readonly isa: ReadonlySet<string>;
  /** Switched on, but newer than the version that BASE reports. */
  readonly hidden: readonly SbiName[];
  /** Nobody answers it: off or hidden. */
  readonly lacks: (name: SbiName) => boolean;
}

export interface Rule {
  readonly id: string;
  readonly fields: readonly string[];
  /** Whether it holds, or for which extensions (none: it does not); their fields belong to the warning too. */
  readonly when: (facts: Facts) => boolean | readonly SbiName[];
  readonly says: string | ((facts: Facts, names: string) => string);
  readonly linux: string;
  readonly wayOut: string | ((facts: Facts) => string);
}

/** Implementation id of KVM. [SBI 3.0 §4.10] */
const IMPL_ID_KVM = 3n;

/** What a general Linux kernel and its user space are compiled for. */
const LINUX_ISA = ['M', 'A', 'F', 'D', 'C'];

const answeredBy = ({ config }: Facts, mode: 'kvm' | 'vmm'): readonly SbiName[] =>
  SBI_NAMES.filter((name) => name !== 'BASE' && config.sbi[name] === mode);

const systemOf = ({ config: { guest } }: Facts) => (guest.kind === 'system' ? systemById(guest.id) : undefined);

/** Extensions that the guest is compiled for and the harts lack; of a program nothing is known. */
function missingIsa(facts: Facts): readonly string[] {
  const needed = systemOf(facts)?.isa ?? (facts.config.guest.kind === 'image' ? LINUX_ISA : []);
  return needed.filter((name) => !facts.isa.has(name));
}

const newerFunctions = (name: SbiName, facts: Facts): boolean =>
  Object.values(SBI[name].functions).some((definition) => !hasVersion(definition, facts.config.sbiVersion));

/** The legacy calls are not probed for, and probes of the two ranges reach the VMM in any case. */
const UNPROBED: readonly SbiName[] = ['V01', 'EXPERIMENTAL', 'VENDOR'];

const hasNoConsole = ({ config: { bootargs }, lacks }: Facts): boolean =>
  lacks('DBCN') && !bootargs.includes('console=ttyS') && (lacks('V01') || bootargs.includes('console=hvc'));

/** Switched off without harm to Linux on this machine; where there is harm, another rule says so. */
function harmlesslyOff(facts: Facts): readonly SbiName[] {
  const { config, smp, isa } = facts;
  const names: readonly SbiName[] = [
    ...(isa.has('Sstc') ? (['TIME'] as const) : []),
    ...(smp ? [] : (['IPI', 'RFENCE', 'HSM'] as const)),
    ...(hasNoConsole(facts) ? [] : (['DBCN'] as const)),
  ];
  return names.filter((name) => config.sbi[name] === 'off' && hasVersion(SBI[name], config.sbiVersion));
}

export const COHERENCE_RULES: readonly Rule[] = [
  {
    id: 'base-missing',
    fields: ['sbi.BASE', 'sbiVersion'],
    when: ({ lacks }) => lacks('BASE'),
    says: 'Nobody answers BASE, so the guest learns of no version and can probe for nothing.',
    linux:
      'Linux takes it for SBI v0.1, probes for nothing and is left with legacy calls: no console over SBI, no power-off.',
    wayOut: 'Let KVM or the VMM answer BASE, and report at least SBI 0.2.',
  },
  {
    id: 'newer-than-version',
    fields: ['sbiVersion'],
    when: ({ hidden }) => hidden,
    says: ({ config }, names) => `SBI ${config.sbiVersion} is reported, but ${names} came later.`,
    linux: 'Linux does not look for what is newer than the version: it runs without them.',
    wayOut: 'Report a newer version, or switch them off.',
  },
  {
    id: 'version-promises-more',
    fields: ['sbiVersion'],
    when: harmlesslyOff,
    says: ({ config }, names) => `SBI ${config.sbiVersion} is reported, but nobody answers ${names}, which it has.`,
    linux: 'Linux probes and does without them here; a guest that trusts the version alone is told NOT_SUPPORTED.',
    wayOut: 'Let KVM or the VMM answer them, or report an older version.',
  },
  {
    id: 'version-not-enforced',
    fields: ['sbiVersion', 'sbi.BASE'],
    when: (facts) => {
      const { config, host } = facts;
      if (config.interface !== 'userspace' || compareVersions(config.sbiVersion, host.sbiVersion) >= 0) return [];
      return answeredBy(facts, 'kvm').filter((name) => host.extensions[name]?.available && newerFunctions(name, facts));
    },
    says: ({ config }, names) =>
      `The VMM reports SBI ${config.sbiVersion}; KVM does not know that and still carries out newer functions of ${names}.`,
    linux: 'Linux goes by the version and calls none of them; a guest that just tries finds them.',
    wayOut: ({ host }) => `Report SBI ${host.sbiVersion}, or take the interface where the version binds KVM too.`,
  },
  {
    id: 'version-beyond-host',
    fields: ['sbiVersion', 'host'],
    when: ({ config, host }) => compareVersions(config.sbiVersion, host.sbiVersion) > 0,
    says: ({ config, host }) => `SBI ${config.sbiVersion} is reported, but ${host.label} has SBI ${host.sbiVersion}.`,
    linux: 'Linux looks for what the version adds, as FWFT and new PMU functions in 3.0, which this host never had.',
    wayOut: ({ host }) => `Report SBI ${host.sbiVersion}, or take a newer host.`,
  },
  {
    id: 'newer-than-host',
    fields: ['host'],
    when: (facts) => answeredBy(facts, 'kvm').filter((name) => facts.host.extensions[name] === undefined),
    says: ({ host }, names) => `KVM is to answer ${names}, which ${host.label} does not know.`,
    linux: 'Linux uses them here; on that host it would be told NOT_SUPPORTED.',
    wayOut: 'Take a newer host, or let the VMM answer them.',
  },
  {
    id: 'probe-denies',
    fields: ['sbi.BASE'],
    when: (facts) => {
      const { config, host, hidden } = facts;
      if (config.interface !== 'userspace' || config.sbi.BASE !== 'kvm') return [];
      return answeredBy(facts, 'vmm').filter(
        (name) => !UNPROBED.includes(name) && !hidden.includes(name) && host.extensions[name]?.where !== 'user',
      );
    },
    says: (_, names) =>
      `The VMM answers ${names}, but BASE is in KVM, where they are off: its probe says they are absent.`,
    linux: 'Linux believes the probe and makes none of these calls.',
    wayOut: 'Let the VMM answer BASE too.',
  },
  {
    id: 'base-apart',
    fields: ['sbi.BASE'],
    when: (facts) => facts.config.sbi.BASE === 'vmm' && answeredBy(facts, 'kvm').length > 0,
    says: 'The VMM answers BASE and speaks for extensions that KVM serves: nothing makes the two agree.',
    linux: 'Linux goes by the probe: a wrong no leaves an extension unused, a wrong yes ends in NOT_SUPPORTED.',
    wayOut: 'Let KVM answer BASE, or look after the agreement in the VMM.',
  },
  {
    id: 'probe-answer',
    fields: ['probes'],
    when: ({ config, lacks }) =>
      SBI_NAMES.filter((name) => {
        const answer = config.probes[name];
        return (
          answer !== undefined && (answer !== 0n) === (lacks(name) || Object.keys(SBI[name].functions).length === 0)
        );
      }),
    says: (_, names) => `The answer to a probe of ${names} is the opposite of what is there.`,
    linux: 'Linux believes the probe: a wrong no leaves an extension unused, a wrong yes ends in NOT_SUPPORTED.',
    wayOut: 'Take the answer away, or make it true.',
  },
  {
    id: 'implementation-id',
    fields: ['implId'],
    when: (facts) => facts.config.implId !== IMPL_ID_KVM && answeredBy(facts, 'kvm').length > 0,
    says: 'The implementation id is not 3, yet KVM answers calls.',
    linux: 'Linux prints the id when it boots: its log names an implementation that is not there.',
    wayOut: 'Report 3.',
  },
  {
    id: 'implementation-version',
    fields: ['implVersion', 'host'],
    when: ({ config, host }) => config.implId === IMPL_ID_KVM && config.implVersion !== host.implVersion,
    says: ({ host }) => `The implementation version is not that of ${host.label}.`,
    linux: 'Linux prints it when it boots: its log names another kernel as host.',
    wayOut: ({ host }) => `Report 0x${host.implVersion.toString(16)}.`,
  },
  {
    id: 'hsm-missing',
    fields: ['sbi.HSM', 'harts'],
    when: ({ smp, lacks }) => smp && lacks('HSM'),
    says: 'There are several harts, but no HSM to start them.',
    linux: 'Linux prints an error for each further CPU and runs on the first alone.',
    wayOut: 'Let KVM answer HSM, or take one hart.',
  },
  {
    id: 'ipi-missing',
    fields: ['sbi.IPI', 'harts'],
    when: ({ smp, lacks }) => smp && lacks('IPI'),
    says: 'There are several harts, but no IPI by which they could wake each other.',
    linux: 'Linux warns, starts its CPUs and loses every message between them: it hangs.',
    wayOut: 'Let KVM answer IPI, or take one hart.',
  },
  {
    id: 'rfence-missing',
    fields: ['sbi.RFENCE', 'harts'],
    when: ({ smp, lacks }) => smp && lacks('RFENCE'),
    says: 'There are several harts, but no RFENCE: what one unmaps, the others go on using.',
    linux: 'Linux warns and its fences reach nobody: memory is no longer safe.',
    wayOut: 'Let KVM answer RFENCE, or take one hart.',
  },
  {
    id: 'vmm-without-ioctl',
    fields: ['interface'],
    when: ({ config, smp }) =>
      config.interface !== 'accelerator' && smp
        ? (['IPI', 'RFENCE'] as const).filter((name) => config.sbi[name] === 'vmm')
        : [],
    says: (_, names) => `The VMM is to answer ${names}, but KVM has no ioctl by which it could reach another hart.`,
    linux: 'Each call fails: Linux prints an error and goes on as if the other CPUs had been told.',
    wayOut: 'Let KVM answer them, or take the accelerator interface.',
  },
  {
    id: 'timer-missing',
    fields: ['sbi.TIME', 'isa'],
    when: ({ isa, lacks }) => lacks('TIME') && !isa.has('Sstc'),
    says: 'There is neither TIME nor Sstc: the guest has no timer.',
    linux: 'Linux warns and its timer never fires: it stops for good at the first sleep that nothing else ends.',
    wayOut: 'Let KVM answer TIME, or switch Sstc on.',
  },
  {
    id: 'timer-exits',
    fields: ['sbi.TIME', 'isa'],
    when: ({ config, isa, lacks }) => config.sbi.TIME === 'vmm' && !lacks('TIME') && !isa.has('Sstc'),
    says: 'The VMM answers TIME and there is no Sstc: each timer costs an exit.',
    linux: 'Linux arms its timer hundreds of times a second and exits to the VMM each time.',
    wayOut: 'Let KVM answer TIME, or switch Sstc on, with which Linux makes no such call.',
  },
  {
    id: 'console-missing',
    fields: ['sbi.DBCN', 'bootargs'],
    when: hasNoConsole,
    says: 'The console is asked of SBI, but there is no DBCN for it: only the UART is left.',
    linux: 'Linux has neither earlycon=sbi nor hvc0: it boots in silence.',
    wayOut: 'Switch DBCN on, or give the boot argument console=ttyS0.',
  },
  {
    id: 'power-off-missing',
    fields: ['sbi.SRST'],
    when: ({ lacks }) => lacks('SRST'),
    says: 'There is no SRST: the guest cannot end or reset the machine.',
    linux: 'Linux has no handler for power-off and restart: poweroff only halts.',
    wayOut: 'Let KVM answer SRST, and report at least SBI 0.3.',
  },
  {
    id: 'suspend-without-hsm',
    fields: ['sbi.SUSP', 'sbi.HSM'],
    when: ({ smp, lacks }) => smp && !lacks('SUSP') && lacks('HSM'),
    says: 'SUSP wants every other hart STOPPED, which is a state of HSM, and HSM is absent.',
    linux: 'Linux offers to suspend, but can take no CPU down for it and bring none back.',
    wayOut: 'Let KVM answer HSM, or switch SUSP off.',
  },
  {
    id: 'events-without-hsm',
    fields: ['sbi.SSE', 'sbi.HSM'],
    when: ({ config, smp, lacks }) => smp && !lacks('SSE') && config.sbi.HSM === 'kvm',
    says: 'The VMM answers SSE, but KVM stops and starts harts and does not tell it.',
    linux:
      'A hart that stops without masking its events and is started again finds them as they were, not masked as new.',
    wayOut: 'Let the VMM answer HSM too.',
  },
  {
    id: 'counters-without-overflow',
    fields: ['sbi.PMU', 'isa'],
    when: ({ isa, lacks }) => !lacks('PMU') && !isa.has('Sscofpmf'),
    says: 'PMU is on, but without Sscofpmf no counter tells when it overflows.',
    linux: 'perf stat counts; perf record cannot sample. Linux itself offers PMU to a guest only with Sscofpmf.',
    wayOut: 'Switch Sscofpmf on, or PMU off.',
  },
  {
    id: 'overflow-without-aia',
    fields: ['isa', 'hardware.aia'],
    when: ({ config, isa }) => isa.has('Sscofpmf') && config.hardware.aia === 'off',
    says: 'Sscofpmf is on, but the host has no AIA, without which KVM cannot give a guest the overflow interrupt.',
    linux: 'Linux as it is keeps Sscofpmf from guests on such a host: perf stat counts and perf record cannot sample.',
    wayOut: 'Switch AIA on.',
  },
  {
    id: 'counters-without-ioctl',
    fields: ['sbi.PMU', 'interface'],
    when: ({ config, lacks }) => config.interface === 'userspace' && config.sbi.PMU === 'vmm' && !lacks('PMU'),
    says: 'The VMM is to answer PMU, but KVM has no ioctl that programs a counter: it counts what it does itself.',
    linux:
      'perf finds no cycles and no instructions; of the firmware events it has those of calls that the VMM answers.',
    wayOut: 'Let KVM answer PMU, or take the accelerator interface.',
  },
  {
    id: 'features-without-register',
    fields: ['sbi.FWFT', 'interface'],
    when: ({ config, lacks }) => config.interface === 'userspace' && config.sbi.FWFT === 'vmm' && !lacks('FWFT'),
    says: 'The VMM is to answer FWFT, but KVM has no register by which it could switch a feature.',
    linux:
      'Every feature is NOT_SUPPORTED: there is no pointer masking, and misaligned accesses stay with the firmware.',
    wayOut: 'Let KVM answer FWFT, or take the accelerator interface.',
  },
  {
    id: 'resets-unseen',
    fields: ['sbi.HSM', 'harts'],
    when: ({ config, smp }) =>
      smp && config.sbi.HSM === 'kvm'
        ? (['PMU', 'STA', 'FWFT'] as const).filter((name) => config.sbi[name] === 'vmm')
        : [],
    says: (_, names) => `The VMM answers ${names}, but KVM stops and starts harts and does not tell it.`,
    linux:
      'A CPU that is taken down and brought back finds its locks of features, and until it sets them anew its counters and its area of stolen time, as they were.',
    wayOut: 'Let the VMM answer HSM too.',
  },
  {
    id: 'steal-unseen',
    fields: ['sbi.STA', 'neighbours'],
    when: ({ config, lacks }) => config.neighbours > 0 && lacks('STA'),
    says: 'Neighbours steal time, but nobody answers STA and tells the guest.',
    linux: 'The steal time in /proc/stat stays 0, and slow programs look as if they had computed.',
    wayOut: 'Let KVM answer STA, and report at least SBI 2.0.',
  },
  {
    id: 'steal-late',
    fields: ['sbi.STA', 'neighbours'],
    when: ({ config, lacks }) => config.neighbours > 0 && config.sbi.STA === 'vmm' && !lacks('STA'),
    says: 'Neighbours steal time, and the VMM tells of it only after an exit: KVM gives it no other moment.',
    linux:
      'The steal time in /proc/stat comes late, and a program that computes without an exit looks the faster for it.',
    wayOut: 'Let KVM answer STA, which brings the area up to date whenever the vcpu gets its CPU.',
  },
  {
    id: 'memory-too-small',
    fields: ['memory', 'guest'],
    when: (facts) => facts.config.memory < (systemOf(facts)?.memory ?? 0),
    says: (facts) => `${facts.config.memory} MiB are less than the guest boots in.`,
    linux: 'Linux cannot unpack its root file system, or kills processes for want of memory.',
    wayOut: (facts) => `Give it ${systemOf(facts)?.memory} MiB.`,
  },
  {
    id: 'isa-too-small',
    fields: ['isa', 'guest'],
    when: (facts) => missingIsa(facts).length > 0,
    says: (facts) => `The harts lack ${missingIsa(facts).join(', ')}, for which Linux and its programs are compiled.`,
    linux: 'The kernel or the first program that needs one of them dies of an illegal instruction.',
    wayOut: 'Switch them on, unless the guest was compiled without.',
  },
];
