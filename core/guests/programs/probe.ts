import { SBI } from '../../sbi/spec/index.ts';
import { SBI_NAMES, type SbiName } from '../../sbi/types.ts';
import { POWER_OFF, PRINT, PRINT_NUMBER, STACK } from './routines.ts';

/** BASE functions in order of their ids, as the report names them; 3 is probe_extension. */
const IDENTITY = [
  ['spec_version', 0],
  ['impl_id', 1],
  ['impl_version', 2],
  ['mvendorid', 4],
  ['marchid', 5],
  ['mimpid', 6],
] as const;

/** The first extension id of each, as a guest would probe it. */
const PROBED = SBI_NAMES.map((name): readonly [SbiName, number] => [name, SBI[name].eid[0]]);

const row = (fid: number, argument: number, name: string) =>
  `        .dword  ${fid}, 0x${argument.toString(16)}, ${name}_name`;
const label = (name: string) => `${`${name}_name:`.padEnd(19)} .asciz "${name}"`;

/** Consoles in the order in which the program tries them, as its last line numbers them. */
export const PROBE_CONSOLES = ['DBCN', 'V01', 'UART'] as const;

const startOn = (console: number): string => `        la      t0, console
        li      t1, ${console}
        sw      t1, 0(t0)
`;

export type ProbedName = SbiName | (typeof IDENTITY)[number][0];

/** Names of all questions, in the order in which they are asked. */
export const PROBE_QUESTIONS: readonly ProbedName[] = [...IDENTITY, ...PROBED].map(([name]) => name);

/** The program over some of its questions, which prints on the first console that does not refuse, from this one on. */
export function probeProgram(names: readonly ProbedName[], console: number): string {
  const identity = IDENTITY.filter(([name]) => names.includes(name));
  const probed = PROBED.filter(([name]) => names.includes(name));
  return String.raw`# Probe: everything that a guest can find out about its SBI.
#
# One line for each question, name=value. The value is hexadecimal; a signed
# decimal number is the SBI error that the call gave instead. The last line
# tells which console carried the report: 0 DBCN, 1 legacy putchar, 2 UART.

        .equ    BASE, 0x10

        .text
        .globl  _start
_start:
        la      sp, stack_top
${console === 0 ? '' : startOn(console)}        la      s0, questions           # s0: next question
        la      s1, questions_end
ask:    beq     s0, s1, done
        ld      a0, 16(s0)
        call    print
        la      a0, equals
        call    print
        ld      a0, 8(s0)               # argument, for probe_extension
        ld      a6, 0(s0)               # function
        li      a7, BASE
        ecall
        bnez    a0, failed
        mv      a0, a1
        call    print_hex
        j       next
failed: call    print_error
next:   la      a0, newline
        call    print
        addi    s0, s0, 24
        j       ask
done:   la      a0, console_name
        call    print
        la      t0, console
        lw      a0, 0(t0)
        call    print_hex
        la      a0, newline
        call    print
        li      a0, 0
        j       power_off
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
        .balign 8
questions:                              # function, argument, name
${[...identity.map(([name, fid]) => row(fid, 0, name)), ...probed.map(([name, eid]) => row(3, eid, name))].join('\n')}
questions_end:
${[...identity, ...probed].map(([name]) => label(name)).join('\n')}
console_name:       .asciz "console="
equals:             .asciz "="
newline:            .asciz "\n"
${STACK}`;
}

export const probe = probeProgram(PROBE_QUESTIONS, 0);
