/** What an example says about itself; data only, so that a page can list examples without loading anything else. */

/** Fields of a configuration that differ from the standard one; names and values are the configuration's own. */
export interface ExamplePatch {
  readonly interface?: 'upstream' | 'userspace' | 'accelerator';
  readonly sbiVersion?: '0.1' | '0.2' | '0.3' | '1.0' | '2.0' | '3.0';
  readonly sbi?: Readonly<Record<string, 'kvm' | 'vmm' | 'off'>>;
  readonly harts?: number;
  readonly bootargs?: string;
  /** Of the machine of the host. */
  readonly hardware?: { readonly misaligned?: 'hart' | 'firmware' | 'delegated'; readonly aia?: 'on' | 'off' };
  /** ISA extensions to take away. */
  readonly without?: readonly string[];
  /** ISA extensions to add, with what they need. */
  readonly with?: readonly string[];
}

export interface TryThis {
  /** A sentence: what to change and what to watch. */
  readonly text: string;
  readonly patch?: ExamplePatch;
}

export interface Example {
  /** In links and on the command line; never changed once released. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences. */
  readonly says: string;
  readonly harts: number;
  /** What it needs besides the standard configuration. */
  readonly config?: ExamplePatch;
}
