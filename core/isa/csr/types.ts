/** How a control and status register is described. What is written here is data; WARL rules are the hart's. */

export interface CsrField {
  /** As in the specification, upper case: `SPP`, `MODE`. */
  readonly name: string;
  /** Highest and lowest bit. */
  readonly hi: number;
  readonly lo: number;
  readonly says: string;
}

/** Lowest level that may access it: bits 9..8 of the number. `H` covers the hypervisor's and the VS CSRs. */
export type CsrPrivilege = 'U' | 'S' | 'H' | 'M';

export interface Csr {
  /** 0..0xfff */
  readonly number: number;
  readonly name: string;
  /** Other names that assemblers accept for it: of its views, or from older specifications. */
  readonly otherNames: readonly string[];
  readonly privilege: CsrPrivilege;
  /** A write is an illegal instruction: bits 11..10 of the number are ones. */
  readonly readOnly: boolean;
  /** Specification and section. */
  readonly spec: string;
  /** One sentence. */
  readonly says: string;
  /** Extension without which it does not exist. */
  readonly requires?: string;
  /** Can exist for a guest of KVM, under `requires`. */
  readonly guest: boolean;
  /** Upper half of a 64-bit register, on RV32 only; assemblers know it all the same. */
  readonly rv32Only: boolean;
  /** Gone from the current specification: accepted by name, printed as a number. */
  readonly withdrawn: boolean;
  readonly fields: readonly CsrField[];
}
