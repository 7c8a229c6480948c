/** Assembly: the measured call, what a resumed hart does, and traps. */
import {
  A0,
  A1,
  ALL,
  AREA_SHIFT,
  CHANGED,
  each,
  FOUND,
  INTERRUPTS,
  isArgument,
  KEPT,
  KIND,
  KINDS,
  RECOVER,
  RECOVER_SP,
  RETURN,
  SAVED_T1,
  SAVED_T2,
  WANTED,
} from './area.ts';

/**
 * Makes the call in a0 to a7 with every other register holding a pattern, and keeps what came of it. Called by the
 * hart that is to make the call.
 */
export const MEASURED_CALL = `
measured_call:
        csrr    t0, sscratch
${each(KEPT, (x) => `sd x${x}, ${RETURN + 8 * KEPT.indexOf(x)}(t0)`)}
${each(ALL.filter(isArgument), (x) => `sd x${x}, ${WANTED + 8 * x}(t0)`)}
${each(
  ALL.filter((x) => !isArgument(x) && x !== 5),
  (x) => `ld x${x}, ${WANTED + 8 * x}(t0)`,
)}
        ld      t0, ${WANTED + 40}(t0)
        ecall
measured_return: csrrw a1, sscratch, a1
${each(
  ALL.filter((x) => x !== 11),
  (x) => `sd x${x}, ${FOUND + 8 * x}(a1)`,
)}
        mv      t0, a1
        csrrw   a1, sscratch, t0
        sd      a1, ${FOUND + 88}(t0)
        sd      a0, ${A0}(t0)
        sd      a1, ${A1}(t0)
        li      t1, 31
        li      t2, 0
1:      slli    t3, t1, 3
        add     t3, t3, t0
        ld      t4, ${WANTED}(t3)
        ld      t5, ${FOUND}(t3)
        beq     t4, t5, 2f
        li      t6, 1
        sll     t6, t6, t1
        or      t2, t2, t6
2:      addi    t1, t1, -1
        bnez    t1, 1b
        sd      t2, ${CHANGED}(t0)
        li      t1, ${KINDS.returned}
        sd      t1, ${KIND}(t0)
call_over:
${each(KEPT, (x) => `ld x${x}, ${RETURN + 8 * KEPT.indexOf(x)}(t0)`)}
        ret

# A hart that was suspended begins here: hart id in a0, opaque in a1.
        .balign 4
resume: csrr    t2, satp
        csrr    t3, sstatus
        call    own_area
        andi    t3, t3, 2
        or      t2, t2, t3
        sd      t2, ${CHANGED}(t0)
        sd      a0, ${A0}(t0)
        sd      a1, ${A1}(t0)
        li      t1, ${KINDS.resumed}
        sd      t1, ${KIND}(t0)
        j       call_over

# t0: the area of hart a0, which then is that of sscratch; the trap vector is set.
own_area:
        la      t0, handler
        csrw    stvec, t0
        slli    t1, a0, ${AREA_SHIFT}
        la      t0, areas
        add     t0, t0, t1
        csrw    sscratch, t0
        ret
`;

export const TRAPS = `
        .balign 4
handler:
        csrrw   t0, sscratch, t0
        sd      t1, ${SAVED_T1}(t0)
        sd      t2, ${SAVED_T2}(t0)
        csrr    t1, scause
        bltz    t1, interrupted
        sd      t1, ${A0}(t0)
        csrr    t1, stval
        sd      t1, ${A1}(t0)
        sd      zero, ${CHANGED}(t0)
        li      t1, ${KINDS.trapped}
        sd      t1, ${KIND}(t0)
        csrw    sscratch, t0
        ld      sp, ${RECOVER_SP}(t0)
        ld      t1, ${RECOVER}(t0)
        jr      t1
# An interrupt is counted, and its enable taken away, since a timer would come again and again.
interrupted:
        andi    t1, t1, 63
        li      t2, 1
        sll     t2, t2, t1
        csrc    sie, t2
        csrci   sip, 2
        slli    t1, t1, 3
        add     t1, t1, t0
        ld      t2, ${INTERRUPTS}(t1)
        addi    t2, t2, 1
        sd      t2, ${INTERRUPTS}(t1)
        ld      t1, ${SAVED_T1}(t0)
        ld      t2, ${SAVED_T2}(t0)
        csrrw   t0, sscratch, t0
        sret

# a0: cause; afterwards how often its interrupt was taken since the case began.
interrupts_taken:
        csrr    t0, sscratch
        slli    t1, a0, 3
        add     t1, t1, t0
        ld      a0, ${INTERRUPTS}(t1)
        ret
`;
