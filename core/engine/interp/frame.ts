/** What the parts of the generated function share: its locals, its exits, and small pieces of code over them. */
import { type CodeBuilder, type Label, OP, type ValType } from '../../wasm/index.ts';
import { RECORD } from '../layout.ts';
import { SAVE } from './host.ts';

/** What must be aligned. */
export interface Alignment {
  /** IALIGN in bytes. */
  readonly instructions: 2 | 4;
  /** Whether plain loads and stores at other addresses than multiples of their width are for the host to decide on. */
  readonly data: boolean;
}

/** Locals of the run function. */
export interface Locals {
  /** Instructions left, the current one included. */
  readonly left: number;
  readonly block: number;
  readonly record: number;
  /** Address of the records of the current page, and the virtual address of the page. */
  readonly pageRecords: number;
  readonly pageVa: number;
  readonly dataTlb: number;
  readonly jumpTo: number;
}

/** Where control goes after an instruction. */
export interface Exits {
  /** Runs the record in `record`. */
  readonly main: Label;
  /** Looks `jumpTo` up; what jumped has been counted. */
  readonly lookup: Label;
  /** Goes on at the pc of the hart block, or stops, as the host said. */
  readonly resume: Label;
  /** The budget is used up: saves the pc of `record` and returns. */
  readonly exit: Label;
}

/** Locals that instructions share, since only one runs at a time. */
export class ScratchPool {
  readonly #byType = new Map<ValType, { readonly locals: number[]; used: number }>();

  constructor(readonly code: CodeBuilder) {}

  take(type: ValType): number {
    const entry = this.#byType.get(type) ?? { locals: [], used: 0 };
    this.#byType.set(type, entry);
    const local = entry.locals[entry.used] ?? this.code.local(type);
    entry.locals[entry.used++] = local;
    return local;
  }

  releaseAll(): void {
    for (const entry of this.#byType.values()) entry.used = 0;
  }
}

/** The arguments of `SAVE` behind the virtual address. */
export function pushState(code: CodeBuilder, locals: Locals): void {
  code.get(locals.block).get(locals.left).get(locals.pageVa).get(locals.record).get(locals.pageRecords);
}

/** Leaves the pc of the record. */
export function pushPc(code: CodeBuilder, locals: Pick<Locals, 'record' | 'pageRecords' | 'pageVa'>): void {
  code.get(locals.pageVa);
  code.get(locals.record).get(locals.pageRecords).op(OP.i32_sub).i32(RECORD.shift).op(OP.i32_shr_u);
  code.op(OP.i64_extend_i32_u).op(OP.i64_add);
}

/** Writes the state into the hart block; takes the virtual address of an access, or any i64, from the stack. */
export function save(code: CodeBuilder, locals: Locals): void {
  pushState(code, locals);
  code.call(SAVE);
}
