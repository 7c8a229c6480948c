/** Lays a module out in its sections: types, imports, functions, exports, code. [WebAssembly core 5.5] */
import { ByteWriter } from './bytes.ts';
import type { CodeBuilder } from './code.ts';
import type { ValType } from './opcodes.ts';

const MAGIC_AND_VERSION = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const SECTION = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const KIND = { function: 0x00, memory: 0x02 } as const;
const FUNCTION_TYPE = 0x60;
const LIMITS_MINIMUM = 0x00;

export interface FunctionType {
  readonly params: readonly ValType[];
  readonly results: readonly ValType[];
}

export interface ImportedFunction {
  readonly module: string;
  readonly name: string;
  readonly type: FunctionType;
}

export interface DefinedFunction {
  readonly type: FunctionType;
  readonly code: CodeBuilder;
  readonly exportAs?: string;
}

export interface ModuleDefinition {
  /** The one memory, imported; at least `minimumPages` of 64 KiB. */
  readonly memory: { readonly module: string; readonly name: string; readonly minimumPages: number };
  /** Functions are numbered from 0: the imported ones in order, then the defined ones. */
  readonly imports: readonly ImportedFunction[];
  readonly functions: readonly DefinedFunction[];
}

/** Bytes of the binary format. */
export function encodeModule(definition: ModuleDefinition): Uint8Array<ArrayBuffer> {
  const { imports, functions, memory } = definition;
  const types = new TypeTable();
  const importTypes = imports.map((f) => types.index(f.type));
  const functionTypes = functions.map((f) => types.index(f.type));

  const out = new ByteWriter().append(MAGIC_AND_VERSION);
  section(out, SECTION.type, types.encode());
  const importSection = new ByteWriter().u32(imports.length + 1);
  importSection.name(memory.module).name(memory.name).byte(KIND.memory).byte(LIMITS_MINIMUM).u32(memory.minimumPages);
  imports.forEach((f, i) => {
    importSection
      .name(f.module)
      .name(f.name)
      .byte(KIND.function)
      .u32(importTypes[i] ?? 0);
  });
  section(out, SECTION.import, importSection);
  const functionSection = new ByteWriter().u32(functions.length);
  for (const index of functionTypes) functionSection.u32(index);
  section(out, SECTION.function, functionSection);
  section(out, SECTION.export, encodeExports(functions, imports.length));
  const codeSection = new ByteWriter().u32(functions.length);
  for (const f of functions) {
    const body = encodeBody(f.code);
    codeSection.u32(body.length).append(body.view());
  }
  section(out, SECTION.code, codeSection);
  return out.view().slice();
}

function section(out: ByteWriter, id: number, content: ByteWriter): void {
  out.byte(id).u32(content.length).append(content.view());
}

function encodeExports(functions: readonly DefinedFunction[], firstIndex: number): ByteWriter {
  const entries = new ByteWriter();
  let count = 0;
  functions.forEach((f, i) => {
    if (f.exportAs === undefined) return;
    count++;
    entries
      .name(f.exportAs)
      .byte(KIND.function)
      .u32(firstIndex + i);
  });
  return new ByteWriter().u32(count).append(entries.view());
}

function encodeBody(code: CodeBuilder): ByteWriter {
  const runs: { type: ValType; count: number }[] = [];
  for (const type of code.locals) {
    const last = runs[runs.length - 1];
    if (last?.type === type) last.count++;
    else runs.push({ type, count: 1 });
  }
  const body = new ByteWriter().u32(runs.length);
  for (const run of runs) body.u32(run.count).byte(run.type);
  return body.append(code.finish());
}

class TypeTable {
  readonly #types: FunctionType[] = [];
  readonly #indexByKey = new Map<string, number>();

  index(type: FunctionType): number {
    const key = `${type.params.join()}:${type.results.join()}`;
    const known = this.#indexByKey.get(key);
    if (known !== undefined) return known;
    this.#types.push(type);
    this.#indexByKey.set(key, this.#types.length - 1);
    return this.#types.length - 1;
  }

  encode(): ByteWriter {
    const out = new ByteWriter().u32(this.#types.length);
    for (const { params, results } of this.#types) {
      out.byte(FUNCTION_TYPE).u32(params.length).append(params).u32(results.length).append(results);
    }
    return out;
  }
}
