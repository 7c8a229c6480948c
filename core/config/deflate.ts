/**
 * Text in links: UTF-8, raw DEFLATE (RFC 1951) and base64url (RFC 4648 §5, no padding). Compression
 * is the host's own `CompressionStream`, which browsers and Node have.
 */
import { concat } from '../base/bytes.ts';

/** Raw DEFLATE, as a host gives it. */
export interface Deflate {
  deflate(bytes: Uint8Array): Promise<Uint8Array>;
  /** Null when the result would be longer than `limit` bytes. Rejects when the data are damaged. */
  inflate(bytes: Uint8Array, limit: number): Promise<Uint8Array | null>;
}

interface ByteReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array }>;
  cancel(): Promise<void>;
}
interface ByteTransform {
  readonly writable: { getWriter(): { write(bytes: Uint8Array): Promise<void>; close(): Promise<void> } };
  readonly readable: { getReader(): ByteReader };
}
interface StreamGlobals {
  readonly CompressionStream: new (format: 'deflate-raw') => ByteTransform;
  readonly DecompressionStream: new (format: 'deflate-raw') => ByteTransform;
}

async function through(transform: ByteTransform, bytes: Uint8Array, limit: number): Promise<Uint8Array | null> {
  const writer = transform.writable.getWriter();
  const reader = transform.readable.getReader();
  // Damaged data reject both ends; the reader's rejection is the one that is reported.
  const written = writer.write(bytes).then(() => writer.close());
  written.catch(() => undefined);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || value === undefined) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
  return concat(chunks);
}

/** DEFLATE of the running host. */
export const hostDeflate: Deflate = {
  async deflate(bytes) {
    const { CompressionStream } = globalThis as unknown as StreamGlobals;
    const packed = await through(new CompressionStream('deflate-raw'), bytes, Number.POSITIVE_INFINITY);
    return packed ?? new Uint8Array();
  },
  inflate(bytes, limit) {
    const { DecompressionStream } = globalThis as unknown as StreamGlobals;
    return through(new DecompressionStream('deflate-raw'), bytes, limit);
  },
};

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const VALUES = new Uint8Array(128);
for (let value = 0; value < DIGITS.length; value++) VALUES[DIGITS.charCodeAt(value)] = value;
/** Bytes encoded at a time, a multiple of 3: a text that grows by single characters is slow when it is long. */
const GROUP_BYTES = 3 * 4096;

export function toBase64Url(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += GROUP_BYTES) parts.push(encoded(bytes.subarray(at, at + GROUP_BYTES)));
  return parts.join('');
}

function encoded(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const digits = Math.min(bytes.length - at, 3) + 1;
    for (let i = 0; i < digits; i++) text += DIGITS.charAt((group >> (18 - 6 * i)) & 63);
  }
  return text;
}

/** Null when the text is not base64url. */
export function fromBase64Url(text: string): Uint8Array | null {
  if (text.length % 4 === 1 || !/^[A-Za-z0-9_-]*$/.test(text)) return null;
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let group = 0;
  let bits = 0;
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    group = ((group << 6) | (VALUES[text.charCodeAt(index)] ?? 0)) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (group >> bits) & 0xff;
    }
  }
  return bytes;
}
