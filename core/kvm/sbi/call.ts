/** An SBI call while it is open: what stays to be known of it until the guest goes on. Plain data. */

/** A call as it stood at the ecall. */
export interface Call {
  readonly pc: bigint;
  readonly eid: bigint;
  readonly fid: bigint;
  /** a0 to a5. */
  readonly args: readonly bigint[];
  /** Clock unit of the ecall. */
  readonly start: number;
}

/** What decides how the answer reaches the guest and the trace. */
export interface Answering {
  /** Who answered, as far as the kernel knows: a forwarded call is answered by the VMM. */
  readonly by: 'kvm' | 'vmm' | 'none';
  /** Legacy calls that the kernel answers leave a1 as it was. */
  readonly keepsA1: boolean;
  /** Success means that the call does not come back. */
  readonly noReturn: boolean;
  readonly kernel: string;
}

/** A call whose answer is still to come. */
export interface OpenCall {
  readonly call: Call;
  readonly answering: Answering;
}
