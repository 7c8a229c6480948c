# Makes one call, which may end the VM, and prints what is in a0 and a1. EID,
# FID, ARG0 and ARG1 are defined before.
        .text
        .globl  _start
_start: la      sp, stack_top
        la      a0, name
        call    print
        li      a7, EID
        li      a6, FID
        li      a0, ARG0
        li      a1, ARG1
        ecall
        mv      s2, a1
        call    print_number
        mv      a0, s2
        call    print_number
        la      a0, newline
        call    print
        j       power_off

        .section .rodata
name:   .asciz  "call:"
        .text
