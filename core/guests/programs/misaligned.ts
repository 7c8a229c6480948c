import { POWER_OFF, PRINT, PRINT_NUMBER, STACK } from './routines.ts';

export const misaligned = String.raw`# Misaligned: who carries out a load from an odd address, and what FWFT changes.
#
# Harts do it, or trap. The trap is firmware's first, which emulates the load
# unless the host's Linux asked for it; then it comes to KVM, which gives it to
# the guest. FWFT takes KVM out of the way: hedeleg sends it here directly.

        .equ    FWFT, 0x46574654
        .equ    MISALIGNED_EXC_DELEG, 0
        .equ    ROUNDS, 100

        .text
        .globl  _start
_start:
        la      sp, stack_top
        la      t0, trap
        csrw    stvec, t0

        la      a0, before_text
        call    print
        call    loads
        mv      s7, a0                  # s7: whether the values were right

        li      a0, MISALIGNED_EXC_DELEG
        li      a1, 1                   # to supervisor mode
        li      a2, 0                   # not locked
        li      a6, 0                   # set
        li      a7, FWFT
        ecall
        bnez    a0, refused
        la      a0, after_text
        call    print
        call    loads
        and     s7, s7, a0
        j       done
refused:
        mv      s8, a0
        la      a0, refused_text
        call    print
        mv      a0, s8
        call    print_error
        la      a0, newline
        call    print
done:   seqz    a0, s7
        j       power_off

# loads: loads ROUNDS times from an odd address; tells how many traps came here
# and the time. a0 is 1 when every value was right.
loads:  addi    sp, sp, -48
        sd      ra, 40(sp)
        sd      s2, 32(sp)
        sd      s3, 24(sp)
        sd      s4, 16(sp)
        sd      s5, 8(sp)
        li      s2, ROUNDS
        la      t0, bytes
        addi    s3, t0, 1
        ld      t1, 0(t0)
        ld      t2, 8(t0)
        srli    t1, t1, 8
        slli    t2, t2, 56
        or      s4, t1, t2              # s4: what the load has to give
        li      s6, 0                   # s6: traps that came here
        rdtime  s5
1:      call    load
        bne     a0, s4, 2f
        addi    s2, s2, -1
        bnez    s2, 1b
2:      rdtime  a0
        sub     s5, a0, s5
        mv      a0, s6
        call    print_dec
        la      a0, traps_text
        call    print
        mv      a0, s5
        call    print_dec
        la      a0, time_text
        call    print
        seqz    a0, s2
        ld      ra, 40(sp)
        ld      s2, 32(sp)
        ld      s3, 24(sp)
        ld      s4, 16(sp)
        ld      s5, 8(sp)
        addi    sp, sp, 48
        ret

        .option push
        .option norvc
load:   ld      a0, 0(s3)               # the only one that can trap
        ret
        .option pop

# trap: puts the value of load together, byte by byte, as a kernel would that
# had to decode the instruction first.
        .balign 4
trap:   addi    s6, s6, 1
        csrr    t0, scause
        li      t1, 4                   # load address misaligned
        bne     t0, t1, fatal
        csrr    t0, stval
        li      a0, 0
        li      t1, 8
1:      addi    t1, t1, -1
        add     t2, t0, t1
        lbu     t2, 0(t2)
        slli    a0, a0, 8
        or      a0, a0, t2
        bnez    t1, 1b
        csrr    t0, sepc
        addi    t0, t0, 4
        csrw    sepc, t0
        sret
fatal:  li      a0, 1
        j       power_off
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
        .balign 8
bytes:          .byte 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16
before_text:    .asciz "100 loads from an odd address: "
after_text:     .asciz "The same with MISALIGNED_EXC_DELEG: "
traps_text:     .asciz " traps came here, "
time_text:      .asciz " time units.\n"
refused_text:   .asciz "MISALIGNED_EXC_DELEG is refused: error "
newline:        .asciz "\n"
${STACK}`;
