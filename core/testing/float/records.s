# Carries out one instruction for each record: three registers, the number of the instruction, frm. The result and fflags
# take the place of the first two. RECORDS, COUNT and FINISHER are defined in front, `table` and its blocks behind.
        .globl  _start
_start: csrr    t0, mhartid
        bnez    t0, idle
        li      t0, 0x6000              # mstatus.FS: the registers can be used
        csrs    mstatus, t0
        la      t0, idle
        csrw    mtvec, t0               # an instruction that QEMU does not know hangs the run until its time is over
        li      s0, RECORDS
        li      s1, COUNT
        la      s2, table
next:   beqz    s1, done
        ld      a0, 0(s0)
        ld      a1, 8(s0)
        ld      a2, 16(s0)
        ld      t0, 24(s0)
        ld      t1, 32(s0)
        fmv.d.x fa0, a0
        fmv.d.x fa1, a1
        fmv.d.x fa2, a2
        slli    t0, t0, 3
        add     t0, t0, s2
        ld      t0, 0(t0)
        fsrm    t1
        csrw    fflags, zero
        jr      t0
float:  fmv.x.d a0, fa0
integer:
        csrr    t1, fflags
        sd      a0, 0(s0)
        sd      t1, 8(s0)
        addi    s0, s0, 40
        addi    s1, s1, -1
        j       next
done:   li      t0, FINISHER
        li      t1, 0x5555
        sw      t1, 0(t0)
        .balign 4
idle:   wfi
        j       idle
