import { POWER_OFF, PRINT, PRINT_NUMBER, STACK } from './routines.ts';

export const timer = String.raw`# Timer: the same deadline set by an SBI call and by the guest's own CSR.
#
# Five ticks by TIME set_timer, then, where the hart has Sstc, five by writing
# stimecmp. With Sstc a guest needs no call at all: that is why Linux makes
# none there. The last lines compare what arming alone costs.

        .equ    TIME, 0x54494d45
        .equ    PERIOD, 10000           # 1 ms of a 10 MHz clock
        .equ    TICKS, 5
        .equ    ROUNDS, 100

        .text
        .globl  _start
_start:
        la      sp, stack_top
        la      t0, trap
        csrw    stvec, t0
        li      t0, 1 << 5              # sie.STIE
        csrw    sie, t0

        la      a0, sbi_title
        call    print
        la      s2, arm_by_sbi
        call    ticks
        mv      s7, a0                  # s7: set_timer works
        beqz    s7, 1f
        call    cost
        mv      s8, a0                  # s8: what it costs

1:      la      s2, arm_by_sstc
        la      a0, never
        ld      a0, 0(a0)
        call    arm_by_sstc             # traps where there is no Sstc
        la      t0, no_sstc             # then the handler sets this
        lw      t0, 0(t0)
        bnez    t0, without_sstc
        la      a0, sstc_title
        call    print
        call    ticks
        beqz    s7, done
        call    cost
        mv      s9, a0                  # s9: the cost of stimecmp

        la      a0, cost_sbi
        call    print
        mv      a0, s8
        call    print_dec
        la      a0, cost_sstc
        call    print
        mv      a0, s9
        call    print_dec
        la      a0, cost_end
        call    print
done:   li      a0, 0
        j       power_off
without_sstc:
        la      a0, no_sstc_text
        call    print
        seqz    a0, s7                  # neither way: that is a failure
        j       power_off

# arm_by_sbi, arm_by_sstc: the deadline is a0.
arm_by_sbi:
        li      a6, 0                   # set_timer
        li      a7, TIME
        ecall
        beqz    a0, 1f
        la      t0, refused
        li      t1, 1
        sw      t1, 0(t0)
1:      ret
arm_by_sstc:
        csrw    stimecmp, a0
        ret

# ticks: arms by s2, waits, says how late the interrupt was; a0 is 0 if refused.
ticks:  addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s3, 16(sp)
        sd      s4, 8(sp)
        li      s3, TICKS
        la      t0, refused
        sw      zero, 0(t0)
1:      rdtime  s4
        li      t0, PERIOD
        add     s4, s4, t0              # s4: the deadline
        mv      a0, s4
        jalr    s2
        la      t0, refused
        lw      t0, 0(t0)
        bnez    t0, ticks_refused
2:      wfi                             # wakes for an interrupt it may not take
        csrsi   sstatus, 2              # sstatus.SIE: now it is taken
        csrci   sstatus, 2
        la      t1, fired
        ld      t0, 0(t1)
        beqz    t0, 2b
        sd      zero, 0(t1)
        sub     s4, t0, s4
        la      a0, tick_text
        call    print
        mv      a0, s4
        call    print_dec
        la      a0, newline
        call    print
        addi    s3, s3, -1
        bnez    s3, 1b
        li      a0, 1
        j       3f
ticks_refused:
        la      a0, refused_text
        call    print
        li      a0, 0
3:      ld      ra, 24(sp)
        ld      s3, 16(sp)
        ld      s4, 8(sp)
        addi    sp, sp, 32
        ret

# cost: time units that arming by s2 takes, ROUNDS times, far in the future.
cost:   addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s3, 16(sp)
        sd      s4, 8(sp)
        li      s3, ROUNDS
        rdtime  s4
1:      la      a0, never
        ld      a0, 0(a0)
        jalr    s2
        addi    s3, s3, -1
        bnez    s3, 1b
        rdtime  a0
        sub     a0, a0, s4
        ld      ra, 24(sp)
        ld      s3, 16(sp)
        ld      s4, 8(sp)
        addi    sp, sp, 32
        ret

# trap: a timer interrupt is noted and masked off by a new deadline; anything
# else can only be the missing stimecmp, whose instruction is stepped over.
        .balign 4
trap:   addi    sp, sp, -64
        sd      ra, 56(sp)
        sd      t0, 48(sp)
        sd      t1, 40(sp)
        sd      a0, 32(sp)
        sd      a1, 24(sp)
        sd      a6, 16(sp)
        sd      a7, 8(sp)
        csrr    t0, scause
        bltz    t0, 1f                  # the top bit: an interrupt
        la      t0, no_sstc
        li      t1, 1
        sw      t1, 0(t0)
        csrr    t0, sepc
        addi    t0, t0, 4
        csrw    sepc, t0
        j       2f
1:      rdtime  t0
        la      t1, fired
        sd      t0, 0(t1)
        la      a0, never
        ld      a0, 0(a0)
        jalr    s2
2:      ld      ra, 56(sp)
        ld      t0, 48(sp)
        ld      t1, 40(sp)
        ld      a0, 32(sp)
        ld      a1, 24(sp)
        ld      a6, 16(sp)
        ld      a7, 8(sp)
        addi    sp, sp, 64
        sret
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
        .balign 8
never:          .dword -1               # all ones: no deadline
sbi_title:      .asciz "Ticks by SBI TIME set_timer:\n"
sstc_title:     .asciz "Ticks by stimecmp (Sstc):\n"
tick_text:      .asciz "  a tick, late by time units: "
newline:        .asciz "\n"
refused_text:   .asciz "  set_timer is refused\n"
cost_sbi:       .asciz "Arming 100 times takes time units: by set_timer "
cost_sstc:      .asciz ", by stimecmp "
cost_end:       .asciz "\n"
no_sstc_text:   .asciz "This hart has no Sstc: every deadline is a call.\n"
        .bss
        .balign 8
fired:          .skip 8
no_sstc:        .skip 4
refused:        .skip 4
${STACK}`;
