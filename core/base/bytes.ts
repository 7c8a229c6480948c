/** Byte arrays as the core handles them: text, concatenation, little- and big-endian fields. Knows no format. */

import { fromHalves, highHalf, lowHalf } from './u64.ts';

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** One character per byte: for names and magic numbers, which are ASCII. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The NUL-terminated string at `offset`, or up to the end of `bytes` when no NUL follows. */
export function cString(bytes: Uint8Array, offset: number): string {
  const end = bytes.indexOf(0, offset);
  return latin1(bytes.subarray(offset, end < 0 ? bytes.length : end));
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The unsigned number in `bytes`, least significant byte first; at most 8 bytes are meant. */
export function fromLittleEndian(bytes: Uint8Array): bigint {
  let low = 0;
  let high = 0;
  for (let i = Math.min(bytes.length, 8) - 1; i >= 0; i--) {
    const byte = bytes[i] ?? 0;
    if (i < 4) low = (low << 8) | byte;
    else high = (high << 8) | byte;
  }
  return fromHalves(high, low);
}

/** The low `length` bytes of `value`, which has 64 bits, least significant first. */
export function toLittleEndian(value: bigint, length: number): Uint8Array {
  const out = new Uint8Array(length);
  const low = lowHalf(value);
  const high = highHalf(value);
  for (let i = 0; i < Math.min(length, 8); i++) out[i] = (i < 4 ? low : high) >>> (8 * (i & 3));
  return out;
}

/** `value` rounded down to a multiple of the power of two `unit`. */
export function alignDown(value: bigint, unit: bigint): bigint {
  return value & ~(unit - 1n);
}

export function alignUp(value: bigint, unit: bigint): bigint {
  return alignDown(value + unit - 1n, unit);
}

/** Two lower-case hexadecimal digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** What `toHex` wrote; a text of other characters is the caller's to refuse. */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}
