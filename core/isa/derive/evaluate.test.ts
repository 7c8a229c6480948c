import { describe, expect, it } from 'vitest';
import { u64 } from '../../base/u64.ts';
import { Rng } from '../../testing/qemu/rng.ts';
import { EXTENSIONS, INSTRUCTIONS, instructionByName } from '../defs/index.ts';
import type { Decoded } from '../dsl/types.ts';
import { createDecoder, decodeAs } from './decode.ts';
import { encode } from './encode.ts';
import { type EvaluationState, evaluate, type FloatState } from './evaluate.ts';
import { expand } from './expand.ts';

const decode = createDecoder(new Set(EXTENSIONS.map(({ name }) => name)));
const PC = 0x8020_0000n;

class FloatBench implements FloatState {
  readonly f: bigint[] = Array(32).fill(0n);
  isOff = false;
  frm = 0;
  flags = 0;

  read(index: number): bigint {
    return this.f[index]!;
  }
  write(index: number, value: bigint): void {
    expect(value).toBe(u64(value));
    this.f[index] = value;
  }
  accrue(flags: number): void {
    this.flags |= flags;
  }
}

/** A hart with a few bytes of memory, which writes down what it is asked. */
class Bench implements EvaluationState {
  readonly x: bigint[] = Array(32).fill(0n);
  readonly memory = new Map<bigint, number>();
  readonly log: string[] = [];
  readonly float = new FloatBench();
  pc = PC;
  reserved: bigint | null = null;
  fault: string | null = null;

  setPc(value: bigint): void {
    this.pc = value;
  }
  readX(index: number): bigint {
    return index === 0 ? 0n : this.x[index]!;
  }
  writeX(index: number, value: bigint): void {
    expect(index).not.toBe(0);
    expect(value).toBe(u64(value));
    this.x[index] = value;
  }
  load(addr: bigint, bytes: number): bigint {
    this.#touch('load', addr);
    let value = 0n;
    for (let n = 0; n < bytes; n += 1) value |= BigInt(this.memory.get(u64(addr + BigInt(n))) ?? 0) << BigInt(8 * n);
    return value;
  }
  store(addr: bigint, bytes: number, value: bigint): void {
    this.#touch('store', addr);
    expect(value).toBe(BigInt.asUintN(8 * bytes, value));
    for (let n = 0; n < bytes; n += 1) this.memory.set(u64(addr + BigInt(n)), Number((value >> BigInt(8 * n)) & 0xffn));
  }
  loadReserved(addr: bigint, bytes: 4 | 8): bigint {
    this.reserved = addr;
    return this.load(addr, bytes);
  }
  storeConditional(addr: bigint, bytes: 4 | 8, value: bigint): boolean {
    const holds = this.reserved === addr;
    this.reserved = null;
    if (holds) this.store(addr, bytes, value);
    return holds;
  }
  atomic(addr: bigint, bytes: 1 | 2 | 4 | 8, update: (old: bigint) => bigint): bigint {
    const old = this.load(addr, bytes);
    this.store(addr, bytes, update(old));
    return old;
  }
  atomicPair(addr: bigint, update: (low: bigint, high: bigint) => readonly [bigint, bigint]): void {
    const next = u64(addr + 8n);
    const [low, high] = update(this.load(addr, 8), this.load(next, 8));
    this.store(addr, 8, low);
    this.store(next, 8, high);
  }
  csr(kind: string, csr: number, rd: number, sourceField: number, source: bigint): bigint {
    this.log.push(`${kind} ${csr.toString(16)} rd=${rd} field=${sourceField} source=${source}`);
    if (this.fault !== null) throw new Error(this.fault);
    return 0x55n;
  }
  system(name: string, args: readonly bigint[]): bigint | undefined {
    this.log.push([name, ...args].join(' '));
    if (this.fault !== null) throw new Error(this.fault);
    return name === 'sret' ? 0x1234n : undefined;
  }
  illegal(word: number): never {
    throw new Error(`illegal ${word.toString(16)}`);
  }
  #touch(what: string, addr: bigint): void {
    if (this.fault !== null) throw new Error(`${this.fault}: ${what} ${addr.toString(16)}`);
  }
}

function instruction(name: string, values: Record<string, number>): Decoded {
  const definition = instructionByName(name)!;
  const encoded = encode(definition, values);
  if (!encoded.ok) throw new Error(encoded.error.message);
  return decodeAs(definition, encoded.word);
}

const RD = 10;
const RS1 = 11;
const RS2 = 12;

/** rd after `name rd, rs1, rs2` or `name rd, rs1, constant`. */
function result(name: string, a: bigint, b: bigint): bigint {
  const bench = new Bench();
  bench.x[RS1] = u64(a);
  bench.x[RS2] = u64(b);
  const fields = instructionByName(name)!.fields.map((field) => field.name);
  const operands = { rd: RD, rs1: RS1, rs2: RS2, imm: Number(b), shamt: Number(b) };
  evaluate(
    instruction(name, Object.fromEntries(fields.map((f) => [f, operands[f as keyof typeof operands] ?? 0]))),
    bench,
  );
  expect(bench.pc).toBe(PC + 4n);
  return BigInt.asIntN(64, bench.x[RD]!);
}

const MIN = -(2n ** 63n);
const MIN32 = -(2n ** 31n);

describe('the reference evaluator', () => {
  it.each([
    // dividend, divisor, divu, remu, div, rem: the table of division by zero and overflow, XLEN = 64.
    ['divu', 7n, 0n, -1n],
    ['remu', 7n, 0n, 7n],
    ['div', 7n, 0n, -1n],
    ['rem', 7n, 0n, 7n],
    ['div', MIN, -1n, MIN],
    ['rem', MIN, -1n, 0n],
    ['div', -7n, 2n, -3n],
    ['rem', -7n, 2n, -1n],
    ['rem', 7n, -2n, 1n],
    ['divu', -1n, 2n, 2n ** 63n - 1n],
    ['divw', 7n, 0n, -1n],
    ['divuw', 7n, 2n ** 32n, -1n],
    ['remw', -(2n ** 32n) - 7n, 0n, -7n],
    ['remuw', 0x8000_0000n, 0n, MIN32],
    ['divw', MIN32, -1n, MIN32],
    ['remw', MIN32, -1n, 0n],
    ['divuw', 0xffff_ffffn, 1n, -1n],
  ])('gives %s of %d and %d as %d [Unprivileged ISA, M, division operations]', (name, a, b, expected) => {
    expect(result(name, a, b)).toBe(expected);
  });

  it.each([
    ['mul', MIN, 2n, 0n],
    ['mulh', MIN, MIN, 2n ** 62n],
    ['mulh', -1n, -1n, 0n],
    ['mulhu', -1n, -1n, -2n],
    ['mulhsu', -1n, -1n, -1n],
    ['mulhsu', 1n, -1n, 0n],
    ['mulw', 0x10000n, 0x8000n, MIN32],
    ['addw', 0x7fff_ffffn, 1n, MIN32],
    ['subw', MIN32, 1n, 0x7fff_ffffn],
    ['addiw', 0xffff_ffffn, 1n, 0n],
    ['sllw', 1n, 63n, MIN32],
    ['sraw', 0x8000_0000n, 31n, -1n],
    ['srlw', 0xffff_ffff_8000_0000n, 32n, MIN32],
    ['srliw', -1n, 1n, 0x7fff_ffffn],
    ['sll', 1n, 127n, MIN],
    ['sra', MIN, 63n, -1n],
    ['srli', -1n, 63n, 1n],
    ['slt', -1n, 0n, 1n],
    ['sltu', -1n, 0n, 0n],
    ['sltiu', 5n, -1n, 1n],
    ['xori', 0n, -1n, -1n],
  ])('gives %s of %d and %d as %d', (name, a, b, expected) => {
    expect(result(name, a, b)).toBe(expected);
  });

  const examples = INSTRUCTIONS.flatMap((one) => (one.examples ?? []).map((example) => [one, example] as const));
  it.each(examples)('agrees with the examples of $name', (one, { rd, ...before }) => {
    const bench = new Bench();
    const registers = { rd: RD, rs1: RS1, rs2: RS2 };
    const values = one.fields.map(({ name, kind, signed }) => {
      const given = before[name] ?? 0n;
      return [name, kind === 'x' ? registers[name as 'rd'] : Number(signed ? BigInt.asIntN(64, given) : given)];
    });
    bench.x[RS1] = before.rs1 ?? 0n;
    bench.x[RS2] = before.rs2 ?? 0n;
    evaluate(instruction(one.name, Object.fromEntries(values)), bench);
    expect(bench.x[RD]).toBe(rd);
  });

  it('clears bit 0 of the target of jalr, and reads rs1 before it writes rd', () => {
    const bench = new Bench();
    bench.x[RD] = 0x1003n;
    evaluate(instruction('jalr', { rd: RD, rs1: RD, imm: 2 }), bench);
    expect(bench.pc).toBe(0x1004n);
    expect(bench.x[RD]).toBe(PC + 4n);
  });

  it('links with the address after a compressed jump', () => {
    const bench = new Bench();
    bench.x[5] = 0x4000n;
    evaluate(instruction('c.jalr', { rs1: 5 }), bench);
    expect([bench.pc, bench.x[1]]).toEqual([0x4000n, PC + 2n]);
  });

  it('takes a branch backwards over the bottom of the address space', () => {
    const bench = new Bench();
    bench.pc = 0n;
    evaluate(instruction('beq', { rs1: 0, rs2: 0, imm: -4 }), bench);
    expect(bench.pc).toBe(0xffff_ffff_ffff_fffcn);
  });

  it('extends loads as named, and stores low bytes', () => {
    const bench = new Bench();
    bench.x[RS1] = 0x2000n;
    bench.x[RS2] = 0x1122_3344_5566_7788n;
    evaluate(instruction('sd', { rs2: RS2, rs1: RS1, imm: -8 }), bench);
    bench.x[RS2] = 0xaaaa_aaaa_aaaa_aaffn;
    evaluate(instruction('sb', { rs2: RS2, rs1: RS1, imm: -8 }), bench);
    const loaded = (name: string): bigint => {
      evaluate(instruction(name, { rd: RD, rs1: RS1, imm: -8 }), bench);
      return bench.x[RD]!;
    };
    expect(loaded('ld')).toBe(0x1122_3344_5566_77ffn);
    expect(loaded('lb')).toBe(u64(-1n));
    expect(loaded('lbu')).toBe(0xffn);
    expect(loaded('lhu')).toBe(0x77ffn);
  });

  it.each([
    ['amoadd.w', 0xffff_ffffn, 1n, 0n],
    ['amoswap.w', 1n, 0x1_8000_0000n, 0x8000_0000n],
    ['amomin.w', 0x8000_0000n, 1n, 0x8000_0000n],
    ['amominu.w', 0x8000_0000n, 1n, 1n],
    ['amomax.w', 0x8000_0000n, 1n, 1n],
    ['amomaxu.w', 0x8000_0000n, 0xffff_ffff_0000_0001n, 0x8000_0000n],
    ['amomaxu.d', 1n, u64(-1n), u64(-1n)],
    ['amomax.d', 1n, u64(-1n), 1n],
    ['amoand.d', 6n, 3n, 2n],
    ['amoor.d', 6n, 3n, 7n],
    ['amoxor.d', 6n, 3n, 5n],
    ['amoadd.b', 0xffn, 0x101n, 0n],
    ['amomin.b', 0x80n, 0x17fn, 0x80n],
    ['amominu.b', 0x80n, 0x17fn, 0x7fn],
    ['amomax.h', 0x8000n, 0x1_7fffn, 0x7fffn],
    ['amomaxu.h', 0x8000n, 0x1_7fffn, 0x8000n],
    ['amoswap.h', 1n, 0x1_8000n, 0x8000n],
  ])('%s of %d in memory with %d leaves %d, and the old value in rd', (name, old, source, expected) => {
    const bench = new Bench();
    const bytes = { b: 1, h: 2, w: 4, d: 8 }[name.at(-1)!]!;
    bench.x[RS1] = 0x3000n;
    bench.x[RS2] = source;
    bench.store(0x3000n, bytes, old);
    evaluate(instruction(name, { rd: RD, rs1: RS1, rs2: RS2 }), bench);
    expect(bench.load(0x3000n, bytes)).toBe(expected);
    expect(bench.x[RD]).toBe(u64(BigInt.asIntN(bytes * 8, old)));
  });

  it('does a store-conditional only under a reservation, which it uses up', () => {
    const bench = new Bench();
    bench.x[RS1] = 0x3000n;
    bench.x[RS2] = 9n;
    const sc = instruction('sc.d', { rd: RD, rs1: RS1, rs2: RS2 });
    evaluate(sc, bench);
    expect(bench.x[RD]).toBe(1n);
    evaluate(instruction('lr.d', { rd: RD, rs1: RS1 }), bench);
    evaluate(sc, bench);
    expect([bench.x[RD], bench.load(0x3000n, 8)]).toEqual([0n, 9n]);
    evaluate(sc, bench);
    expect(bench.x[RD]).toBe(1n);
  });

  it('hands CSR accesses and system instructions to the state', () => {
    const bench = new Bench();
    bench.x[RS1] = 7n;
    evaluate(instruction('csrrs', { rd: RD, csr: 0x100, rs1: RS1 }), bench);
    evaluate(instruction('csrrwi', { rd: 0, csr: 0x140, uimm: 31 }), bench);
    evaluate(instruction('sfence.vma', { rs1: RS1, rs2: 0 }), bench);
    evaluate(instruction('sinval.vma', { rs1: 0, rs2: RS1 }), bench);
    evaluate(instruction('sfence.inval.ir', {}), bench);
    expect(bench.pc).toBe(PC + 20n);
    evaluate(instruction('sret', {}), bench);
    expect(bench.pc).toBe(0x1234n);
    expect(bench.x[RD]).toBe(0x55n);
    expect(bench.log).toEqual([
      `rs 100 rd=${RD} field=${RS1} source=7`,
      'rw 140 rd=0 field=31 source=31',
      'sfence.vma 7 0',
      'sfence.vma 0 7',
      'sfence.vma',
      'sret',
    ]);
  });

  it('takes the all-zero halfword to the illegal callback, with its word', () => {
    expect(() => evaluate(decode(0)!, new Bench())).toThrow('illegal 0');
  });

  it('changes no register and no pc when a callback throws, whatever the instruction', () => {
    for (const definition of INSTRUCTIONS) {
      const bench = new Bench();
      bench.fault = 'page fault';
      const random = new Rng(definition.match);
      for (let n = 0; n < 32; n += 1) {
        bench.x[n] = random.value64();
        bench.float.f[n] = random.value64();
      }
      const before = [...bench.x, ...bench.float.f];
      const word = ((random.word() & ~definition.mask) | definition.match) >>> 0;
      const decoded = decodeAs(definition, word);
      try {
        evaluate(decoded, bench);
      } catch {
        expect([definition.name, bench.pc, ...bench.x, ...bench.float.f]).toEqual([definition.name, PC, ...before]);
      }
    }
  });

  it('does the same for a compressed form as for what it stands for', () => {
    const random = new Rng(3);
    const forms = INSTRUCTIONS.filter(({ expands }) => expands !== undefined);
    expect(forms.length).toBeGreaterThan(30);
    for (const form of forms) {
      for (let n = 0; n < 50; n += 1) {
        const decoded = decode(((random.word() & ~form.mask & 0xffff) | form.match) >>> 0);
        const full = decoded === null ? null : expand(decoded);
        if (decoded === null || full === null) continue;
        const registers = Array.from({ length: 32 }, () => random.value64());
        const [one, other] = [new Bench(), new Bench()];
        one.x.splice(0, 32, ...registers);
        other.x.splice(0, 32, ...registers);
        one.float.f.splice(0, 32, ...registers);
        other.float.f.splice(0, 32, ...registers);
        evaluate(decoded, one);
        evaluate({ ...full, instruction: { ...full.instruction, length: 2 } }, other);
        expect([form.name, one.pc, one.x, one.float.f, one.memory, one.log]).toEqual([
          form.name,
          other.pc,
          other.x,
          other.float.f,
          other.memory,
          other.log,
        ]);
      }
    }
  });
});
