import { POWER_OFF, PRINT, PRINT_NUMBER, STACK } from './routines.ts';

export const tooNew = String.raw`# Too new: a guest that wants the debug console of SBI 2.0 from an older SBI.
#
# There are three ways to find out whether a call is there: compare the
# version, probe the extension, or make the call and look at the error. This
# guest does all three and prints what each said. It copes: the text goes out
# by legacy putchar when DBCN will not take it.

        .equ    BASE, 0x10
        .equ    DBCN, 0x4442434e
        .equ    SINCE, 0x02000000       # DBCN came with SBI 2.0

        .text
        .globl  _start
_start:
        la      sp, stack_top
        li      a6, 0                   # get_spec_version
        li      a7, BASE
        ecall
        mv      s0, a1                  # bits 30:24 major, 23:0 minor
        beqz    a0, 1f
        li      s0, 1                   # no BASE at all: that is SBI 0.1
1:      li      a0, DBCN
        li      a6, 3                   # probe_extension
        li      a7, BASE
        ecall
        mv      s1, a1
        mv      s2, a0
        li      a0, 0                   # write nothing: only the error matters
        li      a1, 0
        li      a2, 0
        li      a6, 0                   # console_write
        li      a7, DBCN
        ecall
        mv      s3, a0

        la      a0, version_text
        call    print
        srli    a0, s0, 24
        call    print_dec
        la      a0, dot
        call    print
        slli    a0, s0, 40
        srli    a0, a0, 40
        call    print_dec
        la      a0, newer
        li      t0, SINCE
        bgeu    s0, t0, 1f
        la      a0, older
1:      call    print

        la      a0, probe_text
        call    print
        la      a0, refused
        bnez    s2, 1f
        la      a0, present
        bnez    s1, 1f
        la      a0, absent
1:      call    print

        la      a0, call_text
        call    print
        mv      a0, s3
        call    print_error

        la      a0, by_dbcn
        beqz    s3, 1f
        la      a0, by_other
1:      call    print
        li      a0, 0
        j       power_off
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
version_text:   .asciz "The SBI reports version "
dot:            .asciz "."
newer:          .asciz ": it should have a debug console.\n"
older:          .asciz ": the debug console came with 2.0.\n"
probe_text:     .asciz "Probing DBCN says: "
present:        .asciz "present.\n"
absent:         .asciz "absent.\n"
refused:        .asciz "nothing, the probe is refused.\n"
call_text:      .asciz "Calling it all the same gives error "
by_dbcn:        .asciz ".\nThis text came by DBCN.\n"
by_other:       .asciz ".\nThis text came another way: the guest copes.\n"
${STACK}`;
