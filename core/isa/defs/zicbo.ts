/**
 * Zicbom, Zicboz and Zicbop: cache blocks written back, dropped, zeroed and asked for in advance. No cache exists
 * here, so of the first only the permissions are left, and prefetches are the additions of nothing that they are
 * encoded as. [Unprivileged ISA, "Cache-Block Management Instructions", "... Zero ...", "... Prefetch Instructions"]
 */
import { type Def, extension } from '../dsl/extension.ts';
import { form, simm, x } from '../dsl/formats.ts';
import type { CacheBlockOp } from '../dsl/ir.ts';

const SPEC = 'Unprivileged ISA, Cache-Block Management Instructions';
const MISC_MEM = 0x0f;
const OP_IMM = 0x13;
const OR = 6;
const RS1 = x('rs1', '19:15');

function operation(def: Def, name: CacheBlockOp, funct12: number, says: string): void {
  def(name, {
    form: form(4, { '6:0': MISC_MEM, '11:7': 0, '14:12': 2, '31:20': funct12 }, [RS1]),
    asm: '(rs1)',
    says: `${says} the cache block that holds the address in rs1.`,
    does: (e) => e.system(name, e.x('rs1')),
  });
}

export const zicbom = extension('Zicbom', { title: 'Cache-block management', spec: SPEC, requires: ['I'] }, (def) => {
  operation(def, 'cbo.inval', 0, 'Drops');
  operation(def, 'cbo.clean', 1, 'Writes back');
  operation(def, 'cbo.flush', 2, 'Writes back and drops');
});

export const zicboz = extension('Zicboz', { title: 'Cache-block zero', spec: SPEC, requires: ['I'] }, (def) =>
  operation(def, 'cbo.zero', 4, 'Stores zeros to all of'),
);

export const zicbop = extension('Zicbop', { title: 'Cache-block prefetch', spec: SPEC, requires: ['I'] }, (def) => {
  const prefetch = (name: string, kind: number, what: string): void => {
    def(name, {
      form: form(4, { '6:0': OP_IMM, '11:7': 0, '14:12': OR, '24:20': kind }, [RS1, simm('imm', '31:25=11:5')]),
      asm: 'imm(rs1)',
      says: `Tells that the block at rs1 plus a constant will soon be ${what}. Never faults.`,
      does: () => {},
    });
  };
  prefetch('prefetch.i', 0, 'executed');
  prefetch('prefetch.r', 1, 'read');
  prefetch('prefetch.w', 3, 'written');
});
