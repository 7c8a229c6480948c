/** Cases of remote fences. [SBI 3.0 §8] */
import type { SbiTable } from '../../../sbi/spec/index.ts';
import { casesOf } from '../define.ts';
import { ABSENT, ALL_ONES, BUFFER, FAR_ABSENT, OTHER, SELF } from '../layout.ts';
import { startOther } from '../steps.ts';
import type { CaseOf, Operand } from '../types.ts';

type Name = keyof SbiTable['RFENCE']['functions'];

const PAGE = 0x1000n;
const bit = (hart: bigint) => 1n << hart;

interface Fence {
  readonly name: Name;
  readonly section: string;
  /** Arguments behind start and size. */
  readonly more: Readonly<Record<string, Operand>>;
  /** Whether it needs harts with the hypervisor extension, which those of the targets may lack. */
  readonly hypervisor: boolean;
}

const idOf = (name: Name, what: string) => `${name.replaceAll('_', '-')}-${what}`;

/** One case of a fence; a fence of the hypervisor may also not be there. */
function fence(
  { name, section, hypervisor }: Fence,
  what: string,
  mask: bigint,
  base: bigint,
  more: object,
): CaseOf<'RFENCE'> {
  const refused = 'class' in more && String(more.class).startsWith('invalid hart');
  const error = refused ? ['INVALID_PARAM' as const] : ['SUCCESS' as const];
  return {
    id: idOf(name, what),
    function: name,
    section,
    class: 'valid',
    before: [startOther],
    expects: { error: hypervisor ? [...error, 'NOT_SUPPORTED'] : error },
    ...more,
    with: { hart_mask: mask, hart_mask_base: base, ...('with' in more ? (more.with as object) : {}) },
  } as CaseOf<'RFENCE'>;
}

function hartCases(kind: Fence): readonly CaseOf<'RFENCE'>[] {
  const range = { with: kind.more };
  const invalid = { ...range, class: 'invalid hart' };
  return [
    fence(kind, 'self', bit(SELF), 0n, range),
    fence(kind, 'other', bit(OTHER), 0n, range),
    fence(kind, 'by-base', 1n, OTHER, range),
    fence(kind, 'all-ignores-mask', bit(ABSENT), ALL_ONES, range),
    fence(kind, 'nobody', 0n, 0n, range),
    fence(kind, 'absent', bit(ABSENT), 0n, invalid),
    fence(kind, 'absent-among-present', bit(SELF) | bit(ABSENT), 0n, invalid),
    fence(kind, 'absent-far-base', 1n, FAR_ABSENT, invalid),
  ];
}

function rangeCases(kind: Fence): readonly CaseOf<'RFENCE'>[] {
  const all = (what: string, start_addr: bigint, size: bigint, more: object = {}) =>
    fence(kind, what, bit(SELF) | bit(OTHER), 0n, { ...more, with: { ...kind.more, start_addr, size } });
  // The text has an error for addresses and sizes that are not valid, but does not say which these are.
  const open = ['SUCCESS', 'INVALID_ADDRESS', ...(kind.hypervisor ? ['NOT_SUPPORTED'] : [])];
  const unclear = { class: 'invalid address', expects: { error: open } };
  return [
    all('a-page', BUFFER, PAGE),
    all('everything', 0n, 0n),
    all('everything-by-size', BUFFER, ALL_ONES),
    all('many-pages', 0n, 1n << 40n),
    all('running-over', ALL_ONES - PAGE + 1n, 2n * PAGE, unclear),
    all('no-canonical-address', 1n << 62n, PAGE, unclear),
  ];
}

const FENCE_I: Fence = { name: 'remote_fence_i', section: '8.1', more: {}, hypervisor: false };
const FENCES: readonly Fence[] = [
  { name: 'remote_sfence_vma', section: '8.2', more: {}, hypervisor: false },
  { name: 'remote_sfence_vma_asid', section: '8.3', more: { asid: 1n }, hypervisor: false },
  { name: 'remote_hfence_gvma_vmid', section: '8.4', more: { vmid: 1n }, hypervisor: true },
  { name: 'remote_hfence_gvma', section: '8.5', more: {}, hypervisor: true },
  { name: 'remote_hfence_vvma_asid', section: '8.6', more: { asid: 1n }, hypervisor: true },
  { name: 'remote_hfence_vvma', section: '8.7', more: {}, hypervisor: true },
];

const PRESENT = ['self', 'other', 'by-base', 'all-ignores-mask'];
const ABSENTEES = ['absent', 'absent-among-present', 'absent-far-base'];
const RANGES = ['a-page', 'everything', 'everything-by-size', 'many-pages', 'no-canonical-address'];

function idsOf(kinds: readonly Fence[], whats: readonly string[]): readonly string[] {
  return kinds.flatMap(({ name }) => whats.map((what) => idOf(name, what)));
}

export const rfence = casesOf('RFENCE', {
  cases: [...hartCases(FENCE_I), ...FENCES.flatMap((kind) => [...hartCases(kind), ...rangeCases(kind)])],
  differences: [
    {
      on: ['kvm'],
      cases: idsOf([FENCE_I, ...FENCES.filter(({ hypervisor }) => !hypervisor)], ABSENTEES),
      answers: 'SUCCESS',
      right: 'specification',
      because:
        '§3.1: INVALID_PARAM when a hart of the mask or the base is not valid. Linux fences the harts that are there and does not look for others, as recorded.',
    },
    {
      on: ['opensbi-1.6'],
      cases: idsOf([FENCE_I, ...FENCES], ABSENTEES),
      answers: 'SUCCESS',
      right: 'specification',
      because: '§3.1: INVALID_PARAM when a hart is not valid. OpenSBI 1.6 leaves such harts out; 1.9 refuses them.',
    },
    {
      on: ['vmm-userspace'],
      cases: [
        ...idsOf([FENCE_I, ...FENCES.filter(({ hypervisor }) => !hypervisor)], PRESENT),
        ...idsOf(
          FENCES.filter(({ hypervisor }) => !hypervisor),
          RANGES,
        ),
      ],
      answers: 'FAILED',
      right: 'open',
      because:
        '§3 has FAILED for what cannot be done: Linux has no ioctl by which user space could fence another vcpu.',
    },
  ],
});
