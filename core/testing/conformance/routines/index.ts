/** The whole of a guest around the code of its cases. */
import { SBI } from '../../../sbi/spec/index.ts';
import { ALL, AREA, CASE_ENDS, FIRST_LINE, HANGS_LINE, HSM, LAST_LINE, sbi, WANTED } from './area.ts';
import { MEASURED_CALL, TRAPS } from './call.ts';
import { OTHER_HART, WATCHDOG } from './other-hart.ts';
import { REPORT } from './report.ts';

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
watching:       .dword 0
other_value:    .dword 0
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
