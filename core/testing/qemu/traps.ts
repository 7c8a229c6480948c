/** Programs about traps, interrupts, returns and CSRs, with paging off. */
import { HANDLER, OUTSIDE_RAM, type Program, type Slot } from './layout.ts';

const prologue = (slot: Slot): string => `
  li tp, ${slot.data}
  li t0, ${HANDLER}
  csrw stvec, t0
`;

/** A body that runs with the logging handler and ends with a call. */
export function logged(name: string, body: string | ((slot: Slot) => string)): Program {
  return {
    name,
    text: (slot) => `${prologue(slot)}\n${typeof body === 'string' ? body : body(slot)}\necall\n`,
  };
}

export const TO_USER = `
  li t0, 1 << 8
  csrc sstatus, t0
  la t0, 70f
  csrw sepc, t0
  sret
70:
`;

const word = (value: number): string => `.4byte 0x${(value >>> 0).toString(16)}\n`;
const half = (value: number): string => `.2byte 0x${value.toString(16)}\n`;

/** Encodings that no extension of the tested set has. */
const ILLEGAL_WORDS = [
  0xffffffff,
  0x0000007f,
  0x12002573,
  0x00000073 | (3 << 12) | (0x800 << 20),
  0x30200073,
  0x7b200073,
  0x62000073,
  0x6c02c373,
  0xfe000033,
  0x00003003 | (7 << 12),
  0x0000702f,
  0x1000102f,
  0x0000200b,
  0x00000053,
  0x00000007,
  0x0000001f,
  0x02000057,
  0x00200073,
  0x70200073,
];
const ILLEGAL_HALVES = [0x0000, 0x0004, 0x8000, 0x9c40 | 0x60, 0x6001, 0x6101, 0x2001, 0x4002, 0x8002];

const CSR_NUMBERS_ABSENT = [
  0x001, 0x002, 0x003, 0x008, 0x00f, 0x011, 0x015, 0x017, 0x10c, 0x10d, 0x114, 0x120, 0x150, 0x154, 0x15d, 0x181, 0x200,
  0x204, 0x280, 0x300, 0x304, 0x342, 0x3a0, 0x5a8, 0x5c0, 0x600, 0x605, 0x680, 0x7a0, 0x7b0, 0x800, 0x9c0, 0xb00, 0xb02,
  0xc00, 0xc02, 0xc03, 0xc1f, 0xc20, 0xc80, 0xc81, 0xcc0, 0xdb0, 0xdc0, 0xe12, 0xf11, 0xf14,
];

const reads = CSR_NUMBERS_ABSENT.map((csr) => `csrr a0, ${csr}`);
const writes = CSR_NUMBERS_ABSENT.map((csr) => `csrwi ${csr}, 3`);

/** The log holds 120 traps. */
function inParts(name: string, lines: readonly string[], enter = ''): Program[] {
  const size = 100;
  return Array.from({ length: Math.ceil(lines.length / size) }, (_, part) =>
    logged(`${name}, part ${part + 1}`, enter + lines.slice(part * size, (part + 1) * size).join('\n')),
  );
}

const PATTERNS = ['-1', '0', '0x5555555555555555', '0xaaaaaaaaaaaaaaaa', '0x8000000000000001', '0x0000000200046122'];

/** Writes patterns by each of the six instructions and keeps what was read before and after. */
function warl(csr: string, patterns: readonly string[]): Program {
  const each = patterns.map(
    (pattern) => `
      li t1, ${pattern}
      csrrw t2, ${csr}, t1
      csrr t3, ${csr}
      csrrc t4, ${csr}, t1
      csrrs t5, ${csr}, t1
      csrr t6, ${csr}
      csrrwi s2, ${csr}, 2
      csrrsi s3, ${csr}, 8
      csrrci s4, ${csr}, 2
      csrr s5, ${csr}
      csrrs s6, ${csr}, zero
      .irp r, t2, t3, t4, t5, t6, s2, s3, s4, s5, s6
      slli a0, a0, 5
      add a0, a0, a0
      xor a0, a0, \\r
      .endr
      sd t3, 0(s0)
      sd t6, 8(s0)
      sd s5, 16(s0)
      addi s0, s0, 24`,
  );
  return logged(
    `${csr} keeps what is legal`,
    (slot) => `li s0, ${slot.data + 0x1000}\n${each.join('\n')}\ncsrw ${csr}, zero\n`,
  );
}

/** A handler that keeps scause, sepc, stval and sstatus in registers and ends the program. */
const ENDING = `
  csrr a0, scause
  addi a1, a0, -3
  bnez a1, 84f
  csrw stval, zero
84:
  csrr a1, sepc
  csrr a2, stval
  csrr a3, sstatus
  ecall
`;

/** Interrupts land at a table of 16 entries that say which one was entered. */
function vectored(name: string, body: string): Program {
  return {
    name,
    text: (slot) => `
      .option norvc
      ${prologue(slot)}
      la t0, 80f + 1
      csrw stvec, t0
      ${body}
      li a7, 1
      ecall
      .balign 256
  80: j 81f
      .irp r, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
      j 82f + 8 * (\\r - 1)
      .endr
  81: li s10, 100
      j 83f
  82: .irp r, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
      li s10, \\r
      j 83f
      .endr
  83: ${ENDING}
      .option rvc`,
  };
}

const SOFT = 'csrsi sip, 2\n';
const TIMER = 'csrw 0x14d, zero\n';
const enable = (bits: number): string => `li t0, ${bits}\ncsrs sie, t0\n`;
const ENABLE_ALL = enable(0x222);
const SIE_ON = 'csrsi sstatus, 2\nnop\nnop\n';

const interrupts: Program[] = [
  vectored('a software interrupt enters at its vector', SOFT + ENABLE_ALL + SIE_ON),
  vectored('a timer interrupt enters at its vector', TIMER + ENABLE_ALL + SIE_ON),
  vectored('software comes before timer', TIMER + SOFT + ENABLE_ALL + SIE_ON),
  vectored('an interrupt that sie hides does not come', TIMER + SOFT + enable(0x20) + SIE_ON),
  vectored('no interrupt comes with SIE clear', `${TIMER + SOFT + ENABLE_ALL}nop\n`),
  vectored('at U level interrupts come with SIE clear', `${SOFT + ENABLE_ALL + TO_USER}nop\n`),
  vectored('at U level nothing comes that sie hides', `${SOFT + TO_USER}nop\n li a0, 5\n`),
  vectored('an exception enters at the base', 'ebreak\n'),
  vectored(
    'sret turns interrupts on and one comes at its target',
    `${SOFT}${ENABLE_ALL}
    li t0, 0x120
    csrs sstatus, t0
    la t0, 71f
    csrw sepc, t0
    sret
    li a5, 1
71: li a6, 1
    nop`,
  ),
  vectored('writing sie lets a pending interrupt in', `${SOFT}${SIE_ON}${ENABLE_ALL} nop`),
  vectored('writing sip raises an interrupt', `${ENABLE_ALL}${SIE_ON}${SOFT} nop`),
  vectored(
    'writing stimecmp raises and takes back the timer',
    `${TIMER}csrr s3, sip
    li t0, -1
    csrw 0x14d, t0
    csrr s4, sip
    ${ENABLE_ALL}${SIE_ON}`,
  ),
  vectored('wfi goes on with an interrupt that SIE hides', `${SOFT}${ENABLE_ALL} wfi\n li a5, 3\n`),
  logged('direct mode takes interrupts at the base', `${SOFT}${TIMER}${ENABLE_ALL}${SIE_ON} li a0, 7\n`),
  logged(
    'only SSIP of sip can be written',
    `li t0, -1
    csrw sip, t0
    csrr a0, sip
    csrw sip, zero
    csrr a1, sip
    csrrsi a2, sip, 2
    csrrci a3, sip, 2
    csrr a4, sip`,
  ),
];

const EXTERNAL: readonly Program[] = [
  vectored('an external interrupt enters at its vector', ENABLE_ALL + SIE_ON),
  // Not with a software interrupt: without AIA, QEMU 10.0 takes the lowest number first, not the external one.
  vectored('an external interrupt comes alone when sie hides the others', TIMER + SOFT + enable(512) + SIE_ON),
  vectored('at U level an external interrupt comes with SIE clear', `${enable(512)}${TO_USER}nop\n`),
  vectored('sip cannot take an external interrupt back', `csrw sip, zero\n csrr s3, sip\n${enable(512)}${SIE_ON}`),
].map((program) => ({ ...program, external: true }));

const returns: Program[] = [0, 0x20, 0x100, 0x120, 0x2, 0x22, 0x102, 0x122].map((status) => ({
  name: `sret from sstatus 0x${status.toString(16)}`,
  text: (slot) => `
    ${prologue(slot)}
    la t0, 72f
    csrw stvec, t0
    li t0, 0x122
    csrc sstatus, t0
    li t0, 0x${status.toString(16)}
    csrs sstatus, t0
    la t0, 71f
    csrw sepc, t0
    sret
71: csrr a5, sstatus
    ebreak
    .balign 4
72: ${ENDING}`,
}));

const causes: Program[] = [
  logged('ebreak', 'ebreak\n c.ebreak\n'),
  logged('an illegal instruction leaves its bits in stval', ILLEGAL_WORDS.map(word).join('')),
  logged('an illegal compressed instruction leaves 16 bits in stval', ILLEGAL_HALVES.map(half).join('')),
  logged('a call from U level', `${TO_USER} li a0, 3\n ecall\n`),
  logged(
    'privileged instructions at U level',
    `${TO_USER} sret\n sfence.vma\n sfence.vma a0, a1\n wfi\n mret\n fence.i\n ebreak\n`,
  ),
  logged(
    'misaligned loads and stores work',
    (slot) => `
    li t2, ${slot.data + 0x1001}
    li t3, 0x1122334455667788
    sd t3, 0(t2)
    lw a0, 1(t2)
    lhu a1, 2(t2)
    lh a2, 6(t2)
    ld a3, 4(t2)
    sh a3, 13(t2)
    sw a3, 21(t2)
    lwu a4, 22(t2)
  `,
  ),
  logged(
    'misaligned atomics fault',
    (slot) => `
    li t2, ${slot.data + 0x1000}
    .irp at, 1, 2, 4
    addi t3, t2, \\at
    lr.w a0, (t3)
    lr.d a0, (t3)
    amoadd.w a1, t2, (t3)
    amoadd.d a1, t2, (t3)
    .endr
  `,
  ),
  logged(
    'reservations hold until used',
    (slot) => `
    li t2, ${slot.data + 0x1000}
    li t3, 5
    sc.w a0, t3, (t2)
    lr.w a1, (t2)
    sc.w a2, t3, (t2)
    sc.w a3, t3, (t2)
    lr.d a4, (t2)
    addi t4, t2, 8
    sc.d a5, t3, (t4)
    lr.w a6, (t2)
    ebreak
    sc.w a7, t3, (t2)
    lr.d s2, (t2)
    li t5, 9
    sd t5, 0(t2)
    sc.d s3, t3, (t2)
    lr.d s4, (t2)
    sc.d s5, s4, (t2)
    sc.d s6, s4, (t2)
    addi t4, t2, 64
    lr.d s7, (t4)
    addi t4, t4, 8
    sc.d s8, t3, (t4)
  `,
  ),
  { name: 'a load outside RAM', text: (slot) => `${prologue(slot)} li t2, ${OUTSIDE_RAM}\n lw a0, 4(t2)\n ecall` },
  { name: 'a store outside RAM', text: (slot) => `${prologue(slot)} li t2, ${OUTSIDE_RAM}\n sd a0, 8(t2)\n ecall` },
  { name: 'a fetch outside RAM', text: (slot) => `${prologue(slot)} li t2, ${OUTSIDE_RAM}\n jr t2\n ecall` },
  logged(
    'code that was written counts after fence.i',
    `
    la t2, 73f
    li t3, 0x00150513
    call 73f
    sw t3, 0(t2)
    fence.i
    call 73f
    call 73f
    j 74f
    .balign 4
73: .option norvc
    addi a1, a1, 1
    ret
    .option rvc
74: nop
  `,
  ),
  logged('jalr reads its base before it writes the link', 'la t2, 75f\n jalr t2, 1(t2)\n li a0, 9\n75: li a1, 8\n'),
];

const csrs: Program[] = [
  ...inParts('reading CSRs that a guest has not', reads),
  ...inParts('writing CSRs that a guest has not', writes),
  ...inParts(
    'CSRs at U level',
    ['sstatus', 'sie', 'sip', 'satp', 'scause', 'sscratch', 0xc00, 0xc01, 0xc02, 0x200, 0x600, 0x300].map(
      (csr) => `csrr a0, ${csr}`,
    ),
    TO_USER,
  ),
  logged(
    'time is readable at U level when scounteren says so',
    `
    csrwi scounteren, 2
    ${TO_USER}
    csrr t3, time
    li t3, 0
    csrwi 0xc01, 0
    csrr t3, instret
  `,
  ),
  logged(
    'reads without a write touch read-only CSRs only to read',
    'csrrs t3, time, zero\n li t3, 0\n csrrc t4, time, zero\n li t4, 0\n csrrci t4, time, 0\n li t4, 0\n csrrw zero, time, zero\n csrrs zero, time, t0\n',
  ),
  ...['sie', 'sscratch', 'scause', 'stval'].map((csr) => warl(csr, PATTERNS)),
  warl('0x14d', ['-1', '0x7fffffffffffffff']),
  warl('senvcfg', ['-1', '0', '0x55', '0xf1', '0xd1']),
  warl('scounteren', ['0x7ffff', '0', '0x55555', '7']),
  warl('sepc', ['-2', '0', '0x80000000', '0x5555555555555554']),
  logged(
    'sstatus keeps what is legal',
    `
    .irp bits, 0x2, 0x20, 0x100, 0x40000, 0x80000, 0xc0122, 0x8, 0x40, 0x80, 0x1800, 0x20000, 0x100000, 0x200000, 0x400000
    li t1, \\bits
    csrrs t2, sstatus, t1
    csrrc t3, sstatus, t1
    slli a0, a0, 3
    xor a0, a0, t2
    slli a0, a0, 3
    xor a0, a0, t3
    .endr
  `,
  ),
  logged(
    'stvec refuses modes that do not exist',
    (slot) =>
      `${[0, 1, 2, 3]
        .map((mode) => `li t1, ${slot.base + 0x1000 + mode}\n csrrw s${mode + 2}, stvec, t1\n csrr a${mode}, stvec`)
        .join('\n')}\nli t0, ${HANDLER}\n csrw stvec, t0\n`,
  ),
  logged(
    'satp refuses modes that do not exist and keeps the ASID',
    Array.from({ length: 16 }, (_, mode) =>
      mode >= 8 && mode <= 10
        ? ''
        : `li t1, (${mode} << 60) | 0x0ffff00000012345\n csrrw t2, satp, t1\n csrr t3, satp\n slli a0, a0, 3\n xor a0, a0, t3\n`,
    ).join(''),
  ),
];

export function trapPrograms(): Program[] {
  return [...causes, ...returns, ...interrupts, ...EXTERNAL, ...csrs];
}

const jump = (name: string, body: string): Program => logged(name, `la t2, 76f\n${body}\n li a0, 1\n76: nop\n nop`);

/** For processors without C: a jump to where no instruction can begin traps, at the jump, before its link is written. */
export function alignmentPrograms(): Program[] {
  return [
    jump('jalr to an address that is not aligned', 'li t3, 5\n jalr t3, 2(t2)'),
    jump('jalr clears bit 0 and minds bit 1', 'jalr t3, 3(t2)'),
    jump('jalr to an aligned address and one', 'jalr t3, 1(t2)'),
    jump('jal to an address that is not aligned', word(0x00600e6f)),
    jump('a branch that is taken to an address that is not aligned', word(0x00000363)),
    jump('a branch that is not taken to an address that is not aligned', word(0x00001363)),
    logged('jump to U level at an address that is not aligned', `${TO_USER}la t2, 76f\n jr 2(t2)\n76: nop`),
  ];
}
