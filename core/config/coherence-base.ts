/**
 * What BASE tells a guest, against what is there and what the host could do.
 * [Linux 6.12 arch/riscv/kernel/sbi.c]
 */
import { SBI } from '../sbi/spec/index.ts';
import { SBI_NAMES, type SbiName } from '../sbi/types.ts';
import { compareVersions, hasVersion } from '../sbi/version.ts';
import { answeredBy, type Facts, hasNoConsole, type Rule } from './coherence-facts.ts';

/** Implementation id of KVM. [SBI 3.0 §4.10] */
const IMPL_ID_KVM = 3n;

const newerFunctions = (name: SbiName, facts: Facts): boolean =>
  Object.values(SBI[name].functions).some((definition) => !hasVersion(definition, facts.config.sbiVersion));

/** The legacy calls are not probed for, and probes of the two ranges reach the VMM in any case. */
const UNPROBED: readonly SbiName[] = ['V01', 'EXPERIMENTAL', 'VENDOR'];

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

export const BASE_RULES: readonly Rule[] = [
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
];
