# Entry of a bench guest in S-mode without translation: clears .bss, calls main, shuts down through SRST.
    .section .text.start, "ax"
    .globl _start
_start:
    la      sp, stack_top
    la      t0, bss_start
    la      t1, bss_end
1:  bgeu    t0, t1, 2f
    sd      zero, 0(t0)
    addi    t0, t0, 8
    j       1b
2:
#ifdef __riscv_flen
    li      t0, 0x2000              # sstatus.FS: the floating-point registers can be used
    csrs    sstatus, t0
#endif
    call    main
    li      a7, 0x53525354
    li      a6, 0
    li      a0, 0
    li      a1, 0
    ecall
3:  j       3b
