# M-mode firmware of the differential tests. It runs a table of programs one after the other at S level
# with a defined state, keeps what each one left in its result record, and powers the machine off. It
# delegates to S level what a KVM guest handles by itself or gets redirected.
# RESULTS, SLOTS, SLOT_SIZE, PENDING_OFFSET, COUNT, TIMEOUT, MEDELEG and MENVCFG are symbols given to the assembler.

        .equ CLINT_MTIMECMP, 0x2004000
        .equ CLINT_MTIME, 0x200bff8
        .equ SIFIVE_TEST, 0x100000
        .equ RECORD_SIZE, 1024
        .equ FS_DIRTY, 0x6000

        .section .text
        .globl _start
_start:
        csrr t0, mhartid
        bnez t0, park
        la t0, trap
        csrw mtvec, t0
        li t0, -1
        csrw pmpaddr0, t0
        li t0, 0x1f
        csrw pmpcfg0, t0
        li t0, MEDELEG
        csrw medeleg, t0
        li t0, 0x222
        csrw mideleg, t0
        li t0, 2
        csrw mcounteren, t0
        li t0, MENVCFG
        csrw menvcfg, t0
        la t0, index
        sd zero, 0(t0)

start_program:
        la t0, index
        ld s0, 0(t0)
        li t1, COUNT
        bge s0, t1, power_off
        # Supervisor state as at reset of a vcpu.
        csrw satp, zero
        csrw stvec, zero
        csrw sscratch, zero
        csrw sepc, zero
        csrw scause, zero
        csrw stval, zero
        csrw sie, zero
        csrw mip, zero
        csrw scounteren, zero
        csrw senvcfg, zero
        li t0, -1
        csrw 0x14d, t0
        sfence.vma
        fence.i
        li t0, CLINT_MTIME
        ld t1, 0(t0)
        li t2, TIMEOUT
        add t1, t1, t2
        li t0, CLINT_MTIMECMP
        sd t1, 0(t0)
        li t0, 0x80
        csrw mie, t0
        li t0, FS_DIRTY
        csrs mstatus, t0
        .irp r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        fmv.d.x f\r, zero
        .endr
        fscsr zero
        # mstatus: MPP = S, everything else clear.
        li t0, 0x800
        csrw mstatus, t0
        li t0, SLOT_SIZE
        mul t0, t0, s0
        li t1, SLOTS
        add t0, t0, t1
        csrw mepc, t0
        # Interrupts that the program wants to find pending.
        li t1, PENDING_OFFSET
        add t1, t1, t0
        ld t1, 0(t1)
        csrw mip, t1
        li t0, RECORD_SIZE
        mul t0, t0, s0
        li t1, RESULTS
        add t0, t0, t1
        csrw mscratch, t0
        .irp r, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        li x\r, 0
        .endr
        mret

        .balign 4
trap:
        csrrw x31, mscratch, x31
        .irp r, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
        sd x\r, (8*\r)(x31)
        .endr
        csrr t0, mscratch
        sd t0, (8*31)(x31)
        csrr t0, mepc
        sd t0, (8*32)(x31)
        csrr t0, mcause
        sd t0, (8*33)(x31)
        csrr t0, mtval
        sd t0, (8*34)(x31)
        csrr t0, mstatus
        sd t0, (8*35)(x31)
        csrr t0, sstatus
        sd t0, (8*36)(x31)
        csrr t0, sie
        sd t0, (8*37)(x31)
        # As S level sees sip, which QEMU 10 does not show to M level.
        csrr t0, mip
        csrr t1, mideleg
        and t0, t0, t1
        sd t0, (8*38)(x31)
        csrr t0, stvec
        sd t0, (8*39)(x31)
        csrr t0, scounteren
        sd t0, (8*40)(x31)
        csrr t0, senvcfg
        sd t0, (8*41)(x31)
        csrr t0, sscratch
        sd t0, (8*42)(x31)
        csrr t0, sepc
        sd t0, (8*43)(x31)
        csrr t0, scause
        sd t0, (8*44)(x31)
        csrr t0, stval
        sd t0, (8*45)(x31)
        csrr t0, satp
        sd t0, (8*46)(x31)
        csrr t0, 0x14d
        sd t0, (8*47)(x31)
        li t0, FS_DIRTY
        csrs mstatus, t0
        .irp r, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
        fsd f\r, (8*(48+\r))(x31)
        .endr
        frcsr t0
        sd t0, (8*80)(x31)
        la t0, index
        ld t1, 0(t0)
        addi t1, t1, 1
        sd t1, 0(t0)
        j start_program

power_off:
        li t0, SIFIVE_TEST
        li t1, 0x5555
        sw t1, 0(t0)
park:
        wfi
        j park

        .balign 8
index:  .dword 0
