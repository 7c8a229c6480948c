import { POWER_OFF, PRINT, PRINT_NUMBER, STACK } from './routines.ts';

export const suspend = String.raw`# Suspend: the whole system sleeps (SUSP), or the hart alone (HSM).
#
# system_suspend does not return like a call: the hart comes back at
# resume_addr with its id in a0, the opaque value in a1 and every other
# register lost. What the guest wants to keep is in memory. What wakes the
# system is up to the platform: the VMM waits for a key or five seconds, a
# kernel that suspends by itself for an interrupt, so the timer is armed too.

        .equ    SUSP, 0x53555350
        .equ    HSM, 0x48534d
        .equ    TIME, 0x54494d45
        .equ    NAP, 500000             # 50 ms of a 10 MHz clock
        .equ    NIGHT, 50000000         # 5 s
        .equ    TOKEN, 0x5eed

        .text
        .globl  _start
_start:
        la      sp, stack_top
        la      a0, going
        call    print
        li      a0, NIGHT
        call    set_alarm               # refused or not: other things may wake us
        li      a0, 0                   # sleep_type: suspend to RAM
        la      a1, resume              # resume_addr
        li      a2, TOKEN               # opaque
        li      a6, 0                   # system_suspend
        li      a7, SUSP
        ecall                           # returns only when it is refused
        mv      s0, a0
        la      a0, refused_susp
        call    print
        mv      a0, s0
        call    print_error
        j       hart_nap

resume:
        la      sp, stack_top
        li      t0, TOKEN
        bne     a1, t0, wrong
        la      a0, awake
        call    print
        call    print_slept
        li      a0, 0
        j       power_off
wrong:  la      a0, wrong_text
        call    print
        li      a0, 1
        j       power_off

# The hart sleeps alone: suspend type 0 keeps every register and returns when
# an interrupt is pending. Here the timer will be.
hart_nap:
        la      a0, napping
        call    print
        li      a0, NAP
        call    set_alarm
        la      s1, refused_time
        bnez    a0, failed
        li      a0, 0                   # suspend_type: default retentive
        li      a1, 0
        li      a2, 0
        li      a6, 3                   # hart_suspend
        li      a7, HSM
        ecall
        la      s1, refused_hsm
        bnez    a0, failed
        la      a0, awake
        call    print
        call    print_slept
        li      a0, 0
        j       power_off

# set_alarm: the timer interrupt after a0 time units, enabled but not taken;
# notes the time. Answers the error of set_timer.
set_alarm:
        li      t0, 1 << 5              # sie.STIE; sstatus.SIE stays 0
        csrw    sie, t0
        rdtime  t0
        la      t1, since
        sd      t0, 0(t1)
        add     a0, a0, t0
        li      a6, 0                   # set_timer
        li      a7, TIME
        ecall
        ret

failed: mv      s0, a0
        mv      a0, s1
        call    print
        mv      a0, s0
        call    print_error
        la      a0, newline
        call    print
        li      a0, 1
        j       power_off

print_slept:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        la      t0, since
        ld      t0, 0(t0)
        rdtime  a0
        sub     a0, a0, t0
        li      t0, 10000
        divu    a0, a0, t0
        call    print_dec
        la      a0, milliseconds
        call    print
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
going:          .asciz "The system goes to sleep; a key or some seconds wake it.\n"
awake:          .asciz "Awake after "
milliseconds:   .asciz " ms.\n"
wrong_text:     .asciz "Resumed with the wrong opaque value.\n"
refused_susp:   .asciz "system_suspend is refused: error "
napping:        .asciz ".\nThe hart naps alone.\n"
refused_time:   .asciz "set_timer is refused: error "
refused_hsm:    .asciz "hart_suspend is refused: error "
newline:        .asciz "\n"
        .bss
        .balign 8
since:          .skip 8
${STACK}`;
