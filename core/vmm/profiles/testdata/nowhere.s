# Reads and writes where there is neither RAM nor a device, with a trap handler
# that prints what it gets.
        .equ    HOLE, 0x00200000

        .text
        .globl  _start
_start: la      sp, stack_top
        la      t0, trapped
        csrw    stvec, t0
        la      a0, store_name
        call    print
        li      s1, HOLE
        li      t0, 0x5a
        sb      t0, 0(s1)
        sw      t0, 4(s1)
        sd      t0, 8(s1)
        la      a0, newline
        call    print
        la      a0, load_name
        call    print
        lbu     a0, 0(s1)
        call    print_number
        lw      a0, 4(s1)
        call    print_number
        ld      a0, 8(s1)
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
store_name:     .asciz "stores"
load_name:      .asciz "loads"
trap_name:      .asciz " trap"
        .text
