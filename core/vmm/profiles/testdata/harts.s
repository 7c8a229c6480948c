# Two harts: hart 0 starts hart 1, which stops itself, twice, and prints each
# answer of HSM.
        .equ    HSM, 0x48534d

        .macro hsm fid, arg0, arg1, arg2
        li      a0, \arg0
        la      a1, \arg1
        li      a2, \arg2
        li      a6, \fid
        li      a7, HSM
        ecall
        .endm

        .text
        .globl  _start
_start: la      sp, stack_top
        li      s5, 2
again:  la      a0, status_name
        call    print
        hsm     2, 1, 0, 0
        call    show
        la      a0, start_name
        call    print
        hsm     0, 1, other, 77
        call    show
        la      s3, arrived
1:      lw      a0, 0(s3)
        beqz    a0, 1b
        sw      zero, 0(s3)
        la      a0, opaque_name
        call    print
        la      t0, opaque
        lw      a0, 0(t0)
        call    print_number
        la      a0, newline
        call    print
        la      a0, running_name
        call    print
        hsm     2, 1, 0, 0
        call    show
        la      a0, started_name
        call    print
        hsm     0, 1, other, 77
        call    show
        la      s3, leave
        li      t0, 1
        sw      t0, 0(s3)
2:      hsm     2, 1, 0, 0              # until it is stopped
        li      t0, 1
        bne     a1, t0, 2b
        sw      zero, 0(s3)
        addi    s5, s5, -1
        bnez    s5, again
        la      a0, absent_name
        call    print
        hsm     0, 2, other, 77
        call    show
        la      a0, self_name
        call    print
        hsm     0, 0, other, 77
        call    show
        j       power_off

show:   addi    sp, sp, -16
        sd      ra, 8(sp)
        mv      s2, a1
        call    print_number
        mv      a0, s2
        call    print_number
        la      a0, newline
        call    print
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

other:  la      t0, opaque
        sw      a1, 0(t0)
        fence
        la      t0, arrived
        li      t1, 1
        sw      t1, 0(t0)
        la      t0, leave
1:      lw      t1, 0(t0)
        beqz    t1, 1b
        hsm     1, 0, 0, 0
2:      j       2b

        .data
        .balign 4
arrived:        .word 0
leave:          .word 0
opaque:         .word 0

        .section .rodata
status_name:    .asciz "status:"
start_name:     .asciz "start:"
opaque_name:    .asciz "opaque:"
running_name:   .asciz "status, running:"
started_name:   .asciz "start, running:"
absent_name:    .asciz "start of hart 2:"
self_name:      .asciz "start of itself:"
        .text
