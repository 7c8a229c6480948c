/** What an image is, and where it goes in a guest's RAM. Compressed files are told apart from programs, not unpacked. */
import { hex } from '../base/bits.ts';
import { latin1 } from '../base/bytes.ts';
import { type GuestSymbol, isElf, parseElf, type Segment } from './elf.ts';
import { isArm64Image, isLinuxImage, parseImage } from './image.ts';
import { badImage, type GuestProblem, isProblem, tooLittleMemory } from './problem.ts';

export const IMAGE_KINDS = ['elf', 'linux', 'flat'] as const;
export type ImageKind = (typeof IMAGE_KINDS)[number];

/** Where a flat binary starts, from the start of RAM: where VMMs put an RV64 kernel. */
export const FLAT_OFFSET = 0x20_0000n;

export interface PlacedImage {
  readonly kind: ImageKind;
  /** By address, inside RAM, not overlapping. */
  readonly segments: readonly Segment[];
  readonly entry: bigint;
  readonly symbols: readonly GuestSymbol[];
  /** First address after the image, its zero-filled part included. */
  readonly end: bigint;
}

const COMPRESSED: readonly (readonly [magic: string, name: string, tool: string])[] = [
  ['\x1f\x8b', 'gzip', 'gunzip'],
  ['\xfd7zXZ\0', 'xz', 'unxz'],
  ['\x28\xb5\x2f\xfd', 'zstd', 'unzstd'],
  ['BZh', 'bzip2', 'bunzip2'],
  ['\x02\x21\x4c\x18', 'lz4', 'unlz4'],
  ['\x5d\0\0', 'lzma', 'unlzma'],
];

export function recognise(bytes: Uint8Array): ImageKind | GuestProblem {
  if (bytes.length === 0) return badImage('the image is empty');
  if (isElf(bytes)) return 'elf';
  if (isLinuxImage(bytes)) return 'linux';
  if (isArm64Image(bytes)) return badImage('a Linux Image for arm64 (magic at offset 0x38)', 'use one for riscv64');
  const start = latin1(bytes.subarray(0, 8));
  for (const [magic, name, tool] of COMPRESSED) {
    if (start.startsWith(magic)) return badImage(`the image is compressed with ${name}`, `unpack it first: ${tool}`);
  }
  if (isText(bytes)) {
    return badImage('the image is text, not a program', 'assembly source is known by its name: .s, .S or .asm');
  }
  if (start.startsWith('MZ') && latin1(bytes.subarray(4, 8)) === 'zimg') {
    return badImage('a self-unpacking EFI image (vmlinuz.efi)', 'use the Image that it was made from');
  }
  return 'flat';
}

/** Enough to tell text from code, which has a zero byte in every few instructions. */
const TEXT_SAMPLE = 4096;

/** Whether it begins like a text file: printable ASCII, white space and bytes of UTF-8 beyond it. */
export function isText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, TEXT_SAMPLE).every((byte) => (byte >= 0x20 && byte !== 0x7f) || (byte >= 9 && byte <= 13));
}

/** Segments of `bytes` in RAM of `ramSize` bytes at `ramBase`; a flat binary starts at its first byte. */
export function place(bytes: Uint8Array, ramBase: bigint, ramSize: bigint): PlacedImage | GuestProblem {
  const kind = recognise(bytes);
  if (typeof kind !== 'string') return kind;
  const image = kind === 'elf' ? parseElf(bytes) : single(kind, bytes, ramBase);
  if (isProblem(image)) return image;
  const misfit = checkFit(image.segments, ramBase, ramSize);
  if (misfit) return misfit;
  if (image.entry % 2n !== 0n) return badImage(`the entry ${hex(image.entry)} is odd: code starts at even addresses`);
  const last = image.segments.at(-1);
  const end = last ? last.address + last.size : ramBase;
  return { kind, segments: image.segments, entry: image.entry, symbols: image.symbols, end };
}

function single(
  kind: 'linux' | 'flat',
  bytes: Uint8Array,
  ramBase: bigint,
): Pick<PlacedImage, 'segments' | 'entry' | 'symbols'> | GuestProblem {
  const header = kind === 'linux' ? parseImage(bytes) : { textOffset: FLAT_OFFSET, imageSize: 0n };
  if (isProblem(header)) return header;
  const length = BigInt(bytes.length);
  const entry = ramBase + header.textOffset;
  const size = header.imageSize > length ? header.imageSize : length;
  return { segments: [{ address: entry, bytes, size }], entry, symbols: [] };
}

/** 1 TiB: beyond, a size is an error in the file rather than a wish for memory. */
const ABSURD_MEBIBYTES = 1n << 20n;

function checkFit(segments: readonly Segment[], ramBase: bigint, ramSize: bigint): GuestProblem | null {
  const ramEnd = ramBase + ramSize;
  const range = (from: bigint, to: bigint) => `${hex(from)} to ${hex(to)}`;
  let previous: Segment | null = null;
  for (const segment of segments) {
    const end = segment.address + segment.size;
    const words = `the image's segment from ${range(segment.address, end)}`;
    if (segment.address < ramBase) {
      return badImage(
        `${words} lies below RAM, which is ${range(ramBase, ramEnd)}`,
        `link it at ${hex(ramBase + FLAT_OFFSET)}`,
      );
    }
    if (segment.address >= ramBase + (1n << 40n)) {
      return badImage(
        `${words} is far outside RAM, which is ${range(ramBase, ramEnd)}`,
        `link it at ${hex(ramBase + FLAT_OFFSET)}`,
      );
    }
    if (end > ramEnd) {
      const mebibytes = (end - ramBase + 0xf_ffffn) >> 20n;
      if (mebibytes > ABSURD_MEBIBYTES) return badImage(`${words} is larger than any guest: is the file damaged?`);
      return tooLittleMemory(
        `${words} does not fit in RAM, ${range(ramBase, ramEnd)}`,
        `give the guest more than ${mebibytes} MiB`,
      );
    }
    if (previous && segment.address < previous.address + previous.size) {
      return badImage(`${words} overlaps the one from ${range(previous.address, previous.address + previous.size)}`);
    }
    previous = segment;
  }
  return null;
}
