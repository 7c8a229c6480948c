/**
 * Predecoded records by physical page: allocation from a pool of fixed size, filling in, and dropping of
 * what a write overlaps. Records depend on bytes alone, so harts and address spaces share them.
 */
import type { Decoded } from '../../isa/dsl/types.ts';
import { GUEST_PAGE, type Layout, PAGE_RECORDS_BYTES, RECORD, RECORD_PAGE_BYTES, SCRATCH_RECORDS } from '../layout.ts';
import type { InterpreterCode } from './code.ts';
import { FIRST_OP, SPECIAL } from './module.ts';
import { type RecordShape, registerOffset } from './operands.ts';

const HALF = 1;
const WORD = 2;
/** Offset in a page of the halfword behind which instructions cross into the next. */
export const LAST_HALFWORD = GUEST_PAGE - 2;
/** Set beside the address of a page's records: stores there must be told to harts that hold a reservation. */
const MONITORED = 1;

/** Instructions of 32 bits have both low bits set; longer ones do not exist here and are illegal. */
export function isLong(halfword: number): boolean {
  return (halfword & 3) === 3;
}

export class CodePages {
  readonly #halves: Uint16Array;
  readonly #words: Int32Array;
  #code: InterpreterCode | null = null;
  #opcodes: ReadonlyMap<string, number> = new Map();
  /** Address of the records of each page of RAM, 0 for none: generated code looks there too. */
  readonly #recordsOf: Int32Array;
  /** Page of RAM that each slot of the pool is for. */
  readonly #pageOf: Int32Array;
  #used = 0;
  /** Records that the host looks at each time, for the sake of triggers. */
  readonly #marked = new Set<number>();

  constructor(
    buffer: ArrayBuffer,
    readonly layout: Layout,
  ) {
    this.#halves = new Uint16Array(buffer);
    this.#words = new Int32Array(buffer);
    this.#recordsOf = new Int32Array(buffer, layout.recordsOf, Math.ceil(layout.ramBytes / GUEST_PAGE));
    this.#pageOf = new Int32Array(layout.poolPages);
  }

  /** The code that the records are for. */
  get code(): InterpreterCode | null {
    return this.#code;
  }

  /** Records are for that code from now on; those that there were are forgotten. */
  use(code: InterpreterCode): void {
    this.dropAll();
    this.#code = code;
    this.#opcodes = new Map(code.program.instructions.map(({ name }, index) => [name, FIRST_OP + index]));
  }

  /** The instruction in the low bits of `word`, or null when it is illegal. */
  decode(word: number): Decoded | null {
    return this.#code?.decode(word) ?? null;
  }

  /** Whether the page at that offset of RAM has records. */
  isCode(offset: number): boolean {
    return this.#recordsIn(offset >>> 12) !== 0;
  }

  /** Whether stores to the page must be told, because of records or of reservations. */
  isWatched(offset: number): boolean {
    return (this.#recordsOf[offset >>> 12] ?? 0) !== 0;
  }

  monitor(page: number, on: boolean): void {
    this.#recordsOf[page] = on ? this.#recordsIn(page) | MONITORED : this.#recordsIn(page);
  }

  #recordsIn(page: number): number {
    return (this.#recordsOf[page] ?? 0) & ~MONITORED;
  }

  get isFull(): boolean {
    return this.#used === this.layout.poolPages;
  }

  /** Forgets every page. Nothing may point to records afterwards. */
  dropAll(): void {
    for (let slot = 0; slot < this.#used; slot++) this.#setRecords(this.#pageOf[slot] ?? 0, 0);
    this.#used = 0;
    this.#marked.clear();
  }

  /** Address of the records of the page at that offset of RAM; a new page needs the pool not to be full. */
  recordsAt(offset: number): number {
    const page = offset >>> 12;
    const known = this.#recordsIn(page);
    if (known !== 0) return known;
    const slot = this.#used++;
    const records = this.layout.pool + slot * RECORD_PAGE_BYTES;
    this.#pageOf[slot] = page;
    this.#setRecords(page, records);
    this.#words.fill(0, records >>> WORD, (records + PAGE_RECORDS_BYTES) >>> WORD);
    this.#setOp(records + PAGE_RECORDS_BYTES, SPECIAL.leavePage);
    this.#setOp(records + PAGE_RECORDS_BYTES + RECORD.bytes, SPECIAL.leavePage);
    return records;
  }

  /** From now on the instruction of a record of the pool comes to the host, until something is written there. */
  mark(record: number): void {
    this.#marked.add(record);
    this.#setOp(record, SPECIAL.straddle);
  }

  /** Takes all marks away. True when there were any. */
  unmark(): boolean {
    for (const record of this.#marked) this.#setOp(record, SPECIAL.decode);
    const any = this.#marked.size > 0;
    this.#marked.clear();
    return any;
  }

  #setRecords(page: number, records: number): void {
    this.#recordsOf[page] = records | ((this.#recordsOf[page] ?? 0) & MONITORED);
  }

  /** Offset in RAM of the halfword that a record of the pool stands for. */
  offsetOf(record: number): number {
    const inPool = record - this.layout.pool;
    const slot = Math.floor(inPool / RECORD_PAGE_BYTES);
    return (this.#pageOf[slot] ?? 0) * GUEST_PAGE + ((inPool - slot * RECORD_PAGE_BYTES) >>> RECORD.shift);
  }

  halfword(offset: number): number {
    return this.#halves[(this.layout.ram + offset) >>> HALF] ?? 0;
  }

  /** The instruction's bits at that offset of RAM; it must not cross a page. */
  wordAt(offset: number): number {
    const low = this.halfword(offset);
    return isLong(low) ? (low | (this.halfword(offset + 2) << 16)) >>> 0 : low;
  }

  /** Fills in a record of the pool from the bytes it stands for. */
  fill(record: number): void {
    const offset = this.offsetOf(record);
    if ((offset & (GUEST_PAGE - 1)) === LAST_HALFWORD && isLong(this.halfword(offset))) {
      this.#setOp(record, SPECIAL.straddle);
    } else {
      this.write(record, this.wordAt(offset));
    }
  }

  /** Writes the record of an instruction given by its bits. */
  write(record: number, word: number): void {
    const decoded = this.decode(word);
    const op = decoded === null ? undefined : this.#opcodes.get(decoded.instruction.name);
    if (decoded === null || op === undefined) {
      this.#setOp(record, SPECIAL.illegal);
      return;
    }
    this.#setOp(record, op);
    this.#writeOperands(record, decoded, this.#code?.program.shapes[op - FIRST_OP], word);
  }

  /** Makes the scratch page of a hart: nothing but look-ups until an instruction is put into it. */
  prepareScratch(block: number): void {
    for (let at = 0; at < RECORD_PAGE_BYTES; at += RECORD.bytes) {
      this.#setOp(block + SCRATCH_RECORDS + at, SPECIAL.leavePage);
    }
  }

  /** Puts an instruction into the scratch page of a hart, at its place in its own page. */
  writeScratch(block: number, inPage: number, word: number): void {
    this.write(block + SCRATCH_RECORDS + (inPage << RECORD.shift), word);
  }

  /** Takes it out again. */
  clearScratch(block: number, inPage: number): void {
    this.#setOp(block + SCRATCH_RECORDS + (inPage << RECORD.shift), SPECIAL.leavePage);
  }

  /** Drops the records that overlap written bytes. True when code was among them, or may have been. */
  written(offset: number, length: number): boolean {
    let hit = false;
    // An instruction that begins in the halfword before reaches into the first byte.
    const first = Math.max(0, offset - 2) & ~1;
    const end = Math.min(offset + length, this.layout.ramBytes);
    for (let page = first >>> 12; page * GUEST_PAGE < end; page++) {
      const records = this.#recordsIn(page);
      if (records === 0) continue;
      const pageOffset = page * GUEST_PAGE;
      const from = Math.max(first - pageOffset, 0);
      const to = Math.min(end - pageOffset, GUEST_PAGE);
      // The first halfword may be the end of an instruction whose record is in no page.
      if (from === 0) hit = true;
      for (let at = from; at < to; at += 2) {
        const record = records + (at << RECORD.shift);
        if (this.#halves[(record + RECORD.op) >>> HALF] === SPECIAL.decode) continue;
        hit = true;
        this.#setOp(record, SPECIAL.decode);
      }
    }
    return hit;
  }

  #writeOperands(record: number, decoded: Decoded, shape: RecordShape | undefined, word: number): void {
    if (shape === undefined) return;
    const { values } = decoded;
    shape.registers.forEach(({ file, field, write }, index) => {
      const offset = registerOffset(file, values[field] ?? 0, write);
      this.#halves[(record + (RECORD.registers[index] ?? 0)) >>> HALF] = offset;
    });
    if (shape.imm === null) {
      // Whatever leaves for the host has no immediate in its record; there it finds its bits.
      this.#words[(record + RECORD.imm) >>> WORD] = word;
      return;
    }
    const value = values[shape.imm.field] ?? 0;
    this.#words[(record + RECORD.imm) >>> WORD] = shape.imm.relative ? value << RECORD.shift : value;
  }

  #setOp(record: number, op: number): void {
    this.#halves[(record + RECORD.op) >>> HALF] = op;
  }
}
