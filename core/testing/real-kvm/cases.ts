/** What is run on the real KVM and on ours: configurations with their guests. */
import { type Config, defaultConfig, type Fitted, hostOf, moveTo, withExample, withPatch } from '../../config/index.ts';
import { EXAMPLES, type ExamplePatch } from '../../guests/catalogue.ts';
import { prepareGuest } from '../../machine/index.ts';
import { SBI_NAMES, type SbiName } from '../../sbi/types.ts';
import { casesOfAbsence, casesOfPresence } from '../conformance/automatic.ts';
import { CONFORMANCE } from '../conformance/cases/index.ts';
import { ECALL_GUEST } from '../conformance/ecall.ts';
import { guestOf } from '../conformance/guest.ts';
import { HARTS, RAM_MIB, TYPED } from '../conformance/layout.ts';
import { isAlone } from '../conformance/run.ts';
import type { Case, ExtensionCases, GuestSettings } from '../conformance/types.ts';

export interface RealCase {
  /** What is exported; it may ask for more than Linux can do. */
  readonly config: Config;
  /** ELF file or flat binary. */
  readonly image: Uint8Array;
}

/** A conformance guest, and the cases that it has. */
export interface ConformanceGuest extends RealCase {
  /** The same guest, less patient: for our machine, where time is virtual. */
  readonly ownImage: Uint8Array;
  readonly extension: ExtensionCases;
  readonly cases: readonly Case[];
}

/** Linux as it is on `host`: what an export becomes there, whatever it asks for. */
export function asLinuxIs(config: Config): Config {
  const moved = moveTo(config, { interface: 'upstream', vmm: 'ecall', hardware: defaultConfig().hardware }).config;
  // Its channels are those of Ecall alone.
  return { ...moved, sbi: { ...moved.sbi, MPXY: 'off' } };
}

function upstream(host: string): Config {
  return moveTo(defaultConfig(), { interface: 'upstream', host }).config;
}

function withItsImage(config: Config): RealCase {
  const guest = prepareGuest(config, undefined);
  if (!guest.ok) throw new Error(guest.failure.message);
  return { config, image: guest.image };
}

function fitted(result: Fitted | null): Config {
  if (result === null) throw new Error('there is no such example');
  return result.config;
}

/** What is typed for guests that read the console. */
const INPUTS: Readonly<Record<string, string>> = { echo: 'hi there\rq' };
function example(host: string, id: string, patch: ExamplePatch = {}): Config {
  const config = fitted(withPatch(fitted(withExample(upstream(host), id)), patch));
  return { ...config, input: INPUTS[id] ?? '' };
}

/** What KVM is to answer and has only on harts with an extension that the machine lacks. */
function missing(config: Config): SbiName | undefined {
  const extensions = hostOf(asLinuxIs(config))?.extensions ?? {};
  return SBI_NAMES.find((name) => config.sbi[name] === 'kvm' && extensions[name]?.available === false);
}

/** Each example as it comes, with what it asks of the what-if interface, but for those that need another machine. */
export function exampleCases(host: string): ReadonlyMap<string, RealCase> {
  const configs = EXAMPLES.map(({ id }) => [id, example(host, id)] as const);
  const here = configs.filter(([, config]) => missing(config) === undefined);
  return new Map(here.map(([id, config]) => [id, withItsImage(config)]));
}

const UNKNOWN_DEVICE = `
        .globl  _start
_start: li      t0, 0x10001000
        ld      t1, 8(t0)
`;

const EXCEPTION = `
        .globl  _start
_start: la      t0, trapped
        csrw    stvec, t0
        la      t1, area
        INSTRUCTION
        li      s0, 'n'
        j       show
        .balign 4
trapped:
        csrr    s0, scause
        addi    s0, s0, '0'
show:   mv      a0, s0
        li      a6, 2
        li      a7, 0x4442434e
        ecall
        li      a0, 0
        li      a1, 0
        li      a6, 0
        li      a7, 0x53525354
        ecall
        .bss
        .balign 64
area:   .zero   64
`;

/** QEMU lets KVM 6.12 fail at illegal instructions, which it reads from the guest: F, D and V are left alone. */
const LOAD_DOUBLE = 'li t0, 0x2000\n csrs sstatus, t0\n fld f0, (t1)';
/** Of extensions that KVM can take away from a guest. */
const INSTRUCTIONS: readonly (readonly [extensions: readonly string[], text: string])[] = [
  [['Zicboz'], 'cbo.zero (t1)'],
  [['Zicbom'], 'cbo.flush (t1)'],
];

function source(config: Config, text: string): RealCase {
  return withItsImage({ ...config, guest: { kind: 'source', text } });
}

/** A guest that carries out an instruction of extensions, which it has or lacks, and tells the exception that comes of it. */
function instruction(host: string, names: readonly string[], text: string, has: boolean): RealCase {
  const config = upstream(host);
  const others = config.isa.filter((known) => !names.includes(known));
  const all = [...others, ...names];
  const { image } = source({ ...config, isa: all }, EXCEPTION.replace('INSTRUCTION', text));
  return { config: { ...config, isa: has ? all : others }, image };
}

/** D alone is off, which its instructions do not show. */
export function doubleOff(host: string): RealCase {
  return instruction(host, ['D'], LOAD_DOUBLE, false);
}

/** The VMM answers what Linux keeps, KVM what Linux hands over, and BASE tells what is not so. */
function whatIf(host: string): Config {
  const { config } = moveTo(example(host, 'probe'), { interface: 'accelerator' });
  const modes = { BASE: 'vmm', TIME: 'vmm', HSM: 'vmm', DBCN: 'kvm', SUSP: 'kvm' } as const;
  return { ...config, sbi: { ...config.sbi, ...modes }, sbiVersion: '1.0', implId: 7n, probes: { HSM: 0n } };
}

/** Configurations in which each kind of setting is not what it is by default. */
export function settingCases(host: string): ReadonlyMap<string, RealCase> {
  const probe = example(host, 'probe');
  const ids = { mvendorid: 0x489n, marchid: 0x8000_0000_0000_0123n, mimpid: 0xffff_ffff_ffff_ffffn };
  return new Map<string, RealCase>([
    ['machine ids', withItsImage({ ...probe, ...ids })],
    ['probes of the id ranges answered', withItsImage({ ...probe, probes: { VENDOR: 5n, EXPERIMENTAL: 1n << 40n } })],
    ['one of two id ranges off', withItsImage({ ...probe, sbi: { ...probe.sbi, VENDOR: 'off' } })],
    ...(['TIME', 'IPI', 'RFENCE', 'HSM', 'STA', 'DBCN'] as const).map((name): [string, RealCase] => [
      `${name} off`,
      withItsImage(example(host, 'probe', { sbi: { [name]: 'off' } })),
    ]),
    ['a console without DBCN', withItsImage(example(host, 'hello', { sbi: { DBCN: 'off' } }))],
    ['a clock without TIME', withItsImage(example(host, 'timer', { sbi: { TIME: 'off' } }))],
    ['polling without a clock', withItsImage(example(host, 'echo', { sbi: { TIME: 'off' } }))],
    ['one hart where two are expected', withItsImage(example(host, 'smp', { harts: 1 }))],
    ['more harts than the host has CPUs', withItsImage(example(host, 'smp', { harts: 5 }))],
    ['more memory and boot arguments', withItsImage({ ...probe, memory: 300, bootargs: 'a "b" \\' })],
    ...INSTRUCTIONS.flatMap(([names, text]) =>
      [true, false].map((has): [string, RealCase] => [
        `${names.join(' and ')} ${has ? 'on' : 'off'}`,
        instruction(host, names, text, has),
      ]),
    ),
    ['what only the what-if interface can do', withItsImage(whatIf(host))],
    ['a device that is not there', source(upstream(host), UNKNOWN_DEVICE)],
  ]);
}

/** Times are in ticks of 100 ns: seconds, since the emulated harts share a busy machine with others. */
const PATIENT: GuestSettings = { patience: 20_000_000, settle: 200_000, watch: 0 };

/** Before Linux 6.16 the hart starts with the id that was asked for, upper half and all, with which the guest cannot go on. */
const APART: ReadonlySet<string> = new Set(['start-upper-bits']);

/** For each extension a guest with the cases that end neither the machine nor what follows; of its absence where the host lacks it. */
export function conformanceCases(host: string): ReadonlyMap<string, ConformanceGuest> {
  const config = { ...upstream(host), harts: HARTS, memory: RAM_MIB, input: TYPED };
  return new Map(
    CONFORMANCE.map((extension): [string, ConformanceGuest] => {
      const { name } = extension;
      const present = config.sbi[name] !== 'off';
      const written = extension.cases.filter(
        (one) => one.notOn?.includes('kvm') !== true && !isAlone(one) && !APART.has(one.id),
      );
      const cases = present ? [...casesOfPresence(name), ...written] : casesOfAbsence(name);
      const [image, ownImage] = [PATIENT, ECALL_GUEST].map((settings) =>
        guestOf(cases, extension.routines, settings),
      ) as [Uint8Array, Uint8Array];
      return [name, { config, image, ownImage, extension, cases }];
    }),
  );
}

/** Configurations that need what the host lacks, with the register at which the program gives up. */
export function refusedCases(host: string): ReadonlyMap<string, RealCase & { readonly register: string }> {
  const newer = moveTo(defaultConfig(), { interface: 'upstream', host: 'linux-7.2-nov01' }).config;
  const examples = EXAMPLES.flatMap(({ id }): readonly [string, RealCase & { readonly register: string }][] => {
    const config = example(host, id);
    const name = missing(config);
    return name === undefined
      ? []
      : [
          [
            `the example ${id} on a machine without what ${name} needs`,
            { ...withItsImage(config), register: `SBI_EXT.${name}` },
          ],
        ];
  });
  return new Map([
    ...examples,
    [
      'a kernel without SUSP',
      { ...withItsImage({ ...newer, sbi: { ...newer.sbi, SUSP: 'vmm' } }), register: 'SBI_EXT.SUSP' },
    ],
  ]);
}
