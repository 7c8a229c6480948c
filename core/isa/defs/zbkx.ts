/** Zbkx: look-up of bytes and nibbles in a register, for substitution without a table in memory. [Unprivileged ISA, Zbkx] */
import { gives } from '../dsl/example.ts';
import { extension } from '../dsl/extension.ts';
import { R } from '../dsl/formats.ts';

export const zbkx = extension(
  'Zbkx',
  { title: 'Crossbar permutations', spec: 'Unprivileged ISA, Zbkx', requires: ['I'] },
  (def) => {
    def('xperm4', {
      form: R({ opcode: 0x33, funct3: 2, funct7: 0x14 }),
      asm: 'rd, rs1, rs2',
      says: 'Replaces each nibble of rs2 by the nibble of rs1 that it numbers.',
      does: (e) => e.setX('rd', e.binary('xperm4', e.x('rs1'), e.x('rs2'))),
      examples: [
        gives({ rs1: 0xfedc_ba98_7654_3210n, rs2: 0x0f1en }, 0x0f1en),
        gives({ rs1: 0xan, rs2: 1n }, 0xaaaa_aaaa_aaaa_aaa0n),
      ],
    });
    def('xperm8', {
      form: R({ opcode: 0x33, funct3: 4, funct7: 0x14 }),
      asm: 'rd, rs1, rs2',
      says: 'Replaces each byte of rs2 by the byte of rs1 that it numbers, by zero when it is above 7.',
      does: (e) => e.setX('rd', e.binary('xperm8', e.x('rs1'), e.x('rs2'))),
      examples: [gives({ rs1: 0x1122_3344_5566_7788n, rs2: 0x0700_0801_ff02_0306n }, 0x1188_0077_0066_5522n)],
    });
  },
);
