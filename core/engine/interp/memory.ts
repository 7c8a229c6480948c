/** Generated code of memory accesses: TLB look-up, the access itself, and the host call on a miss. */
import type { Push } from '../../isa/derive/lower.ts';
import type { Width } from '../../isa/dsl/ir.ts';
import { type CodeBuilder, MEM, type MemOp, OP, VALTYPE } from '../../wasm/index.ts';
import { DATA_TLB, HART, reservationKey } from '../layout.ts';
import { type Exits, type Locals, type ScratchPool, save } from './frame.ts';
import { HOST } from './host.ts';

const LOADS: Record<Width, { readonly signed: MemOp; readonly unsigned: MemOp }> = {
  1: { signed: MEM.i64_load8_s, unsigned: MEM.i64_load8_u },
  2: { signed: MEM.i64_load16_s, unsigned: MEM.i64_load16_u },
  4: { signed: MEM.i64_load32_s, unsigned: MEM.i64_load32_u },
  8: { signed: MEM.i64_load, unsigned: MEM.i64_load },
};
const STORES: Record<Width, MemOp> = { 1: MEM.i64_store8, 2: MEM.i64_store16, 4: MEM.i64_store32, 8: MEM.i64_store };

/** Bytes of a pair of registers, and of each half. */
const PAIR = 16;
const HALF = 8;

export class MemoryLowering {
  readonly code: CodeBuilder;

  constructor(
    readonly locals: Locals,
    readonly exits: Exits,
    readonly pool: ScratchPool,
    readonly alignedOnly: boolean,
  ) {
    this.code = pool.code;
  }

  load(bytes: Width, signed: boolean, addr: Push): void {
    this.#hostAddress(bytes, addr, { tag: DATA_TLB.load, aligned: this.alignedOnly, miss: HOST.load });
    this.code.mem(signed ? LOADS[bytes].signed : LOADS[bytes].unsigned);
  }

  store(bytes: Width, addr: Push, value: Push): void {
    const { code, locals } = this;
    const va = this.pool.take(VALTYPE.i64);
    const entry = this.pool.take(VALTYPE.i32);
    addr();
    code.set(va);
    this.#compareTag(va, entry, bytes, DATA_TLB.store, this.alignedOnly);
    code.if();
    code.get(locals.block);
    value();
    code.mem(MEM.i64_store, HART.value);
    this.#askHost(va, bytes, HOST.store);
    code.op(OP.i32_eqz).brIf(this.exits.resume);
    code.else();
    this.#ramAddress(va, entry);
    value();
    code.mem(STORES[bytes]);
    code.end();
  }

  loadReserved(bytes: 4 | 8, addr: Push): void {
    const { code, locals } = this;
    const at = this.pool.take(VALTYPE.i32);
    this.#hostAddress(bytes, addr, { tag: DATA_TLB.load, aligned: true, miss: HOST.loadReserved });
    code.set(at);
    code.get(locals.block).get(at).i32(reservationKey(0, bytes)).op(OP.i32_or).mem(MEM.i32_store, HART.reservation);
    code.get(locals.block).get(at).mem(LOADS[bytes].signed).mem(MEM.i64_store, HART.reservedValue);
    code.get(locals.block).mem(MEM.i64_load, HART.reservedValue);
  }

  /** Succeeds when memory still holds what LR saw: stores of others, whatever they put there, have ended the reservation. */
  storeConditional(bytes: 4 | 8, addr: Push, value: Push): void {
    const { code, locals } = this;
    const at = this.pool.take(VALTYPE.i32);
    this.#hostAddress(bytes, addr, { tag: DATA_TLB.store, aligned: true, miss: HOST.atomic });
    code.tee(at).i32(reservationKey(0, bytes)).op(OP.i32_or);
    code.get(locals.block).mem(MEM.i32_load, HART.reservation).op(OP.i32_eq);
    code.get(at).mem(LOADS[bytes].signed).get(locals.block).mem(MEM.i64_load, HART.reservedValue).op(OP.i64_eq);
    code.op(OP.i32_and);
    code.get(locals.block).i32(0).mem(MEM.i32_store, HART.reservation);
    code.if(VALTYPE.i64);
    code.get(at);
    value();
    code.mem(STORES[bytes]).i64(0);
    code.else().i64(1).end();
  }

  atomic(bytes: Width, addr: Push, old: number, update: Push): void {
    const { code } = this;
    const at = this.pool.take(VALTYPE.i32);
    this.#hostAddress(bytes, addr, { tag: DATA_TLB.store, aligned: true, miss: HOST.atomic });
    code.tee(at).mem(LOADS[bytes].signed).set(old);
    code.get(at);
    update();
    code.mem(STORES[bytes]);
    code.get(old);
  }

  atomicPair(addr: Push, old: readonly [number, number], update: readonly [Push, Push]): void {
    const { code } = this;
    const at = this.pool.take(VALTYPE.i32);
    this.#hostAddress(PAIR, addr, { tag: DATA_TLB.store, aligned: true, miss: HOST.atomic });
    code.tee(at).mem(MEM.i64_load).set(old[0]);
    code.get(at).mem(MEM.i64_load, HALF).set(old[1]);
    code.get(at);
    update[0]();
    code.mem(MEM.i64_store).get(at);
    update[1]();
    code.mem(MEM.i64_store, HALF);
  }

  /** Leaves the address in linear memory of `bytes` bytes at the address, all of them in one page. */
  #hostAddress(bytes: Width | typeof PAIR, addr: Push, how: { tag: number; aligned: boolean; miss: number }): void {
    const { code } = this;
    const va = this.pool.take(VALTYPE.i64);
    const entry = this.pool.take(VALTYPE.i32);
    addr();
    code.set(va);
    this.#compareTag(va, entry, bytes, how.tag, how.aligned);
    code.if(VALTYPE.i32);
    this.#askHost(va, bytes, how.miss);
    code.tee(entry).op(OP.i32_eqz).brIf(this.exits.resume).get(entry);
    code.else();
    this.#ramAddress(va, entry);
    code.end();
  }

  /**
   * Leaves 1 on a miss. The entry is chosen by the first byte and compared with the page of the last
   * one: they differ when the access crosses pages, because neighbours never share an entry. What must be
   * aligned compares the low bits of the address too, which a tag does not have.
   */
  #compareTag(va: number, entry: number, bytes: Width | typeof PAIR, tag: number, aligned: boolean): void {
    const { code, locals } = this;
    const pageBits = 12 - DATA_TLB.shift;
    code.get(va).op(OP.i32_wrap_i64).i32(pageBits).op(OP.i32_shr_u);
    code.i32((DATA_TLB.entries - 1) << DATA_TLB.shift).op(OP.i32_and);
    code.get(locals.dataTlb).op(OP.i32_add).tee(entry).mem(MEM.i64_load, tag);
    code.get(va);
    if (aligned) {
      code.i64(-4096 | (bytes - 1)).op(OP.i64_and);
    } else {
      if (bytes > 1) code.i64(bytes - 1).op(OP.i64_add);
      code.i64(-4096).op(OP.i64_and);
    }
    code.op(OP.i64_ne);
  }

  #ramAddress(va: number, entry: number): void {
    this.code.get(va).op(OP.i32_wrap_i64).get(entry).mem(MEM.i32_load, DATA_TLB.addend).op(OP.i32_add);
  }

  #askHost(va: number, bytes: Width | typeof PAIR, host: number): void {
    this.code.get(va);
    save(this.code, this.locals);
    this.code.i32(bytes).call(host);
  }
}
