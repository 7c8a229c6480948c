/**
 * When ONE_REG registers can be written and what else they answer. What is common to all of them, such as ENOENT for
 * a register that is not there, stands with KVM_SET_ONE_REG. Data only. [Linux arch/riscv/kvm/vcpu_onereg.c, vcpu_sbi.c,
 * vcpu_timer.c, vcpu_fp.c, vcpu_vector.c; measured on Linux 6.12.107 and 7.2.13]
 */
import type { Refusal } from './errnos.ts';

export interface WriteRule {
  /** When and with what it can be written. */
  readonly says: string;
  /** Whether another value is refused once the vcpu has run: EBUSY, before Linux 6.6 EOPNOTSUPP. */
  readonly frozen: boolean;
  readonly refusals: readonly Refusal[];
}

const RAN = 'The vcpu has run.';

export const RULES = {
  free: { says: 'At any time, with any value.', frozen: false, refusals: [] },
  letters: {
    says: 'Until the vcpu first runs. Letters that cannot be switched stay as they are, without an error.',
    frozen: true,
    refusals: [
      { errno: 'EBUSY', when: 'The vcpu has run, and the value is not the one that is there.' },
      { errno: 'EINVAL', when: 'A bit beyond the letters that Linux looks at is set.' },
    ],
  },
  'machine id': {
    says: 'Until the vcpu first runs, with any value; at first it has that of the host.',
    frozen: true,
    refusals: [{ errno: 'EBUSY', when: 'The vcpu has run, and the value is not the one that is there.' }],
  },
  'host value': {
    says: 'At any time, but only with the value of the host, which is there already.',
    frozen: false,
    refusals: [{ errno: 'EINVAL', when: 'The value is not that of the host.' }],
  },
  float: {
    says: 'At any time, with any value.',
    frozen: false,
    refusals: [{ errno: 'ENOENT', when: 'The vcpu does not have the extension, or no longer.' }],
  },
  vector: {
    says: 'At any time, with any value.',
    frozen: false,
    refusals: [{ errno: 'ENOENT', when: 'The vcpu does not have V, or no longer.' }],
  },
  'vector length': {
    says: 'At any time, but only with the value of the host, which is there already.',
    frozen: false,
    refusals: [
      { errno: 'ENOENT', when: 'The vcpu does not have V, or no longer.' },
      { errno: 'EINVAL', when: 'The value is not that of the host.' },
    ],
  },
  'timer state': {
    says: 'At any time: 1 arms the timer. Without Sstc Linux takes the 1 itself for the time, which is long past.',
    frozen: false,
    refusals: [{ errno: 'EINVAL', when: 'The timer is to be switched off and is not armed.' }],
  },
  extension: {
    says: 'Until the vcpu first runs: 1 or 0, and 0 only for what the hypervisor can take from a guest.',
    frozen: true,
    refusals: [
      { errno: 'EBUSY', when: 'The vcpu has run, and the value is not the one that is there.' },
      { errno: 'EINVAL', when: 'The value is not 0 or 1, or the extension cannot be switched.' },
    ],
  },
  'extension bits': {
    says: 'Until the vcpu first runs. Bits that cannot be switched, all of them later, are left as they are without an error.',
    frozen: false,
    refusals: [],
  },
  'SBI switch': {
    says: 'Until the vcpu first runs: 1 or 0. With the accelerator also 2, which forwards the calls (WHAT-IF).',
    frozen: true,
    refusals: [
      { errno: 'EBUSY', when: `${RAN} Even the value that is there is refused.` },
      { errno: 'EINVAL', when: 'The value is another one.' },
    ],
  },
  'SBI bits': {
    says: 'Until the vcpu first runs. Bits without an extension are ignored.',
    frozen: true,
    refusals: [{ errno: 'EBUSY', when: `${RAN} Even the value that is there is refused.` }],
  },
  'steal time low': {
    says: 'At any time, while STA is enabled: a machine that was moved gets its area back.',
    frozen: false,
    refusals: [
      { errno: 'EINVAL', when: 'STA is not enabled, or (since Linux 6.18) the address is not a multiple of 64.' },
    ],
  },
  'steal time high': {
    says: 'At any time, while STA is enabled, with 0: addresses of RV64 have no such bits.',
    frozen: false,
    refusals: [{ errno: 'EINVAL', when: 'STA is not enabled, or the value is not 0.' }],
  },
  feature: {
    says: 'At any time, while FWFT is enabled: a machine that was moved gets its features back.',
    frozen: false,
    refusals: [
      { errno: 'EINVAL', when: 'FWFT is not enabled, or the feature cannot have the value.' },
      { errno: 'ENOENT', when: 'The vcpu does not have the feature.' },
    ],
  },
  identity: {
    says: 'Until the vcpu first runs, with any value.',
    frozen: true,
    refusals: [{ errno: 'EBUSY', when: 'The vcpu has run, and the value is not the one that is there.' }],
  },
  'identity version': {
    says: 'Until the vcpu first runs, with the number of a specification.',
    frozen: true,
    refusals: [
      { errno: 'EBUSY', when: 'The vcpu has run, and the value is not the one that is there.' },
      { errno: 'EINVAL', when: 'No specification has such a version.' },
    ],
  },
  environment: {
    says: 'At any time, in the fields that are named, with what the harts can do.',
    frozen: false,
    refusals: [{ errno: 'EINVAL', when: 'Another field would change, or the harts cannot do it.' }],
  },
} as const satisfies Readonly<Record<string, WriteRule>>;

export type RuleName = keyof typeof RULES;
