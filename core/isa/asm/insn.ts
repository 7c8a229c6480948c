/** `.insn`: instructions given by their encoding. [GNU as manual, RISC-V, "RISC-V Instruction Formats"] */
import { type Form, form, simm, target, uimm, x, x3 } from '../dsl/formats.ts';
import type { Field, Instruction } from '../dsl/types.ts';
import type { Cursor } from './cursor.ts';
import type { Call } from './directives/call.ts';
import { emit } from './emit.ts';
import { type Operands, readOperands } from './operands.ts';
import { Problem } from './problem.ts';
import { didYouMean } from './suggest.ts';
import { type Spelling, spell } from './table.ts';

const OPCODES: Readonly<Record<string, number>> = {
  LOAD: 0x03,
  LOAD_FP: 0x07,
  CUSTOM_0: 0x0b,
  MISC_MEM: 0x0f,
  OP_IMM: 0x13,
  AUIPC: 0x17,
  OP_IMM_32: 0x1b,
  STORE: 0x23,
  STORE_FP: 0x27,
  CUSTOM_1: 0x2b,
  AMO: 0x2f,
  OP: 0x33,
  LUI: 0x37,
  OP_32: 0x3b,
  MADD: 0x43,
  MSUB: 0x47,
  NMSUB: 0x4b,
  NMADD: 0x4f,
  OP_FP: 0x53,
  CUSTOM_2: 0x5b,
  BRANCH: 0x63,
  JALR: 0x67,
  JAL: 0x6f,
  SYSTEM: 0x73,
  CUSTOM_3: 0x7b,
  C0: 0,
  C1: 1,
  C2: 2,
};

const RD = x('rd', '11:7');
const RS1 = x('rs1', '19:15');
const RS2 = x('rs2', '24:20');
const OPCODE = uimm('opcode', '6:0');
const FUNCT3 = uimm('func3', '14:12');
const QUADRANT = uimm('opcode', '1:0');
const C_FUNCT3 = uimm('func3', '15:13');

interface Format {
  readonly asm: readonly string[];
  readonly form: Form;
}

const wide = (asm: readonly string[], ...fields: readonly Field[]): Format => ({
  asm,
  form: form(4, {}, [OPCODE, ...fields]),
});
const narrow = (asm: readonly string[], ...fields: readonly Field[]): Format => ({
  asm,
  form: form(2, {}, [QUADRANT, ...fields]),
});

const R4 = wide(['func3, func2, rd, rs1, rs2, rs3'], FUNCT3, uimm('func2', '26:25'), RD, RS1, RS2, x('rs3', '31:27'));
const B = wide(['func3, rs1, rs2, imm'], FUNCT3, RS1, RS2, target('imm', '31:25=12|10:5, 11:7=4:1|11'));
const J = wide(['rd, imm'], RD, target('imm', '31:12=20|10:1|11|19:12'));

/** The opcode comes first in every format and is read apart, as it may be a name. */
const FORMATS: Readonly<Record<string, readonly Format[]>> = {
  r: [wide(['func3, func7, rd, rs1, rs2'], FUNCT3, uimm('func7', '31:25'), RD, RS1, RS2), R4],
  r4: [R4],
  i: [wide(['func3, rd, rs1, imm', 'func3, rd, imm(rs1)'], FUNCT3, RD, RS1, simm('imm', '31:20'))],
  s: [wide(['func3, rs2, imm(rs1)'], FUNCT3, RS2, RS1, simm('imm', '31:25=11:5, 11:7=4:0'))],
  b: [B],
  sb: [B],
  u: [wide(['rd, imm'], RD, uimm('imm', '31:12'))],
  j: [J],
  uj: [J],
  cr: [narrow(['func4, rd, rs2'], uimm('func4', '15:12'), RD, x('rs2', '6:2'))],
  ci: [narrow(['func3, rd, imm'], C_FUNCT3, RD, simm('imm', '12=5, 6:2=4:0'))],
  ciw: [narrow(['func3, rd, imm'], C_FUNCT3, x3('rd', '4:2'), uimm('imm', '12:5'))],
  css: [narrow(['func3, rs2, imm'], C_FUNCT3, x('rs2', '6:2'), uimm('imm', '12:7'))],
  cl: [narrow(['func3, rd, imm(rs1)'], C_FUNCT3, x3('rd', '4:2'), x3('rs1', '9:7'), uimm('imm', '12:10=4:2, 6:5=1:0'))],
  cs: [
    narrow(['func3, rs2, imm(rs1)'], C_FUNCT3, x3('rs2', '4:2'), x3('rs1', '9:7'), uimm('imm', '12:10=4:2, 6:5=1:0')),
  ],
  ca: [
    narrow(['func6, func2, rd, rs2'], uimm('func6', '15:10'), uimm('func2', '6:5'), x3('rd', '9:7'), x3('rs2', '4:2')),
  ],
  cb: [narrow(['func3, rs1, imm'], C_FUNCT3, x3('rs1', '9:7'), target('imm', '12:10=8|4:3, 6:2=7:6|2:1|5'))],
  cj: [narrow(['func3, imm'], C_FUNCT3, target('imm', '12:2=11|4|9:8|10|6|7|3:1|5'))],
};

function spellingOf(name: string, { asm, form: encoding }: Format, operands: string): Spelling {
  const { length, mask, match, fields } = encoding;
  const instruction: Instruction = {
    name: `.insn ${name}`,
    extension: 'I',
    length,
    mask,
    match,
    fields,
    asm: operands,
    says: asm.join(' or '),
    spec: 'GNU as manual',
    semantics: { body: [], locals: [] },
  };
  return spell(instruction, null, 'I');
}

const SPELLINGS = new Map<string, readonly Spelling[]>(
  Object.entries(FORMATS).map(([name, formats]) => [
    name,
    formats.flatMap((format) => format.asm.map((operands) => spellingOf(name, format, operands))),
  ]),
);

const MAX_WIDE_OPCODE = 0x7fn;
const MAX_QUADRANT = 2n;

function readOpcode(call: Call, cursor: Cursor, length: 2 | 4): number {
  const token = cursor.peek();
  const named = token.kind === 'name' ? OPCODES[token.text] : undefined;
  const from = cursor.position;
  let value = BigInt(named ?? 0);
  if (named !== undefined) cursor.next();
  else if (token.kind === 'name' && !call.unit.knows(token.text)) {
    cursor.fail(`"${token.text}" is not an opcode`, didYouMean(token.text, Object.keys(OPCODES)));
  } else {
    value = call.unit.needConstant(cursor.expression(), cursor.placeFrom(from), 'the opcode');
  }
  const fits =
    length === 4
      ? value >= 0n && value <= MAX_WIDE_OPCODE && (value & 3n) === 3n
      : value >= 0n && value <= MAX_QUADRANT;
  if (!fits) {
    const hint = length === 4 ? 'it has 7 bits and ends in 11, for example 0x33' : 'it is 0, 1 or 2';
    throw new Problem(cursor.placeFrom(from), `the opcode ${value} does not fit the format`, hint);
  }
  return Number(value);
}

function withFormat(call: Call, cursor: Cursor, spellings: readonly Spelling[]): void {
  const { unit, place } = call;
  const length = spellings[0]?.instruction.length ?? 4;
  if (length === 2 && !unit.options.compress) {
    throw new Problem(
      place,
      'compressed instructions need the extension C, which is off here',
      'switch it on in the machine, or write .option rvc',
    );
  }
  const opcode = readOpcode(call, cursor, length);
  cursor.expect(',', 'the opcode is followed by the function codes and operands');
  const start = cursor.position;
  const commas = cursor.tokens.slice(start).filter((token) => token.text === ',').length;
  const spelling =
    spellings.find(
      (candidate) => candidate.commas === commas && candidate.asm.includes('(') === hasParenthesis(cursor),
    ) ??
    spellings.find((candidate) => candidate.commas === commas) ??
    spellings[0];
  if (spelling === undefined) return;
  const operands: Operands = readOperands(cursor, spelling);
  operands.set('opcode', { kind: 'number', value: opcode, place });
  emit(unit, spelling, operands, place);
}

function hasParenthesis(cursor: Cursor): boolean {
  return cursor.tokens.at(-2)?.text === ')';
}

const LONG = 0xffff_ffffn;
const SHORT = 0xffffn;

/** `.insn value` and `.insn length, value`: the two lowest bits say the length. */
function raw(call: Call, cursor: Cursor): void {
  const { unit, place } = call;
  const from = cursor.position;
  const first = unit.needConstant(cursor.expression(), cursor.placeFrom(from), 'the encoding');
  let value = first;
  let length: bigint | null = null;
  if (cursor.accept(',')) {
    length = first;
    value = unit.needConstant(cursor.expression(), cursor.placeFrom(from), 'the encoding');
  }
  cursor.end('write .insn value, or .insn length, value');
  const size = (value & 3n) === 3n ? 4 : 2;
  if (value < 0n || value > (size === 4 ? LONG : SHORT) || (value & 0x1fn) === 0x1fn) {
    throw new Problem(
      cursor.placeFrom(from),
      'the value is not the encoding of one instruction',
      'its lowest bits are 11 for 32 bits, and another pair for 16 bits',
    );
  }
  if (length !== null && length !== BigInt(size)) {
    throw new Problem(cursor.placeFrom(from), `the value is an instruction of ${size} bytes, not of ${length}`);
  }
  unit.putWord(Number(value), size, place);
}

/** The directive `.insn`. */
export function insn(call: Call): void {
  const cursor = call.unit.cursor(call.statement, call.from);
  const token = cursor.peek();
  const spellings = token.kind === 'name' ? SPELLINGS.get(token.text) : undefined;
  if (spellings !== undefined) {
    cursor.next();
    withFormat(call, cursor, spellings);
    return;
  }
  if (token.kind === 'name' && !call.unit.knows(token.text)) {
    cursor.fail(
      `"${token.text}" is not an instruction format`,
      didYouMean(token.text, SPELLINGS.keys()) ?? `known are ${[...SPELLINGS.keys()].join(', ')}`,
    );
  }
  raw(call, cursor);
}
