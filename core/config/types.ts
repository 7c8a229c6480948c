/** The configuration of a machine, as validated: what form, link, file and command line all become. */
import type { MisalignedBy, SatpMode } from '../kvm/profiles/index.ts';
import type { Mode, SbiName, SbiVersion } from '../sbi/types.ts';
import type { VmmName } from '../vmm/profiles/index.ts';

export const INTERFACES = ['upstream', 'userspace', 'accelerator'] as const;
/** Which KVM interface exists: Linux as it is, the capability proposed in 2025, or our what-if. */
export type KvmInterface = (typeof INTERFACES)[number];

export type GuestChoice =
  | { readonly kind: 'example'; readonly id: string }
  | { readonly kind: 'source'; readonly text: string }
  /** One whose images are built apart: `core/guests/systems.ts`. */
  | { readonly kind: 'system'; readonly id: string }
  /** An image that is not part of a link: given by file in the command line or dropped on the page. */
  | { readonly kind: 'image'; readonly name: string };

/** The machine that the host runs on. */
export interface Hardware {
  /** Advanced interrupt architecture with guest interrupt files. */
  readonly aia: 'off' | 'on';
  readonly satpMode: SatpMode;
  readonly misaligned: MisalignedBy;
  /** What the host's own machine ids are: those of a guest follow from them. */
  readonly mvendorid: bigint;
  readonly marchid: bigint;
  readonly mimpid: bigint;
}

export interface Config {
  readonly interface: KvmInterface;
  /** Name of a host profile, e.g. `linux-7.2`. */
  readonly host: string;
  readonly hardware: Hardware;
  /** Which VMM runs the guest: Ecall's own, or one that behaves like a program of today. */
  readonly vmm: VmmName;
  readonly sbiVersion: SbiVersion;
  readonly implId: bigint;
  readonly implVersion: bigint;
  readonly mvendorid: bigint;
  readonly marchid: bigint;
  readonly mimpid: bigint;
  readonly sbi: Readonly<Record<SbiName, Mode>>;
  /** What the VMM answers to a probe of an extension, where that is not the truth. */
  readonly probes: Readonly<Partial<Record<SbiName, bigint>>>;
  readonly harts: number;
  /** MiB */
  readonly memory: number;
  /** Extension names that are on, in ISA-string order. */
  readonly isa: readonly string[];
  readonly costs: { readonly instructionsPerTick: number; readonly trapNs: number; readonly exitNs: number };
  /** Other busy machines on each CPU of the host. */
  readonly neighbours: number;
  readonly guest: GuestChoice;
  /** Console input given at the start of the run. */
  readonly input: string;
  readonly bootargs: string;
}

/** What bounds the modes of extensions. */
export type Platform = Pick<Config, 'interface' | 'host' | 'vmm'>;
/** What the defaults of other fields follow from. */
export type Foundation = Platform & Pick<Config, 'hardware'>;
