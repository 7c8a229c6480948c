/**
 * How an SBI extension is described: data only, no behaviour of any layer. From it come ids, probing,
 * argument names, trace text, the handlers that KVM and VMM must have, UI rows and documentation.
 */

export const SBI_VERSIONS = ['0.1', '0.2', '0.3', '1.0', '2.0', '3.0'] as const;
export type SbiVersion = (typeof SBI_VERSIONS)[number];

/** Extension names in table order; V01 is the legacy group, the last two are id ranges. */
export const SBI_NAMES = [
  'V01',
  'BASE',
  'TIME',
  'IPI',
  'RFENCE',
  'HSM',
  'SRST',
  'PMU',
  'DBCN',
  'SUSP',
  'CPPC',
  'NACL',
  'STA',
  'SSE',
  'FWFT',
  'DBTR',
  'MPXY',
  'EXPERIMENTAL',
  'VENDOR',
] as const;
export type SbiName = (typeof SBI_NAMES)[number];

/** Who is to answer an extension: kernel, user space, nobody. */
export const MODES = ['kvm', 'vmm', 'off'] as const;
export type Mode = (typeof MODES)[number];

/** The categories of the 2025 discussion about who should serve what. */
export type Category = 'isa-gap' | 'privilege' | 'virtualization' | 'platform' | 'confidential';

/** How a register argument is to be read and printed. */
export type ArgType =
  | 'ulong'
  | 'long'
  | 'u64'
  | 'u32'
  | 'u8'
  | 'bytes'
  | 'gpa-lo'
  | 'gpa-hi'
  | 'gpa'
  | 'gva'
  | 'hart'
  | 'hart-mask'
  | 'hart-base'
  | 'eid'
  | 'flags'
  | 'time';

export interface SbiArgument {
  readonly name: string;
  readonly type: ArgType;
  /** Meaning in our own words, where the name does not say it. */
  readonly says?: string;
  /** Named values, e.g. reset types. */
  readonly values?: Readonly<Record<string, number>>;
}

/** Error codes of SBI 3.0. [SBI 3.0 §3.3] */
export const SBI_ERRORS = {
  SUCCESS: 0,
  FAILED: -1,
  NOT_SUPPORTED: -2,
  INVALID_PARAM: -3,
  DENIED: -4,
  INVALID_ADDRESS: -5,
  ALREADY_AVAILABLE: -6,
  ALREADY_STARTED: -7,
  ALREADY_STOPPED: -8,
  NO_SHMEM: -9,
  INVALID_STATE: -10,
  BAD_RANGE: -11,
  TIMEOUT: -12,
  IO: -13,
  DENIED_LOCKED: -14,
} as const;
export type SbiError = keyof typeof SBI_ERRORS;

export interface SbiFunction {
  /** Undefined for legacy calls, which have no function id. */
  readonly fid: number | undefined;
  /** For legacy calls, where each call is an extension id of its own. */
  readonly eid?: number;
  readonly since: SbiVersion;
  readonly says: string;
  readonly args: readonly SbiArgument[];
  /** What `value` (a1) holds on success; undefined when the function returns none. */
  readonly returns?: string;
  readonly returnValues?: Readonly<Record<string, number>>;
  readonly errors: readonly SbiError[];
  readonly noReturn?: boolean;
  /** It may give the caller other registers back than a result: those of what it had interrupted. */
  readonly resumes?: boolean;
}

export interface SbiExtension {
  readonly name: SbiName;
  /** Lowest and highest extension id, equal for all but the ranges and the legacy group. */
  readonly eid: readonly [number, number];
  readonly title: string;
  readonly says: string;
  readonly chapter: string;
  readonly since: SbiVersion;
  readonly category: Category;
  /** Whether calls may come thousands of times a second, and what makes them rare. */
  readonly hot: string | null;
  /** Who calls it, in a sentence with its source, where it is not the kernel of any guest: then no layer provides it. */
  readonly caller?: string;
  /** The layers of Ecall that implement it; the compiler demands the handlers. */
  readonly kvm: boolean;
  readonly vmm: boolean;
  readonly functions: Readonly<Record<string, SbiFunction>>;
}
