import { FAILED, POWER_OFF, PRINT, PRINT_NUMBER, STACK, WAIT_FOR } from './routines.ts';

export const sse = String.raw`# Supervisor software events: they come even with interrupts off.
#
# Hart 0 injects a local event into itself. Its handler injects a global event
# of higher priority, which preempts it. Then hart 0 injects the local event
# into hart 1, which sleeps with no interrupt enabled. The SBI saves nothing
# for a handler but sepc, two bits of sstatus, a6 and a7: the rest is its own.

        .equ    SSE, 0x535345
        .equ    HSM, 0x48534d
        .equ    LOCAL, 0xffff0000       # software injected local event
        .equ    GLOBAL, 0xffff8000      # software injected global event
        .equ    PRIORITY, 1             # attribute; a lower value goes first
        .equ    PATIENCE, 3000000       # 300 ms of a 10 MHz clock

        .text
        .globl  _start
_start:
        la      sp, stack_top
        la      a0, intro
        call    print
        li      a0, LOCAL
        la      a1, local_event
        li      a2, 2
        call    register
        li      a0, GLOBAL
        la      a1, global_event
        li      a2, 1
        call    register
        li      a6, 8                   # hart_unmask: a hart begins masked
        call    sse

        la      a0, injecting
        call    print
        csrci   sstatus, 2              # interrupts off; events come all the same
        li      a0, LOCAL
        li      a1, 0                   # hart_id
        li      a6, 7                   # inject
        call    sse                     # the handlers run before it returns
        la      a0, returned
        call    print

        li      a0, 1                   # hartid
        la      a1, second_hart
        li      a2, 0
        li      a6, 0                   # hart_start
        li      a7, HSM
        ecall
        la      s0, no_start
        bnez    a0, failed
        la      a0, ready
        call    wait_for
        la      s0, no_life
        beqz    a0, failed_quietly
        la      a0, sleeping
        call    print
        li      a0, LOCAL
        li      a1, 1
        li      a6, 7
        call    sse
        la      a0, woken
        call    wait_for
        la      s0, not_woken
        beqz    a0, failed_quietly
        la      a0, woken_text
        call    print
        li      a0, 0
        j       power_off

# register: event a0 goes to the handler with the argument a1 and the priority
# a2, and is enabled. Keeps s1 to s11.
register:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        sd      a2, 8(sp)               # the value of the attribute
        mv      s0, a0
        mv      a2, a1                  # handler_entry_arg: arrives in a7
        la      a1, handler             # handler_entry_pc
        li      a6, 2                   # register
        call    sse
        mv      a0, s0
        li      a1, PRIORITY            # base_attr_id
        li      a2, 1                   # attr_count
        addi    a3, sp, 8               # physical address: the MMU is off
        li      a4, 0
        li      a6, 1                   # write_attrs
        call    sse
        mv      a0, s0
        li      a6, 4                   # enable
        call    sse
        ld      ra, 24(sp)
        ld      s0, 16(sp)
        addi    sp, sp, 32
        ret

# sse: function a6; one that is refused ends the program.
sse:    li      a7, SSE
        ecall
        bnez    a0, sse_refused
        ret
sse_refused:
        mv      s1, a0
        mv      s2, a6
        la      a0, sse_function
        call    print
        mv      a0, s2
        call    print_dec
        la      s0, is_refused
        mv      a0, s1
        j       failed

# handler: every event enters here. a6 is the hart id, a7 the argument of
# register: what the event does, above a stack of its own, for an event can
# come in the middle of another. Complete gives a6 and a7 back.
handler:
        sd      sp, -8(a7)
        addi    sp, a7, -128
        sd      ra, 0(sp)
        sd      t0, 8(sp)
        sd      t1, 16(sp)
        sd      t2, 24(sp)
        sd      t3, 32(sp)
        sd      a0, 40(sp)
        sd      a1, 48(sp)
        sd      a2, 56(sp)
        sd      a3, 64(sp)
        sd      a4, 72(sp)
        sd      s0, 80(sp)
        ld      t0, 0(a7)
        mv      s0, a6
        jalr    t0
        ld      ra, 0(sp)
        ld      t0, 8(sp)
        ld      t1, 16(sp)
        ld      t2, 24(sp)
        ld      t3, 32(sp)
        ld      a0, 40(sp)
        ld      a1, 48(sp)
        ld      a2, 56(sp)
        ld      a3, 64(sp)
        ld      a4, 72(sp)
        ld      s0, 80(sp)
        ld      sp, 120(sp)
        li      a6, 6                   # complete: goes back to what was
        li      a7, SSE                 # interrupted, a0 and a1 untouched
        ecall

# What the events do: s0 is the hart id.
on_local:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        la      a0, local_text
        call    print
        mv      a0, s0
        call    print_dec
        csrr    t0, sstatus
        andi    t0, t0, 1 << 5          # SPIE: what SIE was
        la      a0, was_off
        beqz    t0, 1f
        la      a0, was_on
1:      call    print
        li      a0, GLOBAL
        li      a1, 0                   # ignored: any hart may take it
        li      a6, 7                   # inject
        call    sse                     # preempts us at once
        la      a0, local_done
        call    print
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

on_global:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        la      a0, global_text
        call    print
        li      a0, LOCAL
        li      a1, 0                   # STATUS
        li      a2, 1
        mv      a3, sp
        li      a4, 0
        li      a6, 0                   # read_attrs
        call    sse
        ld      a0, 0(sp)
        andi    a0, a0, 3
        call    print_dec
        la      a0, global_done
        call    print
        ld      ra, 24(sp)
        addi    sp, sp, 32
        ret

on_second:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        la      a0, local_text
        call    print
        mv      a0, s0
        call    print_dec
        la      a0, dot
        call    print
        la      t0, after_sleep         # complete takes pc from sepc: it need
        csrw    sepc, t0                # not be what was interrupted
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

second_hart:
        la      sp, second_stack
        li      a0, LOCAL               # a local event is each hart's own
        la      a1, second_event
        li      a2, 2
        call    register
        li      a6, 8                   # hart_unmask
        call    sse
        csrw    sie, zero               # no interrupt ends this sleep
        la      t0, ready
        li      t1, 1
        fence   rw, w
        sw      t1, 0(t0)
1:      wfi
        j       1b
after_sleep:
        la      t0, woken
        li      t1, 1
        sw      t1, 0(t0)
        li      a6, 1                   # hart_stop
        li      a7, HSM
        ecall                           # does not return
1:      wfi
        j       1b

${WAIT_FOR}${FAILED}${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
intro:          .asciz "Hart 0 registers a local event with priority 2 and a global one with 1.\n"
injecting:      .asciz "Interrupts are off. Hart 0 injects the local event.\n"
local_text:     .asciz "  The local event is on hart "
was_off:        .asciz "; it came with SIE=0. It injects the global one.\n"
was_on:         .asciz "; it came with SIE=1. It injects the global one.\n"
global_text:    .asciz "    The global event preempts it; the state of the local one is "
global_done:    .asciz " (RUNNING).\n"
local_done:     .asciz "  The local event goes on.\n"
returned:       .asciz "The call of inject returns.\n"
sleeping:       .asciz "Hart 1 sleeps. Hart 0 injects the local event there.\n"
dot:            .asciz ".\n"
woken_text:     .asciz "Hart 1 is awake, and not where it slept.\n"
sse_function:   .asciz "SSE function "
is_refused:     .asciz " is refused: error "
no_start:       .asciz "hart_start is refused: error "
no_life:        .asciz "Hart 1 was started but shows no sign of life.\n"
not_woken:      .asciz "inject succeeded but hart 1 sleeps on.\n"
newline:        .asciz "\n"

        .data
        .balign 16                      # each with its stack below
        .skip   1024
local_event:    .dword on_local, 0
        .skip   1024
global_event:   .dword on_global, 0
        .skip   1024
second_event:   .dword on_second, 0

        .bss
        .balign 4
ready:          .skip 4
woken:          .skip 4
        .balign 16
        .skip   1024
second_stack:
${STACK}`;
