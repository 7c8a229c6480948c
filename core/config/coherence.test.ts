import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../guests/catalogue.ts';
import { tryThisOf } from '../guests/lessons.ts';
import { SYSTEMS } from '../guests/systems.ts';
import { ALL_RULES as COHERENCE_RULES, coherenceOf } from './coherence.ts';
import { FIELD_NAMES } from './fields.ts';
import {
  type Config,
  defaultConfig,
  HOSTS,
  INTERFACES,
  moveTo,
  parseConfig,
  withExample,
  withPatch,
  withSystem,
} from './index.ts';
import { ISA_OPTIONS } from './tables.ts';

type Patch = Omit<Partial<Config>, 'sbi'> & { readonly sbi?: Partial<Config['sbi']> };

function changed(config: Config, { sbi, ...rest }: Patch): Config {
  return { ...config, ...rest, sbi: { ...config.sbi, ...sbi } };
}

const isa = (without: readonly string[], more: readonly string[] = []): readonly string[] =>
  ISA_OPTIONS.map(({ value }) => value).filter(
    (name) => (defaultConfig().isa.includes(name) && !without.includes(name)) || more.includes(name),
  );

const idsOf = (config: Config): readonly string[] => coherenceOf(config).map(({ id }) => id);

const on = (kvm: Config['interface'], host = 'linux-7.2'): Config =>
  moveTo(defaultConfig(), { interface: kvm, host }).config;
const under = (vmm: Config['vmm'], kvm: Config['interface']): Config => moveTo(on(kvm), { vmm }).config;
const { hardware } = defaultConfig();
/** With what it leaves of the modes. */
const crosvm: Patch = { vmm: 'crosvm', sbi: { DBCN: 'off', SUSP: 'off', FWFT: 'kvm' } };
const linux = withSystem(defaultConfig(), 'linux') ?? defaultConfig();

/** For each rule a configuration that it is about, what is wrong with it, and what repairs that. */
const CASES: readonly (readonly [id: string, base: Config, wrong: Patch, repair: Patch])[] = [
  ['base-missing', defaultConfig(), { sbi: { BASE: 'off' } }, { sbi: { BASE: 'kvm' } }],
  ['newer-than-version', on('accelerator'), { sbiVersion: '2.0', sbi: { FWFT: 'kvm' } }, { sbiVersion: '3.0' }],
  ['version-promises-more', defaultConfig(), { sbi: { IPI: 'off' } }, { sbi: { IPI: 'kvm' } }],
  [
    'version-not-enforced',
    on('userspace'),
    { sbiVersion: '2.0', sbi: { BASE: 'vmm', FWFT: 'kvm' } },
    { sbiVersion: '3.0' },
  ],
  ['version-beyond-host', on('accelerator', 'linux-6.12'), { sbiVersion: '3.0' }, { host: 'linux-6.18' }],
  ['newer-than-host', on('accelerator', 'linux-6.12'), { sbi: { FWFT: 'kvm' } }, { sbi: { FWFT: 'off' } }],
  ['probe-denies', on('userspace'), { sbi: { HSM: 'vmm' } }, { sbi: { BASE: 'vmm' } }],
  ['base-apart', on('userspace'), { sbi: { BASE: 'vmm' } }, { sbi: { BASE: 'kvm' } }],
  ['probe-answer', on('userspace'), { probes: { HSM: 0n }, sbi: { BASE: 'vmm' } }, { probes: { HSM: 5n } }],
  ['implementation-id', defaultConfig(), { implId: 1n }, { implId: 3n }],
  ['implementation-version', defaultConfig(), { implVersion: 1n }, { implVersion: defaultConfig().implVersion }],
  ['hsm-missing', defaultConfig(), { harts: 4, sbi: { HSM: 'off' } }, { sbi: { HSM: 'vmm' } }],
  ['ipi-missing', defaultConfig(), { harts: 2, sbi: { IPI: 'off' } }, { harts: 1 }],
  ['rfence-missing', defaultConfig(), { harts: 2, sbi: { RFENCE: 'off' } }, { sbi: { RFENCE: 'kvm' } }],
  ['vmm-without-ioctl', on('userspace'), { harts: 2, sbi: { RFENCE: 'vmm' } }, { interface: 'accelerator' }],
  ['timer-missing', defaultConfig(), { isa: isa(['Sstc']), sbi: { TIME: 'off' } }, { isa: isa([]) }],
  ['timer-exits', defaultConfig(), { isa: isa(['Sstc']), sbi: { TIME: 'vmm' } }, { sbi: { TIME: 'kvm' } }],
  ['console-missing', linux, { sbi: { DBCN: 'off' } }, { bootargs: 'console=ttyS0' }],
  ['power-off-missing', defaultConfig(), { sbi: { SRST: 'off' } }, { sbi: { SRST: 'kvm' } }],
  ['suspend-without-hsm', defaultConfig(), { harts: 2, sbi: { HSM: 'off' } }, { sbi: { SUSP: 'off' } }],
  ['events-without-hsm', on('userspace'), { harts: 2, sbi: { SSE: 'vmm' } }, { sbi: { HSM: 'vmm' } }],
  ['counters-without-overflow', defaultConfig(), { sbi: { PMU: 'kvm' } }, { isa: isa([], ['Sscofpmf']) }],
  [
    'overflow-without-aia',
    defaultConfig(),
    { isa: isa([], ['Sscofpmf']) },
    { hardware: { ...defaultConfig().hardware, aia: 'on' } },
  ],
  ['counters-without-ioctl', on('userspace'), { sbi: { PMU: 'vmm' } }, { interface: 'accelerator' }],
  ['features-without-register', on('userspace'), { sbi: { FWFT: 'vmm' } }, { sbi: { FWFT: 'kvm' } }],
  ['resets-unseen', on('userspace'), { harts: 2, sbi: { STA: 'vmm' } }, { sbi: { HSM: 'vmm' } }],
  ['steal-unseen', defaultConfig(), { neighbours: 1, sbi: { STA: 'off' } }, { sbi: { STA: 'kvm' } }],
  ['steal-late', defaultConfig(), { neighbours: 1, sbi: { STA: 'vmm' } }, { sbi: { STA: 'kvm' } }],
  ['memory-too-small', linux, { memory: 16 }, { memory: 32 }],
  ['isa-too-small', linux, { isa: isa(['F', 'D', 'Zcd']) }, { isa: linux.isa }],
  ['vmm-has-no-code', under('qemu', 'userspace'), { sbi: { HSM: 'vmm' } }, { sbi: { HSM: 'kvm' } }],
  ['vmm-gets-unknown', on('userspace'), { vmm: 'kvmtool' }, { vmm: 'ecall' }],
  ['vmm-does-not-start', on('upstream', 'linux-7.2-nov01'), crosvm, { hardware: { ...hardware, aia: 'on' } }],
  ['vmm-cannot-end', on('upstream'), { ...crosvm, vmm: 'cloud-hypervisor' }, { vmm: 'qemu' }],
  ['vmm-cannot-switch-off', under('qemu', 'upstream'), { isa: isa([], ['Sscofpmf']) }, { sbi: { PMU: 'kvm' } }],
];

describe('coherenceOf', () => {
  it.each(CASES)('warns of %s, and no longer once it is repaired', (id, base, wrong, repair) => {
    const config = changed(base, wrong);
    expect(idsOf(base)).not.toContain(id);
    expect(parseConfig(config)).toEqual({ ok: true, config });
    expect(idsOf(config)).toContain(id);
    expect(idsOf(changed(config, repair))).not.toContain(id);
  });

  it('has a case for every rule, once each', () => {
    expect(CASES.map(([id]) => id)).toEqual(COHERENCE_RULES.map(({ id }) => id));
  });

  it('names fields that exist, and says in sentences what is wrong, what Linux does and the way out', () => {
    for (const [, base, wrong] of CASES) {
      for (const { fields, says, linux, wayOut } of coherenceOf(changed(base, wrong))) {
        const names: readonly string[] = FIELD_NAMES;
        expect(fields.filter((field) => !names.includes(field.replace(/^sbi\.[A-Z0-9]+$/, 'sbi')))).toEqual([]);
        for (const sentence of [says, linux, wayOut]) expect(sentence).toMatch(/^\S.*\.$/);
        expect([says, linux, wayOut].join()).not.toContain('undefined');
      }
    }
  });

  it('names the extensions that are concerned, in the sentence and among the fields', () => {
    const [warning] = coherenceOf(changed(defaultConfig(), { sbiVersion: '1.0' }));
    expect(warning).toMatchObject({
      fields: ['sbiVersion', 'sbi.DBCN', 'sbi.SUSP', 'sbi.STA'],
      says: 'SBI 1.0 is reported, but DBCN, SUSP, STA came later.',
    });
  });

  it('names every extension of which the VMM keeps something for a hart, where KVM resets harts unseen', () => {
    const kept = { PMU: 'vmm', CPPC: 'vmm', STA: 'vmm', FWFT: 'vmm', DBTR: 'vmm', MPXY: 'vmm' } as const;
    const warning = (base: Config) =>
      coherenceOf(changed(base, { harts: 2, sbi: kept })).find(({ id }) => id === 'resets-unseen');
    const says =
      'The VMM answers PMU, CPPC, STA, FWFT, DBTR, MPXY, but KVM stops and starts harts and does not tell it.';
    expect(warning(on('userspace'))).toMatchObject({ says });
    expect(warning(on('accelerator'))).toBeUndefined();
  });

  it('warns of several contradictions at once', () => {
    const config = changed(defaultConfig(), { harts: 4, isa: isa(['Sstc']), sbi: { TIME: 'off', HSM: 'off' } });
    expect(idsOf(config)).toEqual(['hsm-missing', 'timer-missing', 'suspend-without-hsm']);
  });

  it('takes what stands for an ISA extension as that extension', () => {
    expect(
      idsOf({ ...linux, isa: [...linux.isa].filter((name) => !['Zaamo', 'Zalrsc', 'Zca', 'Zcd'].includes(name)) }),
    ).toEqual([]);
  });

  it('expects nothing of the harts for a program, and RV64GC for an image', () => {
    const plain = { ...defaultConfig(), isa: isa(['F', 'D', 'Zcd']) };
    expect(idsOf(plain)).toEqual([]);
    expect(idsOf({ ...plain, guest: { kind: 'image', name: 'Image' } })).toEqual(['isa-too-small']);
  });
});

describe('what is offered ready-made', () => {
  it('agrees with itself on the default machine of every interface since Linux 6.14', () => {
    const hosts = HOSTS.map(({ value }) => value).filter((host) => /^linux-(7|6\.1[4-9])/.test(host));
    expect(hosts.length).toBeGreaterThan(10);
    for (const kvm of INTERFACES)
      for (const host of hosts) expect([kvm, host, ...idsOf(on(kvm, host))]).toEqual([kvm, host]);
  });

  it('agrees with itself on Linux as it is, except where the release lacks what a guest wants', () => {
    const found = HOSTS.flatMap(({ value }) => {
      const ids = idsOf(on('upstream', value));
      return ids.length === 0 ? [] : [`${value}: ${ids.join(' ')}`];
    });
    const silent = ['6.6', '6.5', '6.4', '6.3', '6.2', '6.1', '6.0', '5.19', '5.18'];
    expect(found).toEqual([
      'linux-5.17: power-off-missing',
      ...silent.map((release) => `linux-${release}-nov01: console-missing`),
      'linux-5.17-nov01: console-missing power-off-missing',
    ]);
  });

  it('agrees with itself under QEMU and kvmtool on Linux as it is, where they have a console', () => {
    for (const vmm of ['qemu', 'kvmtool'] as const) expect([vmm, ...idsOf(under(vmm, 'upstream'))]).toEqual([vmm]);
  });

  it('names the console of the legacy calls as what a VMM without code for SBI gets', () => {
    const [warning] = coherenceOf(under('crosvm', 'upstream')).filter(({ id }) => id === 'vmm-has-no-code');
    expect(warning?.fields).toEqual(['vmm', 'sbi.V01']);
  });

  it('has one example that contradicts itself, on purpose, and no such system', () => {
    const examples = EXAMPLES.map(({ id }) => [id, idsOf(withExample(defaultConfig(), id)?.config ?? defaultConfig())]);
    expect(examples.filter(([, ids]) => ids?.length !== 0)).toEqual([['too-new', ['newer-than-version']]]);
    for (const { id } of SYSTEMS) expect(idsOf(withSystem(defaultConfig(), id) ?? defaultConfig())).toEqual([]);
  });

  it.each([
    ['smp', 2, ['probe-denies', 'vmm-without-ioctl']],
    ['probe', 2, ['base-apart']],
    ['putchar', 1, ['base-missing', 'newer-than-version', 'power-off-missing']],
    ['timer', 2, ['version-promises-more']],
    ['too-new', 1, ['version-promises-more']],
  ] as const)('says what the experiment of %s contradicts', (id, at, ids) => {
    const example = EXAMPLES.find((found) => found.id === id);
    const config = withExample(defaultConfig(), id)?.config ?? defaultConfig();
    expect(idsOf(withPatch(config, tryThisOf(example?.id ?? '')[at]?.patch ?? {}).config)).toEqual(ids);
  });
});
