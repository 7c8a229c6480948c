/**
 * What the harts of one machine share: linear memory with guest RAM in it, predecoded code, and the
 * instantiated interpreter. Generated modules are kept by extension set, since compiling is the dear part.
 */
import { closure, INSTRUCTIONS } from '../../isa/defs/index.ts';
import { createDecoder, type Decoder } from '../../isa/derive/decode.ts';
import { SlottedMemory } from '../../memory/guest-memory.ts';
import { type Layout, layoutOf, RECORD_PAGE_BYTES } from '../layout.ts';
import { HOST_MODULE, type InterpreterHost, MEMORY_NAME, RUN_NAME, type Run } from './host.ts';
import { generateInterpreter, type InterpreterModule } from './module.ts';
import { CodePages } from './pages.ts';

/** Code of 4 MiB in use at a time; when it is not enough, everything is predecoded anew. */
export const POOL_PAGES = 1024;
/** Two pages are needed at a time, by an instruction that crosses them. */
export const MIN_POOL_PAGES = 2;
const WASM_PAGE = 65_536;
/** Linear memory has 32-bit addresses, and record addresses are kept in signed words. */
const MAX_LINEAR_BYTES = 2 ** 32 - WASM_PAGE;

export interface SpaceOptions {
  readonly ramBytes: number;
  readonly harts: number;
  /** Extension names as in the ISA string. */
  readonly extensions: ReadonlySet<string>;
  readonly poolPages?: number;
}

/** What a hart offers to the space: host calls while it runs, and word of stale state at any time. */
export interface SpaceHart extends InterpreterHost {
  /** Records were dropped: nothing may point to any of them. */
  recordsDropped(): void;
  /** The page at that linear address now has records: stores to it must take the slow path. */
  becameCode(page: number): void;
  /** Some records were cleared because their bytes changed. */
  codeWritten(): void;
  remapped(): void;
}

interface Compiled {
  readonly program: InterpreterModule;
  readonly module: WebAssembly.Module;
}
const compiledBySet = new Map<string, Compiled>();

function compiledFor(extensions: ReadonlySet<string>): Compiled {
  const on = closure(extensions);
  const key = [...on].sort().join();
  const known = compiledBySet.get(key);
  if (known !== undefined) return known;
  const alignment = on.has('Zca') ? 2 : 4;
  const program = generateInterpreter(
    INSTRUCTIONS.filter((instruction) => on.has(instruction.extension)),
    alignment,
  );
  const compiled = { program, module: new WebAssembly.Module(program.bytes) };
  compiledBySet.set(key, compiled);
  return compiled;
}

export class InterpreterSpace {
  readonly layout: Layout;
  readonly buffer: ArrayBuffer;
  readonly words: Int32Array;
  readonly guest: SlottedMemory;
  readonly pages: CodePages;
  readonly decode: Decoder;
  readonly #harts: SpaceHart[] = [];
  readonly #run: Run;
  #running: SpaceHart | null = null;

  /** Throws RangeError when the host has no memory for it. */
  constructor(readonly options: SpaceOptions) {
    const { program, module } = compiledFor(options.extensions);
    this.layout = layoutOf(options.harts, options.poolPages ?? POOL_PAGES, options.ramBytes);
    const memory = allocate(this.layout);
    this.buffer = memory.buffer;
    this.words = new Int32Array(this.buffer);
    this.decode = createDecoder(options.extensions);
    this.guest = new SlottedMemory(new Uint8Array(this.buffer, this.layout.ram, this.layout.ramBytes));
    this.pages = new CodePages(this.buffer, this.layout, program, this.decode);
    this.guest.listen({
      written: (offset, length) => this.written(offset, length),
      remapped: () => {
        for (const hart of this.#harts) hart.remapped();
      },
    });
    const instance = new WebAssembly.Instance(module, { [HOST_MODULE]: { [MEMORY_NAME]: memory, ...this.#imports() } });
    this.#run = instance.exports[RUN_NAME] as Run;
  }

  /** The block of linear memory for the next hart. Throws when all are taken. */
  add(hart: SpaceHart): number {
    const index = this.#harts.length;
    if (index >= this.options.harts) throw new Error(`the machine was made for ${this.options.harts} harts`);
    this.#harts.push(hart);
    return this.layout.hartBlock(index);
  }

  /** Runs the hart from the pc in its block; gives what is left of the budget. */
  run(hart: SpaceHart, block: number, budget: number): number {
    this.#running = hart;
    return this.#run(budget, block);
  }

  /** Linear address of the records of the page at that offset of RAM. */
  recordsAt(offset: number): number {
    const { pages } = this;
    if (!pages.isCode(offset)) {
      if (pages.isFull) {
        pages.dropAll();
        for (const hart of this.#harts) hart.recordsDropped();
      }
      for (const hart of this.#harts) hart.becameCode(this.layout.ram + offset);
    }
    return pages.recordsAt(offset);
  }

  /** Bytes of RAM changed: what was decoded from them is stale. */
  written(offset: number, length: number): void {
    if (!this.pages.written(offset, length)) return;
    for (const hart of this.#harts) hart.codeWritten();
  }

  #imports(): InterpreterHost {
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
    throw new RangeError(`${mib} MiB of guest memory do not fit beside the engine's ${overhead(layout)} MiB in 4 GiB`);
  }
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(layout.totalBytes / WASM_PAGE) });
  } catch (cause) {
    throw new RangeError(`no memory for a guest of ${mib} MiB: choose a smaller memory size`, { cause });
  }
}

function overhead(layout: Layout): number {
  return Math.ceil((layout.poolPages * RECORD_PAGE_BYTES) / 2 ** 20);
}
