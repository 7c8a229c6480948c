/** What goes into the assembler and what comes out; no behaviour. */

/** A problem in assembly source; line and column are 1-based, `length` in characters. */
export interface Diagnostic {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
}

export interface AssembleOptions {
  /** Address of the first section, 16-byte aligned or better. Default 0x80200000, where KVM guests start. */
  readonly base?: bigint;
  /** Extensions that the machine has, by the names of the instruction table. Default: all of the table. */
  readonly extensions?: ReadonlySet<string>;
  /** Most bytes from `base` to the end of the last section, .bss included. */
  readonly maxBytes?: number;
}

export type SymbolKind = 'label' | 'function' | 'object' | 'constant';

export interface ImageSymbol {
  readonly name: string;
  /** Absolute address; the value itself for a constant. 64-bit unsigned. */
  readonly address: bigint;
  /** Section name, or `*ABS*` for a constant. */
  readonly section: string;
  readonly kind: SymbolKind;
}

/** Source line (1-based) of the instruction or data at an address; `length` in bytes. */
export interface LineEntry {
  readonly address: bigint;
  readonly line: number;
  readonly length: number;
}

export interface ImageSection {
  readonly name: string;
  readonly address: bigint;
  readonly size: number;
}

export interface Image {
  readonly base: bigint;
  /** From `base`; zero-filled sections at the end (.bss) are left out: memory is zero there. */
  readonly bytes: Uint8Array;
  /** Bytes from `base` to the end of the last section, zero-filled ones included. */
  readonly memorySize: number;
  /** Address of `_start` when it is defined, otherwise `base`. */
  readonly entry: bigint;
  /** By address, then name; local labels (`1:`, `.L…`) are left out. */
  readonly symbols: readonly ImageSymbol[];
  /** By address. */
  readonly lines: readonly LineEntry[];
  readonly sections: readonly ImageSection[];
}

export interface Assembled {
  /** By position in the source. */
  readonly diagnostics: readonly Diagnostic[];
  /** Null when there is an error. */
  readonly image: Image | null;
}
