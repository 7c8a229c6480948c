/**
 * Reads ELF64 little-endian executables for RISC-V: what is to be loaded where, the entry and the
 * symbols. It places nothing and relocates nothing. [System V ABI, object files; RISC-V ELF psABI]
 */
import { hex } from '../base/bits.ts';
import { cString, latin1, viewOf } from '../base/bytes.ts';
import { badImage, type GuestProblem } from './problem.ts';

/** Bytes to put at a physical address; `size` beyond the bytes is zero-filled. */
export interface Segment {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  readonly size: bigint;
}
export interface GuestSymbol {
  readonly name: string;
  /** As linked: a virtual address. */
  readonly address: bigint;
}
export interface ElfFile {
  /** Physical address of the first instruction. */
  readonly entry: bigint;
  readonly segments: readonly Segment[];
  /** By address; functions, objects and labels, no sections, files or mapping symbols. */
  readonly symbols: readonly GuestSymbol[];
}

const EHDR_SIZE = 64;
const PHDR_SIZE = 56;
const SHDR_SIZE = 64;
const SYM_SIZE = 24;
const ELFCLASS64 = 2;
const ELFDATA2LSB = 1;
const ET_EXEC = 2;
const EM_RISCV = 243;
const PT_LOAD = 1;
const PT_INTERP = 3;
const SHT_SYMTAB = 2;
const STT_SECTION = 3;
const STT_FILE = 4;
const SHN_UNDEF = 0;

const TYPES: Readonly<Record<number, readonly [string, string]>> = {
  1: ['an object file', 'link it first: riscv64-linux-gnu-ld -Ttext=0x80200000'],
  3: ['position-independent', 'link it at a fixed address: -static -no-pie'],
  4: ['a core dump', 'give the program itself'],
};

export function isElf(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(0, 4)) === '\x7fELF';
}

export function parseElf(bytes: Uint8Array): ElfFile | GuestProblem {
  const header = readHeader(bytes);
  if ('problem' in header) return header;
  const view = viewOf(bytes);
  const segments: (Segment & { readonly virtual: bigint })[] = [];
  for (let i = 0; i < header.phnum; i++) {
    const at = header.phoff + i * PHDR_SIZE;
    const type = view.getUint32(at, true);
    if (type === PT_INTERP) {
      return badImage(
        `program header ${i} at offset ${hex(at)} asks for a dynamic linker`,
        'a guest has none: link it with -static',
      );
    }
    const size = view.getBigUint64(at + 40, true);
    if (type !== PT_LOAD || size === 0n) continue;
    const segment = readSegment(bytes, view, at, i);
    if ('problem' in segment) return segment;
    segments.push(segment);
  }
  if (segments.length === 0) return badImage('the ELF file has nothing to load: no PT_LOAD program header');
  segments.sort((a, b) => (a.address < b.address ? -1 : 1));
  const home = segments.find((s) => header.entry >= s.virtual && header.entry < s.virtual + s.size);
  if (!home) {
    return badImage(
      `entry ${hex(header.entry)} (offset 0x18) is in no loaded segment`,
      'is _start defined and global?',
    );
  }
  const symbols = readSymbols(bytes, view);
  if ('problem' in symbols) return symbols;
  return { entry: header.entry - home.virtual + home.address, segments, symbols };
}

interface Header {
  readonly entry: bigint;
  readonly phoff: number;
  readonly phnum: number;
}

function readHeader(bytes: Uint8Array): Header | GuestProblem {
  if (bytes.length < EHDR_SIZE) {
    return badImage(`the ELF file is cut off: ${bytes.length} bytes, its header alone has ${EHDR_SIZE}`);
  }
  if (bytes[4] !== ELFCLASS64) {
    return badImage(`not a 64-bit ELF file (class ${bytes[4]} at offset 0x4)`, 'build it for rv64');
  }
  if (bytes[5] !== ELFDATA2LSB)
    return badImage(`not a little-endian ELF file (data encoding ${bytes[5]} at offset 0x5)`);
  const view = viewOf(bytes);
  const machine = view.getUint16(18, true);
  if (machine !== EM_RISCV) {
    return badImage(`not for RISC-V: machine ${machine} at offset 0x12, RISC-V is ${EM_RISCV}`);
  }
  const type = view.getUint16(16, true);
  if (type !== ET_EXEC) {
    const [what, hint] = TYPES[type] ?? [`of type ${type}`, 'only linked executables can be loaded'];
    return badImage(`the ELF file is ${what} (type ${type} at offset 0x10)`, hint);
  }
  const phnum = view.getUint16(56, true);
  const phentsize = view.getUint16(54, true);
  if (phnum > 0 && phentsize !== PHDR_SIZE) {
    return badImage(`program headers of ${phentsize} bytes (offset 0x36), expected ${PHDR_SIZE}`);
  }
  const phoff = view.getBigUint64(32, true);
  const end = phoff + BigInt(phnum * PHDR_SIZE);
  if (end > BigInt(bytes.length)) return cutOff('the program headers', end, bytes.length);
  return { entry: view.getBigUint64(24, true), phoff: Number(phoff), phnum };
}

function readSegment(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  index: number,
): (Segment & { virtual: bigint }) | GuestProblem {
  const offset = view.getBigUint64(at + 8, true);
  const fileSize = view.getBigUint64(at + 32, true);
  const size = view.getBigUint64(at + 40, true);
  const name = `segment ${index} (program header at offset ${hex(at)})`;
  if (fileSize > size)
    return badImage(`${name} has more bytes in the file, ${hex(fileSize)}, than in memory, ${hex(size)}`);
  const end = offset + fileSize;
  if (end > BigInt(bytes.length)) return cutOff(name, end, bytes.length);
  return {
    virtual: view.getBigUint64(at + 16, true),
    address: view.getBigUint64(at + 24, true),
    bytes: bytes.subarray(Number(offset), Number(end)),
    size,
  };
}

function cutOff(what: string, end: bigint, length: number): GuestProblem {
  return badImage(
    `the ELF file is cut off at offset ${hex(length)}: ${what} should reach ${hex(end)}`,
    'copy or build it again',
  );
}

function readSymbols(bytes: Uint8Array, view: DataView): GuestSymbol[] | GuestProblem {
  const shoff = view.getBigUint64(40, true);
  const shnum = view.getUint16(60, true);
  if (shnum === 0) return [];
  const end = shoff + BigInt(shnum * SHDR_SIZE);
  if (end > BigInt(bytes.length)) return cutOff('the section headers', end, bytes.length);
  const section = (index: number) => {
    const at = Number(shoff) + index * SHDR_SIZE;
    return {
      type: view.getUint32(at + 4, true),
      offset: view.getBigUint64(at + 24, true),
      size: view.getBigUint64(at + 32, true),
      link: view.getUint32(at + 40, true),
    };
  };
  const symbols: GuestSymbol[] = [];
  for (let i = 0; i < shnum; i++) {
    const table = section(i);
    if (table.type !== SHT_SYMTAB) continue;
    if (table.link >= shnum)
      return badImage(`the symbol table names section ${table.link} of ${shnum} for its strings`);
    const names = section(table.link);
    for (const part of [table, names]) {
      if (part.offset + part.size > BigInt(bytes.length)) {
        return cutOff('the symbol table', part.offset + part.size, bytes.length);
      }
    }
    const text = bytes.subarray(Number(names.offset), Number(names.offset + names.size));
    for (let at = Number(table.offset); at + SYM_SIZE <= Number(table.offset + table.size); at += SYM_SIZE) {
      const kind = (bytes[at + 4] ?? 0) & 15;
      const name = cString(text, view.getUint32(at, true));
      const hidden = kind === STT_SECTION || kind === STT_FILE || view.getUint16(at + 6, true) === SHN_UNDEF;
      if (!hidden && name !== '' && !name.startsWith('$'))
        symbols.push({ name, address: view.getBigUint64(at + 8, true) });
    }
  }
  return symbols.sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}
