import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig, FIELDS, fromLink, parseConfig, toLink } from './index.ts';
import { anyConfig, opened, parsedIsa, problemsOf } from './testing.ts';
import { CONFIG_VERSION } from './version.ts';

describe('links', () => {
  it('open to the configuration that they were made of', async () => {
    await fc.assert(
      fc.asyncProperty(anyConfig, async (config) => {
        expect(await opened(await toLink(config))).toEqual(config);
      }),
      { numRuns: 300 },
    );
  });

  it('hold nothing for the default', async () => {
    expect(await toLink(defaultConfig())).toBe('#2');
    for (const empty of ['', '#', 'https://example.org/ecall/', 'https://example.org/ecall/#']) {
      expect(await opened(empty)).toEqual(defaultConfig());
    }
  });

  it('take at most 120 characters for a typical configuration without source', async () => {
    const config: Config = {
      ...defaultConfig(),
      sbiVersion: '2.0',
      mvendorid: 0x489n,
      marchid: 0x8000_0000_0000_0007n,
      mimpid: 0x4210427n,
      harts: 4,
      memory: 256,
      sbi: { ...defaultConfig().sbi, DBCN: 'kvm', TIME: 'vmm', SRST: 'vmm', STA: 'off' },
      guest: { kind: 'example', id: 'probe' },
    };
    const link = await toLink(config);
    expect(link.length).toBeLessThanOrEqual(120);
    expect(await opened(`https://example.org/ecall/${link}`)).toEqual(config);
  });

  it('name the machine of the host in keys of their own, from which the ids of a guest follow', async () => {
    const config = await opened('#2&ha=on&hs=sv39&hv=489');
    const hardware = { ...defaultConfig().hardware, aia: 'on', satpMode: 'sv39', mvendorid: 0x489n };
    expect(config).toEqual({ ...defaultConfig(), mvendorid: 0x489n, hardware });
    expect(await toLink(config)).toBe('#2&ha=on&hs=sv39&hv=489');
    expect(await problemsOf('#2&hs=sv32')).toMatchObject([{ field: 'hardware.satpMode' }]);
  });

  it('hold only characters that a fragment may have', async () => {
    await fc.assert(
      fc.asyncProperty(anyConfig, async (config) => {
        expect(await toLink(config)).toMatch(/^#[A-Za-z0-9\-._~!$&'()*+,;=:@/?%]*$/);
      }),
    );
  });

  it('never throw, whatever they hold', async () => {
    const keys = Object.values(FIELDS).map((field) => field.key);
    const part = fc
      .tuple(fc.constantFrom(...keys, 'zz'), fc.constantFrom('=', '', '=='), fc.string())
      .map((p) => p.join(''));
    const link = fc.oneof(
      fc.string(),
      fc.array(part).map((parts) => `#2&${parts.join('&')}`),
    );
    await fc.assert(
      fc.asyncProperty(link, async (fragment) => {
        const result = await fromLink(fragment);
        if (!result.ok)
          expect(result.problems.every((problem) => problem.message !== '' && problem.hint !== '')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['#x', 'link', 'version'],
    ['#0&n=2', 'link', 'version'],
    ['#99&n=2', 'link', 'version 99'],
    ['#1&n=9', 'harts', '9'],
    ['#1&e=Nope', 'isa', 'changes'],
    ['#1&e=-Nope', 'isa', 'Nope'],
    ['#2&n=9', 'harts', '9'],
    ['#2&n=two', 'harts', 'two'],
    ['#2&n=2&n=3', 'harts', 'twice'],
    ['#2&n', 'harts', 'no value'],
    ['#2&q=2', 'link', 'unknown field'],
    ['#2&m=8', 'memory', '8'],
    ['#2&d=10000000000000000', 'mvendorid', '64 bits'],
    ['#2&d=xyz', 'mvendorid', 'xyz'],
    ['#2&i=z', 'interface', 'z'],
    ['#2&o=linux-2.4', 'host', 'linux-2.4'],
    ['#2&V=4.0', 'sbiVersion', '4.0'],
    ['#2&s=?k', 'sbi', '?k'],
    ['#2&s=d', 'sbi', 'd'],
    ['#2&e=_Nope', 'isa', 'Nope'],
    ['#2&e=-Nope', 'isa', 'Nope'],
    ['#2&e=Nope', 'isa', 'changes'],
    ['#2&g=nope', 'guest', 'nope'],
    ['#2&g=:nope', 'guest', 'no system'],
    ['#2&g=~!!', 'guest', 'damaged'],
    ['#2&g=~AAAA', 'guest', 'damaged'],
    ['#2&g=@%zz', 'guest', 'percent'],
    ['#2&k=%ff', 'input', 'percent'],
  ])('%s is refused with the name of the field %s', async (link, field, word) => {
    const [problem] = await problemsOf(link);
    expect(problem?.field.split('.')[0]).toBe(field);
    expect(problem?.message).toContain(word);
  });

  it('refuse source that unpacks to more than the limit', async () => {
    const config: Config = { ...defaultConfig(), guest: { kind: 'source', text: 'a'.repeat(10_000_000) } };
    const link = await toLink(config);
    expect(link.length).toBeLessThan(20_000);
    const [problem] = await problemsOf(link);
    expect(problem).toMatchObject({ field: 'guest', message: expect.stringContaining('longer than') });
  });
});

interface Released {
  readonly version: number;
  readonly default: Record<string, unknown> & { readonly sbi: Record<string, string> };
  readonly links: readonly {
    readonly name: string;
    readonly link: string;
    readonly changes: { sbi?: Record<string, string> };
  }[];
}
/** One for each version: never edited. */
const RELEASED = ['urls.json', 'urls-2.json'].map((file) => {
  const text = readFileSync(new URL(`../../e2e/fixtures/${file}`, import.meta.url), 'utf8');
  return JSON.parse(text) as Released;
});

describe.each(RELEASED)('released links of version $version', ({ version, default: initial, links }) => {
  it('mean what they meant: the default', async () => {
    const expected = parseConfig({ version, ...initial });
    expect(await fromLink(`#${version}`)).toEqual(expected);
    expect(expected.ok).toBe(true);
    if (version === CONFIG_VERSION) expect(expected).toEqual({ ok: true, config: defaultConfig() });
  });

  it.each(links)('mean what they meant: $name', async ({ link, changes }) => {
    const sbi = { ...initial.sbi, ...changes.sbi };
    const expected = parseConfig({ version, ...initial, ...changes, sbi });
    expect(await fromLink(link)).toEqual(expected);
    expect(expected.ok).toBe(true);
  });
});

describe('what version 1 left out', () => {
  const before = ['M', 'A', 'C', 'Zicntr', 'Zicsr', 'Zifencei', 'Zihintpause', 'Sstc'];

  it('is the extensions that were the default then, in links and files', async () => {
    expect((await opened('#1&n=2')).isa).toEqual(before);
    expect(parseConfig({ version: 1 })).toMatchObject({ ok: true, config: { isa: before } });
    expect(parseConfig({ version: 1, isa: ['C'] })).toMatchObject({ ok: true, config: { isa: ['C'] } });
  });

  it('is added to what a link changed', async () => {
    expect((await opened('#1&e=_Zbb_Zbc-C')).isa).toEqual(
      parsedIsa([...before.filter((name) => name !== 'C'), 'Zbb', 'Zbc']),
    );
    expect((await opened('#1&e=_Zbkb')).isa).toEqual(parsedIsa([...before, 'Zbkb']));
    expect((await opened('#1&e=_F_D')).isa).toEqual(parsedIsa([...before, 'F', 'D']));
  });
});
