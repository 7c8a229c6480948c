/**
 * What the harts of one machine share: linear memory with guest RAM in it, and predecoded code. Records mean
 * something to the code of one extension set only, so harts that differ in theirs cost a fresh start at each turn.
 */
import { SlottedMemory } from '../../memory/guest-memory.ts';
import { GUEST_PAGE, HART, type Layout, layoutOf, RECORD_PAGE_BYTES, RUNNING_BLOCK, reservedBytes } from '../layout.ts';
import { type InterpreterCode, InterpreterCodes } from './code.ts';
import type { InterpreterHost } from './host.ts';
import { CodePages } from './pages.ts';

/** Code of 4 MiB in use at a time; when it is not enough, everything is predecoded anew. */
const POOL_PAGES = 1024;
const WASM_PAGE = 65_536;
/** Linear memory has 32-bit addresses. */
const MAX_LINEAR_BYTES = 2 ** 32 - WASM_PAGE;

export interface SpaceOptions {
  readonly ramBytes: number;
  /** Number of harts with different ids. */
  readonly harts: number;
  /** At least 2: an instruction that crosses pages needs both. */
  readonly poolPages?: number;
}

/** What a hart offers to the space: host calls while it runs, and word of stale state at any time. */
export interface SpaceHart extends InterpreterHost {
  /** Records were dropped: nothing may point to any of them. */
  recordsDropped(): void;
  /** The page at that linear address is watched from now on: stores to it must take the slow path. */
  becameWatched(page: number): void;
  /** Some records were cleared because their bytes changed. */
  codeWritten(): void;
  remapped(): void;
}

export class InterpreterSpace {
  readonly layout: Layout;
  readonly buffer: ArrayBuffer;
  readonly words: Int32Array;
  readonly guest: SlottedMemory;
  readonly pages: CodePages;
  readonly codes: InterpreterCodes;
  /** By hart id. */
  readonly #harts = new Map<number, { readonly block: number; hart: SpaceHart }>();
  #running: SpaceHart | null = null;
  /** Pages of RAM with a reservation of a hart that does not run. */
  #monitored: ReadonlySet<number> = new Set();

  /** Throws RangeError when the host has no memory for it. */
  constructor(readonly options: SpaceOptions) {
    this.layout = layoutOf(options.harts, options.poolPages ?? POOL_PAGES, options.ramBytes);
    const memory = allocate(this.layout);
    this.buffer = memory.buffer;
    this.words = new Int32Array(this.buffer);
    this.guest = new SlottedMemory(new Uint8Array(this.buffer, this.layout.ram, this.layout.ramBytes));
    this.pages = new CodePages(this.buffer, this.layout);
    this.codes = new InterpreterCodes(memory, this.#hostCalls());
    this.guest.listen({
      written: (offset, length) => this.written(offset, length),
      remapped: () => this.#tellAll((hart) => hart.remapped()),
    });
  }

  /** The block of linear memory for the hart with that id; a hart that had it before must not run any more. */
  add(hart: SpaceHart, id: number): number {
    const known = this.#harts.get(id);
    if (known !== undefined) {
      known.hart = hart;
      return known.block;
    }
    if (this.#harts.size === this.options.harts) {
      throw new RangeError(`no room for hart ${id}: the machine was made for ${this.options.harts}`);
    }
    const block = this.layout.hartBlock(this.#harts.size);
    this.#harts.set(id, { block, hart });
    return block;
  }

  /** Runs the hart from the pc in its block; gives what is left of the budget. */
  run(hart: SpaceHart, code: InterpreterCode, block: number, budget: number): number {
    this.#running = hart;
    if (this.pages.code !== code) {
      this.pages.use(code);
      this.#tellAll((other) => other.recordsDropped());
    }
    this.words[RUNNING_BLOCK >>> 2] = block;
    this.#monitorReservations(hart);
    return code.run(budget, block);
  }

  /** Linear address of the records of the page at that offset of RAM. */
  recordsAt(offset: number): number {
    const { pages } = this;
    if (!pages.isCode(offset)) {
      if (pages.isFull) {
        pages.dropAll();
        this.#tellAll((hart) => hart.recordsDropped());
      }
      this.#tellAll((hart) => hart.becameWatched(this.layout.ram + offset));
    }
    return pages.recordsAt(offset);
  }

  /** Triggers of a hart changed: no hart may rely on records that are marked for them. */
  unmark(): void {
    if (this.pages.unmark()) this.#tellAll((hart) => hart.recordsDropped());
  }

  /** The running hart stored on the slow path: its own reservation may stay, since SC compares what LR saw. */
  stored(offset: number, length: number): void {
    this.#breakReservations(offset, length, this.#running);
    this.#changed(offset, length);
  }

  /** Bytes of RAM were written from outside the guest. */
  written(offset: number, length: number): void {
    this.#breakReservations(offset, length, null);
    this.#changed(offset, length);
  }

  /** What was decoded from these bytes is stale. */
  #changed(offset: number, length: number): void {
    if (this.pages.written(offset, length)) this.#tellAll((hart) => hart.codeWritten());
  }

  /** Stores of this hart to pages where others hold a reservation take the slow path. */
  #monitorReservations(runs: SpaceHart): void {
    const wanted: number[] = [];
    for (const { block, hart } of this.#harts.values()) {
      const key = hart === runs ? 0 : (this.words[(block + HART.reservation) >>> 2] ?? 0);
      if (key !== 0) wanted.push((reservedBytes(key).address - this.layout.ram) >>> 12);
    }
    if (wanted.length === 0 && this.#monitored.size === 0) return;
    for (const page of this.#monitored) if (!wanted.includes(page)) this.pages.monitor(page, false);
    for (const page of wanted) {
      if (this.#monitored.has(page)) continue;
      this.pages.monitor(page, true);
      this.#tellAll((hart) => hart.becameWatched(this.layout.ram + page * GUEST_PAGE));
    }
    this.#monitored = new Set(wanted);
  }

  /** Of all harts but one. */
  #breakReservations(offset: number, length: number, but: SpaceHart | null): void {
    for (const { block, hart } of this.#harts.values()) {
      const at = (block + HART.reservation) >>> 2;
      const key = this.words[at] ?? 0;
      if (key === 0 || hart === but) continue;
      const { address, bytes } = reservedBytes(key);
      const from = address - this.layout.ram;
      if (offset < from + bytes && from < offset + length) this.words[at] = 0;
    }
  }

  #tellAll(tell: (hart: SpaceHart) => void): void {
    for (const { hart } of this.#harts.values()) tell(hart);
  }

  #hostCalls(): InterpreterHost {
    const running = (): SpaceHart => {
      if (this.#running === null) throw new Error('host call without a running hart');
      return this.#running;
    };
    return {
      load: (bytes) => running().load(bytes),
      loadReserved: (bytes) => running().loadReserved(bytes),
      store: (bytes) => running().store(bytes),
      atomic: (bytes) => running().atomic(bytes),
      system: () => running().system(),
      float: (operation, rounding, a, b, c) => running().float(operation, rounding, a, b, c),
      illegal: () => running().illegal(),
      misalignedJump: () => running().misalignedJump(),
      fetch: () => running().fetch(),
      decode: () => running().decode(),
      straddle: () => running().straddle(),
    };
  }
}

function allocate(layout: Layout): WebAssembly.Memory {
  const mib = Math.ceil(layout.ramBytes / 2 ** 20);
  if (layout.totalBytes > MAX_LINEAR_BYTES) {
    const own = Math.ceil((layout.poolPages * RECORD_PAGE_BYTES) / 2 ** 20);
    throw new RangeError(`${mib} MiB of guest memory and ${own} MiB of predecoded code do not fit in 4 GiB`);
  }
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(layout.totalBytes / WASM_PAGE) });
  } catch (cause) {
    throw new RangeError(`no memory for a guest of ${mib} MiB: choose a smaller memory size`, { cause });
  }
}
