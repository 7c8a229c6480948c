import { describe, expect, it } from 'vitest';
import { ByteWriter } from './bytes.ts';
import { CodeBuilder, encodeModule, type FunctionType, MEM, OP, type Op, VALTYPE } from './index.ts';

const { i32, i64, f64 } = VALTYPE;

function instantiate(
  type: FunctionType,
  build: (code: CodeBuilder) => void,
  memory = new WebAssembly.Memory({ initial: 1 }),
) {
  const code = new CodeBuilder(type.params.length);
  build(code);
  const bytes = encodeModule({
    memory: { module: 'e', name: 'm', minimumPages: 1 },
    imports: [{ module: 'e', name: 'twice', type: { params: [i32], results: [i32] } }],
    functions: [{ type, code, exportAs: 'f' }],
  });
  expect(WebAssembly.validate(bytes)).toBe(true);
  const imports = { e: { m: memory, twice: (x: number) => 2 * x } };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), imports);
  return instance.exports.f as (...args: (number | bigint)[]) => number | bigint;
}

describe('variable-length integers [WebAssembly core 5.2.2]', () => {
  it.each([
    [0, [0x00]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [624485, [0xe5, 0x8e, 0x26]],
    [0xffff_ffff, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('writes %i unsigned as the specification does', (value, bytes) => {
    expect([...new ByteWriter().u32(value).view()]).toEqual(bytes);
  });

  it.each([
    [-1, [0x7f]],
    [63, [0x3f]],
    [64, [0xc0, 0x00]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [-123456, [0xc0, 0xbb, 0x78]],
    [-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
  ])('writes %i signed as the specification does', (value, bytes) => {
    expect([...new ByteWriter().s32(value).view()]).toEqual(bytes);
    expect([...new ByteWriter().s64(BigInt(value)).view()]).toEqual(bytes);
  });
});

describe('generated modules', () => {
  it.each([0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 0xffff_ffffn, -0x8000_0001n])(
    'return the constant %i',
    (value) => {
      const f = instantiate({ params: [], results: [i64] }, (code) => code.i64(value));
      expect(f()).toBe(value);
    },
  );

  it('take a bigint constant modulo 2^64', () => {
    const f = instantiate({ params: [], results: [i64] }, (code) => code.i64(2n ** 64n - 1n));
    expect(f()).toBe(-1n);
  });

  it.each([0, -0, 1.5, -(2 ** -1074), Number.MAX_VALUE, Number.POSITIVE_INFINITY])('return the double %d', (value) => {
    const f = instantiate({ params: [], results: [f64] }, (code) => code.f64(value));
    expect(f()).toBe(value);
  });

  it('compute with floating-point instructions under their names', () => {
    const f = (...ops: Op[]) =>
      instantiate({ params: [f64, f64], results: [f64] }, (code) => {
        code.get(0).get(1);
        for (const op of ops) code.op(op);
      });
    const one = (...ops: Op[]) => f(OP.drop, ...ops);
    expect(
      [OP.f64_add, OP.f64_sub, OP.f64_mul, OP.f64_div, OP.f64_min, OP.f64_max].map((op) => f(op)(7.5, -2)),
    ).toEqual([5.5, 9.5, -15, -3.75, -2, 7.5]);
    const rounders = [OP.f64_ceil, OP.f64_floor, OP.f64_trunc, OP.f64_nearest, OP.f64_abs, OP.f64_neg];
    expect(rounders.map((op) => one(op)(-2.5, 0))).toEqual([-2, -3, -2, -2, 2.5, 2.5]);
    expect(one(OP.f64_sqrt)(6.25, 0)).toBe(2.5);
    expect(one(OP.f32_demote_f64, OP.f32_sqrt, OP.f64_promote_f32)(2, 0)).toBe(Math.fround(Math.sqrt(2)));
    expect(one(OP.i64_trunc_f64_s, OP.f32_convert_i64_s, OP.f64_promote_f32)(2 ** 24 + 1, 0)).toBe(2 ** 24);
    expect(one(OP.i32_trunc_f64_u, OP.f64_convert_i32_s)(2 ** 32 - 1, 0)).toBe(-1);
    expect(one(OP.i64_reinterpret_f64, OP.f64_convert_i64_u)(-0, 0)).toBe(2 ** 63);
  });

  it('compute a sum with a loop and locals', () => {
    const f = instantiate({ params: [i32], results: [i32] }, (code) => {
      const sum = code.local(i32);
      const done = code.block();
      const again = code.loop();
      code.get(0).op(OP.i32_eqz).brIf(done);
      code.get(sum).get(0).op(OP.i32_add).set(sum);
      code.get(0).i32(1).op(OP.i32_sub).set(0).br(again);
      code.end().end().get(sum);
    });
    expect(f(100)).toBe(5050);
  });

  it('choose a case with br_table and fall back beyond it', () => {
    const f = instantiate({ params: [i32], results: [i32] }, (code) => {
      const other = code.block();
      const one = code.block();
      const zero = code.block();
      code.get(0).brTable([zero, one], other);
      code.end().i32(10).return();
      code.end().i32(11).return();
      code.end().i32(99);
    });
    expect([f(0), f(1), f(2), f(-1)]).toEqual([10, 11, 99, 99]);
  });

  it('read and write memory at unaligned addresses, and call imports', () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const f = instantiate(
      { params: [i32, i64], results: [i32] },
      (code) => {
        code.get(0).get(1).mem(MEM.i64_store, 3);
        code.get(0).mem(MEM.i32_load8_u, 4).call(0);
      },
      memory,
    );
    expect(f(8, 0x1122_3344_5566_7788n)).toBe(2 * 0x77);
    expect(new DataView(memory.buffer).getBigUint64(11, true)).toBe(0x1122_3344_5566_7788n);
  });

  it('group locals of one type and number them after the parameters', () => {
    const f = instantiate({ params: [i64], results: [i64] }, (code) => {
      const [a, b, c] = [code.local(i32), code.local(i64), code.local(i64)];
      expect([a, b, c]).toEqual([1, 2, 3]);
      code.get(0).tee(c).set(b).get(b).get(c).op(OP.i64_mul);
    });
    expect(f(7n)).toBe(49n);
  });
});

describe('structured control', () => {
  it('refuses a branch to a closed block, an end too many and an open block at the end', () => {
    const code = new CodeBuilder(0);
    const label = code.block();
    code.end();
    expect(() => code.br(label)).toThrow(/closed block/);
    expect(() => code.end()).toThrow(/without an open block/);
    code.block();
    expect(() => code.finish()).toThrow(/left open/);
  });
});
