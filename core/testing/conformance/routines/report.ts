/** Assembly that prints on the UART, and begins and ends a case. */
import { A0, A1, AREA, CHANGED, INTERRUPTS, KIND, RECOVER, RECOVER_SP, SEEN, SEEN_AT } from './area.ts';

export const REPORT = `
# put: writes the byte in a0; put_text: the text at a0; put_hex: a blank and the number in a0.
put:    li      t0, 0x10000000
1:      lbu     t1, 5(t0)
        andi    t1, t1, 0x20
        beqz    t1, 1b
        sb      a0, 0(t0)
        ret
put_text:
        addi    sp, sp, -16
        sd      ra, 0(sp)
        sd      s0, 8(sp)
        mv      s0, a0
1:      lbu     a0, 0(s0)
        beqz    a0, 2f
        call    put
        addi    s0, s0, 1
        j       1b
2:      ld      ra, 0(sp)
        ld      s0, 8(sp)
        addi    sp, sp, 16
        ret
put_hex:
        addi    sp, sp, -32
        sd      ra, 0(sp)
        sd      s0, 8(sp)
        sd      s1, 16(sp)
        mv      s0, a0
        li      a0, ' '
        call    put
        li      s1, 60
1:      srl     a0, s0, s1              # no leading zeros, but the last digit
        bnez    a0, 2f
        beqz    s1, 2f
        addi    s1, s1, -4
        j       1b
2:      srl     a0, s0, s1
        andi    a0, a0, 15
        li      t0, 10
        addi    a0, a0, '0'
        addi    t1, t0, '0'
        bltu    a0, t1, 3f
        addi    a0, a0, 'a' - '0' - 10
3:      call    put
        addi    s1, s1, -4
        bgez    s1, 2b
        ld      ra, 0(sp)
        ld      s0, 8(sp)
        ld      s1, 16(sp)
        addi    sp, sp, 32
        ret

# a0: the line that begins the case, a1: where it goes on after an exception.
case_begin:
        csrr    t0, sscratch
        sd      a1, ${RECOVER}(t0)
        addi    t1, sp, 0
        sd      t1, ${RECOVER_SP}(t0)
        sd      zero, ${SEEN}(t0)
        la      t1, mailbox
        sd      zero, 0(t1)
        la      t1, areas
        sd      zero, ${KIND}(t1)
        li      t2, ${AREA}
        add     t1, t1, t2
        sd      zero, ${KIND}(t1)
        li      t1, 64
1:      addi    t1, t1, -1
        slli    t2, t1, 3
        add     t2, t2, t0
        sd      zero, ${INTERRUPTS}(t2)
        bnez    t1, 1b
        j       put_text

# a0: where the case goes on after a further exception.
recover_at:
        csrr    t0, sscratch
        sd      a0, ${RECOVER}(t0)
        ret

# Keeps the value in t0 for the line of the case.
see:    csrr    t1, sscratch
        ld      t2, ${SEEN}(t1)
        slli    t3, t2, 3
        add     t3, t3, t1
        sd      t0, ${SEEN_AT}(t3)
        addi    t2, t2, 1
        sd      t2, ${SEEN}(t1)
        ret

case_end:
        addi    sp, sp, -32
        sd      ra, 0(sp)
        sd      s0, 8(sp)
        sd      s1, 16(sp)
        csrr    s0, sscratch
        la      a0, case_end_text
        call    put_text
${[KIND, A0, A1, CHANGED].map((at) => `        ld      a0, ${at}(s0)\n        call    put_hex`).join('\n')}
        ld      s1, ${SEEN}(s0)
        addi    s0, s0, ${SEEN_AT}
1:      beqz    s1, 2f
        ld      a0, 0(s0)
        call    put_hex
        addi    s0, s0, 8
        addi    s1, s1, -1
        j       1b
2:      la      a0, newline
        call    put_text
        ld      ra, 0(sp)
        ld      s0, 8(sp)
        ld      s1, 16(sp)
        addi    sp, sp, 32
        ret
`;
