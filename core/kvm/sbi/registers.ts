/**
 * The SBI_EXT registers of a vcpu: who answers an extension. Linux knows 0 (off) and 1 (on, and then
 * the extension itself says whether the kernel answers or user space); the what-if accelerator adds 2
 * (forward), BASE and every extension that Ecall implements. [Linux arch/riscv/kvm/vcpu_sbi.c]
 */
import { SBI } from '../../sbi/spec/index.ts';
import { SBI_NAMES, type SbiName } from '../../sbi/types.ts';
import type { HostProfile } from '../profiles/index.ts';
import { KVM_RISCV_SBI_EXT, KVM_SBI_EXT_FORWARD, KVM_SBI_EXT_OFF, KVM_SBI_EXT_ON } from '../uapi.ts';

/** Extensions with a register, in the order of their numbers. */
const NUMBERED = (Object.keys(KVM_RISCV_SBI_EXT) as (keyof typeof KVM_RISCV_SBI_EXT)[]).sort(
  (a, b) => KVM_RISCV_SBI_EXT[a] - KVM_RISCV_SBI_EXT[b],
);

export interface SbiCapabilities {
  readonly options: { readonly profile: HostProfile };
  readonly userspaceSbi: boolean;
  readonly accelerator: boolean;
}

/** Who is asked for an extension. */
export type Place = 'kernel' | 'user' | 'nobody';

export class SbiRegisters {
  /** Counts writes, so that what was derived from the registers can be kept until then. */
  generation = 0;
  #values: Map<SbiName, bigint>;

  constructor(private readonly vm: SbiCapabilities) {
    this.#values = this.initial();
  }

  /** Back to the values of a new vcpu: after a capability changed what they mean. */
  restart(): void {
    this.#values = this.initial();
    this.generation++;
  }

  save(): Record<SbiName, number> {
    return Object.fromEntries(SBI_NAMES.map((name) => [name, Number(this.value(name))])) as Record<SbiName, number>;
  }

  load(values: Readonly<Record<SbiName, number>>): void {
    this.#values = new Map(SBI_NAMES.map((name) => [name, BigInt(values[name])]));
    this.generation++;
  }

  numbers(): readonly number[] {
    return NUMBERED.filter((name) => this.exists(name)).map((name) => KVM_RISCV_SBI_EXT[name]);
  }

  /** The extension of a register number, when this kernel has it. */
  nameOf(number: number): SbiName | undefined {
    return NUMBERED.find((name) => KVM_RISCV_SBI_EXT[name] === number && this.exists(name));
  }

  value(name: SbiName): bigint {
    return this.#values.get(name) ?? KVM_SBI_EXT_OFF;
  }

  /** Whether a register can hold a value at all, before it is asked whether it exists. */
  isValue(value: bigint): boolean {
    return value <= (this.vm.accelerator ? KVM_SBI_EXT_FORWARD : KVM_SBI_EXT_ON);
  }

  /** False when this extension cannot be put there. */
  set(name: SbiName, value: bigint): boolean {
    if (this.vm.accelerator && value === KVM_SBI_EXT_ON && !this.inKernel(name)) return false;
    this.#values.set(name, value);
    this.generation++;
    return true;
  }

  /** The value that switches an extension on when only on and off can be said. */
  onValue(name: SbiName): bigint {
    return this.vm.accelerator && !this.inKernel(name) ? KVM_SBI_EXT_FORWARD : KVM_SBI_EXT_ON;
  }

  /** Who answers calls of an extension. */
  place(name: SbiName): Place {
    const value = this.exists(name) ? this.value(name) : name === 'BASE' ? KVM_SBI_EXT_ON : KVM_SBI_EXT_OFF;
    if (value === KVM_SBI_EXT_OFF) return 'nobody';
    if (this.vm.accelerator) return value === KVM_SBI_EXT_ON ? 'kernel' : 'user';
    const { profile } = this.vm.options;
    if (name === 'V01' && !profile.sbiV01) return 'nobody';
    return profile.extensions[name]?.where === 'user' ? 'user' : 'kernel';
  }

  private exists(name: SbiName): boolean {
    if (name === 'BASE') return this.vm.userspaceSbi || this.vm.accelerator;
    if (this.vm.accelerator && (SBI[name].kvm || SBI[name].vmm)) return true;
    return this.vm.options.profile.extensions[name]?.available ?? false;
  }

  private inKernel(name: SbiName): boolean {
    return SBI[name].kvm && (name !== 'V01' || this.vm.options.profile.sbiV01);
  }

  private initial(): Map<SbiName, bigint> {
    const { extensions } = this.vm.options.profile;
    return new Map(
      SBI_NAMES.map((name): [SbiName, bigint] => {
        const on = name === 'BASE' || (extensions[name]?.enabled ?? false);
        const forwards = this.vm.accelerator && extensions[name]?.where === 'user';
        if (!on || (this.vm.accelerator && !forwards && !this.inKernel(name))) return [name, KVM_SBI_EXT_OFF];
        return [name, forwards ? KVM_SBI_EXT_FORWARD : KVM_SBI_EXT_ON];
      }),
    );
  }
}
