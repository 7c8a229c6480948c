/**
 * A snapshot as a file: one JSON object with the fields of `StateSnapshot` as they are and, last, `memory`: its `size`
 * in bytes, `runs` as pairs of first page and number of pages of 4096 bytes, and `packed`, the bytes of these pages one
 * after the other, in raw DEFLATE (RFC 1951) and base64url (RFC 4648 §5, no padding). All other pages are zero. `loaded`
 * is null or has `parts`, each with address, bytes and size with the zeros after them, and these bytes `packed` alike.
 */
import { hex } from '../base/bits.ts';
import { concat } from '../base/bytes.ts';
import { fromBase64Url, hostDeflate, toBase64Url } from '../config/deflate.ts';
import type { Segment } from '../guests/elf.ts';
import { PAGE_SIZE } from '../memory/guest-memory.ts';
import * as plain from '../schema/plain.ts';
import type { MemorySnapshot, PageRun } from './pages.ts';
import { type MachineSnapshot, readState, SNAPSHOT_VERSION } from './snapshot.ts';

/** Characters of a file that is read at all: engines hold no text of more than about 2^29. */
export const STATE_FILE_LIMIT = 2 ** 29 - 2 ** 24;
/** Bytes of the largest memory that a machine can have, which bounds what a small file can unpack to. */
const MEMORY_LIMIT = 2 ** 30;

const MEMORY_SHAPE = plain.record({
  size: plain.upTo(MEMORY_LIMIT),
  runs: plain.listOf(plain.listOfLength(plain.count, 2)),
  packed: plain.text,
});

const LOADED_SHAPE = plain.nullable(
  plain.record({
    parts: plain.listOf(
      plain.record({ address: plain.hex64, bytes: plain.upTo(MEMORY_LIMIT), size: plain.upTo(MEMORY_LIMIT) }),
    ),
    packed: plain.text,
  }),
);

export async function toStateFile({ memory, loaded, ...state }: MachineSnapshot): Promise<string> {
  const { size, runs } = memory;
  const packed = await packedOf(runs);
  const pages = runs.map(({ offset, bytes }) => [offset / PAGE_SIZE, bytes.length / PAGE_SIZE]);
  return `${JSON.stringify({ ...state, loaded: await storedOf(loaded), memory: { size, runs: pages, packed } })}\n`;
}

async function storedOf(loaded: MachineSnapshot['loaded']) {
  if (loaded === null) return null;
  const parts = loaded.map(({ address, bytes, size }) => ({
    address: hex(address),
    bytes: bytes.length,
    size: Number(size),
  }));
  return { parts, packed: await packedOf(loaded) };
}

async function packedOf(parts: readonly { readonly bytes: Uint8Array }[]): Promise<string> {
  return toBase64Url(await hostDeflate.deflate(concat(parts.map(({ bytes }) => bytes))));
}

/** Rejects with PlainError, whose place is a path in the file. */
export async function fromStateFile(text: string): Promise<MachineSnapshot> {
  if (text.length > STATE_FILE_LIMIT) throw new plain.PlainError('', `is longer than ${STATE_FILE_LIMIT} characters`);
  const data = parsed(text);
  const { memory, loaded, ...state } = data;
  const read = readState(state);
  const packed = plain.readPlain(MEMORY_SHAPE, memory, 'memory');
  const parts = state.version === SNAPSHOT_VERSION ? plain.readPlain(LOADED_SHAPE, loaded, 'loaded') : null;
  return { ...read, loaded: parts === null ? null : await segmentsOf(parts), memory: await unpacked(packed) };
}

async function segmentsOf({ parts, packed }: NonNullable<Of<typeof LOADED_SHAPE>>): Promise<readonly Segment[]> {
  const length = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  if (length > MEMORY_LIMIT) throw new plain.PlainError('loaded.parts', `have ${length} bytes, more than any memory`);
  const all = await inflated(packed, length);
  if (all?.length !== length) throw new plain.PlainError('loaded.packed', `does not unpack to ${length} bytes`);
  let at = 0;
  return parts.map(({ address, bytes, size }) => {
    at += bytes;
    return { address: BigInt(address), bytes: all.slice(at - bytes, at), size: BigInt(size) };
  });
}

type Of<S> = S extends plain.Shape<infer T> ? T : never;

function parsed(text: string): Readonly<Record<string, unknown>> {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new plain.PlainError('', 'the file is not JSON: is it whole, and is it the state of a machine?');
  }
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>;
  throw new plain.PlainError('', 'the file is not the state of a machine');
}

async function unpacked(stored: {
  readonly size: number;
  readonly runs: readonly (readonly number[])[];
  readonly packed: string;
}): Promise<MemorySnapshot> {
  const { size, runs, packed } = stored;
  const length = runs.reduce((sum, [, pages = 0]) => sum + pages * PAGE_SIZE, 0);
  if (length > size) throw new plain.PlainError('memory.runs', `have ${length} bytes where memory has ${size}`);
  const bytes = await inflated(packed, length);
  if (bytes?.length !== length) throw new plain.PlainError('memory.packed', `does not unpack to ${length} bytes`);
  const result: PageRun[] = [];
  let at = 0;
  for (const [first = 0, pages = 0] of runs) {
    result.push({ offset: first * PAGE_SIZE, bytes: bytes.slice(at, at + pages * PAGE_SIZE) });
    at += pages * PAGE_SIZE;
  }
  return { size, runs: result };
}

/** Null when the data are damaged or unpack to more than `length` bytes. */
async function inflated(packed: string, length: number): Promise<Uint8Array | null> {
  const bytes = fromBase64Url(packed);
  if (bytes === null) return null;
  return hostDeflate.inflate(bytes, length).catch(() => null);
}
