import { FAILED, POWER_OFF, PRINT, PRINT_NUMBER, STACK, WAIT_FOR } from './routines.ts';

export const smp = String.raw`# Two harts: HSM starts the second, IPI wakes it, HSM stops it again.
#
# Hart 0 starts hart 1 and waits for its sign of life, sends it an interrupt
# while it sleeps, waits for the echo, and watches it stop. Each wait has an
# end, so that a call which is accepted but not carried out shows.

        .equ    HSM, 0x48534d
        .equ    IPI, 0x735049
        .equ    PATIENCE, 1000000       # 100 ms of a 10 MHz clock
        .equ    STOPPED, 1

        .text
        .globl  _start
_start:
        la      sp, stack_top
        la      a0, starting
        call    print
        li      a0, 1                   # hartid
        la      a1, second_hart         # start_addr
        li      a2, 0x1234              # opaque: arrives in a1
        li      a6, 0                   # hart_start
        li      a7, HSM
        ecall
        la      s0, no_start
        bnez    a0, failed
        la      a0, alive
        call    wait_for
        la      s0, no_life
        beqz    a0, failed_quietly
        la      a0, alive_text
        call    print
        la      t0, opaque
        ld      a0, 0(t0)
        call    print_hex

        la      a0, sending
        call    print
        li      a0, 2                   # hart_mask: bit 1
        li      a1, 0                   # hart_mask_base
        li      a6, 0                   # send_ipi
        li      a7, IPI
        ecall
        la      s0, no_ipi
        bnez    a0, failed
        la      a0, heard
        call    wait_for
        la      s0, not_heard
        beqz    a0, failed_quietly

        la      a0, stopping
        call    print
        rdtime  s1
        li      t0, PATIENCE
        add     s1, s1, t0
1:      li      a0, 1
        li      a6, 2                   # hart_get_status
        li      a7, HSM
        ecall
        la      s0, no_status
        bnez    a0, failed
        li      t0, STOPPED
        beq     a1, t0, 2f
        rdtime  t0
        bltu    t0, s1, 1b
        la      s0, not_stopped
        j       failed_quietly
2:      la      a0, stopped_text
        call    print
        li      a0, 0
        j       power_off

${WAIT_FOR}${FAILED}
# The second hart starts here: a0 is its id, a1 the opaque value, the MMU is
# off and so are interrupts. It prints nothing, for it shares the console.
second_hart:
        la      t0, opaque
        sd      a1, 0(t0)
        li      t0, 1 << 1              # sie.SSIE, to be woken by an IPI
        csrw    sie, t0
        la      t0, alive
        li      t1, 1
        fence   rw, w                   # opaque before alive
        sw      t1, 0(t0)
1:      wfi
        csrr    t0, sip
        andi    t0, t0, 1 << 1
        beqz    t0, 1b
        csrci   sip, 1 << 1             # taken
        la      t0, heard
        li      t1, 1
        sw      t1, 0(t0)
        csrw    sie, zero               # hart_stop wants interrupts disabled
        li      a6, 1                   # hart_stop
        li      a7, HSM
        ecall                           # does not return
1:      wfi
        j       1b
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
starting:       .asciz "Hart 0 starts hart 1.\n"
alive_text:     .asciz "Hart 1 runs; its opaque value is "
sending:        .asciz ".\nHart 0 sends hart 1 an interrupt.\n"
stopping:       .asciz "Hart 1 heard it and stops.\n"
stopped_text:   .asciz "Hart 1 is STOPPED.\n"
no_start:       .asciz "hart_start is refused: error "
no_life:        .asciz "Hart 1 was started but shows no sign of life.\n"
no_ipi:         .asciz "send_ipi is refused: error "
not_heard:      .asciz "send_ipi succeeded but hart 1 heard nothing.\n"
no_status:      .asciz "hart_get_status is refused: error "
not_stopped:    .asciz "Hart 1 does not stop.\n"
newline:        .asciz "\n"
        .bss
        .balign 8
opaque:         .skip 8
alive:          .skip 4
heard:          .skip 4
${STACK}`;
