import { GIVE_UP, POWER_OFF, PRINT, PRINT_NUMBER, SLEEP, STACK } from './routines.ts';

export const governor = String.raw`# Governor: asks for performance through CPPC, and measures what it gets.
#
# CPPC has registers, each reached by a call. The guest writes the performance
# that it desires; the platform delivers what it can. Two counters tell how
# much that was: one counts at a fixed reference performance, the other at the
# delivered one, so their ratio over a while is the performance delivered.
# Above what is guaranteed a hart grows hot and is slowed down for a time.

        .equ    CPPC, 0x43505043
        .equ    TIME, 0x54494d45
        .equ    HIGHEST, 0x0
        .equ    NOMINAL, 0x1
        .equ    LOWEST, 0x3
        .equ    DESIRED, 0x5
        .equ    REFERENCE_COUNTER, 0xb
        .equ    DELIVERED_COUNTER, 0xc
        .equ    LIMITED, 0xd
        .equ    ENABLE, 0xe
        .equ    REFERENCE, 0x12
        .equ    LATENCY, 0x80000000
        .equ    MS, 10000               # of a 10 MHz clock

        .text
        .globl  _start
_start:
        la      sp, stack_top
        li      t0, 1 << 5              # sie.STIE: ends wfi, is never taken
        csrw    sie, t0
        li      a0, CPPC
        li      a6, 3                   # probe_extension
        li      a7, 0x10                # BASE
        ecall
        bnez    a0, absent
        beqz    a1, absent

        li      a0, LATENCY
        call    read
        mv      s0, a0                  # ns until a change has come
        la      a0, latency_text
        call    print
        mv      a0, s0
        call    print_dec
        la      a0, latency_end
        call    print
        li      a0, REFERENCE
        call    read
        mv      s1, a0                  # s1: performance of the reference counter
        li      a0, ENABLE
        li      a1, 1
        call    write

        li      a0, LOWEST
        call    try
        li      a0, NOMINAL
        call    try
        li      a0, HIGHEST
        call    try
        la      a0, hot_text
        call    print
        li      a0, 9 * MS              # 10 ms of it are too much
        call    sleep
        call    measure
        la      a0, delivered_text
        call    print
        mv      a0, s2
        call    print_dec
        la      a0, limited_text
        call    print
        li      a0, LIMITED
        call    read
        call    print_dec
        la      a0, end_text
        call    print
        li      a0, 0
        j       power_off

# try: desires the performance that register a0 holds and says what comes.
try:    addi    sp, sp, -16
        sd      ra, 8(sp)
        call    read
        sd      a0, 0(sp)
        la      a0, desired_text
        call    print
        ld      a0, 0(sp)
        call    print_dec
        li      a0, DESIRED
        ld      a1, 0(sp)
        call    write
        li      t0, 100                 # ns of a tick
        divu    a0, s0, t0
        call    sleep
        call    measure
        la      a0, delivered_text
        call    print
        mv      a0, s2
        call    print_dec
        la      a0, end_text
        call    print
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

# measure: s2 is the performance delivered in the next millisecond.
measure:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        li      a0, DELIVERED_COUNTER
        call    read
        mv      s2, a0
        li      a0, REFERENCE_COUNTER
        call    read
        mv      s3, a0
        li      a0, MS
        call    sleep
        li      a0, DELIVERED_COUNTER
        call    read
        sub     s2, a0, s2
        li      a0, REFERENCE_COUNTER
        call    read
        sub     s3, a0, s3
        mul     s2, s2, s1
        srli    t0, s3, 1               # to the nearest
        add     s2, s2, t0
        divu    s2, s2, s3
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

# read: the register of id a0, in a0. write: a1 into it. An error ends it all.
read:   li      a6, 1
        li      a7, CPPC
        ecall
        bnez    a0, failed
        mv      a0, a1
        ret
write:  li      a6, 3
        li      a7, CPPC
        ecall
        bnez    a0, failed
        ret

${SLEEP}${GIVE_UP}${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
latency_text:   .asciz "A change comes within "
latency_end:    .asciz " ns.\n"
desired_text:   .asciz "Desired "
delivered_text: .asciz ", delivered "
hot_text:       .asciz "Ten milliseconds later"
limited_text:   .asciz "; limited: "
end_text:       .asciz "\n"
failed_text:    .asciz "\nA call failed: error "
absent_text:    .asciz "There is no CPPC here.\n"
${STACK}`;
