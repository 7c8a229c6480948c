import { POWER_OFF, PRINT, PRINT_NUMBER, STACK } from './routines.ts';

export const echo = String.raw`# Echo: what you type comes back. q quits.
#
# console_read does not wait: it answers 0 bytes when nothing was typed. The
# guest therefore looks 100 times a second and sleeps (wfi) in between: the
# timer interrupt is enabled in sie but not taken, since sstatus.SIE is 0.

        .equ    DBCN, 0x4442434e
        .equ    CONSOLE_READ, 1
        .equ    TIME, 0x54494d45
        .equ    PERIOD, 100000          # 10 ms of a 10 MHz clock
        .equ    BUFFER_SIZE, 64

        .text
        .globl  _start
_start:
        la      sp, stack_top
        la      a0, welcome
        call    print
        li      t0, 1 << 5              # sie.STIE
        csrw    sie, t0

poll:   li      a0, BUFFER_SIZE
        la      a1, buffer
        li      a2, 0
        li      a6, CONSOLE_READ
        li      a7, DBCN
        ecall
        bnez    a0, no_read
        beqz    a1, sleep
        la      t0, buffer              # end the text with a zero byte
        add     t1, t0, a1
        sb      zero, 0(t1)
        mv      s0, t0

1:      lbu     t0, 0(s0)               # Return sends CR: give CR and LF
        beqz    t0, poll
        la      t1, one
        sb      t0, 0(t1)
        mv      a0, t1
        li      t1, 'q'
        beq     t0, t1, quit
        li      t1, '\r'
        bne     t0, t1, 2f
        la      a0, newline
2:      call    print
        addi    s0, s0, 1
        j       1b

sleep:  rdtime  a0
        li      t0, PERIOD
        add     a0, a0, t0
        li      a6, 0                   # set_timer, which also ends the last one
        li      a7, TIME
        ecall
        bnez    a0, poll                # no TIME: look again at once
        wfi
        j       poll

quit:   la      a0, bye
        call    print
        li      a0, 0
        j       power_off

no_read:
        mv      s0, a0
        la      a0, no_read_text
        call    print
        mv      a0, s0
        call    print_error
        la      a0, newline
        call    print
        li      a0, 1
        j       power_off
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
welcome:        .asciz "Type something; q quits.\r\n"
bye:            .asciz "\r\nBye.\r\n"
newline:        .asciz "\r\n"
no_read_text:   .asciz "DBCN console_read is refused: error "
        .bss
buffer:         .skip BUFFER_SIZE + 1
one:            .skip 2
${STACK}`;
