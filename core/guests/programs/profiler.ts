import { POWER_OFF, PRINT, PRINT_NUMBER, STACK } from './routines.ts';

export const profiler = String.raw`# A profiler: each time a counter overflows, it notes where the hart is.
#
# The work keeps interrupts off for most of its time, as a kernel does with a
# lock. A profiler that is told by interrupt cannot look into that part: its
# samples come late, where interrupts are on again. A software event comes all
# the same, so that its samples are where the time goes.

        .equ    PMU, 0x504d55
        .equ    SSE, 0x535345
        .equ    CYCLES, 1
        .equ    OVERFLOW, 0x10000       # the event of a counter that overflows
        .equ    CLEAR_VALUE, 2          # config_flags
        .equ    SET_INIT_VALUE, 1       # start_flags
        .equ    PERIOD, 21000           # cycles from one sample to the next
        .equ    SAMPLES, 20
        .equ    PATIENCE, 100           # rounds of work for one sample
        .equ    LCOF, 13                # the interrupt of an overflow

        .text
        .globl  _start
_start:
        la      sp, stack_top
        la      t0, trap
        csrw    stvec, t0
        call    set_up
        la      s0, no_counter
        bnez    a0, failed

        li      t0, 1 << LCOF
        csrw    sie, t0
        la      a0, by_interrupt
        call    print
        call    profile
        csrw    sie, zero
        beqz    a0, silent

# From here on the event is enabled: the interrupt stays away.
        li      a0, OVERFLOW
        la      a1, handler             # handler_entry_pc
        la      a2, saved               # handler_entry_arg: arrives in a7
        li      a6, 2                   # register
        li      a7, SSE
        ecall
        bnez    a0, no_event
        li      a0, OVERFLOW
        li      a6, 4                   # enable
        ecall
        bnez    a0, no_event
        li      a6, 8                   # hart_unmask: a hart begins masked
        ecall
        bnez    a0, no_event
        la      a0, by_event
        call    print
        call    profile
        beqz    a0, silent
        li      a0, 0
        j       power_off

no_event:
        mv      s1, a0
        la      a0, event_refused
        call    print
        mv      a0, s1
        call    print_error
        la      a0, newline
        call    print
        li      a0, 0                   # the profile by interrupt is there
        j       power_off
silent: la      a0, no_overflow
        call    print
        li      a0, 1
        j       power_off
failed: mv      s1, a0
        mv      a0, s0
        call    print
        mv      a0, s1
        call    print_error
        la      a0, newline
        call    print
        li      a0, 1
        j       power_off

# set_up: has PMU choose a counter of cycles; the error is in a0.
set_up: li      a6, 0                   # num_counters
        li      a7, PMU
        ecall
        bnez    a0, 3f
        mv      t3, a1
        li      t4, 0                   # t4: the set of those that exist
        li      t5, 0
1:      mv      a0, t5                  # numbers need not follow each other
        li      a6, 1                   # counter_get_info
        ecall
        bnez    a0, 2f
        li      t0, 1
        sll     t0, t0, t5
        or      t4, t4, t0
2:      addi    t5, t5, 1
        bltu    t5, t3, 1b
        li      a0, 0                   # counter_idx_base
        mv      a1, t4                  # counter_idx_mask
        li      a2, CLEAR_VALUE
        li      a3, CYCLES
        li      a4, 0                   # event_data
        li      a6, 2                   # counter_config_matching
        li      a7, PMU
        ecall
        la      t0, counter
        sd      a1, 0(t0)
3:      ret

# profile: works until there are enough samples, and says where they were; 0 in
# a0 when none comes.
profile:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        sd      s1, 8(sp)
        la      t0, samples
        sd      zero, 0(t0)
        sd      zero, 8(t0)
        sd      zero, 16(t0)
        sd      zero, 24(t0)
        call    start
        li      s0, 0                   # s0: samples so far
        li      s1, PATIENCE
1:      call    work
        la      t0, samples
        ld      t1, 24(t0)
        bne     t1, s0, 2f
        addi    s1, s1, -1
        bnez    s1, 1b
        call    stop
        li      a0, 0
        j       4f
2:      mv      s0, t1
        li      s1, PATIENCE
        li      t0, SAMPLES
        bltu    s0, t0, 1b
        call    stop
        la      s1, samples
        ld      a0, 0(s1)
        call    print_dec
        la      a0, in_locked
        call    print
        ld      a0, 8(s1)
        call    print_dec
        la      a0, at_unlocked
        call    print
        ld      a0, 16(s1)
        call    print_dec
        la      a0, elsewhere
        call    print
        li      a0, 1
4:      ld      ra, 24(sp)
        ld      s0, 16(sp)
        ld      s1, 8(sp)
        addi    sp, sp, 32
        ret

# work: three quarters of it with interrupts off.
work:   csrci   sstatus, 2
locked: li      t0, 3000
1:      addi    t0, t0, -1
        bnez    t0, 1b
        csrsi   sstatus, 2
unlocked:
        li      t0, 1000
1:      addi    t0, t0, -1
        bnez    t0, 1b
        ret

# start, stop: the counter; it overflows after PERIOD cycles.
start:  la      t0, counter
        ld      a0, 0(t0)               # counter_idx_base
        li      a1, 1                   # counter_idx_mask
        li      a2, SET_INIT_VALUE
        li      a3, -PERIOD             # initial_value
        li      a6, 3                   # counter_start
        li      a7, PMU
        ecall
        ret
stop:   la      t0, counter
        ld      a0, 0(t0)
        li      a1, 1
        li      a2, 0
        li      a6, 4                   # counter_stop
        li      a7, PMU
        ecall
        ret

# sample: the hart was at a0 when the counter overflowed. Keeps no register but
# sp. The counter stands still meanwhile: what the profiler does itself is not
# what is measured.
sample: addi    sp, sp, -16
        sd      ra, 8(sp)
        la      t0, samples
        ld      t1, 24(t0)
        addi    t1, t1, 1
        sd      t1, 24(t0)
        la      t1, unlocked
        beq     a0, t1, 2f
        bgeu    a0, t1, 1f
        la      t1, locked
        bgeu    a0, t1, 3f
1:      addi    t0, t0, 8               # elsewhere
2:      addi    t0, t0, 8
3:      ld      t1, 0(t0)
        addi    t1, t1, 1
        sd      t1, 0(t0)
        call    stop
        li      t0, 1 << LCOF
        csrc    sip, t0                 # it stays pending until it is cleared
        la      t0, samples
        ld      t0, 24(t0)
        li      t1, SAMPLES
        bgeu    t0, t1, 4f
        call    start
4:      ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

# keep, give_back: the registers that sample may change but ra, at a7.
keep:   sd      t0, 8(a7)
        sd      t1, 16(a7)
        sd      a0, 24(a7)
        sd      a1, 32(a7)
        sd      a2, 40(a7)
        sd      a3, 48(a7)
        ret
give_back:
        ld      t0, 8(a7)
        ld      t1, 16(a7)
        ld      a0, 24(a7)
        ld      a1, 32(a7)
        ld      a2, 40(a7)
        ld      a3, 48(a7)
        ret

# handler: the event. a7 is the argument of register; the SBI keeps sepc, two
# bits of sstatus, a6 and a7.
handler:
        sd      ra, 0(a7)
        call    keep
        csrr    a0, sepc
        call    sample
        la      a7, saved
        call    give_back
        ld      ra, 0(a7)
        li      a6, 6                   # complete
        li      a7, SSE
        ecall

# trap: the interrupt, which is the only trap that comes.
        .balign 4
trap:   csrw    sscratch, a7
        addi    sp, sp, -16
        sd      a6, 0(sp)
        la      a7, saved
        sd      ra, 0(a7)
        call    keep
        csrr    a0, sepc
        call    sample
        la      a7, saved
        call    give_back
        ld      ra, 0(a7)
        ld      a6, 0(sp)
        addi    sp, sp, 16
        csrr    a7, sscratch
        sret
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
by_interrupt:   .asciz "Samples of a profiler that an interrupt tells:\n  "
by_event:       .asciz "Samples of one that a software event tells:\n  "
in_locked:      .asciz " in the part with interrupts off, "
at_unlocked:    .asciz " where they come on again, "
elsewhere:      .asciz " elsewhere.\n"
no_counter:     .asciz "There is no counter of cycles: error "
no_overflow:    .asciz "none: the counter overflows and nobody is told. The hart has no Sscofpmf.\n"
event_refused:  .asciz "There is no software event of an overflow: error "
newline:        .asciz "\n"

        .bss
        .balign 8
counter:        .skip 8                 # the one of cycles
samples:        .skip 32                # locked, unlocked, elsewhere, all
saved:          .skip 56
${STACK}`;
