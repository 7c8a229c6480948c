/**
 * What a memory-mapped device is to the bus. A device gets its capabilities (where bytes go, where
 * they come from) when it is made; it never sees the machine.
 */
import type { TreeNode } from './tree.ts';

export const WIDTHS = [1, 2, 4, 8] as const;
/** Bytes of one access. */
export type Width = (typeof WIDTHS)[number];

export interface Access {
  /** From the start of the device's window. */
  readonly offset: number;
  readonly width: Width;
  /** Number of the vcpu. */
  readonly who: number;
}

export interface Device {
  readonly name: string;
  /** Bytes of its window. */
  readonly size: number;
  /** The widths it answers to; the bus refuses any other. */
  readonly widths: readonly Width[];
  /** Unsigned, of the width of the access. */
  read(access: Access): bigint;
  write(access: Access, value: bigint): void;
  /** Its device tree node when its window starts at `base`. */
  tree(base: bigint): TreeNode;
  /** Plain data; keyed by the device's name in a snapshot. */
  save(): unknown;
  /** Takes what `save` gave; throws a TypeError that names what is wrong with anything else. */
  load(state: unknown): void;
}

/** Where bytes go. */
export interface ByteSink {
  write(bytes: Uint8Array): void;
}

/** Where bytes come from; `pending` may be read at any time. */
export interface ByteSource {
  read(max: number): Uint8Array;
  readonly pending: number;
}
