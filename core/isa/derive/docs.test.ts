import { describe, expect, it } from 'vitest';
import { EXTENSIONS, INSTRUCTIONS, instructionByName } from '../defs/index.ts';
import { f, f3, special } from '../dsl/formats.ts';
import { createDecoder } from './decode.ts';
import { disassemble, disassembleWord } from './disassemble.ts';
import { instructionDocs } from './docs.ts';
import { explain } from './explain.ts';
import { fenceSet, fenceValue, operandText, upperFromWritten, writtenUpper } from './operands.ts';
import { fByName, fName, xByName, xName } from './registers.ts';

const decode = createDecoder(new Set(EXTENSIONS.map(({ name }) => name)));
const PC = 0x8020_0000n;
const docs = (name: string) => instructionDocs(instructionByName(name)!);
const explained = (word: number) => explain(decode(word)!, PC);

describe('documentation of an instruction', () => {
  it.each(INSTRUCTIONS.map((one) => [one.name, one] as const))(
    'of %s covers every bit, in words that end',
    (_, one) => {
      const { encoding, says, pseudoCode, operands } = instructionDocs(one);
      const widths = encoding.map(({ hi, lo }) => hi - lo + 1);
      expect(widths.reduce((all, width) => all + width, 0)).toBe(one.length * 8);
      expect(encoding[0]?.hi).toBe(one.length * 8 - 1);
      expect(says).toMatch(/^[A-Z].*\.$/);
      expect(pseudoCode.length).toBeGreaterThan(0);
      expect(pseudoCode.join()).not.toMatch(/undefined|\[object/);
      expect(operands.every((operand) => operand.says.length > 0)).toBe(true);
    },
  );

  it('shows the encoding as the specification draws it', () => {
    expect(docs('beq').encoding.map((run) => run.text)).toEqual([
      'imm[12]',
      'imm[10:5]',
      'rs2',
      'rs1',
      '000',
      'imm[4:1]',
      'imm[11]',
      '1100011',
    ]);
    expect(docs('fence').encoding.map((run) => run.text)).toEqual(['-', 'pred', 'succ', '-', '000', '-', '0001111']);
    expect(docs('ecall').encoding.map((run) => run.text)).toEqual([
      '0000000',
      '00000',
      '00000',
      '000',
      '00000',
      '1110011',
    ]);
  });

  it('writes the semantics as pseudo-code, with what a compressed form always uses', () => {
    expect(docs('jalr').pseudoCode).toEqual(['temp0 = (rs1 + imm) & -2', 'rd = next pc', 'pc = temp0']);
    expect(docs('lw').pseudoCode).toEqual(['rd = sext(mem32[rs1 + imm])']);
    expect(docs('div').pseudoCode).toEqual([
      'rd = if rs2 == 0 then -1 else if rs2 == -1 then (0 - rs1) else rs1 /s rs2',
    ]);
    expect(docs('amoadd.w').pseudoCode).toEqual([
      'atomically: old = sext(mem32[rs1]); mem32[rs1] = old + rs2',
      'rd = old',
    ]);
    expect(docs('c.addi16sp').pseudoCode).toEqual(['sp = sp + imm']);
    expect(docs('c.addi16sp').standsFor).toBe('addi');
  });

  it('says what each operand may be', () => {
    const says = (name: string, operand: string) => docs(name).operands.find((one) => one.name === operand)?.says;
    expect(says('addi', 'imm')).toBe('constant from -2048 to 2047');
    expect(says('beq', 'imm')).toBe('label at a distance from -4096 to 4094 bytes, a multiple of 2');
    expect(says('c.lw', 'rd')).toBe('integer register, x8 to x15');
    expect(says('c.lwsp', 'rd')).toBe('integer register, x0 to x31, except x0');
    expect(says('c.lwsp', 'rs1')).toBe('integer register, always x2');
    expect(says('c.addi4spn', 'imm')).toBe('constant from 0 to 1020, a multiple of 4, except 0');
  });

  it('shows the worked examples', () => {
    expect(docs('div').examples).toEqual([
      'rs1 = -7, rs2 = 2: rd = -3',
      'rs1 = 7, rs2 = 0: rd = -1',
      'rs1 = 0x8000000000000000, rs2 = -1: rd = 0x8000000000000000',
    ]);
    expect(docs('ecall').examples).toEqual([]);
  });

  it('leaves out what has no effect', () => {
    expect(docs('c.j').pseudoCode).toEqual(['pc = pc + imm']);
    expect(docs('c.li').pseudoCode).toEqual(['rd = imm']);
    expect(explained(0x0000_0013).does).toEqual(['no effect']);
    expect(explained(0x0005_a003).does).toEqual(['zero = sext(mem32[a1])']);
  });

  it('lists the other spellings', () => {
    expect(docs('xori').aliases.map((alias) => alias.syntax)).toEqual(['not rd, rs1', 'xor rd, rs1, imm']);
  });
});

describe('the explanation of one instruction', () => {
  it('uses its own registers and constants', () => {
    expect(explained(0x02b5_4533)).toMatchObject({ text: 'div a0,a0,a1', standsFor: null });
    expect(explained(0x1052_a503).does).toEqual(['a0 = sext(mem32[t0 + 261])']);
    expect(explained(0x1005_2573).does).toEqual(['a0 = sstatus; sstatus = sstatus | a0']);
  });

  it('names the full instruction of a compressed one', () => {
    expect(explained(0x1141)).toMatchObject({
      text: 'addi sp,sp,-16',
      does: ['sp = sp - 16'],
      standsFor: 'addi sp,sp,-16',
    });
  });
});

describe('the disassembler', () => {
  it('separates mnemonic and operands by a tab, and gives targets as addresses', () => {
    expect(disassembleWord(0xfe05_08e3, PC, decode)).toBe('beqz\ta0,0x801ffff0');
    expect(disassembleWord(0xfe05_08e3, PC, decode, { aliases: false })).toBe('beq\ta0,zero,0x801ffff0');
    expect(disassemble(decode(0x8082)!, PC)).toBe('ret');
  });

  it('shows what is no instruction as a bare word', () => {
    expect(disassembleWord(0xffff_ffff, PC, decode)).toBe('.4byte\t0xffffffff');
    expect(disassembleWord(0xffff_9c79, PC, decode)).toBe('.2byte\t0x9c79');
  });

  it('wraps targets at the top of the address space', () => {
    expect(disassembleWord(0x0000_006f, 0xffff_ffff_ffff_fffcn, decode)).toBe('j\t0xfffffffffffffffc');
    expect(disassembleWord(0x0080_006f, 0xffff_ffff_ffff_fffcn, decode)).toBe('j\t0x4');
  });
});

describe('operand spellings', () => {
  it('has floating-point registers and rounding modes', () => {
    expect(operandText(f('rs2', '24:20'), 10, PC)).toBe('fa0');
    expect(operandText(f3('rd', '4:2'), 8, PC)).toBe('fs0');
    expect([0, 4, 5, 7].map((mode) => operandText(special('rm', 'rm', '14:12'), mode, PC))).toEqual([
      'rne',
      'rmm',
      'unknown',
      'dyn',
    ]);
  });

  it('reads registers by either name', () => {
    for (let n = 0; n < 32; n += 1) {
      expect([xByName(xName(n)), xByName(`x${n}`)]).toEqual([n, n]);
      expect([fByName(fName(n)), fByName(`f${n}`)]).toEqual([n, n]);
    }
    expect([xByName('fp'), xByName('s0'), xByName('x32'), xByName('ft0'), fByName('a0')]).toEqual([
      8,
      8,
      undefined,
      undefined,
      undefined,
    ]);
    expect(() => xName(32)).toThrow('there is no integer register 32');
  });

  it('reads and writes fence sets', () => {
    for (let set = 1; set < 16; set += 1) expect(fenceValue(fenceSet(set))).toBe(set);
    expect([fenceSet(15), fenceSet(3), fenceSet(0)]).toEqual(['iorw', 'rw', 'unknown']);
    expect([fenceValue('wr'), fenceValue(''), fenceValue('x')]).toEqual([undefined, undefined, undefined]);
  });

  it('turns upper immediates into what people write, and back', () => {
    expect([writtenUpper(-4096), writtenUpper(0x12345 << 12)]).toEqual([0xfffff, 0x12345]);
    expect([upperFromWritten(0xfffff), upperFromWritten(-1), upperFromWritten(0x80000)]).toEqual([
      -4096,
      -4096,
      -(2 ** 31),
    ]);
  });
});
