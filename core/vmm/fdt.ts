/** Flattened device trees: nodes to a blob and back. It knows no binding. [Devicetree Specification 0.4 §5] */
import { concat, cString, utf8, viewOf } from '../base/bytes.ts';
import type { TreeNode } from '../bus/tree.ts';

const FDT_MAGIC = 0xd00dfeed;
const FDT_VERSION = 17;
const FDT_LAST_COMPATIBLE = 16;
const FDT_BEGIN_NODE = 1;
const FDT_END_NODE = 2;
const FDT_PROP = 3;
const FDT_NOP = 4;
const FDT_END = 9;
const HEADER_SIZE = 40;
/** One all-zero entry: no memory is reserved. */
const EMPTY_RESERVATIONS = 16;
/** Far deeper than any real tree; bounds what a damaged blob can make the parser do. */
const MAX_DEPTH = 64;

/** The blob of a tree whose boot hart is `bootCpu`. */
export function flatten(root: TreeNode, bootCpu = 0): Uint8Array {
  const strings = new StringTable();
  const structure = concat([...flattenNode(root, strings), word(FDT_END)]);
  const text = strings.bytes();
  const structureAt = HEADER_SIZE + EMPTY_RESERVATIONS;
  const stringsAt = structureAt + structure.length;
  const header = [
    FDT_MAGIC,
    stringsAt + text.length,
    structureAt,
    stringsAt,
    HEADER_SIZE,
    FDT_VERSION,
    FDT_LAST_COMPATIBLE,
    bootCpu,
    text.length,
    structure.length,
  ];
  return concat([...header.map(word), new Uint8Array(EMPTY_RESERVATIONS), structure, text]);
}

class StringTable {
  readonly #offsets = new Map<string, number>();
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  offsetOf(name: string): number {
    const known = this.#offsets.get(name);
    if (known !== undefined) return known;
    const offset = this.#length;
    const part = padded(name, 1);
    this.#offsets.set(name, offset);
    this.#parts.push(part);
    this.#length += part.length;
    return offset;
  }

  bytes(): Uint8Array {
    return concat(this.#parts);
  }
}

function flattenNode(node: TreeNode, strings: StringTable): Uint8Array[] {
  const parts = [word(FDT_BEGIN_NODE), padded(node.name, 4)];
  for (const [name, value] of Object.entries(node.properties)) {
    parts.push(word(FDT_PROP), word(value.length), word(strings.offsetOf(name)), value);
    parts.push(new Uint8Array(-value.length & 3));
  }
  for (const child of node.children) parts.push(...flattenNode(child, strings));
  parts.push(word(FDT_END_NODE));
  return parts;
}

function word(value: number): Uint8Array {
  const out = new Uint8Array(4);
  viewOf(out).setUint32(0, value);
  return out;
}

/** `text` with its NUL, filled up with zeros to a multiple of `unit`. */
function padded(text: string, unit: number): Uint8Array {
  const bytes = utf8(text);
  const out = new Uint8Array(Math.ceil((bytes.length + 1) / unit) * unit);
  out.set(bytes);
  return out;
}

export interface ParsedTree {
  readonly root: TreeNode;
  readonly bootCpu: number;
}

/** @throws RangeError that names the offset when the blob is not a device tree or is damaged. */
export function parseFdt(blob: Uint8Array): ParsedTree {
  if (blob.length < HEADER_SIZE) throw new RangeError(`a device tree has a header of ${HEADER_SIZE} bytes`);
  const view = viewOf(blob);
  const field = (index: number) => view.getUint32(4 * index);
  if (field(0) !== FDT_MAGIC) throw new RangeError('not a device tree: wrong magic number at offset 0');
  if (field(6) > FDT_VERSION) throw new RangeError(`device tree version ${field(6)} is not readable`);
  const structure = section(blob, field(2), field(9), 'structure');
  const strings = section(blob, field(3), field(8), 'strings');
  return { root: new StructureReader(structure, strings).root(), bootCpu: field(7) };
}

function section(blob: Uint8Array, offset: number, size: number, name: string): Uint8Array {
  if (offset + size > blob.length) throw new RangeError(`the ${name} block ends outside the device tree`);
  return blob.subarray(offset, offset + size);
}

class StructureReader {
  #at = 0;
  readonly #view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly strings: Uint8Array,
  ) {
    this.#view = viewOf(bytes);
  }

  root(): TreeNode {
    if (this.#token() !== FDT_BEGIN_NODE) throw this.#damaged('expected the root node');
    const root = this.#node(0);
    if (this.#token() !== FDT_END) throw this.#damaged('expected the end');
    return root;
  }

  #node(depth: number): TreeNode {
    if (depth > MAX_DEPTH) throw this.#damaged('nested too deep');
    const name = cString(this.bytes, this.#at);
    this.#skip(name.length + 1);
    const properties: Record<string, Uint8Array> = {};
    const children: TreeNode[] = [];
    for (;;) {
      const token = this.#token();
      if (token === FDT_END_NODE) return { name, properties, children };
      if (token === FDT_BEGIN_NODE) children.push(this.#node(depth + 1));
      else if (token === FDT_PROP) {
        const length = this.#word();
        const key = cString(this.strings, this.#word());
        if (this.#at + length > this.bytes.length) throw this.#damaged(`property ${key} is cut off`);
        properties[key] = this.bytes.slice(this.#at, this.#at + length);
        this.#skip(length);
      } else throw this.#damaged(`unknown token ${token}`);
    }
  }

  #token(): number {
    let token = this.#word();
    while (token === FDT_NOP) token = this.#word();
    return token;
  }

  #word(): number {
    if (this.#at + 4 > this.bytes.length) throw this.#damaged('cut off');
    const value = this.#view.getUint32(this.#at);
    this.#at += 4;
    return value;
  }

  #skip(length: number): void {
    this.#at += (length + 3) & ~3;
  }

  #damaged(what: string): RangeError {
    return new RangeError(`device tree: ${what} at offset ${this.#at} of the structure block`);
  }
}
