# S-mode trap handler for random programs: appends scause, sepc, stval and sstatus to the log at tp+32,
# then goes on behind the instruction. An interrupt masks its enable bit and goes back. A call from
# U level and a full log end the program. So does a fault on a fetch, unless the word at tp+24 is not zero:
# then it goes on at ra. The illegal word TO_SUPERVISOR goes on at S level, whence it came or not. It keeps
# every register. For a breakpoint stval is cleared first: QEMU 7.2 gives 0 there where newer ones, and
# Ecall, give the address.

        .equ LOG_LIMIT, 120
        .equ TO_SUPERVISOR, 0x0000000b

        .globl default_handler
        .balign 4
default_handler:
        sd t0, 0(tp)
        sd t1, 8(tp)
        ld t0, 16(tp)
        li t1, LOG_LIMIT
        bge t0, t1, 9f
        addi t1, t0, 1
        sd t1, 16(tp)
        csrr t1, scause
        addi t1, t1, -3
        bnez t1, 1f
        csrw stval, zero
1:
        slli t0, t0, 5
        add t0, t0, tp
        csrr t1, scause
        sd t1, 32(t0)
        csrr t1, sepc
        sd t1, 40(t0)
        csrr t1, stval
        sd t1, 48(t0)
        csrr t1, sstatus
        sd t1, 56(t0)
        csrr t0, scause
        bltz t0, 5f
        li t1, 8
        beq t0, t1, 9f
        beqz t0, 9f
        li t1, 12
        beq t0, t1, 6f
        csrr t0, stval
        li t1, TO_SUPERVISOR
        bne t0, t1, 2f
        csrr t0, sepc
        li t1, ~0x40000000
        and t0, t0, t1
        csrw sepc, t0
        li t1, 1 << 8
        csrs sstatus, t1
2:
        # The instruction is read where S level sees it, also when U level saw it at its alias.
        csrr t0, sepc
        li t1, ~0x40000000
        and t1, t1, t0
        lhu t1, 0(t1)
        andi t1, t1, 3
        addi t1, t1, -3
        seqz t1, t1
        slli t1, t1, 1
        addi t1, t1, 2
        add t0, t0, t1
        csrw sepc, t0
        j 7f
6:
        ld t1, 24(tp)
        beqz t1, 9f
        csrw sepc, ra
        j 7f
5:
        slli t0, t0, 1
        srli t0, t0, 1
        li t1, 1
        sll t1, t1, t0
        csrc sie, t1
7:
        ld t0, 0(tp)
        ld t1, 8(tp)
        sret
9:
        ecall
