/** Device tree nodes as plain data, with the property encodings. [Devicetree Specification 0.4 §2.2] Flattening is the VMM's. */
import { concat, utf8 } from '../base/bytes.ts';

export interface TreeNode {
  /** With its unit address: `serial@10000000`; empty for the root. */
  readonly name: string;
  /** Property values as they stand in the blob, in order. */
  readonly properties: Readonly<Record<string, Uint8Array>>;
  readonly children: readonly TreeNode[];
}

export function treeNode(
  name: string,
  properties: Readonly<Record<string, Uint8Array>>,
  children: readonly TreeNode[] = [],
): TreeNode {
  return { name, properties, children };
}

/** Present without a value. */
export const FLAG: Uint8Array = new Uint8Array(0);

/** 32-bit big-endian cells. */
export function cells(...values: readonly number[]): Uint8Array {
  const out = new Uint8Array(4 * values.length);
  const view = new DataView(out.buffer);
  values.forEach((value, i) => {
    view.setUint32(4 * i, value);
  });
  return out;
}

/** 64-bit values, two cells each. */
export function wide(...values: readonly bigint[]): Uint8Array {
  const out = new Uint8Array(8 * values.length);
  const view = new DataView(out.buffer);
  values.forEach((value, i) => {
    view.setBigUint64(8 * i, value);
  });
  return out;
}

/** One string, or a list of them, each with its NUL. */
export function strings(...values: readonly string[]): Uint8Array {
  return concat(values.flatMap((value) => [utf8(value), Uint8Array.of(0)]));
}
