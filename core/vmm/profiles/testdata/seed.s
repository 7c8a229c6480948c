# Reads the entropy source and prints its state (bits 31:30), or the trap.
        .text
        .globl  _start
_start: la      sp, stack_top
        la      t0, trapped
        csrw    stvec, t0
        la      a0, seed_name
        call    print
        csrrw   a0, 0x015, zero
        srli    a0, a0, 30
        call    print_number
        la      a0, newline
        call    print
        j       power_off
        .balign 4
trapped:
        la      a0, trap_name
        call    print
        csrr    a0, scause
        call    print_number
        la      a0, newline
        call    print
        j       power_off

        .section .rodata
seed_name:      .asciz "seed"
trap_name:      .asciz " trap"
        .text
