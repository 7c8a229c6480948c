import { POWER_OFF } from './routines.ts';

export const putchar = String.raw`# Putchar: the same greeting through the legacy console_putchar of SBI 0.1.
#
# A legacy call has no function id: its extension id, 1, is the function.
# It takes one byte, so every character is an ecall, and Linux KVM passes
# each one on to the VMM. Compare the number of exits with the example hello.

        .equ    LEGACY_PUTCHAR, 1

        .text
        .globl  _start
_start:
        la      s0, greeting
next:
        lbu     a0, 0(s0)
        beqz    a0, done
        li      a7, LEGACY_PUTCHAR
        ecall                           # changes a0 only
        bnez    a0, refused             # -2: nobody answers legacy calls
        addi    s0, s0, 1
        j       next
done:
        li      a0, 0
        j       power_off
refused:
        li      a0, 1                   # no way to say it but the reason
        j       power_off
${POWER_OFF}
        .section .rodata
greeting:
        .asciz  "Hello, one byte at a time!\n"
`;
