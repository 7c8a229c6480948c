# ------------------------------------------------------------------------
# What the guests of this folder share; it stands at the end of each of them.
# They print on the 16550 at 0x10000000, which does not depend on the SBI.
# ------------------------------------------------------------------------
# print: the text at a0, up to its zero byte.
print:
        li      t1, 0x10000000
1:      lbu     t2, 5(t1)               # line status
        andi    t2, t2, 0x20            # can it take a byte?
        beqz    t2, 1b
        lbu     t0, 0(a0)
        beqz    t0, 2f
        sb      t0, 0(t1)
        addi    a0, a0, 1
        j       1b
2:      ret

# print_number: a0 as a signed decimal number, and a blank before it.
print_number:
        addi    sp, sp, -48
        sd      ra, 40(sp)
        addi    t0, sp, 39
        sb      zero, 0(t0)
        mv      t3, a0
        bgez    a0, 1f
        neg     a0, a0
1:      li      t1, 10
2:      remu    t2, a0, t1
        divu    a0, a0, t1
        addi    t2, t2, '0'
        addi    t0, t0, -1
        sb      t2, 0(t0)
        bnez    a0, 2b
        bgez    t3, 3f
        li      t2, '-'
        addi    t0, t0, -1
        sb      t2, 0(t0)
3:      li      t2, ' '
        addi    t0, t0, -1
        sb      t2, 0(t0)
        mv      a0, t0
        call    print
        ld      ra, 40(sp)
        addi    sp, sp, 48
        ret

# power_off: with SRST, for no reason.
power_off:
        li      a0, 0
        li      a1, 0
        li      a6, 0
        li      a7, 0x53525354
        ecall
1:      wfi
        j       1b

        .section .rodata
newline:        .asciz "\n"
        .bss
        .balign 16
        .skip   4096
stack_top:
