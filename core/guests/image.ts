/** The header of a Linux kernel Image for RISC-V. [Linux Documentation/arch/riscv/boot-image-header] */
import { latin1, viewOf } from '../base/bytes.ts';
import { badImage, type GuestProblem } from './problem.ts';

const HEADER_SIZE = 64;
const MAGIC = 'RISCV\0\0\0';
const MAGIC2 = 'RSC\x05';
const ARM64_MAGIC = 'ARM\x64';
const FLAG_BIG_ENDIAN = 1n;

export interface ImageHeader {
  /** From the start of RAM. */
  readonly textOffset: bigint;
  /** Memory that the kernel takes from there, bss included; 0 when the header does not say. */
  readonly imageSize: bigint;
  readonly version: { readonly major: number; readonly minor: number };
}

export function isLinuxImage(bytes: Uint8Array): boolean {
  if (bytes.length < HEADER_SIZE) return false;
  return latin1(bytes.subarray(48, 56)) === MAGIC || latin1(bytes.subarray(56, 60)) === MAGIC2;
}

export function isArm64Image(bytes: Uint8Array): boolean {
  return latin1(bytes.subarray(56, 60)) === ARM64_MAGIC;
}

export function parseImage(bytes: Uint8Array): ImageHeader | GuestProblem {
  if (!isLinuxImage(bytes)) return badImage('not a Linux Image: no magic number at offset 0x30 or 0x38');
  const view = viewOf(bytes);
  if (view.getBigUint64(24, true) & FLAG_BIG_ENDIAN) {
    return badImage('the Linux Image is big-endian (flags at offset 0x18)', 'harts here are little-endian');
  }
  return {
    textOffset: view.getBigUint64(8, true),
    imageSize: view.getBigUint64(16, true),
    version: { major: view.getUint16(34, true), minor: view.getUint16(32, true) },
  };
}
