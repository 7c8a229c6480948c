/**
 * The interpreter of one set of extensions: generated and compiled once for all machines, since that is the
 * dear part, and instantiated for each linear memory.
 */
import type { HartOptions } from '../../hart/api.ts';
import { closure, INSTRUCTIONS } from '../../isa/defs/index.ts';
import { createDecoder, type Decoder } from '../../isa/derive/decode.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import type { Alignment } from './frame.ts';
import { HOST_MODULE, type InterpreterHost, MEMORY_NAME, RUN_NAME, type Run } from './host.ts';
import { generateInterpreter, type InterpreterModule } from './module.ts';
import { createRefill, type Refill } from './refill.ts';

/** What runs, and what predecoded records mean to it. */
export interface InterpreterCode {
  readonly program: InterpreterModule;
  readonly decode: Decoder;
  readonly run: Run;
}

interface Compiled {
  readonly program: InterpreterModule;
  readonly decode: Decoder;
  readonly module: WebAssembly.Module;
}

const compiledByKey = new Map<string, Compiled>();

/** What the code of a hart depends on. */
export type CodeOptions = Pick<HartOptions, 'extensions' | 'misaligned'>;

/** Sets that differ only in extensions without instructions share their code. */
function codeKey({ extensions, misaligned = 'done' }: CodeOptions): string {
  return [misaligned, ...new Set(instructionsOf(extensions).map((instruction) => instruction.extension))].join();
}

function instructionsOf(extensions: ReadonlySet<string>): readonly Instruction[] {
  const on = closure(extensions);
  return INSTRUCTIONS.filter((instruction) => on.has(instruction.extension));
}

function compiledFor({ extensions, misaligned }: CodeOptions, key: string): Compiled {
  const known = compiledByKey.get(key);
  if (known !== undefined) return known;
  const alignment: Alignment = {
    instructions: closure(extensions).has('Zca') ? 2 : 4,
    data: misaligned === 'traps',
  };
  const program = generateInterpreter(instructionsOf(extensions), alignment);
  const compiled = { program, decode: createDecoder(extensions), module: new WebAssembly.Module(program.bytes) };
  compiledByKey.set(key, compiled);
  return compiled;
}

/** The interpreters of one linear memory, by extension set. */
export class InterpreterCodes {
  readonly #byKey = new Map<string, InterpreterCode>();

  readonly #refills: Partial<Record<'done' | 'traps', Refill>> = {};

  constructor(
    readonly memory: WebAssembly.Memory,
    readonly host: InterpreterHost,
  ) {}

  /** The same object for every set with the same instructions. */
  for(options: CodeOptions): InterpreterCode {
    const key = codeKey(options);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const { program, decode, module } = compiledFor(options, key);
    const imports = { [HOST_MODULE]: { [MEMORY_NAME]: this.memory, ...this.host, ...this.#refillFor(options) } };
    const run = new WebAssembly.Instance(module, imports).exports[RUN_NAME] as Run;
    const code = { program, decode, run };
    this.#byKey.set(key, code);
    return code;
  }

  #refillFor({ misaligned = 'done' }: CodeOptions): Refill {
    const refill = this.#refills[misaligned] ?? createRefill(this.memory, this.host, misaligned === 'traps');
    this.#refills[misaligned] = refill;
    return refill;
  }
}
