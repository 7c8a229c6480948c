import { POWER_OFF, PRINT, PRINT_NUMBER, STACK } from './routines.ts';

export const uart = String.raw`# UART: the same line through the serial port and through DBCN, timed.
#
# The serial port is memory-mapped: each access to a register leaves the guest
# and ends in the VMM (KVM_EXIT_MMIO), two for every byte. DBCN hands over the
# whole line in one call.

        .equ    UART, 0x10000000
        .equ    DBCN, 0x4442434e
        .equ    LSR, 5
        .equ    LSR_THRE, 0x20

        .text
        .globl  _start
_start:
        la      sp, stack_top
        li      s0, UART                # first by the serial port
        la      s1, line
        la      s2, line_end
        rdtime  s3
1:      lbu     t0, LSR(s0)             # can it take a byte?
        andi    t0, t0, LSR_THRE
        beqz    t0, 1b
        lbu     t0, 0(s1)
        sb      t0, 0(s0)
        addi    s1, s1, 1
        bne     s1, s2, 1b
        rdtime  t0
        sub     s4, t0, s3              # s4: time units by UART

        la      s1, line                # then by DBCN
        rdtime  s3
2:      sub     a0, s2, s1
        mv      a1, s1
        li      a2, 0
        li      a6, 0                   # console_write
        li      a7, DBCN
        ecall
        bnez    a0, no_dbcn
        add     s1, s1, a1
        bne     s1, s2, 2b
        rdtime  t0
        sub     s5, t0, s3              # s5: time units by DBCN

        la      a0, by_uart
        call    print
        mv      a0, s4
        call    print_dec
        la      a0, by_dbcn
        call    print
        mv      a0, s5
        call    print_dec
        la      a0, faster
        call    print
        bnez    s5, 3f
        li      s5, 1                   # under one unit of time
3:      divu    a0, s4, s5
        call    print_dec
        la      a0, times
        call    print
        li      a0, 0
        j       power_off

no_dbcn:
        mv      s0, a0
        la      a0, refused
        call    print
        mv      a0, s0
        call    print_error
        la      a0, newline
        call    print
        li      a0, 1
        j       power_off
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
line:           .ascii "The quick brown fox jumps over the lazy dog, twice a day.\n"
line_end:
by_uart:        .asciz "Time units by UART: "
by_dbcn:        .asciz ", by DBCN: "
faster:         .asciz "; DBCN is faster by a factor of "
times:          .asciz ".\n"
refused:        .asciz "console_write is refused: error "
newline:        .asciz "\n"
${STACK}`;
