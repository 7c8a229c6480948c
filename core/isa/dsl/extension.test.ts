import { describe, expect, it } from 'vitest';
import { type Builder, record } from './builder.ts';
import { effectsOf } from './effects.ts';
import { type Definition, extension, instructionIn } from './extension.ts';
import { form, I, R, x } from './formats.ts';
import type { Effects } from './ir.ts';
import { checkAlias } from './validate.ts';
import { renameFields } from './walk.ts';

const add = (e: Builder): void => e.setX('rd', e.add(e.x('rs1'), e.x('rs2')));
const good: Definition = {
  form: R({ opcode: 0x33, funct3: 0, funct7: 0 }),
  asm: 'rd, rs1, rs2',
  says: 'Adds.',
  does: add,
};
const define = (definition: Definition) =>
  extension('X', { title: 'Test', spec: 'none' }, (def) => {
    def('add', definition);
  });

describe('a definition', () => {
  it('becomes an instruction with mask, match and recorded semantics', () => {
    const instruction = instructionIn(define(good), 'add');
    expect(instruction).toMatchObject({ name: 'add', extension: 'X', length: 4, mask: 0xfe00707f, match: 0x33 });
    expect(instruction.semantics.body).toEqual([
      {
        op: 'setX',
        field: 'rd',
        value: {
          op: 'binary',
          kind: 'add',
          ty: 'i64',
          a: { op: 'x', ty: 'i64', field: 'rs1' },
          b: { op: 'x', ty: 'i64', field: 'rs2' },
        },
      },
    ]);
  });

  it.each<[string, Partial<Definition>, string]>([
    ['whose semantics name a field it lacks', { form: I({ opcode: 0x13, funct3: 0 }), asm: '' }, 'unknown field rs2'],
    ['whose syntax names a field it lacks', { asm: 'rd, rs1, imm' }, 'unknown field imm'],
    [
      'whose semantics read a register of the other file',
      { form: R({ opcode: 0x33, funct3: 0, funct7: 0 }), does: (e) => e.setF('rd', e.f('rs1')) },
      'rs1 is no f register',
    ],
    ['whose syntax is malformed', { asm: 'rd; rs1' }, "unexpected ';'"],
    [
      'whose fields overlap fixed bits',
      { form: form(4, { '31:0': 0x33 }, [x('rd', '11:7')]) },
      'field rd overlaps bits 0xf80',
    ],
    ['that leaves bits open', { form: form(4, { '6:0': 0x33 }, []), asm: '' }, 'bits 0xffffff80 are neither fixed'],
    [
      'whose length is not that of its low bits',
      { form: form(2, { '15:0': 0x33 }, []), asm: '' },
      'say another length',
    ],
  ])('%s does not load', (_, change, message) => {
    expect(() => define({ ...good, ...change } as Definition)).toThrow(message);
  });

  it('may not be given twice', () => {
    const twice = () =>
      extension('X', { title: 'Test', spec: 'none' }, (def) => {
        def('add', good);
        def('add', good);
      });
    expect(twice).toThrow('add is defined twice');
  });

  it('that expands another must say where each of its fields comes from', () => {
    const to = instructionIn(define(good), 'add');
    const short = { form: form(2, { '1:0': 1, '15:12': 0 }, [x('rd', '11:7'), x('rs2', '6:2')]), says: 'Adds.' };
    expect(() => define({ ...short, expands: { to, fields: { rd: 'rd', rs2: 'rs2' } } })).toThrow(
      'leaves out its field rs1',
    );
    const done = instructionIn(define({ ...short, expands: { to, fields: { rd: 'rd', rs1: 2, rs2: 'rs2' } } }), 'add');
    expect(done.semantics).toEqual(to.semantics);
    expect(done.fields.at(-1)).toEqual({ name: 'rs1', kind: 'x', bits: [], signed: false, bias: 2 });
  });
});

describe('an alias', () => {
  it('must determine every field of its instruction', () => {
    const base = instructionIn(define(good), 'add');
    const alias = { name: 'twice', of: 'add', asm: 'rd, rs1', fixed: { rs2: 'rs1' }, disassemble: true, says: '' };
    expect(() => checkAlias(alias, base)).not.toThrow();
    expect(() => checkAlias({ ...alias, fixed: {} }, base)).toThrow('does not say what rs2 is');
    expect(() => checkAlias(alias, undefined)).toThrow('there is no instruction add');
  });
});

describe('effects', () => {
  const none: Effects = {
    readsMemory: false,
    writesMemory: false,
    mayTrap: false,
    endsBlock: false,
    system: false,
    float: null,
  };
  it.each<[string, (e: Builder) => void, Partial<Effects>]>([
    ['arithmetic', add, {}],
    ['a load', (e) => e.setX('rd', e.load(4, 'signed', e.x('rs1'))), { readsMemory: true, mayTrap: true }],
    ['a store', (e) => e.store(4, e.x('rs1'), e.x('rs2')), { writesMemory: true, mayTrap: true }],
    [
      'an atomic',
      (e) =>
        e.setX(
          'rd',
          e.atomic(8, e.x('rs1'), (old) => old),
        ),
      { readsMemory: true, writesMemory: true, mayTrap: true },
    ],
    ['a branch', (e) => e.branch(e.eq(e.x('rs1'), e.i64(0)), e.pc()), { endsBlock: true }],
    ['an ecall', (e) => e.system('ecall'), { system: true, mayTrap: true, endsBlock: true }],
    ['a CSR access', (e) => e.csr('rw', e.x('rs1'), 'rs1'), { system: true, mayTrap: true, endsBlock: true }],
    [
      'arithmetic on f registers',
      (e) => e.setF('rd', e.float('sqrt', 'd', 'rm', e.f('rs1'))),
      { mayTrap: true, float: { rm: 'rm' } },
    ],
    [
      'a comparison of f registers',
      (e) => e.setX('rd', e.float('eq', 'd', null, e.f('rs1'), e.f('rs2'))),
      { mayTrap: true, float: { rm: null } },
    ],
    [
      'a store from an f register',
      (e) => e.store(8, e.x('rs1'), e.f('rs2')),
      { writesMemory: true, mayTrap: true, float: { rm: null } },
    ],
    ['an illegal instruction', (e) => e.illegal(), { mayTrap: true, endsBlock: true }],
  ])('of %s follow from its body', (_, does, expected) => {
    expect(effectsOf(record(does))).toEqual({ ...none, ...expected });
  });
});

describe('renaming fields', () => {
  it('reaches every place that names one', () => {
    const semantics = record((e) => {
      const address = e.let_(e.add(e.x('rs1'), e.imm('imm')));
      e.store(8, address, e.if_(e.eq(e.x('rs2'), e.i64(0)), e.x('rs2'), e.i64(1)));
      e.setX(
        'rd',
        e.atomic(8, address, (old) => e.and(old, e.x('rs2'))),
      );
      e.setF('rd', e.box('s', e.float('sqrt', 's', 'rm', e.unbox('s', e.f('rs1')))));
    });
    const renamed = renameFields(semantics, { rs1: 'a', rs2: 'b', rd: 'c', imm: 'd', rm: 'e' });
    expect(JSON.stringify(renamed, (_, value) => (typeof value === 'bigint' ? `${value}` : value))).not.toMatch(
      /"(field|rm)":"(rs1|rs2|rd|imm|rm)"/,
    );
    expect(renamed.locals).toEqual(semantics.locals);
  });
});
