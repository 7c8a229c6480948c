/**
 * A hart that does one instruction at a time by evaluating its recorded semantics. Slow and obvious: the
 * measure for engines, and good enough to step through a program. It caches nothing but decoded words.
 */
import { createDecoder, type Decoder } from '../isa/derive/decode.ts';
import { type EvaluationState, evaluate } from '../isa/derive/evaluate.ts';
import type { Decoded, Instruction } from '../isa/dsl/types.ts';
import type { SlottedMemory } from '../memory/guest-memory.ts';
import { Left, MemoryAccess } from './access.ts';
import type { HartExit, HartOptions } from './api.ts';
import type { HartClock } from './clock.ts';
import { CAUSE_MISALIGNED_FETCH } from './constants.ts';
import { HartCore } from './core.ts';
import { CoreHart } from './core-hart.ts';
import { accessWords } from './exits.ts';
import { PrivilegedInstructions } from './instructions.ts';
import { IntegerRegisters } from './integer.ts';

const LIMIT: HartExit = { kind: 'limit' };

export class ReferenceHart extends CoreHart {
  readonly #decoder: Decoder;
  readonly #decoded = new Map<number, Decoded | null>();
  readonly #state: EvaluationState;
  /** The instruction under evaluation. */
  #current: Decoded | null = null;
  #interrupted = false;

  constructor(options: HartOptions, memory: SlottedMemory, clock: HartClock) {
    super(options.id, clock, new HartCore(options, memory, clock, new IntegerRegisters()));
    this.#decoder = createDecoder(options.extensions);
    this.#state = this.#evaluationState(new MemoryAccess(this.core, () => accessWords(this.#executing())));
  }

  override run(limit: number): HartExit {
    this.#interrupted = false;
    for (let left = limit; left > 0 && !this.#interrupted; left--) {
      if (this.core.takeInterrupt() && this.#interrupted) return LIMIT;
      const exit = this.core.triggers.counting ? this.core.counted(() => this.#step()) : this.#step();
      if (exit !== null) return exit;
    }
    return LIMIT;
  }

  override interruptRun(): void {
    this.#interrupted = true;
  }

  /** One instruction, or the trap that it takes; it has retired when it neither trapped nor left. */
  #step(): HartExit | null {
    const { clock } = this;
    const waited = clock.waited;
    let exit: HartExit | null = null;
    try {
      this.#watch();
      const word = this.#fetch();
      this.#current = this.#decode(word);
      if (this.#current === null) exit = this.core.illegal(word);
      else evaluate(this.#current, this.#state);
    } catch (error) {
      if (!(error instanceof Left)) throw error;
      exit = error.exit;
    }
    if (exit === null && clock.waited === waited) {
      clock.retired += 1;
      this.retired(this.#executing().instruction);
    }
    return exit;
  }

  /** Told of each instruction that retires: for those who count. */
  protected retired(_instruction: Instruction): void {}

  /** A trigger may fire before anything of the instruction is looked at. */
  #watch(): void {
    const { triggers } = this.core;
    const at = triggers.watchesFetch ? triggers.fetched(this.core) : null;
    if (at !== null) throw new Left(this.core.breakpoint(at));
  }

  #fetch(): number {
    const { pc } = this;
    const low = this.#fetchHalf(pc);
    return (low & 3) === 3 ? (low | (this.#fetchHalf(BigInt.asUintN(64, pc + 2n)) << 16)) >>> 0 : low;
  }

  /** Two bytes of code at an even address: they cannot straddle pages. */
  #fetchHalf(va: bigint): number {
    const page = this.core.translation.translate(va, 'fetch');
    if (page.kind !== 'page' || page.offset < 0) throw new Left(this.core.fetchFault(page, va));
    return this.core.memory.view.getUint16(page.offset + Number(va & 0xfffn), true);
  }

  #decode(word: number): Decoded | null {
    const known = this.#decoded.get(word);
    if (known !== undefined) return known;
    const decoded = this.#decoder(word);
    this.#decoded.set(word, decoded);
    return decoded;
  }

  #executing(): Decoded {
    if (this.#current === null) throw new Error('no instruction is being executed');
    return this.#current;
  }

  /** CSR and system instructions are the core's alone, so they leave the evaluation in every case. */
  #evaluationState(memory: MemoryAccess): EvaluationState {
    const core = this.core;
    const instructions = new PrivilegedInstructions(core);
    const executing = (): Decoded => this.#executing();
    return {
      get pc() {
        return core.pc;
      },
      setPc(value) {
        const isAligned = value % BigInt(core.csrs.instructionAlignment) === 0n;
        if (!isAligned) throw new Left(core.raise(CAUSE_MISALIGNED_FETCH, value));
        core.pc = value;
      },
      readX: (index) => core.registers.read(index),
      writeX: (index, value) => core.registers.write(index, value),
      float: core.float,
      load: (va, bytes) => memory.load(va, bytes),
      store: (va, bytes, value) => memory.store(va, bytes, value),
      loadReserved: (va, bytes) => memory.loadReserved(va, bytes),
      storeConditional: (va, bytes, value) => memory.storeConditional(va, bytes, value),
      atomic: (va, bytes, update) => memory.atomic(va, bytes, update),
      atomicPair: (va, update) => memory.atomicPair(va, update),
      csr(kind, csr, rd, sourceField, source) {
        const { word } = executing();
        throw new Left(instructions.csr({ csr, access: kind, rd, source, hasSource: sourceField !== 0, word }));
      },
      system(name, args) {
        const { word, instruction } = executing();
        throw new Left(instructions.system(name, args, word, instruction.length));
      },
      illegal(word) {
        throw new Left(core.illegal(word));
      },
    };
  }
}
