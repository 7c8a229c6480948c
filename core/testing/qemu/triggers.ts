/**
 * A guest that sets one debug trigger after the other through DBTR, does one instruction and prints what came of it.
 * What QEMU gets wrong is not asked: it watches eight bytes where tdata2 names one, takes the number of a size for a
 * number of bytes, keeps no match but equality and no chain, and lets triggers fire while SIE is 0.
 */
import { POWER_OFF, PRINT, PRINT_NUMBER, STACK } from '../../guests/programs/routines.ts';

/** Fields of tdata1 for mcontrol6. [Debug Specification 1.0] */
const FIELDS = { load: 1 << 0, store: 1 << 1, execute: 1 << 2, u: 1 << 3, s: 1 << 4 } as const;
const SIZE_SHIFT = 16;
type Field = keyof typeof FIELDS;

interface Probe {
  readonly name: string;
  readonly fields: readonly Field[];
  /** mcontrol6.size */
  readonly size?: number;
  /** What tdata2 is counted from, and what t1 has: `code` is the instruction, `edge` is 4 bytes before the end of a page. */
  readonly base: 'place' | 'edge' | 'code';
  /** tdata2, from the base. */
  readonly offset?: number;
  /** The instruction; t1 has an address, t2 and t3 are data. */
  readonly does: string;
  /** Goes before it. */
  readonly first?: string;
  /** At U level. */
  readonly user?: true;
}

const BOTH = ['s', 'load', 'store'] as const;
const compressed = (does: string): string => `.option rvc\n        ${does}\n        .option norvc`;

/** Once with a trigger for loads and once with one for stores. */
const access = (does: string, more: Partial<Probe> = {}, operation = does.split(' ')[0]): readonly Probe[] =>
  (['load', 'store'] as const).map((kind) => ({
    name: `${kind} trigger, ${operation}`,
    fields: ['s', kind],
    base: 'place',
    does,
    ...more,
  }));
const sized = (size: number, load: string, store: string): readonly Probe[] => [
  { name: `size ${size}, ${load}`, fields: ['s', 'load'], size, base: 'place', does: `${load} t2, 0(t1)` },
  { name: `size ${size}, ${store}`, fields: ['s', 'store'], size, base: 'place', does: `${store} t3, 0(t1)` },
];

export const PROBES: readonly Probe[] = [
  ...['lb', 'lbu', 'lh', 'lhu', 'lw', 'lwu', 'ld'].flatMap((op) => access(`${op} t2, 0(t1)`)),
  ...['sb', 'sh', 'sw', 'sd'].flatMap((op) => access(`${op} t3, 0(t1)`)),
  ...['amoadd.w', 'amoswap.d', 'amomaxu.w'].flatMap((op) => access(`${op} t2, t3, (t1)`)),
  ...access('lr.w t2, (t1)'),
  ...access('sc.w t2, t3, (t1)', { first: 'lr.w t2, (t1)' }),
  ...access(compressed('c.lw a5, 0(a4)'), { first: 'mv a4, t1' }, 'c.lw'),
  ...access(compressed('c.sd a5, 0(a4)'), { first: 'mv a4, t1\n        li a5, 0x77' }, 'c.sd'),
  ...sized(1, 'lb', 'sb'),
  ...sized(2, 'lh', 'sh'),
  ...sized(3, 'lw', 'sw'),
  ...sized(5, 'ld', 'sd'),
  { name: 'a byte within', fields: BOTH, base: 'place', offset: 4, does: 'ld t2, 0(t1)' },
  { name: 'the last byte', fields: BOTH, base: 'place', offset: 7, does: 'sd t3, 0(t1)' },
  { name: 'just behind', fields: BOTH, base: 'place', offset: 8, does: 'sd t3, 0(t1)' },
  { name: 'long before', fields: BOTH, base: 'place', offset: -8, does: 'sd t3, 0(t1)' },
  { name: 'misaligned', fields: BOTH, base: 'place', offset: 1, does: 'lw t2, 1(t1)' },
  { name: 'first byte of two pages', fields: BOTH, base: 'edge', does: 'ld t2, 0(t1)' },
  { name: 'code', fields: ['s', 'execute'], base: 'code', does: 'addi t2, t2, 1' },
  { name: 'compressed code', fields: ['s', 'execute'], base: 'code', does: compressed('c.addi t2, 1') },
  { name: 'the next one', fields: ['s', 'execute'], base: 'code', offset: 4, does: 'addi t2, t2, 1\n        nop' },
  { name: 'within an instruction', fields: ['s', 'execute'], base: 'code', offset: 2, does: 'addi t2, t2, 1' },
  { name: 'a branch', fields: ['s', 'execute'], base: 'code', does: 'beq zero, zero, . + 4' },
  { name: 'no data', fields: BOTH, base: 'code', does: 'addi t2, t2, 1' },
  { name: 'code before data', fields: ['s', 'execute', 'store'], base: 'code', does: 'sd t3, 0(t2)' },
  { name: 'user code', fields: ['u', 'execute'], base: 'code', does: 'addi t2, t2, 1', user: true },
  { name: 'user store', fields: ['u', 'store'], base: 'place', does: 'sd t3, 0(t1)', user: true },
  { name: 'trigger for U at S', fields: ['u', 'store'], base: 'place', does: 'sd t3, 0(t1)' },
  { name: 'trigger for S at U', fields: ['s', 'store'], base: 'place', does: 'sd t3, 0(t1)', user: true },
  { name: 'trigger for both at U', fields: ['s', 'u', 'load'], base: 'place', does: 'ld t2, 0(t1)', user: true },
  { name: 'trigger for no level', fields: ['load', 'store'], base: 'place', does: 'ld t2, 0(t1)' },
  { name: 'trigger for nothing', fields: ['s'], base: 'place', does: 'ld t2, 0(t1)' },
];

const tdata1Of = ({ fields, size = 0 }: Probe): string => {
  const bits = fields.reduce((all, field) => all | FIELDS[field], 0) | (size << SIZE_SHIFT);
  return `0x6${bits.toString(16).padStart(15, '0')}`;
};

/** s1: the instruction, s2: what is behind it, s6: what stval is counted from. An ecall ends what is done at U level. */
function assembly(probe: Probe, index: number): string {
  const base = probe.base === 'code' ? `code_${index}` : probe.base;
  return `
        la      s1, code_${index}
        la      s2, behind_${index}
        la      s6, ${base}
        li      a0, ${tdata1Of(probe)}
        la      a1, ${base}
        addi    a1, a1, ${probe.offset ?? 0}
        call    begin
        la      t1, ${probe.base === 'code' ? 'place' : probe.base}
        ${probe.base === 'code' && probe.does.includes('(t2)') ? 'la      t2, place' : 'li      t2, 0'}
        li      t3, 0x55
        ${probe.first ?? ''}
        ${probe.user ? 'csrw    sepc, s1\n        sret' : ''}
code_${index}:
        ${probe.does}
        ${probe.user ? 'ecall' : ''}
behind_${index}:
        la      a0, name_${index}
        call    report
        .section .rodata
name_${index}: .asciz "${probe.name}: cause "
        .text`;
}

/** Each probe prints a line: cause, stval from the base, sepc from the instruction, and the place. */
export function triggerGuest(): string {
  return `        .option norvc
        .text
        .globl  _start
_start: la      sp, stack_top
        la      t0, on_trap
        csrw    stvec, t0
        la      a0, shared
        li      a1, 0
        li      a2, 0
        li      a6, 1
        call    dbtr
${PROBES.map(assembly).join('\n')}
        li      a0, 0
        j       power_off

begin:  addi    sp, sp, -16
        sd      ra, 8(sp)
        la      t0, place
        sd      zero, 0(t0)
        la      t0, shared
        sd      a0, 8(t0)
        sd      a1, 16(t0)
        sd      zero, 24(t0)
        li      a0, 1
        li      a6, 3
        call    dbtr
        li      s3, 0
        li      s4, 0
        li      s5, 0
        li      t0, 0x100                # an sret goes to U level
        csrc    sstatus, t0
        csrsi   sstatus, 2
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

dbtr:   li      a7, 0x44425452
        ecall
        bnez    a0, 1f
        ret
1:      call    print_error
        li      a0, 1
        j       power_off

        .balign 4
on_trap:
        csrr    s5, scause
        csrr    s3, stval
        csrr    s4, sepc
        csrw    sepc, s2
        li      t6, 0x100
        csrs    sstatus, t6
        sret

report: addi    sp, sp, -16
        sd      ra, 8(sp)
        csrci   sstatus, 2
        mv      s7, a0
        li      a0, 0
        li      a1, 1
        li      a6, 5
        call    dbtr
        mv      a0, s7
        call    print
        mv      a0, s5
        call    print_dec
        beqz    s5, 1f
        la      a0, value_text
        call    print
        sub     a0, s3, s6
        call    print_hex
        la      a0, at_text
        call    print
        sub     a0, s4, s1
        call    print_hex
1:      la      a0, place_text
        call    print
        la      t0, place
        ld      a0, 0(t0)
        call    print_hex
        la      a0, newline
        call    print
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret
${PRINT}${PRINT_NUMBER}${POWER_OFF}
        .section .rodata
value_text:     .asciz ", value base + "
at_text:        .asciz ", at instruction + "
place_text:     .asciz ", place "
newline:        .asciz "\\n"
        .data
        .balign 4096
        .skip   64
place:  .dword 0, 0
        .skip   4012
edge:   .word 1
        .word 2
        .balign 64
        .bss
        .balign 64
shared: .skip   2048
${STACK}`;
}
