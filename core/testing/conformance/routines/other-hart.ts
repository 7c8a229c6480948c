/** Assembly of the other hart: it does what it is handed, stops, or watches over a case. */
import { A0, A1, AREA, CHANGED, HSM, KIND, RECOVER, RECOVER_SP, sbi } from './area.ts';

export const OTHER_HART = `
worker: csrr    t2, satp
        csrr    t3, sstatus
        call    own_area
        andi    t3, t3, 2
        or      t2, t2, t3
        la      t1, worker_record
        sd      a0, 0(t1)
        sd      a1, 8(t1)
        sd      t2, 16(t1)
        la      sp, worker_stack
        la      t1, worker_recovers
        sd      t1, ${RECOVER}(t0)
        sd      sp, ${RECOVER_SP}(t0)
        la      t1, worker_ready
        li      t2, 1
        fence   rw, rw
        sd      t2, 0(t1)
1:      la      t1, mailbox
        ld      t0, 0(t1)
        beqz    t0, 1b
        fence   rw, rw
        jalr    t0
worker_recovers:
        la      t1, mailbox
        fence   rw, rw
        sd      zero, 0(t1)
        j       1b

start_other:
        addi    sp, sp, -16
        sd      ra, 0(sp)
        la      t0, worker_ready
        ld      t1, 0(t0)
        bnez    t1, 2f
        la      t0, mailbox
        sd      zero, 0(t0)
        li      a0, 1
        la      a1, worker
        li      a2, 0
        ${sbi('HSM', HSM.hart_start.fid)}
        call    patience_start
1:      la      t0, worker_ready
        ld      t1, 0(t0)
        bnez    t1, 2f
        call    patience_left
        bnez    a0, 1b
2:      ld      ra, 0(sp)
        addi    sp, sp, 16
        ret

stop_other:
        addi    sp, sp, -16
        sd      ra, 0(sp)
        call    patience_start
        la      t0, worker_ready
        ld      t1, 0(t0)
        beqz    t1, 1f                  # it never began, or stopped itself
        la      a0, stop_self
        call    other_begin
1:      li      a0, 1
        ${sbi('HSM', HSM.hart_get_status.fid)}
        bnez    a0, 2f
        li      t0, ${HSM.hart_get_status.returnValues.STOPPED}
        beq     a1, t0, 2f
        call    patience_left
        bnez    a0, 1b
2:      ld      ra, 0(sp)
        addi    sp, sp, 16
        ret
stop_self:
        la      t0, worker_ready
        sd      zero, 0(t0)
        ${sbi('HSM', HSM.hart_stop.fid)}
        ret

# Gives the other hart the routine at a0 to do; other_run waits until it is done or patience ends.
other_begin:
        fence   rw, rw
        la      t0, mailbox
        sd      a0, 0(t0)
        ret
other_run:
        addi    sp, sp, -16
        sd      ra, 0(sp)
        la      t0, patience_end        # somebody may be waiting around this
        ld      t1, 0(t0)
        sd      t1, 8(sp)
        call    other_begin
        call    patience_start
1:      la      t0, mailbox
        ld      t1, 0(t0)
        beqz    t1, 2f
        call    patience_left
        bnez    a0, 1b
2:      fence   rw, rw
        la      t0, patience_end
        ld      t1, 8(sp)
        sd      t1, 0(t0)
        ld      ra, 0(sp)
        addi    sp, sp, 16
        ret

# What came of the call that the other hart made becomes the result of the case.
result_of_other:
        la      t0, areas
        li      t1, ${AREA}
        add     t1, t1, t0
${[KIND, A0, A1, CHANGED].map((at) => `        ld      t2, ${at}(t1)\n        sd      t2, ${at}(t0)`).join('\n')}
        ret

patience_start:
        rdtime  t0
        li      t1, PATIENCE
        add     t0, t0, t1
        la      t1, patience_end
        sd      t0, 0(t1)
        ret
patience_left:
        la      t1, patience_end
        ld      t1, 0(t1)
        rdtime  a0
        sltu    a0, a0, t1
        ret
`;

/** The other hart ends the machine when this one does not come back: with the device of virt, for the SBI may hang. */
export const WATCHDOG = `
start_watchdog:
        addi    sp, sp, -16
        sd      ra, 0(sp)
        li      a0, 1
        la      a1, watchdog
        li      a2, 0
        ${sbi('HSM', HSM.hart_start.fid)}
        call    patience_start          # it has to be out of the SBI before that may hang
1:      la      t0, watching
        ld      t1, 0(t0)
        bnez    t1, 2f
        call    patience_left
        bnez    a0, 1b
2:      ld      ra, 0(sp)
        addi    sp, sp, 16
        ret
watchdog:
        call    own_area
        la      sp, worker_stack
        la      t0, watching
        li      t1, 1
        sd      t1, 0(t0)
        rdtime  s0
        li      s1, WATCH
        add     s1, s1, s0
1:      rdtime  s0
        bltu    s0, s1, 1b
        la      a0, hangs_text
        call    put_text
        li      t0, 0x100000
        li      t1, 0x5555
        sw      t1, 0(t0)
2:      wfi
        j       2b
`;
