/** Assembly that several examples share: text and numbers on whatever console there is, waiting, giving up, and power-off. */

export const PRINT = `
# ------------------------------------------------------------------------
# print: writes the text at a0, up to its zero byte.
# DBCN if the SBI offers it, else legacy putchar, else the UART: a call that
# is refused moves on to the next one for good. Keeps s0 to s11.
# ------------------------------------------------------------------------
print:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        sd      s1, 8(sp)
        mv      s0, a0                  # s0: next byte to write
        mv      s1, a0                  # s1: the end of the text
1:      lbu     t0, 0(s1)
        beqz    t0, print_rest
        addi    s1, s1, 1
        j       1b
print_rest:
        beq     s0, s1, print_done
        la      t2, console
        lw      t0, 0(t2)
        beqz    t0, print_dbcn
        li      t1, 1
        beq     t0, t1, print_legacy
print_uart:
        li      t1, 0x10000000
1:      lbu     t0, 5(t1)               # line status
        andi    t0, t0, 0x20            # can it take a byte?
        beqz    t0, 1b
        lbu     t0, 0(s0)
        sb      t0, 0(t1)
        addi    s0, s0, 1
        j       print_rest
print_legacy:
        lbu     a0, 0(s0)
        li      a7, 1                   # console_putchar
        ecall
        bnez    a0, print_next_console
        addi    s0, s0, 1
        j       print_rest
print_dbcn:
        sub     a0, s1, s0              # how many bytes
        mv      a1, s0                  # physical address: the MMU is off
        li      a2, 0                   # its upper half, for RV32
        li      a6, 0                   # console_write
        li      a7, 0x4442434e          # DBCN
        ecall
        bnez    a0, print_next_console
        add     s0, s0, a1              # the SBI may take only a part
        j       print_rest
print_next_console:
        la      t2, console
        lw      t0, 0(t2)
        addi    t0, t0, 1
        sw      t0, 0(t2)
        j       print_rest
print_done:
        ld      ra, 24(sp)
        ld      s0, 16(sp)
        ld      s1, 8(sp)
        addi    sp, sp, 32
        ret

        .data
        .balign 4
console:
        .word   0                       # 0: DBCN, 1: legacy, 2: UART
        .text
`;

export const PRINT_NUMBER = `
# print_hex, print_dec: write the number in a0, unsigned.
# print_error: writes the SBI error in a0, signed. Keep s0 to s11.
print_error:
        bgez    a0, print_dec
        addi    sp, sp, -16
        sd      ra, 8(sp)
        sd      a0, 0(sp)
        la      a0, minus
        call    print
        ld      a0, 0(sp)
        ld      ra, 8(sp)
        addi    sp, sp, 16
        neg     a0, a0
print_dec:
        li      a1, 10
        j       print_number
print_hex:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        sd      a0, 0(sp)
        la      a0, hex_prefix
        call    print
        ld      a0, 0(sp)
        ld      ra, 8(sp)
        addi    sp, sp, 16
        li      a1, 16
print_number:
        addi    sp, sp, -48
        sd      ra, 40(sp)
        addi    t0, sp, 31              # digits from the last one back
        sb      zero, 0(t0)
1:      remu    t1, a0, a1
        divu    a0, a0, a1
        li      t2, 10
        addi    t3, t1, '0'
        bltu    t1, t2, 2f
        addi    t3, t1, 'a' - 10
2:      addi    t0, t0, -1
        sb      t3, 0(t0)
        bnez    a0, 1b
        mv      a0, t0
        call    print
        ld      ra, 40(sp)
        addi    sp, sp, 48
        ret

        .section .rodata
minus:          .asciz "-"
hex_prefix:     .asciz "0x"
        .text
`;

export const POWER_OFF = `
# power_off: a0 is 0 when all went well, 1 when something failed.
power_off:
        csrw    sie, zero
        mv      a1, a0                  # reset_reason: 1 is a system failure
        li      a0, 0                   # reset_type: shutdown
        li      a6, 0                   # system_reset
        li      a7, 0x53525354          # SRST
        ecall                           # returns only when it is refused
        li      a7, 8                   # legacy shutdown
        ecall
1:      wfi                             # nobody can switch us off
        j       1b
`;

export const STACK = `
        .bss
        .balign 16
        .skip   4096
stack_top:
`;

/** Assembly of waiting for another hart; the program defines PATIENCE, in ticks. */
export const WAIT_FOR = `# wait_for: until the word at a0 is set; answers 0 in a0 when that takes too long.
wait_for:
        rdtime  t0
        li      t1, PATIENCE
        add     t0, t0, t1
1:      lw      t1, 0(a0)
        bnez    t1, 2f
        rdtime  t2
        bltu    t2, t0, 1b
2:      mv      a0, t1
        ret

`;

/** Assembly that tells of a failed call; the program has the text at `newline`. */
export const FAILED = `# failed: says the text at s0 and the error in a0, powers off with a reason.
failed: mv      s1, a0
        mv      a0, s0
        call    print
        mv      a0, s1
        call    print_error
        la      s0, newline
failed_quietly:
        mv      a0, s0
        call    print
        li      a0, 1
        j       power_off
`;

/** Assembly of sleeping by the timer; the program defines TIME and has `failed`. */
export const SLEEP = `# sleep: for a0 ticks.
sleep:  rdtime  t0
        add     a0, a0, t0
        li      a6, 0                   # set_timer
        li      a7, TIME
        ecall
        bnez    a0, failed
1:      wfi
        csrr    t0, sip
        andi    t0, t0, 1 << 5
        beqz    t0, 1b
        ret

`;

/** Assembly that tells of a failed call, or that there is nothing to show; the program has `failed_text`, `end_text` and `absent_text`. */
export const GIVE_UP = `failed: mv      s0, a0
        la      a0, failed_text
        call    print
        mv      a0, s0
        call    print_error
        la      a0, end_text
        call    print
        li      a0, 1
        j       power_off
absent: la      a0, absent_text
        call    print
        li      a0, 1
        j       power_off
`;
