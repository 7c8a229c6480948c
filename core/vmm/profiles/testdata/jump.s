# Jumps where there is neither RAM nor a device.
        .text
        .globl  _start
_start: la      sp, stack_top
        la      t0, trapped
        csrw    stvec, t0
        la      a0, jump_name
        call    print
        li      t0, 0x00200000
        jr      t0
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
jump_name:      .asciz "jump"
trap_name:      .asciz " trap"
        .text
