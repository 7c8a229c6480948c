/**
 * Every ONE_REG register of KVM on RISC-V: id, size, meaning, rule of writing, and which releases have it. Data only;
 * a name of the layout without words does not compile. [Linux uapi asm/kvm.h, arch/riscv/kvm/vcpu_onereg.c]
 */
import { ISA_EXT_NAMES } from '../profiles/isa.ts';
import * as uapi from '../uapi.ts';
import * as layout from './layout.ts';
import { hasId, type RegisterRow, row, words } from './register.ts';
import type { RuleName } from './rules.ts';

export { type Meaning, REGISTER_PARTS, type RegisterPart, type RegisterRow, registerIdOf } from './register.ts';

const knowsIsa =
  (name: (typeof ISA_EXT_NAMES)[number]): RegisterRow['isIn'] =>
  (release) =>
    layout.knowsIsaExt(release, name);
const hasSwitches: RegisterRow['isIn'] = ({ quirks }) => quirks.sbiRegisters === 'present';

const CONFIG_WORDS: Readonly<Record<layout.ConfigName, readonly [string, RuleName]>> = {
  isa: ['The single-letter extensions of the vcpu: bit 0 is A, bit 1 is B, and so on.', 'letters'],
  zicbom_block_size: ['Bytes of a cache block for the management instructions of Zicbom.', 'host value'],
  mvendorid: ['What BASE tells the guest as mvendorid.', 'machine id'],
  marchid: ['What BASE tells the guest as marchid.', 'machine id'],
  mimpid: ['What BASE tells the guest as mimpid.', 'machine id'],
  zicboz_block_size: ['Bytes of a cache block that cbo.zero clears.', 'host value'],
  satp_mode: ['The largest mode of satp: 8 is Sv39, 9 is Sv48, 10 is Sv57.', 'host value'],
  zicbop_block_size: ['Bytes of a cache block for the prefetches of Zicbop.', 'host value'],
};

const config: readonly RegisterRow[] = layout.CONFIG_NAMES.map((name, number) => {
  const [says, rule] = CONFIG_WORDS[name];
  const block = name in layout.CONFIG_BLOCKS ? layout.CONFIG_BLOCKS[name as keyof typeof layout.CONFIG_BLOCKS] : null;
  const isIn: RegisterRow['isIn'] = ({ quirks, blockSizes }) =>
    layout.knowsConfig(quirks, name) && (block === null || blockSizes.includes(block));
  return row('CONFIG', 'CONFIG', name, number, words(says), rule, { isIn });
});

const CORE_WORDS = {
  pc: 'Program counter. At first it is 0 on the boot hart: a VMM sets it to the entry of the kernel.',
  mode: 'Privilege mode of the guest: 1 is supervisor, 0 is user.',
} as const;

const core: readonly RegisterRow[] = layout.CORE_NAMES.map((name, number) => {
  const says = name === 'pc' || name === 'mode' ? CORE_WORDS[name] : `Integer register x${number}.`;
  return row('CORE', 'CORE', name, number, words(says), 'free');
});

const AIA_WORDS: Readonly<Record<(typeof layout.AIA_NAMES)[number], string>> = {
  siselect: 'Chooses the register that sireg reaches.',
  iprio1: 'Priorities of interrupts of the guest: the CSR hviprio1.',
  iprio2: 'Priorities of interrupts of the guest: the CSR hviprio2.',
  sieh: 'Upper half of sie, on RV32.',
  siph: 'Upper half of sip, on RV32.',
  iprio1h: 'Upper half of iprio1, on RV32.',
  iprio2h: 'Upper half of iprio2, on RV32.',
};

const csrs: readonly RegisterRow[] = [
  ...layout.GENERAL_CSRS.map(([name, csr], number) =>
    row('CSR', 'CSR', name, number, { kind: 'csr', csr }, 'free', {
      isIn: ({ quirks }) => layout.knowsCsr(quirks, csr),
    }),
  ),
  ...layout.AIA_NAMES.map((name, number) =>
    row('CSR.AIA', 'CSR', name, layout.SUBTYPE_AIA | number, words(AIA_WORDS[name]), 'free', {
      isIn: ({ quirks }) => quirks.aiaRegisters !== 'unknown',
    }),
  ),
  row(
    'CSR.SMSTATEEN',
    'CSR',
    'sstateen0',
    layout.SUBTYPE_SMSTATEEN,
    { kind: 'csr', csr: layout.CSR_SSTATEEN0 },
    'free',
    { isIn: knowsIsa('SMSTATEEN') },
  ),
];

const TIMER_WORDS: Readonly<Record<(typeof layout.TIMER_NAMES)[number], readonly [string, RuleName]>> = {
  frequency: ['Ticks of the timebase in a second.', 'host value'],
  time: ['The time that the guest reads, in ticks. Writing it moves the time of the whole VM.', 'free'],
  compare: ['The time at which the timer interrupt comes.', 'free'],
  state: ['Whether the timer is armed: 1 or 0.', 'timer state'],
};

const timer: readonly RegisterRow[] = layout.TIMER_NAMES.map((name, number) => {
  const [says, rule] = TIMER_WORDS[name];
  return row('TIMER', 'TIMER', name, number, words(says), rule);
});

const floats: readonly RegisterRow[] = (['FP_F', 'FP_D'] as const).flatMap((group) =>
  Array.from({ length: layout.FCSR + 1 }, (_, number) => {
    const fcsr = number === layout.FCSR;
    const says = fcsr ? 'Rounding mode and exception flags.' : `Floating-point register f${number}.`;
    const bytes = fcsr || group === 'FP_F' ? 4 : 8;
    return row(group, group, fcsr ? 'fcsr' : `f${number}`, number, words(says), 'float', { bytes });
  }),
);

/** `words` is how many registers of 64 bits it takes. */
function multi(
  group: 'ISA_EXT' | 'SBI_EXT',
  count: number,
  rule: RuleName,
  isIn: (word: number) => RegisterRow['isIn'],
) {
  return Array.from({ length: count }, (_, word) => {
    const first = word * layout.WORD_BITS;
    const range = `number ${first} and up`;
    const enable = `Bit i is the extension of ${range}. Ones that are written switch extensions on.`;
    const disable = `The same bits, inverted, from ${range}. Ones that are written switch extensions off.`;
    return [
      row(
        `${group}.MULTI`,
        group,
        `MULTI_EN[${word}]`,
        Number(uapi.KVM_REG_RISCV_MULTI_EN) | word,
        words(enable),
        rule,
        {
          isIn: isIn(word),
        },
      ),
      row(
        `${group}.MULTI`,
        group,
        `MULTI_DIS[${word}]`,
        Number(uapi.KVM_REG_RISCV_MULTI_DIS) | word,
        words(disable),
        rule,
        {
          isIn: isIn(word),
        },
      ),
    ];
  }).flat();
}

const isa: readonly RegisterRow[] = [
  ...ISA_EXT_NAMES.map((name, number) =>
    row('ISA_EXT', 'ISA_EXT', name, number, { kind: 'isa', name }, 'extension', { isIn: knowsIsa(name) }),
  ),
  ...multi(
    'ISA_EXT',
    Math.ceil(ISA_EXT_NAMES.length / layout.WORD_BITS),
    'extension bits',
    (word) =>
      ({ quirks, isaExtCount }) =>
        quirks.isaMulti && word * layout.WORD_BITS < isaExtCount,
  ),
];

const sbi: readonly RegisterRow[] = [
  ...(Object.keys(uapi.KVM_RISCV_SBI_EXT) as (keyof typeof uapi.KVM_RISCV_SBI_EXT)[]).map((name) =>
    row('SBI_EXT', 'SBI_EXT', name, uapi.KVM_RISCV_SBI_EXT[name], { kind: 'sbi', name }, 'SBI switch', {
      whatIf: name === 'BASE',
      isIn: (release) => hasSwitches(release) && release.extensions[name] !== undefined,
    }),
  ),
  ...multi('SBI_EXT', 1, 'SBI bits', () => hasSwitches),
];

const VECTOR_WORDS: Readonly<Record<(typeof layout.VECTOR_NAMES)[number], string>> = {
  vstart: 'Index of the first element that a vector instruction works on.',
  vl: 'Number of elements that vector instructions work on.',
  vtype: 'How vector instructions read the registers: width and grouping of the elements.',
  vcsr: 'Fixed-point rounding mode and saturation flag.',
  vlenb: 'Bytes of a vector register.',
};

const vectors: readonly RegisterRow[] = [
  ...layout.VECTOR_NAMES.map((name, number) =>
    row('VECTOR', 'VECTOR', name, number, words(VECTOR_WORDS[name]), name === 'vlenb' ? 'vector length' : 'vector', {
      isIn: knowsIsa('V'),
    }),
  ),
  ...Array.from({ length: layout.VECTOR_REGISTERS }, (_, index) =>
    row('VECTOR', 'VECTOR', `v${index}`, layout.FIRST_VECTOR + index, words(`Vector register v${index}.`), 'vector', {
      bytes: null,
      isIn: knowsIsa('V'),
    }),
  ),
];

const STA_WORDS: Readonly<Record<(typeof layout.STA_NAMES)[number], readonly [string, RuleName]>> = {
  shmem_lo: ['Physical address of the steal-time area of the vcpu; all ones when it has none.', 'steal time low'],
  shmem_hi: ['Upper half of that address, 0 on RV64.', 'steal time high'],
};
const FWFT_WORDS: Readonly<Record<(typeof layout.FWFT_PARTS)[number], string>> = {
  enable: 'Whether the guest may use the feature: 1 or 0.',
  flags: 'Flags of the feature: bit 0 says that the guest has locked it.',
  value: 'What the guest has set the feature to.',
};

const state: readonly RegisterRow[] = [
  ...layout.STA_NAMES.map((name, number) => {
    const [says, rule] = STA_WORDS[name];
    return row('SBI_STATE.STA', 'SBI_STATE', name, number, words(says), rule, {
      isIn: ({ extensions }) => extensions.STA !== undefined,
    });
  }),
  ...layout.FWFT_FEATURES.flatMap((feature, at) =>
    layout.FWFT_PARTS.map((part, index) => {
      const number = layout.SUBTYPE_FWFT | (at * layout.FWFT_PARTS.length + index);
      return row('SBI_STATE.FWFT', 'SBI_STATE', `${feature}.${part}`, number, words(FWFT_WORDS[part]), 'feature', {
        isIn: ({ extensions }) => extensions.FWFT !== undefined,
      });
    }),
  ),
];

const IDENTITY_WORDS: Readonly<Record<keyof typeof uapi.KVM_SBI_IDENTITY, string>> = {
  spec_version: 'The specification version that BASE reports, and that decides which functions there are.',
  impl_id: 'The implementation id that BASE reports; 3 is KVM.',
  impl_version: 'The implementation version that BASE reports.',
};

const IDENTITY_RULES: Readonly<Record<keyof typeof uapi.KVM_SBI_IDENTITY, RuleName>> = {
  spec_version: 'identity version',
  impl_id: 'identity',
  impl_version: 'identity',
};

const identity: readonly RegisterRow[] = (
  Object.keys(uapi.KVM_SBI_IDENTITY) as (keyof typeof uapi.KVM_SBI_IDENTITY)[]
).map((name) =>
  row(
    'SBI_IDENTITY',
    'SBI_IDENTITY',
    name,
    uapi.KVM_SBI_IDENTITY[name],
    words(IDENTITY_WORDS[name]),
    IDENTITY_RULES[name],
    {
      whatIf: true,
    },
  ),
);

const ENVIRONMENT_WORDS: Readonly<Record<keyof typeof uapi.KVM_ENVIRONMENT, string>> = {
  henvcfg: 'Pointer masking of the guest (PMM) and whether harts set accessed and dirty bits for it (ADUE).',
  hedeleg: 'Whether exceptions of misaligned loads and stores go to the guest: bits 4 and 6.',
};

const environment: readonly RegisterRow[] = (
  Object.keys(uapi.KVM_ENVIRONMENT) as (keyof typeof uapi.KVM_ENVIRONMENT)[]
).map((name) =>
  row('ENVIRONMENT', 'ENVIRONMENT', name, uapi.KVM_ENVIRONMENT[name], words(ENVIRONMENT_WORDS[name]), 'environment', {
    whatIf: true,
  }),
);

export const REGISTERS: readonly RegisterRow[] = [
  ...config,
  ...core,
  ...csrs,
  ...timer,
  ...floats,
  ...isa,
  ...sbi,
  ...vectors,
  ...state,
  ...identity,
  ...environment,
];

/** The register of an id, whatever the id says of the size. */
export function registerOf(id: bigint): RegisterRow | undefined {
  return REGISTERS.find((register) => hasId(register, id));
}
