# Counts its starts in RAM behind the image, prints what a start finds, and asks
# for a reset until the third start, which powers off. TYPE of it is defined
# before: 1 cold, 2 warm.
        .equ    COUNT, 0x80800000

        .text
        .globl  _start
_start: la      sp, stack_top
        mv      s0, a0
        mv      s1, a1
        li      s2, COUNT
        ld      t0, 0(s2)
        addi    t0, t0, 1
        sd      t0, 0(s2)
        la      a0, start_name
        call    print
        ld      a0, 0(s2)
        call    print_number
        la      a0, hart_name
        call    print
        mv      a0, s0
        call    print_number
        la      a0, tree_name           # the magic number of a device tree
        call    print
        lwu     a0, 0(s1)
        call    print_number
        la      a0, data_name
        call    print
        la      t0, data
        ld      a0, 0(t0)
        addi    t1, a0, 1
        sd      t1, 0(t0)
        call    print_number
        la      a0, bss_name
        call    print
        la      t0, bss
        ld      a0, 0(t0)
        addi    t1, a0, 1
        sd      t1, 0(t0)
        call    print_number
        la      a0, csr_name            # written by the start before
        call    print
        csrr    a0, sscratch
        csrr    t0, stvec
        or      a0, a0, t0
        csrr    t0, sie
        or      a0, a0, t0
        call    print_number
        li      t0, 0x1230
        csrw    sscratch, t0
        la      t0, power_off
        csrw    stvec, t0
        li      t0, 1 << 5
        csrs    sie, t0
        la      a0, newline
        call    print
        ld      t0, 0(s2)
        li      t1, 3
        bge     t0, t1, power_off
        li      a0, TYPE
        li      a1, 0
        li      a6, 0
        li      a7, 0x53525354
        ecall
        la      a0, refused
        call    print
        j       power_off

        .data
        .balign 8
data:   .dword  10
        .bss
        .balign 8
bss:    .skip   8

        .section .rodata
start_name:     .asciz "start"
hart_name:      .asciz ", hart"
tree_name:      .asciz ", device tree"
data_name:      .asciz ", data"
bss_name:       .asciz ", bss"
csr_name:       .asciz ", CSRs"
refused:        .asciz "refused\n"
        .text
