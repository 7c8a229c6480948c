/** Guest memory in a snapshot: stretches of pages that are not zero. A page is the least that differs from new memory. */
import type { GuestMemory } from '../memory/api.ts';
import { PAGE_SIZE } from '../memory/guest-memory.ts';
import { PlainError } from '../schema/plain.ts';

export interface PageRun {
  /** In the backing store, a multiple of the page size. */
  readonly offset: number;
  /** Whole pages. */
  readonly bytes: Uint8Array;
}

export interface MemorySnapshot {
  /** Bytes of the backing store. */
  readonly size: number;
  /** In order, with none that touch. */
  readonly runs: readonly PageRun[];
}

/** Bytes looked at in one go. */
const CHUNK = 256 * PAGE_SIZE;

export function saveMemory(memory: GuestMemory): MemorySnapshot {
  const runs: PageRun[] = [];
  for (const { offset, length } of usedRuns(memory)) runs.push({ offset, bytes: memory.read(offset, length) });
  return { size: memory.size, runs };
}

function usedRuns(memory: GuestMemory): { offset: number; length: number }[] {
  const runs: { offset: number; length: number }[] = [];
  for (let chunk = 0; chunk < memory.size; chunk += CHUNK) {
    const bytes = memory.read(chunk, Math.min(CHUNK, memory.size - chunk));
    for (let page = 0; page < bytes.length; page += PAGE_SIZE) {
      if (isZero(bytes, page)) continue;
      const last = runs.at(-1);
      if (last !== undefined && last.offset + last.length === chunk + page) last.length += PAGE_SIZE;
      else runs.push({ offset: chunk + page, length: PAGE_SIZE });
    }
  }
  return runs;
}

function isZero(bytes: Uint8Array, page: number): boolean {
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + page, PAGE_SIZE / Int32Array.BYTES_PER_ELEMENT);
  for (let index = 0; index < words.length; index++) if (words[index] !== 0) return false;
  return true;
}

/** Into new memory, which is zero. Throws PlainError for what does not fit before anything is written. */
export function loadMemory(memory: GuestMemory, { size, runs }: MemorySnapshot): void {
  if (size !== memory.size) throw new PlainError('size', `${size} bytes where the machine has ${memory.size}`);
  let free = 0;
  for (const [index, { offset, bytes }] of runs.entries()) {
    const whole = offset % PAGE_SIZE === 0 && bytes.length % PAGE_SIZE === 0 && bytes.length > 0;
    if (!whole) throw new PlainError(`runs.${index}`, 'is not of whole pages');
    if (offset < free) throw new PlainError(`runs.${index}`, 'overlaps the pages before it');
    free = offset + bytes.length;
    if (free > size) throw new PlainError(`runs.${index}`, 'ends outside of memory');
  }
  for (const { offset, bytes } of runs) memory.write(offset, bytes);
}
