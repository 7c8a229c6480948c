import { describe, expect, it } from 'vitest';
import { EXAMPLES as CATALOGUE } from '../guests/catalogue.ts';
import { tryThisOf } from '../guests/lessons.ts';
import { systemById } from '../guests/systems.ts';
import {
  type Config,
  defaultConfig,
  fitTo,
  HOSTS,
  INTERFACES,
  moveTo,
  parseConfig,
  withExample,
  withField,
  withPatch,
  withSystem,
} from './index.ts';
import { ISA_OPTIONS } from './tables.ts';

describe('fitTo', () => {
  it('makes legal what the interface does not allow, keeps the rest and says what changed', () => {
    const free: Config = {
      ...defaultConfig(),
      sbiVersion: '1.0',
      harts: 3,
      sbi: { ...defaultConfig().sbi, TIME: 'vmm', HSM: 'off' },
    };
    const { config, changes } = fitTo({ ...free, interface: 'upstream' });
    expect(parseConfig(config)).toEqual({ ok: true, config });
    expect(config).toMatchObject({ harts: 3, sbiVersion: '3.0', sbi: { TIME: 'kvm', HSM: 'off' } });
    expect(changes.map((change) => [change.field, change.from, change.to])).toEqual([
      ['sbi.TIME', 'vmm', 'kvm'],
      ['sbiVersion', '1.0', '3.0'],
    ]);
  });

  it('takes answers to probes away where the VMM no longer gives them', () => {
    const sbi = { ...defaultConfig().sbi, BASE: 'vmm' } as const;
    const free: Config = { ...defaultConfig(), interface: 'userspace', sbi, probes: { HSM: 0n, VENDOR: 7n } };
    expect(fitTo(free)).toEqual({ config: free, changes: [] });
    const { config, changes } = moveTo(free, { interface: 'upstream' });
    expect(config.probes).toEqual({ VENDOR: 7n });
    expect(changes.map((change) => [change.field, change.from, change.to])).toEqual([
      ['sbi.BASE', 'vmm', 'kvm'],
      ['probes.HSM', '0x0', 'the truth'],
    ]);
  });

  it('is demanded by the parser, which names the field and the reason', () => {
    const result = parseConfig({ interface: 'upstream', sbi: { TIME: 'vmm' }, implId: 7 });
    expect(result.ok ? [] : result.problems.map((problem) => problem.field)).toEqual(['sbi.TIME', 'implId']);
  });
});

describe('a system', () => {
  const linux = systemById('linux')!;

  it('brings its boot arguments and the ISA of its programs, and leaves the rest', () => {
    const config = withSystem({ ...defaultConfig(), harts: 3, mimpid: 7n }, 'linux')!;
    expect(parseConfig(config)).toEqual({ ok: true, config });
    expect(config).toMatchObject({ harts: 3, mimpid: 7n, bootargs: linux.bootargs, guest: { kind: 'system' } });
    const known = linux.isa.filter((name) => ISA_OPTIONS.some(({ value }) => value === name));
    expect(config.isa).toEqual(expect.arrayContaining(known));
  });

  it('keeps boot arguments that were chosen, and takes its own away again', () => {
    const chosen = { ...defaultConfig(), bootargs: 'quiet' };
    expect(withSystem(chosen, 'linux')?.bootargs).toBe('quiet');
    const back = withExample(withSystem(defaultConfig(), 'linux')!, 'hello')!.config;
    expect(back.bootargs).toBe('');
    expect(withExample(withSystem(chosen, 'linux')!, 'hello')!.config.bootargs).toBe('quiet');
  });

  it('is none when there is none of this id', () => {
    expect(withSystem(defaultConfig(), 'nope')).toBeNull();
  });
});

describe('examples', () => {
  const patches = CATALOGUE.flatMap((example) => [
    [example.id, 'itself', example.config ?? {}] as const,
    ...tryThisOf(example.id).map((hint) => [example.id, hint.text, hint.patch ?? {}] as const),
  ]);
  it.each(patches)('%s: %s fits the default without a change that was not asked for', (id, _text, patch) => {
    const chosen = withExample(defaultConfig(), id);
    const { config, changes } = withPatch(chosen?.config ?? defaultConfig(), patch);
    expect(changes).toEqual([]);
    const { with: more = [], without = [], ...wanted } = patch;
    expect(config).toMatchObject(wanted);
    expect(config.isa).toEqual(expect.arrayContaining([...more]));
    expect(config.isa.filter((name) => without.includes(name))).toEqual([]);
    expect(parseConfig(config)).toEqual({ ok: true, config });
  });

  it('are legal on every interface and host once fitted', () => {
    for (const kvm of INTERFACES) {
      for (const { value: host } of HOSTS) {
        const start = moveTo(defaultConfig(), { interface: kvm, host }).config;
        for (const { id } of CATALOGUE) {
          const config = withExample(start, id)?.config;
          expect(parseConfig(config)).toEqual({ ok: true, config });
        }
      }
    }
  });
});

describe('moveTo', () => {
  it('takes along the version and identity of the new host, but not what the user chose', () => {
    const moved = moveTo({ ...defaultConfig(), mvendorid: 7n }, { host: 'linux-6.12' }).config;
    expect(moved).toMatchObject({ sbiVersion: '2.0', implVersion: 0x060c6bn, mvendorid: 7n });
  });

  it('there and back again gives the same configuration', () => {
    const there = moveTo(defaultConfig(), { interface: 'upstream', host: 'linux-6.12' }).config;
    expect(moveTo(there, { interface: 'accelerator', host: defaultConfig().host }).config).toEqual(defaultConfig());
  });
});

describe('the machine of the host', () => {
  const ids = { mvendorid: 0x489n, marchid: 5n, mimpid: 6n };
  const hardware = { ...defaultConfig().hardware, ...ids };

  it('gives a guest its ids, unless others were chosen', () => {
    expect(moveTo(defaultConfig(), { hardware }).config).toMatchObject({ ...ids, hardware });
    const chosen = { ...defaultConfig(), marchid: 7n };
    expect(moveTo(chosen, { hardware }).config).toMatchObject({ ...ids, marchid: 7n });
  });

  it('is all that a guest can see of ids before Linux 6.2', () => {
    const old = moveTo(defaultConfig(), { interface: 'upstream', host: 'linux-6.1', hardware }).config;
    expect(old).toMatchObject(ids);
    const { mvendorid } = defaultConfig();
    expect(parseConfig({ ...old, mvendorid })).toMatchObject({ ok: false, problems: [{ field: 'mvendorid' }] });
  });

  it('cannot leave misaligned accesses to a Linux that does not ask for them', () => {
    const delegated = { ...defaultConfig().hardware, misaligned: 'delegated' } as const;
    const at = (host: string) => moveTo({ ...defaultConfig(), hardware: delegated }, { host });
    expect(at('linux-6.16').config.hardware.misaligned).toBe('delegated');
    const { config, changes } = at('linux-6.15');
    expect(config.hardware.misaligned).toBe('firmware');
    expect(changes).toMatchObject([{ field: 'hardware.misaligned', from: 'delegated', to: 'firmware' }]);
    expect(parseConfig({ ...config, hardware: delegated })).toMatchObject({
      ok: false,
      problems: [{ field: 'hardware.misaligned', hint: 'Choose hart or firmware, or a newer host.' }],
    });
  });

  it('is changed by a field, which takes along what follows from it', () => {
    const changed = withField(defaultConfig(), 'hardware.mvendorid', '0x489');
    expect(changed).toMatchObject({ ok: true, config: { mvendorid: 0x489n, hardware: { mvendorid: 0x489n } } });
    const aia = withField(defaultConfig(), 'hardware.aia', 'on');
    expect(aia).toMatchObject({ ok: true, config: { hardware: { aia: 'on' } } });
    expect(withField(defaultConfig(), 'hardware.aia', 'perhaps')).toMatchObject({
      ok: false,
      problems: [{ field: 'hardware.aia', hint: 'One of off, on.' }],
    });
  });
});

describe('counters', () => {
  it('need harts with Sscofpmf where Linux is as it is', () => {
    const upstream = moveTo(defaultConfig(), { interface: 'upstream' }).config;
    const wanted = { ...upstream, sbi: { ...upstream.sbi, PMU: 'kvm' as const } };
    expect(parseConfig(wanted)).toMatchObject({
      ok: false,
      problems: [{ field: 'sbi.PMU', message: expect.stringContaining('Sscofpmf') }],
    });
    expect(fitTo(wanted).changes).toMatchObject([{ field: 'sbi.PMU', from: 'kvm', to: 'off' }]);
    const able = { ...wanted, isa: [...wanted.isa, 'Zihpm', 'Sscofpmf'] };
    expect(parseConfig(able)).toMatchObject({ ok: true });
    expect(parseConfig({ ...wanted, interface: 'accelerator' })).toMatchObject({ ok: true });
  });
});
