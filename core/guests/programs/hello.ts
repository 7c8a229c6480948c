export const hello = String.raw`# Hello: writes a greeting to the debug console (DBCN) and powers off.
#
# An SBI call is an ecall from S-mode: extension id in a7, function id in a6,
# arguments in a0 to a5. It answers with an error in a0 and a value in a1.
# Press Run, then look at who answered in the trace.

        .equ    DBCN, 0x4442434e
        .equ    CONSOLE_WRITE, 0
        .equ    SRST, 0x53525354
        .equ    SYSTEM_RESET, 0
        .equ    LEGACY_PUTCHAR, 1
        .equ    LEGACY_SHUTDOWN, 8

        .text
        .globl  _start
_start:
        la      s0, greeting            # s0: next byte
        la      s1, greeting_end
        sub     s1, s1, s0              # s1: bytes left
write:
        mv      a0, s1                  # num_bytes
        mv      a1, s0                  # base_addr_lo: a physical address
        li      a2, 0                   # base_addr_hi: for RV32 only
        li      a6, CONSOLE_WRITE
        li      a7, DBCN
        ecall
        bnez    a0, no_dbcn             # an error: say so another way
        add     s0, s0, a1              # a1: bytes taken, maybe not all
        sub     s1, s1, a1
        bnez    s1, write

        li      s2, 0                   # all is well
power_off:
        li      a0, 0                   # reset_type: shutdown
        mv      a1, s2                  # reset_reason: 0 none, 1 failure
        li      a6, SYSTEM_RESET
        li      a7, SRST
        ecall                           # returns only when it is refused
        li      a7, LEGACY_SHUTDOWN
        ecall
halt:   wfi
        j       halt

# DBCN was refused: print why through the oldest call there is, one byte a
# call. If that is refused too, the reset reason tells that we failed.
no_dbcn:
        li      s2, 1
        la      s0, apology
1:      lbu     a0, 0(s0)
        beqz    a0, power_off
        li      a7, LEGACY_PUTCHAR
        ecall
        bnez    a0, power_off
        addi    s0, s0, 1
        j       1b

        .section .rodata
greeting:
        .ascii  "Hello from VS-mode!\n"
greeting_end:
apology:
        .asciz  "DBCN is not there: this comes by legacy putchar.\n"
`;
