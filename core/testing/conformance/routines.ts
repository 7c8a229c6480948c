/** Assembly that every guest of the conformance runs shares: reporting, the measured call, traps, the other hart. */

import { SBI } from '../../sbi/spec/index.ts';
import { idsOf } from './define.ts';

/** Bytes for each hart; `sscratch` points to its own. A power of two. */
const AREA = 2048;
const AREA_SHIFT = 11;
/** Offsets in an area. */
const KIND = 0;
const A0 = 8;
const A1 = 16;
const CHANGED = 24;
const SEEN = 32;
const SEEN_AT = 40;
const RETURN = 304;
const RECOVER = 440;
const RECOVER_SP = 448;
const SAVED_T1 = 456;
const SAVED_T2 = 464;
const INTERRUPTS = 480;
/** Registers as they have to be after a call, and as they were. */
const WANTED = 1024;
const FOUND = 1280;

/** What came of a measured call; the first number of a result line. */
export const KINDS = { none: 0, returned: 1, resumed: 2, trapped: 3 } as const;
export const MOST_SEEN = 32;

const HSM = SBI.HSM.functions;
const sbi = (extension: 'HSM' | 'SRST' | 'V01', fid: number | undefined, eid?: number): string => {
  const ids = idsOf(SBI[extension], { ...HSM.hart_stop, fid, ...(eid === undefined ? {} : { eid }) } as never);
  return `li a6, ${ids.fid}\n        li a7, 0x${ids.eid.toString(16)}\n        ecall`;
};

/** Kept over a call by convention: ra, sp, gp, tp, s0 to s11. */
const KEPT = [1, 2, 3, 4, 8, 9, ...Array.from({ length: 10 }, (_, at) => 18 + at)];
const ALL = Array.from({ length: 31 }, (_, at) => at + 1);
const isArgument = (register: number): boolean => register >= 10 && register <= 17;
const each = (registers: readonly number[], line: (register: number) => string): string =>
  registers.map((register) => `        ${line(register)}`).join('\n');

/**
 * Makes the call in a0 to a7 with every other register holding a pattern, and keeps what came of it. Called by the
 * hart that is to make the call.
 */
const MEASURED_CALL = `
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

const TRAPS = `
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

const OTHER_HART = `
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
        call    other_begin
        call    patience_start
1:      la      t0, mailbox
        ld      t1, 0(t0)
        beqz    t1, 2f
        call    patience_left
        bnez    a0, 1b
2:      fence   rw, rw
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
const WATCHDOG = `
start_watchdog:
        addi    sp, sp, -16
        sd      ra, 0(sp)
        li      a0, 1
        la      a1, watchdog
        li      a2, 0
        ${sbi('HSM', HSM.hart_start.fid)}
        ld      ra, 0(sp)
        addi    sp, sp, 16
        ret
watchdog:
        call    own_area
        la      sp, worker_stack
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

const REPORT = `
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

/** The first line of a guest's own, and the last. */
export const FIRST_LINE = '= conformance';
export const LAST_LINE = '= done';
/** What a watching hart says. */
export const HANGS_LINE = '= hangs';
export const CASE_BEGINS = '> ';
export const CASE_ENDS = '< ';

/** Makes hart 0 the one that carries the cases out, wherever the firmware began. */
const START = `
        .globl  _start
_start: la      sp, worker_stack
        beqz    a0, main
        li      a0, 0
        la      a1, main
        li      a2, 0
        ${sbi('HSM', HSM.hart_start.fid)}
        ${sbi('HSM', HSM.hart_stop.fid)}
main:   la      sp, stack
        call    own_area
        la      a0, first_line
        call    put_text
`;

const END = `
        la      a0, last_line
        call    put_text
        csrw    sie, zero
        li      a0, 0
        li      a1, 0
        ${sbi('SRST', SBI.SRST.functions.system_reset.fid)}
        ${sbi('V01', undefined, SBI.V01.functions.shutdown.eid)}
1:      wfi
        j       1b
`;

const DATA = `
        .data
        .balign ${AREA}
areas:
${Array.from({ length: 2 }, (_, hart) => {
  const pattern = ALL.map((x) => `0x5a5a${hart}${(x + 0x100).toString(16)}00c0ffee`).join(', ');
  return `        .zero ${WANTED}\n        .dword 0, ${pattern}\n        .zero ${AREA - WANTED - 256}`;
}).join('\n')}
mailbox:        .dword 0
worker_ready:   .dword 0
worker_record:  .dword 0, 0, 0
patience_end:   .dword 0
first_line:     .asciz "\\n${FIRST_LINE}\\n"
last_line:      .asciz "${LAST_LINE}\\n"
hangs_text:     .asciz "\\n${HANGS_LINE}\\n"
case_end_text:  .asciz "\\n${CASE_ENDS.trim()}"
newline:        .asciz "\\n"
        .balign 16
        .zero   4096
stack:
        .zero   4096
worker_stack:
        .text
`;

/** A whole guest around the code of its cases. */
export function program(body: string, more: string, symbols: Readonly<Record<string, number>>): string {
  return [
    '        .option norvc',
    ...Object.entries(symbols).map(([name, value]) => `        .equ ${name}, ${value}`),
    START,
    body,
    END,
    MEASURED_CALL,
    TRAPS,
    OTHER_HART,
    WATCHDOG,
    REPORT,
    DATA,
    more,
    '',
  ].join('\n');
}
