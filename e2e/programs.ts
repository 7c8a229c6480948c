/** Guests and links that journeys start from. */

import { defaultConfig, toLink } from '../core/config/index.ts';
import type { Config } from '../core/config/types.ts';

const powerOff = `
        li      a7, 0x53525354          # SRST
        li      a6, 0
        li      a0, 0
        li      a1, 0
        ecall
1:      j       1b
`;

export const program = {
  sayByDbcn: `
        .section .rodata
text:   .ascii  "said by DBCN\\n"
end:
        .text
        .globl  _start
_start: li      a7, 0x4442434e          # DBCN
        li      a6, 0                   # write
        li      a0, end - text
        la      a1, text
        li      a2, 0
        ecall
${powerOff}`,
  endless: `
        .globl  _start
_start: addi    a0, a0, 1
        j       _start
`,
  threeCalls: `
        .globl  _start
_start: li      a7, 0x10                # BASE
        li      a6, 0                   # get_spec_version
        ecall
        mv      s0, a1
        li      a6, 1                   # get_impl_id
        ecall
        mv      s1, a1
${powerOff}
`,
  millionCalls: `
        .globl  _start
_start: li      s0, 1000000
loop:   li      a7, 0x10                # BASE
        li      a6, 0                   # get_spec_version
        ecall
        addi    s0, s0, -1
        bnez    s0, loop
${powerOff}`,
  flood: `
        .globl  _start
_start: li      a7, 0x4442434e          # DBCN
        li      a6, 0                   # write
        li      a0, 4096
        la      a1, text
        li      a2, 0
        ecall
        j       _start
        .section .rodata
text:   .rept   512
        .ascii  "flood..\\n"
        .endr
`,
  wrong: `
        .globl  _start
_start: addi    a0, a0, 5000
        adddi   a0, a0, 1
        j       nowhere
`,
};

/** Address fragment of the default configuration with these fields changed. */
export async function linkTo(changes: Partial<Config>): Promise<string> {
  return toLink({ ...defaultConfig(), ...changes });
}
