/** Cases of the base extension. [SBI 3.0 §4] */
import { SBI } from '../../../sbi/spec/index.ts';
import { encodeVersion } from '../../../sbi/version.ts';
import { casesOf } from '../define.ts';
import { anything, between, otherThan } from '../steps.ts';

const BASE_ID = BigInt(SBI.BASE.eid[0]);
/** Implementation ids that the specification lists. [SBI 3.0 §4.9] */
const LAST_IMPLEMENTATION = 11n;

const probe = (id: string, extension_id: bigint) => ({
  id,
  function: 'probe_extension' as const,
  section: '4.4',
  with: { extension_id },
});

export const base = casesOf('BASE', {
  cases: [
    {
      id: 'spec-version',
      function: 'get_spec_version',
      class: 'valid',
      section: '4.1',
      expects: { error: 'SUCCESS', value: encodeVersion('3.0') },
    },
    {
      id: 'impl-id',
      function: 'get_impl_id',
      class: 'valid',
      section: '4.2',
      expects: { error: 'SUCCESS', value: between(0n, LAST_IMPLEMENTATION) },
    },
    {
      id: 'impl-version',
      function: 'get_impl_version',
      class: 'valid',
      section: '4.3',
      expects: { error: 'SUCCESS', value: otherThan(0n) },
    },
    { ...probe('probe-itself', BASE_ID), class: 'valid', expects: { error: 'SUCCESS', value: otherThan(0n) } },
    // EIDs are signed 32-bit integers; nothing is defined here.
    { ...probe('probe-nothing', 0x7fff_ffffn), class: 'invalid id', expects: { error: 'SUCCESS', value: 0n } },
    { ...probe('probe-reserved-legacy', 0x0fn), class: 'invalid id', expects: { error: 'SUCCESS', value: 0n } },
    {
      ...probe('probe-upper-bits', (1n << 32n) | BASE_ID),
      class: 'invalid id',
      section: '3',
      expects: { error: 'SUCCESS', value: 0n },
    },
    {
      id: 'mvendorid',
      function: 'get_mvendorid',
      class: 'valid',
      section: '4.5',
      // A bank and an offset in 32 bits. [privileged ISA, mvendorid]
      expects: { error: 'SUCCESS', value: between(0n, 0xffff_ffffn) },
    },
    {
      id: 'marchid',
      function: 'get_marchid',
      class: 'valid',
      section: '4.6',
      expects: { error: 'SUCCESS', value: anything },
    },
    {
      id: 'mimpid',
      function: 'get_mimpid',
      class: 'valid',
      section: '4.7',
      expects: { error: 'SUCCESS', value: anything },
    },
  ],
  differences: [
    {
      on: ['opensbi-1.6'],
      cases: ['spec-version'],
      answers: 'SUCCESS 0x2000000',
      right: 'open',
      because: '§4.1: it says truly that it is SBI 2.0; what it has of 3.0 are drafts.',
    },
  ],
});
