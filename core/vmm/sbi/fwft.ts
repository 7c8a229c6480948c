/**
 * FWFT in user space. A feature is a field of a CSR of the hypervisor, and Linux has no register by which a VMM could
 * reach it while FWFT is not KVM's own: only the accelerator has one. Without it no feature has what it depends on, which
 * the log says. Ids are cut to 32 bits; those that are not defined are denied. [SBI 3.0 §18]
 */
import { EINVAL, type KvmVcpu } from '../../kvm/uapi.ts';
import { FWFT } from '../../sbi/spec/fwft.ts';
import { ioctlFailed, type VmContext } from '../context.ts';
import { ENVIRONMENT } from '../registers.ts';
import { type EnvironmentName, FEATURE_NAMES, type FeatureName } from './fwft-state.ts';
import { type Server, SUCCESS } from './server.ts';

const [FEATURE, , FLAGS] = FWFT.functions.set.args;
const LOCK = BigInt(FLAGS.values.LOCK);

interface Feature {
  /** ISA extensions of the harts without which there is nothing to switch. */
  readonly needs: readonly string[];
  /** Where it is; left out when no hart of Ecall has it. */
  readonly field?: Field;
}

interface Field {
  readonly register: EnvironmentName;
  readonly mask: bigint;
  /** What to write for a value, best first; none for a value that the feature cannot have. */
  readonly write: (value: bigint) => readonly bigint[];
  readonly read: (field: bigint) => bigint;
}

/** A switch: every bit of the mask, or none. */
const onOff = (register: EnvironmentName, mask: bigint): Field => ({
  register,
  mask,
  write: (value) => (value === 0n ? [0n] : value === 1n ? [mask] : []),
  read: (field) => (field === mask ? 1n : 0n),
});

/** henvcfg.PMM by the length that it stands for, the shortest first. [Privileged ISA, Pointer Masking] */
const PMM_SHIFT = 32n;
const PMM = 3n << PMM_SHIFT;
const MASK_LENGTHS = [
  { length: 0n, field: 0n },
  { length: 7n, field: 2n << PMM_SHIFT },
  { length: 16n, field: 3n << PMM_SHIFT },
] as const;
const ADUE = 1n << 61n;
/** hedeleg: misaligned loads and stores. */
const MISALIGNED = (1n << 4n) | (1n << 6n);

const pointerMasking: Field = {
  register: 'henvcfg',
  mask: PMM,
  write: (value) =>
    MASK_LENGTHS.filter(({ length }) => (value === 0n ? length === 0n : length >= value)).map(({ field }) => field),
  read: (field) => MASK_LENGTHS.find((one) => one.field === field)?.length ?? 0n,
};

const FEATURES: Readonly<Record<FeatureName, Feature>> = {
  MISALIGNED_EXC_DELEG: { needs: [], field: onOff('hedeleg', MISALIGNED) },
  LANDING_PAD: { needs: ['Zicfilp'] },
  SHADOW_STACK: { needs: ['Zicfiss'] },
  DOUBLE_TRAP: { needs: ['Ssdbltrp'] },
  // With Svadu alone harts were promised to update the bits always: nothing is left to choose.
  PTE_AD_HW_UPDATING: { needs: ['Svade', 'Svadu'], field: onOff('henvcfg', ADUE) },
  POINTER_MASKING_PMLEN: { needs: ['Ssnpm'], field: pointerMasking },
};

export const fwft: Server<'FWFT'> = {
  set(vm, { feature, value, flags }, { vcpu }) {
    const name = nameOf(feature);
    if (name === undefined) return { error: 'DENIED' };
    const found = find(vm, vcpu, name);
    if (found === null) return { error: 'NOT_SUPPORTED' };
    const { locked, initial } = vm.sbi.FWFT.hart(vcpu.id);
    const candidates = found.field.write(value);
    if ((flags & ~LOCK) !== 0n) return { error: 'INVALID_PARAM' };
    if (locked.has(name)) return { error: 'DENIED_LOCKED' };
    if (candidates.length === 0) return { error: 'INVALID_PARAM' };
    const { register, mask } = found.field;
    if (!initial.has(register)) initial.set(register, found.value);
    for (const field of candidates) {
      const ret = vcpu.setOneReg(ENVIRONMENT[register].id, (found.value & ~mask) | field);
      // The hart has the feature, but not with this value.
      if (ret === -EINVAL) continue;
      if (ret < 0) {
        vm.say(`FWFT: ${ioctlFailed(`KVM_SET_ONE_REG ${ENVIRONMENT[register].name}`, vcpu, ret)}`);
        return { error: 'FAILED' };
      }
      if (flags === LOCK) locked.add(name);
      return SUCCESS;
    }
    return { error: 'INVALID_PARAM' };
  },
  get(vm, { feature }, { vcpu }) {
    const name = nameOf(feature);
    if (name === undefined) return { error: 'DENIED' };
    const found = find(vm, vcpu, name);
    return found === null ? { error: 'NOT_SUPPORTED' } : { value: found.field.read(found.value & found.field.mask) };
  },
};

/** Reserved and platform-specific ids have no name. */
function nameOf(id: bigint): FeatureName | undefined {
  return FEATURE_NAMES.find((name) => BigInt(FEATURE.values[name]) === BigInt.asUintN(32, id));
}

/** The field of a feature with the value of its register; null, which is said, when the machine lacks what it needs. */
function find(
  vm: VmContext,
  vcpu: KvmVcpu,
  name: FeatureName,
): { readonly field: Field; readonly value: bigint } | null {
  const { needs, field } = FEATURES[name];
  const missing = needs.filter((extension) => !vm.options.isa.includes(extension));
  if (missing.length > 0 || field === undefined) {
    vm.say(`FWFT: ${name} needs harts with ${missing.join(' and ')}`);
    return null;
  }
  const register = ENVIRONMENT[field.register];
  const { errno, value } = vcpu.getOneReg(register.id);
  if (errno === 0) return { field, value };
  const failed = ioctlFailed(`KVM_GET_ONE_REG ${register.name}`, vcpu, errno);
  vm.say(`FWFT: ${name} is a field of ${field.register}: ${failed}; this KVM interface has no such register`);
  return null;
}

/** Gives the registers of a hart back what KVM had given them: the hart is reset. */
export function restoreFeatures(vm: VmContext, vcpu: KvmVcpu): void {
  for (const [name, value] of vm.sbi.FWFT.hart(vcpu.id).initial) {
    const failed = vm.set(vcpu, [[ENVIRONMENT[name], value]]);
    if (failed !== null) vm.say(`FWFT: ${failed}`);
  }
}
