/**
 * A generated module that stands between the interpreter and the host: it fills the TLBs by walking the page table in
 * the plain case, which is nearly every miss. What it does not know it leaves to the host, whose walk in
 * `core/memory/translate.ts` is the authority: it gives up unless that walk would find the same page and change
 * nothing. A module of its own, since calls within one module made V8 give the interpreter loop slower code.
 */
import { PAGE_SHIFT } from '../../memory/guest-memory.ts';
import { BARE_FLAGS, PTE_A, PTE_D, PTE_G, PTE_R, PTE_U, PTE_V, PTE_W, PTE_X } from '../../memory/translate.ts';
import { CodeBuilder, encodeModule, type FunctionType, MEM, OP, VALTYPE } from '../../wasm/index.ts';
import { BANK, DATA_TLB, FETCH_TLB, GUEST_PAGE, HART, LEAF, NO_TAG, RECORD, RUNNING_BLOCK, WALK } from '../layout.ts';
import { HOST_MODULE, HOST_TYPES, type InterpreterHost, MEMORY_NAME } from './host.ts';

const { i32, i64 } = VALTYPE;
/** `walk(va, block, leaf)`: linear address of the page with the low bits of its leaf and G in it, or 0; `leaf` is where `LEAF` has the access. */
const WALK_TYPE: FunctionType = { params: [i64, i32, i32], results: [i32] };
/** `enter(va, block, page)`: puts what `walk` gave into the data TLB of the current context. */
const ENTER_TYPE: FunctionType = { params: [i64, i32, i32], results: [] };
const PTE_BYTES_SHIFT = 3;
const INDEX_BITS = 9;
const INDEX_MASK = 2 ** INDEX_BITS - 1;
const PPN_SHIFT = 10;
/** Bits 63 to 54: reserved, or the host's affair. */
const HIGH_BITS_SHIFT = 54;
const NON_LEAF_MASK = PTE_V | PTE_W | PTE_U | PTE_A | PTE_D;
const FLAGS_MASK = 0xff;
/** Records are aligned; lower bits say that stores to the page are watched. */
const RECORDS_MASK = -RECORD.bytes;
/** As `WALK.levels` says it. */
export const NO_TRANSLATION = 1;

const REFILLED = ['load', 'loadReserved', 'store', 'atomic', 'fetch'] as const;
type Refilled = (typeof REFILLED)[number];
/** The host calls that it takes over, with their meaning. */
export type Refill = Pick<InterpreterHost, Refilled>;

const WALK_FUNCTION = REFILLED.length;
const ENTER_FUNCTION = REFILLED.length + 1;

const compiled = new Map<boolean, WebAssembly.Module>();

/** The host calls for one linear memory; with `alignedOnly` the host decides on every misaligned access. */
export function createRefill(memory: WebAssembly.Memory, host: InterpreterHost, alignedOnly: boolean): Refill {
  const module = compiled.get(alignedOnly) ?? new WebAssembly.Module(refillModule(alignedOnly));
  compiled.set(alignedOnly, module);
  const imports = { [HOST_MODULE]: { [MEMORY_NAME]: memory, ...host } };
  return new WebAssembly.Instance(module, imports).exports as unknown as Refill;
}

function refillModule(alignedOnly: boolean): Uint8Array {
  return encodeModule({
    memory: { module: HOST_MODULE, name: MEMORY_NAME, minimumPages: 1 },
    imports: REFILLED.map((name) => ({ module: HOST_MODULE, name, type: HOST_TYPES[name] })),
    functions: [
      { type: WALK_TYPE, code: walk() },
      { type: ENTER_TYPE, code: enter() },
      ...REFILLED.map((name) => ({
        type: HOST_TYPES[name],
        code: name === 'fetch' ? fetchMiss() : dataMiss(name, alignedOnly),
        exportAs: name,
      })),
    ],
  });
}

function walk(): CodeBuilder {
  const code = new CodeBuilder(WALK_TYPE.params.length);
  const [va, block, leaf] = [0, 1, 2] as const;
  const [table, shift, flags, global] = [code.local(i32), code.local(i32), code.local(i32), code.local(i32)];
  const [entry, frame, span] = [code.local(i64), code.local(i64), code.local(i64)];
  const walkWord = (offset: number) => code.get(block).mem(MEM.i32_load, HART.walk + offset);
  const fail = () => {
    code.if();
    code.i32(0).return().end();
  };
  /** Leaves the linear address of the page with the number in `frame`; gives up when it is not in the slot. */
  const placed = () => {
    code.get(frame);
    walkWord(WALK.firstFrame).op(OP.i64_extend_i32_u).op(OP.i64_sub).tee(frame);
    walkWord(WALK.frames).op(OP.i64_extend_i32_u).op(OP.i64_ge_u);
    fail();
    walkWord(WALK.slot).get(frame).op(OP.i32_wrap_i64).i32(PAGE_SHIFT).op(OP.i32_shl).op(OP.i32_add);
  };

  walkWord(WALK.levels).tee(shift).op(OP.i32_eqz);
  fail();
  code.get(shift).i32(NO_TRANSLATION).op(OP.i32_eq).if();
  code.get(block).get(leaf).op(OP.i32_add).mem(MEM.i32_load).op(OP.i32_eqz);
  fail();
  code.get(va).i64(PAGE_SHIFT).op(OP.i64_shr_u).set(frame);
  placed();
  code.i32(BARE_FLAGS).op(OP.i32_or).return();
  code.end();
  // Bits above the virtual address repeat its highest bit.
  code
    .get(shift)
    .i32(INDEX_BITS)
    .op(OP.i32_mul)
    .i32(PAGE_SHIFT - INDEX_BITS)
    .op(OP.i32_add)
    .set(shift);
  code
    .get(va)
    .get(shift)
    .i32(INDEX_BITS - 1)
    .op(OP.i32_add)
    .op(OP.i64_extend_i32_u)
    .op(OP.i64_shr_s);
  code.i64(1).op(OP.i64_add).i64(1).op(OP.i64_gt_u);
  fail();
  walkWord(WALK.root).set(table);
  const down = code.loop();
  code.get(table);
  code.get(va).get(shift).op(OP.i64_extend_i32_u).op(OP.i64_shr_u).op(OP.i32_wrap_i64).i32(INDEX_MASK).op(OP.i32_and);
  code.i32(PTE_BYTES_SHIFT).op(OP.i32_shl).op(OP.i32_add).mem(MEM.i64_load).tee(entry).op(OP.i32_wrap_i64).set(flags);
  code.get(entry).i64(HIGH_BITS_SHIFT).op(OP.i64_shr_u).i64(0).op(OP.i64_ne);
  fail();
  code.get(global).get(flags).i32(PTE_G).op(OP.i32_and).op(OP.i32_or).set(global);
  code.get(entry).i64(PPN_SHIFT).op(OP.i64_shr_u).set(frame);
  code
    .get(flags)
    .i32(PTE_R | PTE_X)
    .op(OP.i32_and)
    .op(OP.i32_eqz)
    .if();
  code.get(flags).i32(NON_LEAF_MASK).op(OP.i32_and).i32(PTE_V).op(OP.i32_ne);
  code.get(shift).i32(PAGE_SHIFT).op(OP.i32_eq).op(OP.i32_or);
  fail();
  placed();
  code.set(table);
  code.get(shift).i32(INDEX_BITS).op(OP.i32_sub).set(shift).br(down);
  code.end().end();

  code.get(flags).get(block).get(leaf).op(OP.i32_add).tee(leaf).mem(MEM.i32_load).op(OP.i32_and);
  code.get(leaf).mem(MEM.i32_load, 4).op(OP.i32_ne);
  code
    .get(flags)
    .i32(PTE_R | PTE_W)
    .op(OP.i32_and)
    .i32(PTE_W)
    .op(OP.i32_eq)
    .op(OP.i32_or);
  fail();
  code.get(shift).i32(PAGE_SHIFT).op(OP.i32_gt_u).if();
  // The low bits of the page number of an aligned superpage are zero; they come from the address.
  code.i64(1).get(shift).i32(PAGE_SHIFT).op(OP.i32_sub).op(OP.i64_extend_i32_u).op(OP.i64_shl).i64(1).op(OP.i64_sub);
  code.tee(span).get(frame).op(OP.i64_and).op(OP.i64_eqz).op(OP.i32_eqz);
  fail();
  code.get(va).i64(PAGE_SHIFT).op(OP.i64_shr_u).tee(entry);
  code.get(block).mem(MEM.i32_load, HART.bank).mem(MEM.i64_load, BANK.superpagesFrom).op(OP.i64_lt_u);
  code.get(entry).get(block).mem(MEM.i32_load, HART.bank).mem(MEM.i64_load, BANK.superpagesTo);
  code.op(OP.i64_ge_u).op(OP.i32_or);
  fail();
  code.get(entry).get(span).op(OP.i64_and).get(frame).op(OP.i64_or).set(frame);
  code.end();
  placed();
  code.get(flags).i32(FLAGS_MASK).op(OP.i32_and).op(OP.i32_or).get(global).op(OP.i32_or);
  return code;
}

/** Adds `entry` to the list of those that are filled. */
function list(code: CodeBuilder, block: number, entry: number): void {
  const [bank, count] = [code.local(i32), code.local(i32)];
  code.get(block).mem(MEM.i32_load, HART.bank).tee(bank).mem(MEM.i32_load, BANK.count).set(count);
  code.get(bank).get(count).i32(2).op(OP.i32_shl).op(OP.i32_add).get(entry).mem(MEM.i32_store, BANK.filled);
  code.get(bank).get(count).i32(1).op(OP.i32_add).mem(MEM.i32_store, BANK.count);
}

/** Leaves the address of the entry for the page of `va` in a TLB. */
function entryFor(code: CodeBuilder, va: number, tlb: { readonly shift: number; readonly entries: number }): void {
  code
    .get(va)
    .op(OP.i32_wrap_i64)
    .i32(PAGE_SHIFT - tlb.shift)
    .op(OP.i32_shr_u);
  code.i32((tlb.entries - 1) << tlb.shift).op(OP.i32_and);
}

/** Leaves where the records of the linear `page` are; 0 when there are none and nobody watches it. Bits below the page number do not matter. */
function recordsOf(code: CodeBuilder, block: number, page: number): void {
  code.get(block).mem(MEM.i32_load, HART.walk + WALK.recordsOf);
  code.get(page).i32(PAGE_SHIFT).op(OP.i32_shr_u).i32(2).op(OP.i32_shl).op(OP.i32_add).mem(MEM.i32_load);
}

function enter(): CodeBuilder {
  const code = new CodeBuilder(ENTER_TYPE.params.length);
  const [va, block, page] = [0, 1, 2] as const;
  const entry = code.local(i32);
  code.get(block).mem(MEM.i32_load, HART.dataTlb);
  entryFor(code, va, DATA_TLB);
  code.op(OP.i32_add).tee(entry).mem(MEM.i32_load, DATA_TLB.load).i32(NO_TAG).op(OP.i32_eq);
  code.get(entry).mem(MEM.i32_load, DATA_TLB.store).i32(NO_TAG).op(OP.i32_eq).op(OP.i32_and).if();
  list(code, block, entry);
  code.end();
  code.get(va).i64(-GUEST_PAGE).op(OP.i64_and).set(va);
  code.get(entry).get(va).mem(MEM.i64_store, DATA_TLB.load);
  // Stores to watched pages are the host's affair.
  code.get(entry).get(va).i64(NO_TAG);
  code
    .get(page)
    .i32(PTE_W | PTE_D)
    .op(OP.i32_and)
    .i32(PTE_W | PTE_D)
    .op(OP.i32_eq);
  recordsOf(code, block, page);
  code.op(OP.i32_eqz).op(OP.i32_and).op(OP.select).mem(MEM.i64_store, DATA_TLB.store);
  code.get(entry).get(page).i32(-GUEST_PAGE).op(OP.i32_and).get(va).op(OP.i32_wrap_i64).op(OP.i32_sub);
  code.mem(MEM.i32_store, DATA_TLB.addend);
  code.get(entry).get(page).i32(FLAGS_MASK).op(OP.i32_and).mem(MEM.i32_store, DATA_TLB.flags);
  return code;
}

/** Leaves the block of the running hart, which callers would have to keep in a register for it. */
function pushBlock(code: CodeBuilder): CodeBuilder {
  return code.i32(RUNNING_BLOCK).mem(MEM.i32_load);
}

/**
 * Fills the TLB and gives the address of the bytes, or 1 for a store, which it does; or asks the host. Of LR and
 * what belongs to it the address must be aligned, of the others too with `alignedOnly`; else they must not cross pages.
 */
function dataMiss(kind: Exclude<Refilled, 'fetch'>, alignedOnly: boolean): CodeBuilder {
  const code = new CodeBuilder(HOST_TYPES[kind].params.length);
  const bytes = 0;
  const [va, block, page] = [code.local(i64), code.local(i32), code.local(i32)];
  const changes = kind === 'store' || kind === 'atomic';
  const ask = code.block();
  pushBlock(code).tee(block).mem(MEM.i64_load, HART.va).tee(va).op(OP.i32_wrap_i64);
  if (!alignedOnly && (kind === 'load' || kind === 'store')) {
    code
      .i32(GUEST_PAGE - 1)
      .op(OP.i32_and)
      .get(bytes)
      .op(OP.i32_add)
      .i32(GUEST_PAGE)
      .op(OP.i32_gt_u)
      .brIf(ask);
  } else {
    code.get(bytes).i32(1).op(OP.i32_sub).op(OP.i32_and).brIf(ask);
  }
  code
    .get(va)
    .get(block)
    .get(block)
    .mem(MEM.i32_load, HART.leaf)
    .i32(changes ? LEAF.store : LEAF.load);
  code.op(OP.i32_add).call(WALK_FUNCTION).tee(page).op(OP.i32_eqz).brIf(ask);
  if (changes) {
    recordsOf(code, block, page);
    code.brIf(ask);
  }
  code.get(va).get(block).get(page).call(ENTER_FUNCTION);
  code.get(page).i32(-GUEST_PAGE).op(OP.i32_and);
  code
    .get(va)
    .op(OP.i32_wrap_i64)
    .i32(GUEST_PAGE - 1)
    .op(OP.i32_and)
    .op(OP.i32_or);
  if (kind === 'store') store(code, block);
  code.return().end();
  code.get(bytes).call(REFILLED.indexOf(kind));
  return code;
}

/** Stores the value in the block at the address on the stack and leaves 1. The width is the first parameter. */
function store(code: CodeBuilder, block: number): void {
  const at = code.local(i32);
  code.set(at);
  for (const [bytes, op] of STORES) {
    code.get(0).i32(bytes).op(OP.i32_eq).if();
    code.get(at).get(block).mem(MEM.i64_load, HART.value).mem(op);
    code.end();
  }
  code.i32(1);
}

const STORES = [
  [1, MEM.i64_store8],
  [2, MEM.i64_store16],
  [4, MEM.i64_store32],
  [8, MEM.i64_store],
] as const;

function fetchMiss(): CodeBuilder {
  const code = new CodeBuilder(HOST_TYPES.fetch.params.length);
  const [va, block] = [code.local(i64), code.local(i32)];
  const [page, records, entry] = [code.local(i32), code.local(i32), code.local(i32)];
  const ask = code.block();
  pushBlock(code).tee(block).mem(MEM.i64_load, HART.pc).tee(va).get(block);
  code.get(block).mem(MEM.i32_load, HART.leaf).i32(LEAF.fetch).op(OP.i32_add).call(WALK_FUNCTION);
  code.tee(page).op(OP.i32_eqz).brIf(ask);
  recordsOf(code, block, page);
  code.i32(RECORDS_MASK).op(OP.i32_and).tee(records).op(OP.i32_eqz).brIf(ask);
  code.get(block).mem(MEM.i32_load, HART.fetchTlb);
  entryFor(code, va, FETCH_TLB);
  code.op(OP.i32_add).tee(entry).mem(MEM.i32_load, FETCH_TLB.tag).i32(NO_TAG).op(OP.i32_eq).if();
  list(code, block, entry);
  code.end();
  code.get(entry).get(va).i64(-GUEST_PAGE).op(OP.i64_and).mem(MEM.i64_store, FETCH_TLB.tag);
  code.get(entry).get(records).mem(MEM.i32_store, FETCH_TLB.records);
  code.get(entry).get(page).i32(FLAGS_MASK).op(OP.i32_and).mem(MEM.i32_store, FETCH_TLB.flags);
  code.i32(1).return();
  code.end();
  code.call(REFILLED.indexOf('fetch'));
  return code;
}
