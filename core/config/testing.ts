/** Configurations for tests. */
import fc from 'fast-check';
import { MODES, SBI_NAMES, SBI_VERSIONS } from '../sbi/types.ts';
import { VMM_NAMES } from '../vmm/profiles/index.ts';
import { type Config, fitTo, fromLink, HOSTS, INTERFACES, parseConfig } from './index.ts';
import { EXAMPLES, ISA_DEFAULT, SATP_MODES, SYSTEMS } from './tables.ts';

const u64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });
const text = (maxLength: number) => fc.string({ unit: 'grapheme', maxLength: maxLength / 8 });
/** Any legal configuration. */
export const anyConfig: fc.Arbitrary<Config> = fc
  .record({
    interface: fc.constantFrom(...INTERFACES),
    host: fc.constantFrom(...HOSTS.map((host) => host.value)),
    hardware: fc.record({
      aia: fc.constantFrom('off' as const, 'on' as const),
      satpMode: fc.constantFrom(...SATP_MODES),
      misaligned: fc.constantFrom('hart' as const, 'firmware' as const, 'delegated' as const),
      mvendorid: u64,
      marchid: u64,
      mimpid: u64,
    }),
    vmm: fc.constantFrom(...VMM_NAMES),
    sbiVersion: fc.constantFrom(...SBI_VERSIONS),
    implId: u64,
    implVersion: u64,
    mvendorid: u64,
    marchid: u64,
    mimpid: u64,
    sbi: fc.record(Object.fromEntries(SBI_NAMES.map((name) => [name, fc.constantFrom(...MODES)]))) as fc.Arbitrary<
      Config['sbi']
    >,
    probes: fc.dictionary(fc.constantFrom(...SBI_NAMES), u64) as fc.Arbitrary<Config['probes']>,
    harts: fc.integer({ min: 1, max: 8 }),
    memory: fc.integer({ min: 16, max: 1024 }),
    isa: fc.constantFrom(
      ISA_DEFAULT,
      ISA_DEFAULT.filter((name) => name !== 'C'),
    ),
    costs: fc.record({
      instructionsPerTick: fc.integer({ min: 1, max: 10_000 }),
      trapNs: fc.integer({ min: 0, max: 1_000_000_000 }),
      exitNs: fc.integer({ min: 0, max: 1_000_000_000 }),
    }),
    neighbours: fc.integer({ min: 0, max: 7 }),
    guest: fc.oneof(
      fc.record({
        kind: fc.constant('example' as const),
        id: fc.constantFrom(...EXAMPLES.map((example) => example.value)),
      }),
      fc.record({ kind: fc.constant('source' as const), text: text(4096) }),
      fc.record({
        kind: fc.constant('system' as const),
        id: fc.constantFrom(...SYSTEMS.map((system) => system.value)),
      }),
      fc.record({ kind: fc.constant('image' as const), name: text(200).filter((name) => name.length > 0) }),
    ),
    input: text(512),
    bootargs: text(512),
  })
  .map((config) => fitTo(config).config);

/** What a link opens. Throws when it is refused. */
export async function opened(link: string): Promise<Config> {
  const result = await fromLink(link);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

/** Why a link is refused. Throws when it is not. */
export async function problemsOf(link: string) {
  const result = await fromLink(link);
  if (result.ok) throw new Error(`${link} opened`);
  return result.problems;
}

/** The extensions that a choice makes; none when it is refused. */
export function parsedIsa(isa: readonly string[]): readonly string[] {
  const parsed = parseConfig({ isa });
  return parsed.ok ? parsed.config.isa : [];
}
