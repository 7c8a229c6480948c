import { describe, expect, it } from 'vitest';
import { decodeAs } from '../../isa/derive/decode.ts';
import { type Def, extension } from '../../isa/dsl/extension.ts';
import { form, simm, x } from '../../isa/dsl/formats.ts';
import { CONTEXT, FETCH_TLB, fetchTlbAt, GUEST_PAGE, HART, layoutOf } from '../layout.ts';
import { HOST_IMPORTS, HOST_MODULE, MEMORY_NAME, RUN_NAME, type Run } from './host.ts';
import { generateInterpreter } from './module.ts';
import { CodePages } from './pages.ts';

const WASM_PAGE = 65_536;
const LAYOUT = layoutOf(1, 1, GUEST_PAGE);
const BLOCK = LAYOUT.hartBlock(0);

/** One instruction of a test's own, as the interpreter of it alone runs it once, from registers to registers. */
function runAlone(define: (def: Def) => void, word: number, before: Readonly<Record<number, bigint>>): BigInt64Array {
  const { instructions } = extension('Test', { title: 'Test', spec: 'none' }, define);
  const program = generateInterpreter(instructions, { instructions: 4, data: false });
  const memory = new WebAssembly.Memory({ initial: Math.ceil(LAYOUT.totalBytes / WASM_PAGE) });
  const refuse = (name: string) => () => {
    throw new Error(`${name} was called`);
  };
  const host = Object.fromEntries(HOST_IMPORTS.map(({ name }) => [name, refuse(name)]));
  const imports = { [HOST_MODULE]: { [MEMORY_NAME]: memory, ...host } };
  const run = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(program.bytes)), imports).exports[
    RUN_NAME
  ] as Run;
  const decode = (bits: number) => instructions.map((instruction) => decodeAs(instruction, bits))[0] ?? null;
  const pages = new CodePages(memory.buffer, LAYOUT);
  pages.use({ program, decode, run });
  pages.write(pages.recordsAt(0), word);
  const words = new Int32Array(memory.buffer);
  const tlb = fetchTlbAt(BLOCK, CONTEXT.user);
  words[(BLOCK + HART.fetchTlb) / 4] = tlb;
  words[(tlb + FETCH_TLB.records) / 4] = pages.recordsAt(0);
  const registers = new BigInt64Array(memory.buffer, BLOCK + HART.x, 32);
  for (const [index, value] of Object.entries(before)) registers[Number(index)] = value;
  expect(run(1, BLOCK)).toBe(0);
  return registers;
}

describe('a record', () => {
  const sum = (def: Def) =>
    def('sum', {
      form: form(4, { '6:0': 0x0b }, [
        x('rd', '11:7'),
        x('rs1', '19:15'),
        x('rs2', '24:20'),
        simm('imm', '31:25=9:3, 14:12=2:0'),
      ]),
      asm: 'rd, rs1, rs2, imm',
      says: 'Adds everything up.',
      does: (e) => e.setX('rd', e.add(e.add(e.x('rd'), e.x('rs1')), e.add(e.x('rs2'), e.imm('imm')))),
    });
  const word = (rd: number, rs1: number, rs2: number, imm: number) =>
    ((imm >> 3) << 25) | (rs2 << 20) | (rs1 << 15) | ((imm & 7) << 12) | (rd << 7) | 0x0b;

  it('has room for three registers that are read, one that is written, and a constant', () => {
    const after = runAlone(sum, word(5, 6, 7, 0x123), { 5: 0x1000n, 6: 0x2_0000n, 7: 0x30_0000n });
    expect([after[5], after[6], after[7]]).toEqual([0x32_1123n, 0x2_0000n, 0x30_0000n]);
  });

  it('tells the zero register that is read from the one that is written', () => {
    const after = runAlone(sum, word(0, 6, 7, 1), { 6: 2n, 7: 3n });
    expect(after[0]).toBe(0n);
  });

  it('refuses a fifth register', () => {
    const five = (def: Def) =>
      def('five', {
        form: form(4, { '6:0': 0x0b, '14:12': 0 }, [
          x('rd', '11:7'),
          x('rs1', '19:15'),
          x('rs2', '24:20'),
          x('rs3', '31:27'),
          simm('imm', '26:25'),
        ]),
        asm: 'rd, rs1, rs2, rs3, imm',
        says: 'Adds and keeps.',
        does: (e) => {
          e.setX('rd', e.add(e.add(e.x('rs1'), e.x('rs2')), e.add(e.x('rs3'), e.add(e.x('rd'), e.imm('imm')))));
        },
      });
    expect(() => runAlone(five, 0x0b, {})).toThrow('five: more registers than a record has room for');
  });
});
