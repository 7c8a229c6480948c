/**
 * Guests that walk through the instruction table: S-mode programs that carry out every instruction a few times and
 * print a line for each, by whatever console the SBI offers.
 */

import { POWER_OFF, PRINT, PRINT_NUMBER, STACK } from '../../guests/programs/routines.ts';
import { INSTRUCTIONS } from '../../isa/defs/index.ts';
import type { Instruction } from '../../isa/dsl/types.ts';
import { Rng } from '../qemu/rng.ts';
import { type Block, blockOf, ROUNDS } from './block.ts';

/** The first line of every walk, behind whatever the firmware prints. */
export const FIRST_LINE = 'The walk begins.';
const FLOAT_ROUNDS = 8;

/** Prints the text at a0, the doublewords at `results`, as many as a1 says, and the trap if one came. */
const REPORT = `
report:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s3, 16(sp)
        sd      s4, 8(sp)
        mv      s4, a1
        call    print
        la      s3, results
1:      beqz    s4, 2f
        la      a0, space
        call    print
        ld      a0, 0(s3)
        call    print_hex
        addi    s3, s3, 8
        addi    s4, s4, -1
        j       1b
2:      li      t0, -1
        beq     s11, t0, 3f
        la      a0, trap_text
        call    print
        mv      a0, s11
        call    print_hex
3:      la      a0, newline
        call    print
        ld      ra, 24(sp)
        ld      s3, 16(sp)
        ld      s4, 8(sp)
        addi    sp, sp, 32
        ret

        .section .rodata
space:          .asciz " "
trap_text:      .asciz " trap "
newline:        .asciz "\\n"
first_line:     .asciz "${FIRST_LINE}\\n"
        .text
`;

/** Keeps scause in s11 and goes on behind the instruction. */
const SKIP_HANDLER = `
        .balign 4
handler:
        csrr    s11, scause
        csrr    t5, sepc
        lhu     t6, 0(t5)
        andi    t6, t6, 3
        addi    t6, t6, -3
        seqz    t6, t6
        slli    t6, t6, 1
        addi    t6, t6, 2
        add     t5, t5, t6
        csrw    sepc, t5
        sret
`;

const AREA = `
        .data
        .balign 4096
area:   .fill 1024, 4, 0x89abcdef
results: .fill 16, 8, 0
        .text
`;

/** A whole guest around a body, which finds its stack, the handler at work and its hart id in s9. */
export function guest(body: string, more = ''): string {
  return `        .option norvc
        .globl _start
_start: mv      s9, a0
        la      sp, stack_top
        la      t0, handler
        csrw    stvec, t0
        li      t0, 3 << 13
        csrs    sstatus, t0
        la      a0, first_line
        call    print
        li      s11, -1
${body}
        li      a0, 0
        j       power_off
${REPORT}${PRINT}${PRINT_NUMBER}${POWER_OFF}${AREA}${more}${STACK}`;
}

export function blocksOf(instruction: Instruction): Block[] {
  const seed = [...instruction.name].reduce((sum, letter) => Math.imul(sum, 31) + letter.charCodeAt(0), 1);
  const rng = new Rng(seed);
  const rounds = instruction.fields.some(({ kind }) => kind === 'f') ? FLOAT_ROUNDS : ROUNDS;
  return Array.from({ length: rounds }, (_, round) => blockOf(rng, instruction, round));
}

/** The instructions of an extension that are walked through, in the order of the table. */
export const walkedInstructions = (extension: string): readonly Instruction[] =>
  INSTRUCTIONS.filter((instruction) => instruction.extension === extension);

/** One guest for some extensions: a line with the name of each, then its instructions. */
export function walkProgram(extensions: readonly string[]): string {
  const texts: string[] = [];
  const say = (text: string): string => {
    texts.push(text);
    return `line_${texts.length}`;
  };
  const body = extensions.flatMap((extension) => [
    `la a0, ${say(`[${extension}]\\n`)}\ncall print`,
    ...walkedInstructions(extension).flatMap((instruction) =>
      blocksOf(instruction).map(
        ({ line, code, results }) => `${code}\nla a0, ${say(`${line}:`)}\nli a1, ${results}\ncall report`,
      ),
    ),
  ]);
  const strings = texts.map((text, at) => `line_${at + 1}: .asciz "${text}"`);
  return guest(body.join('\n'), `${SKIP_HANDLER}.section .rodata\n${strings.join('\n')}\n.text\n`);
}
