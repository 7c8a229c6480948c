import { POWER_OFF, PRINT, PRINT_NUMBER, STACK } from './routines.ts';

export const counters = String.raw`# Counters: what a loop retires, how often the firmware did something, and an
# interrupt when a counter overflows.
#
# A hardware counter belongs to machine mode: the guest asks PMU to choose an
# event for it, and reads it by its own CSR. A firmware counter has no CSR and
# is read by a call. Whoever answers PMU has to have the counters.

        .equ    PMU, 0x504d55
        .equ    TIME, 0x54494d45
        .equ    CYCLES, 1
        .equ    INSTRUCTIONS, 2
        .equ    SET_TIMER, 0xf0005      # a firmware event
        .equ    CLEAR_VALUE, 2          # config_flags
        .equ    SET_INIT_VALUE, 1       # start_flags
        .equ    ROUNDS, 1000
        .equ    CALLS, 3
        .equ    PERIOD, 5000            # cycles until the counter overflows
        .equ    LCOF, 13                # the interrupt of an overflow
        .equ    PATIENCE, 100000

        .text
        .globl  _start
_start:
        la      sp, stack_top
        la      t0, trap
        csrw    stvec, t0
        li      t0, 1 << LCOF
        csrw    sie, t0
        li      s0, 0                   # s0: how many of the three parts worked

        li      a6, 0                   # num_counters
        li      a7, PMU
        ecall
        bnez    a0, no_pmu
        mv      s1, a1
        mv      a0, s1
        call    print_dec
        la      a0, counters_text
        call    print

# Numbers need not follow each other: time has a CSR but is no counter.
        li      s2, 0                   # s2: the set of those that exist
        li      s3, 0
1:      mv      a0, s3
        li      a6, 1                   # counter_get_info
        li      a7, PMU
        ecall
        bnez    a0, 2f
        li      t0, 1
        sll     t0, t0, s3
        or      s2, s2, t0
2:      addi    s3, s3, 1
        bltu    s3, s1, 1b

# The instructions of a loop.
        li      a0, INSTRUCTIONS
        call    configure
        la      s4, loop_refused
        bnez    a0, 3f
        li      a0, 0
        call    start
        li      t0, ROUNDS
1:      addi    t0, t0, -1
        bnez    t0, 1b
        call    stop
        csrr    s4, instret             # the CSR of the counter for instructions
        la      a0, loop_text
        call    print
        mv      a0, s4
        call    print_dec
        la      a0, loop_end
        call    print
        addi    s0, s0, 1
        j       4f
3:      mv      a1, a0
        mv      a0, s4
        call    refused

# A firmware event.
4:      li      a0, SET_TIMER
        call    configure
        la      s4, firmware_refused
        bnez    a0, 3f
        li      a0, 0
        call    start
        li      s4, CALLS
1:      li      a0, -1                  # stime_value: never
        li      a6, 0                   # set_timer
        li      a7, TIME
        ecall
        addi    s4, s4, -1
        bnez    s4, 1b
        call    stop
        mv      a0, s5
        li      a6, 5                   # counter_fw_read
        li      a7, PMU
        ecall
        la      s4, firmware_refused
        bnez    a0, 3f
        mv      s4, a1
        la      a0, firmware_text
        call    print
        mv      a0, s4
        call    print_dec
        la      a0, newline
        call    print
        addi    s0, s0, 1
        j       4f
3:      mv      a1, a0
        mv      a0, s4
        call    refused

# An overflow: the counter starts so that it passes its end after PERIOD.
4:      li      a0, CYCLES
        call    configure
        la      s4, overflow_refused
        bnez    a0, 3f
        li      a0, -PERIOD
        call    start
        csrsi   sstatus, 2              # sstatus.SIE
        li      t0, PATIENCE
1:      la      t1, overflowed
        lw      t1, 0(t1)
        bnez    t1, 2f
        addi    t0, t0, -1
        bnez    t0, 1b
        csrci   sstatus, 2
        la      a0, no_overflow
        call    print
        call    stop
        j       done
2:      csrci   sstatus, 2
        csrr    s4, cycle               # has gone on from 0
        call    stop
        la      a0, overflow_text
        call    print
        li      a0, PERIOD
        call    print_dec
        la      a0, overflow_middle
        call    print
        mv      a0, s4
        call    print_dec
        la      a0, overflow_end
        call    print
        addi    s0, s0, 1
        j       done
3:      mv      a1, a0
        mv      a0, s4
        call    refused
done:   seqz    a0, s0                  # nothing worked: that is a failure
        j       power_off
no_pmu: mv      a1, a0
        la      a0, pmu_refused
        call    refused
        li      a0, 1
        j       power_off

# configure: a counter of the set for the event in a0; its number goes to s5, the error to a0.
configure:
        mv      a3, a0                  # event_idx
        li      a0, 0                   # counter_idx_base
        mv      a1, s2                  # counter_idx_mask
        li      a2, CLEAR_VALUE
        li      a4, 0                   # event_data
        li      a6, 2                   # counter_config_matching
        li      a7, PMU
        ecall
        mv      s5, a1
        ret

# start, stop: the counter s5; it starts at a0.
start:  mv      a3, a0                  # initial_value
        mv      a0, s5
        li      a1, 1                   # counter_idx_mask
        li      a2, SET_INIT_VALUE
        li      a6, 3                   # counter_start
        li      a7, PMU
        ecall
        ret
stop:   mv      a0, s5
        li      a1, 1
        li      a2, 0
        li      a6, 4                   # counter_stop
        li      a7, PMU
        ecall
        ret

# refused: says the text at a0 and the error in a1.
refused:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        sd      a1, 0(sp)
        call    print
        ld      a0, 0(sp)
        call    print_error
        la      a0, newline
        call    print
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

# trap: the only interrupt that is enabled; it stays pending until it is cleared.
        .balign 4
trap:   addi    sp, sp, -16
        sd      t0, 8(sp)
        sd      t1, 0(sp)
        li      t0, 1 << LCOF
        csrc    sip, t0
        la      t0, overflowed
        li      t1, 1
        sw      t1, 0(t0)
        ld      t0, 8(sp)
        ld      t1, 0(sp)
        addi    sp, sp, 16
        sret
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
counters_text:    .asciz " counters.\n"
loop_text:        .asciz "A loop of 2000 instructions, and those around it: "
loop_end:         .asciz "\n"
firmware_text:    .asciz "Calls of set_timer that the SBI answered: "
overflow_text:    .asciz "An interrupt came after "
overflow_middle:  .asciz " cycles; it took "
overflow_end:     .asciz " more to look.\n"
no_overflow:      .asciz "The counter overflowed without an interrupt: the hart has no Sscofpmf.\n"
pmu_refused:      .asciz "PMU is refused: error "
loop_refused:     .asciz "Instructions cannot be counted: error "
firmware_refused: .asciz "Calls of set_timer cannot be counted: error "
overflow_refused: .asciz "Cycles cannot be counted: error "
newline:          .asciz "\n"
        .bss
        .balign 4
overflowed:       .skip 4
${STACK}`;
