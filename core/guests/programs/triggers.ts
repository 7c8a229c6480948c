import { POWER_OFF, PRINT, PRINT_NUMBER, STACK } from './routines.ts';

export const triggers = String.raw`# Debug triggers (DBTR): a breakpoint on an instruction and a watchpoint on a
# variable, without a change to the code.
#
# The hart compares every instruction and every access with its triggers. One
# that matches raises a breakpoint exception (cause 3) before anything is done;
# stval has the address. The registers of triggers belong to machine mode, so a
# guest asks the SBI. What is asked for is handed over in shared memory, an
# entry of four words each: index, tdata1 (what to match), tdata2 (where).

        .equ    DBTR, 0x44425452
        # tdata1 of an address match: type 6, mode S, and what to look at.
        .equ    MCONTROL6, 6 << 60
        .equ    MODE_S, 1 << 4
        .equ    EXECUTE, 1 << 2
        .equ    STORE, 1 << 1

        .text
        .globl  _start
_start:
        la      sp, stack_top
        la      t0, on_trap
        csrw    stvec, t0
        # At S level nothing fires while interrupts are off: a handler could
        # not be left again. None is enabled in sie, so none comes.
        csrsi   sstatus, 1 << 1

        li      a0, MCONTROL6 | MODE_S | EXECUTE
        li      a6, 0                   # num_triggers that can do this
        call    dbtr
        mv      s0, a1
        la      a0, has
        call    print
        mv      a0, s0
        call    print_dec
        la      a0, breakpoints
        call    print
        beqz    s0, none

        la      a0, shared
        li      a1, 0                   # the upper half of its address
        li      a2, 0                   # flags
        li      a6, 1                   # set_shmem
        call    dbtr

        li      a0, MCONTROL6 | MODE_S | EXECUTE
        la      a1, spot
        call    install
        mv      s3, a0                  # s3: index of the breakpoint
        li      a0, MCONTROL6 | MODE_S | STORE
        la      a1, variable
        call    install
        mv      s4, a0                  # s4: index of the watchpoint

        # The handler disables what fired, so each fires once.
        li      s2, 0                   # s2: how often the marked spot ran
        call    work
        call    work
        la      a0, again
        call    print
        mv      a0, s4
        li      a1, 1                   # a mask: this index alone
        li      a6, 6                   # enable_triggers
        call    dbtr
        call    work

        mv      a0, s3
        li      a1, 1
        li      a6, 5                   # uninstall_triggers
        call    dbtr
        mv      a0, s4
        li      a1, 1
        li      a6, 5
        call    dbtr
        call    work
        la      a0, quiet
        call    print
        li      a0, 0
        j       power_off

none:   li      a0, 1
        j       power_off

# What is watched: the spot counts how often it ran and stores the number.
work:
spot:   addi    s2, s2, 1
        la      t0, variable
writer: sd      s2, 0(t0)
        ret

# install: tdata1 in a0, the address in a1; answers the index.
install:
        addi    sp, sp, -16
        sd      ra, 8(sp)
        la      t0, shared
        sd      a0, 8(t0)               # tdata1
        sd      a1, 16(t0)              # tdata2
        sd      zero, 24(t0)            # tdata3: no further conditions
        li      a0, 1                   # one entry
        li      a6, 3                   # install_triggers
        call    dbtr
        la      t0, shared
        ld      a0, 0(t0)               # the SBI has put the index there
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

# dbtr: function a6; comes back only when it succeeded.
dbtr:   li      a7, DBTR
        ecall
        bnez    a0, refused
        ret
refused:
        mv      s0, a0
        mv      s1, a6
        la      a0, refused_text
        call    print
        mv      a0, s1
        call    print_dec
        la      a0, refused_text2
        call    print
        mv      a0, s0
        call    print_error
        la      a0, newline
        call    print
        li      a0, 1
        j       power_off

# The handler may use what the interrupted code does not expect to be kept by
# a call, so it saves these registers, and s0 for itself.
        .balign 4
on_trap:
        addi    sp, sp, -144
        sd      ra, 0(sp)
        sd      t0, 8(sp)
        sd      t1, 16(sp)
        sd      t2, 24(sp)
        sd      t3, 32(sp)
        sd      t4, 40(sp)
        sd      t5, 48(sp)
        sd      t6, 56(sp)
        sd      a0, 64(sp)
        sd      a1, 72(sp)
        sd      a2, 80(sp)
        sd      a3, 88(sp)
        sd      a4, 96(sp)
        sd      a5, 104(sp)
        sd      a6, 112(sp)
        sd      a7, 120(sp)
        sd      s0, 128(sp)
        csrr    t0, scause
        li      t1, 3                   # breakpoint
        bne     t0, t1, unexpected
        csrr    s0, sepc
        la      t0, spot
        beq     s0, t0, at_spot

        la      a0, watch_text          # else it was the store
        call    print
        la      t0, writer
        sub     a0, s0, t0
        call    print_dec
        la      a0, watch_text2
        call    print
        csrr    a0, stval
        la      t0, variable
        sub     a0, a0, t0
        call    print_dec
        la      a0, watch_text3
        call    print
        la      t0, variable            # a load: it is not watched
        ld      a0, 0(t0)
        call    print_dec
        la      a0, watch_text4
        call    print
        mv      a0, s2
        call    print_dec
        mv      s0, s4
        j       silence
at_spot:
        la      a0, break_text
        call    print
        csrr    a0, stval
        sub     a0, a0, s0
        call    print_dec
        la      a0, break_text2
        call    print
        mv      a0, s2
        call    print_dec
        mv      s0, s3
silence:
        la      a0, full_stop
        call    print
        mv      a0, s0                  # or it would fire again at once
        li      a1, 1
        li      a6, 7                   # disable_triggers
        call    dbtr
        ld      ra, 0(sp)
        ld      t0, 8(sp)
        ld      t1, 16(sp)
        ld      t2, 24(sp)
        ld      t3, 32(sp)
        ld      t4, 40(sp)
        ld      t5, 48(sp)
        ld      t6, 56(sp)
        ld      a0, 64(sp)
        ld      a1, 72(sp)
        ld      a2, 80(sp)
        ld      a3, 88(sp)
        ld      a4, 96(sp)
        ld      a5, 104(sp)
        ld      a6, 112(sp)
        ld      a7, 120(sp)
        ld      s0, 128(sp)
        addi    sp, sp, 144
        sret                            # does the instruction, now unwatched

unexpected:
        mv      s0, t0
        la      a0, unexpected_text
        call    print
        mv      a0, s0
        call    print_hex
        la      a0, newline
        call    print
        li      a0, 1
        j       power_off
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
has:            .asciz "The hart has "
breakpoints:    .asciz " triggers that can be a breakpoint.\n"
break_text:     .asciz "Breakpoint: stval is sepc + "
break_text2:    .asciz "; runs of the marked instruction so far: "
watch_text:     .asciz "Watchpoint: sepc is the store + "
watch_text2:    .asciz ", stval the variable + "
watch_text3:    .asciz "; it holds "
watch_text4:    .asciz " and is to become "
full_stop:      .asciz ".\n"
again:          .asciz "Both fired, and are disabled. Now the watchpoint is enabled again.\n"
quiet:          .asciz "Uninstalled: nothing fired any more.\n"
refused_text:   .asciz "DBTR function "
refused_text2:  .asciz " is refused: error "
unexpected_text: .asciz "An exception that no trigger raised: cause "
newline:        .asciz "\n"
        .data
        .balign 8
variable:       .dword 0
        .bss
        .balign 8
shared:         .skip 2048              # 32 bytes for each trigger that there may be
${STACK}`;
