import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig, FIELDS, fitTo, moveTo, parseConfig, toFile, toLink } from './index.ts';
import { ISA_DEFAULT, ISA_OPTIONS } from './tables.ts';
import { anyConfig, opened, parsedIsa, problemsOf } from './testing.ts';

describe('another VMM', () => {
  it('is one field of a link, from which the modes follow; a link without it means that of Ecall', async () => {
    const { config } = moveTo(defaultConfig(), { interface: 'upstream', vmm: 'qemu' });
    expect(await toLink(config)).toBe('#2&i=u&u=qemu');
    expect(await opened('#2&i=u&u=qemu')).toEqual(config);
    expect((await opened('#2&i=u')).vmm).toBe('ecall');
    expect((await opened('#1&i=u')).vmm).toBe('ecall');
    expect(await problemsOf('#2&u=firecracker')).toMatchObject([{ field: 'vmm' }]);
  });

  it('has under Linux as it is the modes that the program gives a guest', () => {
    const modes = (host: string, vmm: Config['vmm'], ...names: (keyof Config['sbi'])[]) => {
      const { sbi } = moveTo(defaultConfig(), { interface: 'upstream', host, vmm }).config;
      return names.map((name) => sbi[name]).join(' ');
    };
    const names = ['TIME', 'DBCN', 'SUSP', 'FWFT', 'MPXY', 'EXPERIMENTAL'] as const;
    expect(modes('linux-7.2', 'ecall', ...names)).toBe('kvm vmm vmm off off vmm');
    expect(modes('linux-7.2', 'qemu', ...names)).toBe('kvm vmm off kvm off vmm');
    expect(modes('linux-7.2', 'kvmtool', ...names)).toBe('kvm vmm vmm kvm off vmm');
    expect(modes('linux-7.2', 'crosvm', ...names)).toBe('kvm off off kvm off vmm');
    expect(modes('linux-6.6', 'kvmtool', ...names)).toBe('kvm off off off off vmm');
    expect(modes('linux-7.2-nov01', 'qemu', 'V01')).toBe('off');
  });

  it.each([
    [{ vmm: 'qemu', sbi: { SUSP: 'vmm' } }, 'sbi.SUSP', 'QEMU does not serve SUSP and has no switch to enable it.'],
    [{ vmm: 'qemu', sbi: { TIME: 'off' } }, 'sbi.TIME', 'QEMU has no switch to turn TIME off.'],
    [{ vmm: 'crosvm', sbi: { DBCN: 'vmm' } }, 'sbi.DBCN', 'crosvm does not serve DBCN and has no switch to enable it.'],
    [{ vmm: 'kvmtool', sbi: { FWFT: 'off' } }, 'sbi.FWFT', 'kvmtool has no switch to turn FWFT off.'],
    [{ vmm: 'kvmtool', marchid: 0 }, 'marchid', 'kvmtool takes 0 for an id that was not given'],
    [{ vmm: 'crosvm', mimpid: 1 }, 'mimpid', 'crosvm has no option for machine ids'],
    [{ vmm: 'qemu', mvendorid: 2 ** 32 }, 'mvendorid', 'QEMU takes 32 bits of mvendorid.'],
  ])('refuses what the program cannot do, with the way out: %j', (data, field, words) => {
    const result = parseConfig({ interface: 'upstream', ...data });
    expect(result.ok ? [] : result.problems).toMatchObject([{ field, message: expect.stringContaining(words) }]);
    expect(result.ok ? '' : result.problems[0]?.hint).toContain('VMM');
    expect(parseConfig({ ...data, interface: 'upstream', vmm: 'ecall' }).ok).toBe(true);
  });

  it('may be handed what it does not serve by an interface that Linux does not have', () => {
    expect(parseConfig({ interface: 'userspace', vmm: 'qemu', sbi: { HSM: 'vmm', TIME: 'off' } }).ok).toBe(true);
    expect(parseConfig({ interface: 'accelerator', vmm: 'crosvm', sbi: { DBCN: 'vmm' } }).ok).toBe(true);
  });

  it('allows the machine ids that its options take', () => {
    expect(parseConfig({ interface: 'upstream', vmm: 'kvmtool', mvendorid: '0x489', sbi: { STA: 'off' } }).ok).toBe(
      true,
    );
    expect(parseConfig({ interface: 'upstream', vmm: 'qemu', mvendorid: '0xffffffff', marchid: 0 }).ok).toBe(true);
  });
});

describe('ISA extensions', () => {
  it('are off unless the default or the configuration names them', async () => {
    expect(ISA_OPTIONS.length).toBeGreaterThan(ISA_DEFAULT.length);
    expect(defaultConfig().isa).toEqual(ISA_DEFAULT);
    const { isa } = await opened('#2&e=_Zicond_Zbc-C');
    expect([...isa].sort()).toEqual([...ISA_DEFAULT.filter((name) => name !== 'C'), 'Zbc', 'Zicond'].sort());
  });

  it('are named by the groups that stand for several, too', async () => {
    expect((await opened('#2&e=_Zks')).isa).toEqual(
      parsedIsa([...ISA_DEFAULT, 'Zbkb', 'Zbkc', 'Zbkx', 'Zksed', 'Zksh']),
    );
    expect(parsedIsa(['B', 'Zkn', 'G'])).toEqual(
      parsedIsa([...'MAFD', 'Zicsr', 'Zifencei', 'Zba', 'Zbb', 'Zbs', 'Zbkb', 'Zbkc', 'Zbkx', 'Zkne', 'Zknd', 'Zknh']),
    );
  });

  it('cannot be parts, which follow from others', async () => {
    expect(ISA_OPTIONS.map(({ value }) => value).filter((name) => /[^A-Za-z0-9]/.test(name))).toEqual([]);
    expect((await problemsOf('#2&e=_Zcb-C'))[0]?.message).toBe('Zcb needs Zca.');
  });
});

describe('parseConfig', () => {
  it('takes what fitTo made legal, which fitTo then leaves alone', () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        expect(fitTo(config)).toEqual({ config, changes: [] });
      }),
    );
  });

  it('gives the default for an empty object', () => {
    expect(parseConfig({})).toEqual({ ok: true, config: defaultConfig() });
  });

  it('reads what toFile writes', () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        expect(parseConfig(JSON.parse(toFile(config)))).toEqual({ ok: true, config });
      }),
    );
  });

  it('accepts a configuration itself, as every message carries it', () => {
    fc.assert(
      fc.property(anyConfig, (config) => {
        expect(parseConfig(config)).toEqual({ ok: true, config });
      }),
    );
  });

  it('takes numbers of 64 bits as hexadecimal text, decimal text, number or bigint', () => {
    for (const mvendorid of ['0x489', '1161', 1161, 1161n]) {
      expect(parseConfig({ mvendorid })).toMatchObject({ ok: true, config: { mvendorid: 0x489n } });
    }
  });

  it('keeps the other modes when one extension is given', () => {
    const { sbi } = defaultConfig();
    expect(parseConfig({ sbi: { DBCN: 'off' } })).toMatchObject({ ok: true, config: { sbi: { ...sbi, DBCN: 'off' } } });
  });

  it('completes modes from the interface, host and VMM that are named', () => {
    const named = { interface: 'upstream', host: 'linux-6.6', vmm: 'kvmtool' } as const;
    const result = parseConfig({ sbi: { STA: 'off' }, ...named });
    expect(result.ok && result.config.sbi).toEqual(moveTo(defaultConfig(), named).config.sbi);
  });

  it('takes version, identity and modes of the host that is named', () => {
    const result = parseConfig({ interface: 'upstream', host: 'linux-6.12' });
    expect(result).toMatchObject({ ok: true, config: { sbiVersion: '2.0' } });
    expect(result.ok && fitTo(result.config).changes).toEqual([]);
  });

  it.each([
    [{ sbi: { NACL: 'vmm' } }, 'Choose off.'],
    [{ sbi: { SSE: 'kvm' } }, 'Choose vmm or off.'],
    [{ interface: 'upstream', sbi: { TIME: 'vmm' } }, 'Choose kvm or off, or another interface.'],
  ])('names as a way out of %j only what helps', (data, hint) => {
    const result = parseConfig(data);
    expect(result.ok ? [] : result.problems.map((problem) => problem.hint)).toEqual([hint]);
  });

  it('takes answers to probes as an object or as text, and writes them in the order of the extensions', async () => {
    const data = { sbi: { BASE: 'vmm' }, probes: { MPXY: '0xffffffffffffffff', TIME: 0 } };
    const parsed = parseConfig(data);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    expect(Object.entries(parsed.config.probes)).toEqual([
      ['TIME', 0n],
      ['MPXY', 2n ** 64n - 1n],
    ]);
    expect(parseConfig({ ...data, probes: ' MPXY=18446744073709551615, TIME=0x0 ' })).toEqual(parsed);
    expect(await toLink(parsed.config)).toBe('#2&s=bv&P=t0.mffffffffffffffff');
    expect(FIELDS.probes.toText?.(parsed.config.probes)).toBe('TIME=0x0 MPXY=0xffffffffffffffff');
  });

  it('takes the example that the hint of answers to probes gives', () => {
    const [, example] = /such as (.*);/.exec(FIELDS.probes.allowed) ?? [];
    const result = parseConfig({ sbi: { BASE: 'vmm' }, probes: example });
    expect(result.ok && FIELDS.probes.toText?.(result.config.probes)).toBe('DBCN=0x0 SUSP=0x1');
  });

  it.each([
    [{ probes: { HSM: 1 } }, 'probes.HSM', 'KVM answers BASE, and with it the probe', 'let the VMM answer BASE.'],
    [{ probes: 'HSM=1', interface: 'upstream' }, 'probes.HSM', 'KVM answers BASE', 'take another interface and let'],
    [{ probes: { TIME: 1 }, sbi: { BASE: 'off' } }, 'probes.TIME', 'Nobody answers BASE', 'let the VMM answer BASE.'],
    [{ probes: { VENDOR: 1 }, sbi: { VENDOR: 'off' } }, 'probes.VENDOR', 'absent while it is off', 'let the VMM'],
    [{ probes: 'HSM=1 HSM=2' }, 'probes', 'is not a list of name=number', 'HSM'],
    [{ probes: 'HSM=1=2' }, 'probes', 'is not a list of name=number', 'HSM'],
    [{ probes: 'hsm=1' }, 'probes.hsm', 'is not known', 'HSM'],
    [{ probes: { HSM: -1 } }, 'probes.HSM', 'does not fit in 64 bits', 'HSM'],
    [{ probes: { HSM: '0x10000000000000000' } }, 'probes.HSM', 'does not fit in 64 bits', 'HSM'],
    [{ probes: [1] }, 'probes', 'a list where numbers by name are expected', 'HSM'],
    [{ probes: 5 }, 'probes', 'is not a list of numbers by name', 'HSM'],
  ])('refuses the answers to probes %j with the field, the reason and the way out', (data, field, reason, hint) => {
    const result = parseConfig(data);
    if (result.ok) throw new Error('it was taken');
    expect(result.problems).toEqual([
      { field, message: expect.stringContaining(reason), hint: expect.stringContaining(hint) },
    ]);
  });

  it.each(['upstream', 'userspace', 'accelerator'] as const)(
    'takes an answer for the ids that Linux probes in user space, whoever answers BASE: %s',
    (kvm) => expect(parseConfig({ interface: kvm, probes: { EXPERIMENTAL: 1, VENDOR: 0 } }).ok).toBe(true),
  );

  it('names every wrong field at once', () => {
    const result = parseConfig({
      harts: 0,
      memory: 'much',
      sbi: { TIME: 'maybe', NOPE: 'kvm' },
      cost: 1,
      costs: { trapNs: -1 },
    });
    expect(result.ok ? [] : result.problems.map((problem) => problem.field)).toEqual([
      'sbi.TIME',
      'sbi.NOPE',
      'harts',
      'memory',
      'costs.trapNs',
      'cost',
    ]);
  });

  it.each([
    null,
    7,
    'x',
    [],
    { version: 3 },
    { version: '1' },
    { costs: 3 },
    { sbi: [] },
    { sbi: null },
    { isa: 'C' },
    { guest: {} },
  ])('refuses %j with a message and a hint', (data) => {
    const result = parseConfig(data);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.problems[0]?.hint).not.toBe('');
  });
});
