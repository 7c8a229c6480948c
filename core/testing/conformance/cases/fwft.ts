/** Cases of firmware features. [SBI 3.0 §18] */
import { SBI } from '../../../sbi/spec/index.ts';
import { casesOf } from '../define.ts';
import { ALL_ONES } from '../layout.ts';
import { answer, between, call, oneOf } from '../steps.ts';
import type { CaseClass, Expectation } from '../types.ts';

const ids = SBI.FWFT.functions.set.args[0].values;
const MISALIGNED = BigInt(ids.MISALIGNED_EXC_DELEG);
const AD_UPDATING = BigInt(ids.PTE_AD_HW_UPDATING);
const MASKING = BigInt(ids.POINTER_MASKING_PMLEN);
const LOCK = BigInt(SBI.FWFT.functions.set.args[2].values.LOCK);
const UPPER_BITS = 1n << 32n;

const set = (id: string, feature: bigint, value: bigint, flags = 0n) => ({
  id,
  function: 'set' as const,
  section: '18.1',
  with: { feature, value, flags },
});
const get = (id: string, feature: bigint) => ({ id, function: 'get' as const, section: '18.2', with: { feature } });
const reads = (feature: bigint, value: Parameters<typeof answer>[2]) => [answer('FWFT', 'get', value, feature)];
const refused = (error: 'NOT_SUPPORTED' | 'INVALID_PARAM' | 'DENIED', what: string) => ({
  class: `invalid ${what}` as CaseClass,
  expects: { error } as Expectation,
});

/** Ids that nothing may have: the borders of each range. */
const UNDEFINED = [
  0x6n,
  0x3fff_ffffn,
  0x4000_0000n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xbfff_ffffn,
  0xc000_0000n,
  0xffff_ffffn,
];
/** Features for which the harts of no target have the extension. */
const MISSING = {
  LANDING_PAD: BigInt(ids.LANDING_PAD),
  SHADOW_STACK: BigInt(ids.SHADOW_STACK),
  DOUBLE_TRAP: BigInt(ids.DOUBLE_TRAP),
};

const NOT_SUPPORTED = 'NOT_SUPPORTED';
/** Neither set nor read. */
const NEITHER = 'NOT_SUPPORTED, FWFT get 0xfffffffffffffffe';
const LINUX_MISALIGNED =
  '§18.1: NOT_SUPPORTED where something that the feature depends on is missing. Linux has it only where firmware lets it delegate such exceptions (vcpu_sbi_fwft.c), which the recorded hosts do not.';
const LINUX_AD =
  '§18.1: NOT_SUPPORTED. Linux KVM knows the id and does not implement the feature (vcpu_sbi_fwft.c), as recorded.';
const NO_REGISTER =
  '§18.1: NOT_SUPPORTED where something that the feature depends on is missing: with the ioctls of Linux a VMM cannot reach henvcfg and hedeleg.';
const OPENSBI_AD =
  '§18.1 lets an implementation do without a feature. On the same harts OpenSBI 1.6 has it and 1.9 has not.';
const MORE_HARTS =
  '§18.1: the harts of QEMU have Zicfilp, Zicfiss and Ssdbltrp, on which the features depend; those of Ecall have not.';

const word = (name: string): string => name.toLowerCase().replaceAll('_', '-');

export const fwft = casesOf('FWFT', {
  isa: ['Ssnpm', 'Svade', 'Svadu'],
  cases: [
    { ...get('get-misaligned', MISALIGNED), class: 'valid', expects: { error: 'SUCCESS', value: oneOf(0n, 1n) } },
    {
      ...set('set-misaligned', MISALIGNED, 1n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: reads(MISALIGNED, 1n),
    },
    {
      ...set('clear-misaligned', MISALIGNED, 0n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: reads(MISALIGNED, 0n),
    },
    { ...set('misaligned-value', MISALIGNED, 2n), ...refused('INVALID_PARAM', 'value') },
    { ...get('get-ad-updating', AD_UPDATING), class: 'valid', expects: { error: 'SUCCESS', value: 0n } },
    {
      ...set('set-ad-updating', AD_UPDATING, 1n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: reads(AD_UPDATING, 1n),
    },
    {
      ...set('clear-ad-updating', AD_UPDATING, 0n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: reads(AD_UPDATING, 0n),
    },
    { ...set('ad-updating-value', AD_UPDATING, 2n), ...refused('INVALID_PARAM', 'value') },
    { ...get('get-masking', MASKING), class: 'valid', expects: { error: 'SUCCESS', value: 0n } },
    {
      ...set('set-masking', MASKING, 7n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: reads(MASKING, between(7n, 16n)),
    },
    {
      ...set('set-masking-at-least-one', MASKING, 1n),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: reads(MASKING, between(1n, 16n)),
    },
    { ...set('clear-masking', MASKING, 0n), class: 'valid', expects: { error: 'SUCCESS' }, sees: reads(MASKING, 0n) },
    { ...set('masking-value', MASKING, 17n), ...refused('INVALID_PARAM', 'value') },
    { ...set('masking-all-ones', MASKING, ALL_ONES), ...refused('INVALID_PARAM', 'value') },
    {
      ...get('get-upper-bits', MASKING | UPPER_BITS),
      class: 'reserved',
      section: '3',
      expects: { error: 'SUCCESS', value: 0n },
    },
    { ...set('reserved-flag', MASKING, 0n, 2n), class: 'reserved', expects: { error: 'INVALID_PARAM' } },
    {
      ...set('reserved-flag-last', MASKING, 0n, (1n << 63n) | LOCK),
      class: 'reserved',
      expects: { error: 'INVALID_PARAM' },
    },
    ...Object.entries(MISSING).flatMap(([name, feature]) => [
      { ...set(`set-${word(name)}`, feature, 1n), ...refused('NOT_SUPPORTED', 'feature') },
      { ...get(`get-${word(name)}`, feature), ...refused('NOT_SUPPORTED', 'feature') },
    ]),
    ...UNDEFINED.flatMap((feature) => [
      { ...set(`set-0x${feature.toString(16)}`, feature, 1n), ...refused('DENIED', 'feature') },
      { ...get(`get-0x${feature.toString(16)}`, feature), ...refused('DENIED', 'feature') },
    ]),
    {
      ...set('lock', MASKING, 0n, LOCK),
      class: 'valid',
      expects: { error: 'SUCCESS' },
      sees: reads(MASKING, 0n),
    },
    {
      ...set('set-locked', MASKING, 7n),
      class: 'invalid state',
      before: [call('FWFT', 'set', MASKING, 0n, LOCK)],
      expects: { error: 'DENIED_LOCKED' },
      sees: reads(MASKING, 0n),
    },
  ],
  differences: [
    {
      on: ['kvm'],
      cases: ['get-misaligned', 'misaligned-value'],
      answers: NOT_SUPPORTED,
      right: 'open',
      because: LINUX_MISALIGNED,
    },
    {
      on: ['kvm'],
      cases: ['set-misaligned', 'clear-misaligned'],
      answers: NEITHER,
      right: 'open',
      because: LINUX_MISALIGNED,
    },
    {
      on: ['kvm'],
      cases: ['get-ad-updating', 'ad-updating-value'],
      answers: NOT_SUPPORTED,
      right: 'open',
      because: LINUX_AD,
    },
    {
      on: ['kvm'],
      cases: ['set-ad-updating', 'clear-ad-updating'],
      answers: NEITHER,
      right: 'open',
      because: LINUX_AD,
    },
    {
      on: ['kvm', 'opensbi-1.9'],
      cases: ['set-masking-at-least-one'],
      answers: 'INVALID_PARAM, FWFT get 0x7',
      right: 'specification',
      because:
        '§18: N stands for a PMLEN of at least N. Linux (vcpu_sbi_fwft.c) and OpenSBI (sbi_fwft.c) take the lengths that a hart can have, 0, 7 and 16, and no other.',
    },
    {
      on: ['vmm-userspace'],
      cases: [
        'get-misaligned',
        'misaligned-value',
        'get-ad-updating',
        'ad-updating-value',
        'get-masking',
        'masking-value',
        'masking-all-ones',
        'get-upper-bits',
        'reserved-flag',
        'reserved-flag-last',
      ],
      answers: NOT_SUPPORTED,
      right: 'open',
      because: NO_REGISTER,
    },
    {
      on: ['vmm-userspace'],
      cases: [
        'set-misaligned',
        'clear-misaligned',
        'set-ad-updating',
        'clear-ad-updating',
        'set-masking',
        'set-masking-at-least-one',
        'clear-masking',
        'lock',
        'set-locked',
      ],
      answers: NEITHER,
      right: 'open',
      because: NO_REGISTER,
    },
    {
      on: ['opensbi-1.6'],
      cases: ['get-ad-updating'],
      answers: 'SUCCESS 0x1',
      right: 'specification',
      because: '§18: the feature is 0 after reset. OpenSBI 1.6 leaves menvcfg.ADUE on.',
    },
    {
      on: ['opensbi-1.9'],
      cases: ['get-ad-updating', 'ad-updating-value'],
      answers: NOT_SUPPORTED,
      right: 'open',
      because: OPENSBI_AD,
    },
    {
      on: ['opensbi-1.9'],
      cases: ['set-ad-updating', 'clear-ad-updating'],
      answers: NEITHER,
      right: 'open',
      because: OPENSBI_AD,
    },
    {
      on: ['opensbi-1.6', 'opensbi-1.9'],
      cases: ['set-landing-pad', 'set-shadow-stack', 'set-double-trap'],
      answers: 'SUCCESS',
      right: 'open',
      because: MORE_HARTS,
    },
    {
      on: ['opensbi-1.6', 'opensbi-1.9'],
      cases: ['get-landing-pad', 'get-shadow-stack', 'get-double-trap'],
      answers: 'SUCCESS 0x1',
      right: 'open',
      because: MORE_HARTS,
    },
    {
      on: ['opensbi-1.6'],
      cases: ['set-locked'],
      answers: 'DENIED, FWFT get 0x0',
      right: 'specification',
      because:
        '§18.1: DENIED_LOCKED is for a locked feature. OpenSBI 1.6 is older than that error, which SBI 3.0 got late.',
    },
  ],
});
