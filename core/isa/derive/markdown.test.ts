import { describe, expect, it } from 'vitest';
import { CSRS, csrByName } from '../csr/index.ts';
import { INSTRUCTIONS, instructionByName } from '../defs/index.ts';
import { csrMarkdown, instructionMarkdown } from './markdown.ts';

/** Every table row has as many cells as the one before it. */
function tablesAreEven(markdown: string): boolean {
  const widths = markdown.split('\n').map((line) => (line.startsWith('|') ? line.split('|').length : 0));
  return widths.every((width, n) => width === 0 || (widths[n - 1] ?? 0) === 0 || width === widths[n - 1]);
}

describe('hover texts', () => {
  it('tell an instruction from meaning to source', () => {
    expect(instructionMarkdown(instructionByName('c.beqz')!)).toBe(
      [
        '**`c.beqz rs1, imm`**',
        '',
        'Jumps to a label within 256 bytes when rs1 is zero.',
        '',
        'Stands for `beq`.',
        '',
        '```text',
        'if rs1 == zero: pc = pc + imm',
        '```',
        '',
        '- `rs1`: integer register, x8 to x15',
        '- `imm`: label at a distance from -256 to 254 bytes, a multiple of 2',
        '- `rs2`: integer register, always x0',
        '',
        '| 15:13 | 12 | 11:10 | 9:7 | 6:5 | 4:3 | 2 | 1:0 |',
        '| --- | --- | --- | --- | --- | --- | --- | --- |',
        '| `110` | imm[8] | imm[4:3] | rs1 | imm[7:6] | imm[2:1] | imm[5] | `01` |',
        '',
        'Zca · Unprivileged ISA, C',
      ].join('\n'),
    );
  });

  it('tell a CSR with its fields and who can have it', () => {
    expect(csrMarkdown(csrByName('scause')!)).toBe(
      [
        '**`scause`** (0x142)',
        '',
        'Why the last trap was taken.',
        '',
        'supervisor level, read and write; a guest of KVM can have it.',
        '',
        '| Field | Bits | Meaning |',
        '| --- | --- | --- |',
        '| CODE | 62:0 | Cause. |',
        '| INTERRUPT | 63 | 1 for an interrupt, 0 for an exception. |',
        '',
        'Privileged ISA, Supervisor CSRs',
      ].join('\n'),
    );
    expect(csrMarkdown(csrByName('stimecmp')!)).toContain('a guest of KVM can have it, with Sstc.');
    expect(csrMarkdown(csrByName('mhartid')!)).toContain('machine level, read-only; not for a guest of KVM.');
  });

  it('have even tables for everything', () => {
    expect(INSTRUCTIONS.filter((one) => !tablesAreEven(instructionMarkdown(one)))).toEqual([]);
    expect(CSRS.filter((csr) => !tablesAreEven(csrMarkdown(csr)))).toEqual([]);
  });
});
