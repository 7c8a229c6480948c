/** A guest that meets every trap cause which can reach S level, and prints scause, stval and sepc of each. */
import {
  CAUSE_BREAKPOINT,
  CAUSE_FETCH_PAGE_FAULT,
  CAUSE_ILLEGAL_INSTRUCTION,
  CAUSE_INTERRUPT,
  CAUSE_LOAD_PAGE_FAULT,
  CAUSE_MISALIGNED_LOAD,
  CAUSE_MISALIGNED_STORE,
  CAUSE_STORE_PAGE_FAULT,
  CAUSE_USER_ECALL,
} from '../../hart/constants.ts';
import { guest } from './program.ts';

export interface Scenario {
  readonly name: string;
  readonly cause: bigint;
  /** Goes on at label 77 after the trap, at S level. */
  readonly body: string;
}

/** Calls from S level, which the SBI answers: what it says in a0. */
export const SBI_CALLS = [
  { name: 'get_spec_version from S level', body: 'li a7, 0x10\nli a6, 0\necall' },
  { name: 'call of an extension that does not exist', body: 'li a7, 0x09123456\nli a6, 0\necall' },
  { name: 'call of a function that does not exist', body: 'li a7, 0x10\nli a6, 77\necall' },
] as const;

const SOFTWARE = CAUSE_INTERRUPT | 1n;
const TIMER = CAUSE_INTERRUPT | 5n;

/** Pages of the window at 0x40000000, by index, with the low bits of their entries. */
const WINDOW = 0x4000_0000;
const PAGE = 4096;
const [V, R, W, X, U, A, D] = [1, 2, 4, 8, 16, 64, 128] as const;
const PAGES = {
  user: { index: 0, flags: V | R | W | X | U | A | D },
  readOnly: { index: 1, flags: V | R | A },
  invalid: { index: 2, flags: 0 },
  data: { index: 3, flags: V | R | W | A | D },
} as const;

const at = (page: keyof typeof PAGES, offset = 0): string => `li s3, ${WINDOW + PAGES[page].index * PAGE + offset}\n`;

/** User code stands at its label in the page that the window shows to U level. */
const fromUser = (label: string): string => `
  la t0, ${label}
  la t1, user_code
  sub t0, t0, t1
  li t1, ${WINDOW}
  add t0, t0, t1
  csrw sepc, t0
  li t0, 0x100
  csrc sstatus, t0
  sret
`;

const USER_CODE = `
        .section .text.user
        .balign ${PAGE}
user_code:
user_ecall:     ecall
user_break:     ebreak
user_sret:      sret
user_csr:       csrr t0, sstatus
user_unimp:     .4byte 0
user_load:      ld t0, 0(s3)
user_store:     sd t0, 0(s3)
user_amo:       amoadd.d t0, t0, (s3)
user_lr:        lr.d t0, (s3)
user_jump:      jr s3
        .balign ${PAGE}
        .text
`;

export const SCENARIOS: readonly Scenario[] = [
  { name: 'illegal instruction', cause: CAUSE_ILLEGAL_INSTRUCTION, body: '.4byte 0xffffffff' },
  { name: 'illegal 16-bit instruction', cause: CAUSE_ILLEGAL_INSTRUCTION, body: '.2byte 0' },
  { name: 'CSR that does not exist', cause: CAUSE_ILLEGAL_INSTRUCTION, body: 'csrr t0, 0x5c0' },
  { name: 'machine-level CSR', cause: CAUSE_ILLEGAL_INSTRUCTION, body: 'csrr t0, mstatus' },
  { name: 'breakpoint', cause: CAUSE_BREAKPOINT, body: 'ebreak' },
  { name: 'misaligned lr', cause: CAUSE_MISALIGNED_LOAD, body: `${at('data', 2)}lr.w t0, (s3)` },
  { name: 'misaligned AMO', cause: CAUSE_MISALIGNED_STORE, body: `${at('data', 4)}amoadd.d t0, t0, (s3)` },
  { name: 'misaligned AMO of a word', cause: CAUSE_MISALIGNED_STORE, body: `${at('data', 2)}amoswap.w t0, t0, (s3)` },
  { name: 'fetch from an invalid page', cause: CAUSE_FETCH_PAGE_FAULT, body: `${at('invalid', 4)}jr s3` },
  { name: 'fetch from a page that is not executable', cause: CAUSE_FETCH_PAGE_FAULT, body: `${at('data', 8)}jr s3` },
  { name: 'fetch of user code at S level', cause: CAUSE_FETCH_PAGE_FAULT, body: `${at('user')}jr s3` },
  { name: 'fetch from an address that is not canonical', cause: CAUSE_FETCH_PAGE_FAULT, body: 'li s3, 1 << 40\njr s3' },
  { name: 'load from an invalid page', cause: CAUSE_LOAD_PAGE_FAULT, body: `${at('invalid', 5)}lw t0, 0(s3)` },
  { name: 'load of user memory at S level', cause: CAUSE_LOAD_PAGE_FAULT, body: `${at('user', 8)}lb t0, 0(s3)` },
  {
    name: 'load across the end of a page',
    cause: CAUSE_LOAD_PAGE_FAULT,
    body: `${at('readOnly', PAGE - 3)}ld t0, 0(s3)`,
  },
  { name: 'lr from an invalid page', cause: CAUSE_LOAD_PAGE_FAULT, body: `${at('invalid')}lr.d t0, (s3)` },
  { name: 'store to an invalid page', cause: CAUSE_STORE_PAGE_FAULT, body: `${at('invalid', 7)}sb t0, 0(s3)` },
  { name: 'store to a read-only page', cause: CAUSE_STORE_PAGE_FAULT, body: `${at('readOnly', 8)}sd t0, 0(s3)` },
  { name: 'AMO on a read-only page', cause: CAUSE_STORE_PAGE_FAULT, body: `${at('readOnly', 8)}amoor.d t0, t0, (s3)` },
  { name: 'call from U level', cause: CAUSE_USER_ECALL, body: fromUser('user_ecall') },
  { name: 'breakpoint at U level', cause: CAUSE_BREAKPOINT, body: fromUser('user_break') },
  { name: 'sret at U level', cause: CAUSE_ILLEGAL_INSTRUCTION, body: fromUser('user_sret') },
  { name: 'supervisor CSR at U level', cause: CAUSE_ILLEGAL_INSTRUCTION, body: fromUser('user_csr') },
  { name: 'illegal instruction at U level', cause: CAUSE_ILLEGAL_INSTRUCTION, body: fromUser('user_unimp') },
  { name: 'supervisor memory read at U level', cause: CAUSE_LOAD_PAGE_FAULT, body: at('data') + fromUser('user_load') },
  {
    name: 'supervisor memory written at U level',
    cause: CAUSE_STORE_PAGE_FAULT,
    body: at('data') + fromUser('user_store'),
  },
  {
    name: 'misaligned AMO at U level',
    cause: CAUSE_MISALIGNED_STORE,
    body: at('user', PAGE - 4) + fromUser('user_amo'),
  },
  { name: 'misaligned lr at U level', cause: CAUSE_MISALIGNED_LOAD, body: at('user', PAGE - 4) + fromUser('user_lr') },
  {
    name: 'jump to supervisor memory at U level',
    cause: CAUSE_FETCH_PAGE_FAULT,
    body: at('data') + fromUser('user_jump'),
  },
  { name: 'software interrupt', cause: SOFTWARE, body: 'csrsi sie, 2\ncsrsi sstatus, 2\ncsrsi sip, 2\nnop' },
  {
    name: 'software interrupt by an SBI call',
    cause: SOFTWARE,
    body: 'li a7, 0x735049\nli a6, 0\nli a0, 1\nsll a0, a0, s9\nli a1, 0\necall\ncsrsi sie, 2\ncsrsi sstatus, 2\n1: j 1b',
  },
  {
    name: 'timer interrupt by stimecmp',
    cause: TIMER,
    body: 'li t0, 32\ncsrs sie, t0\ncsrw stimecmp, zero\ncsrsi sstatus, 2\nnop',
  },
  {
    name: 'timer interrupt by an SBI call',
    cause: TIMER,
    body: 'li a7, 0x54494d45\nli a6, 0\nli a0, 0\necall\nli t0, 32\ncsrs sie, t0\ncsrsi sstatus, 2\n1: j 1b',
  },
];

/** Causes that cannot be met so, and why. */
export const NOT_MET: ReadonlyMap<bigint, string> = new Map([
  [0n, 'with C every even address is aligned, and OpenSBI itself needs C [Unprivileged ISA, C]; see alignmentPrograms'],
  [CAUSE_INTERRUPT | 9n, 'the machine has no interrupt controller; see the external interrupts of traps.ts'],
]);

/** Interrupts take their source back; exceptions go on at s10, at S level. */
const HANDLER = `
        .balign 4
handler:
        la      t6, kept
        csrr    t5, scause
        sd      t5, 0(t6)
        csrr    t5, stval
        sd      t5, 8(t6)
        csrr    t5, sepc
        sd      t5, 16(t6)
        csrw    sie, zero
        csrci   sip, 2
        li      t5, -1
        csrw    stimecmp, t5
        csrw    sepc, s10
        # To S level, with interrupts off.
        li      t5, 0x100
        csrs    sstatus, t5
        li      t5, 0x20
        csrc    sstatus, t5
        sret

        .data
        .balign 8
kept:   .fill 3, 8, 0
        .balign ${PAGE}
root:   .fill 512, 8, 0
middle: .fill 512, 8, 0
leaves: .fill 512, 8, 0
page:   .fill 512, 8, 0
        .text
`;

const setEntry = (table: string, index: number, target: string, flags: number): string => `
  la t0, ${target}
  srli t0, t0, 12
  slli t0, t0, 10
  addi t0, t0, ${flags}
  la t1, ${table}
  li t2, ${index * 8}
  add t1, t1, t2
  sd t0, 0(t1)`;

/** A gigapage of RAM onto itself. */
const RAM_ENTRY = (0x8000_0000 >>> 12) * 1024 + (V | R | W | X | A | D);

function pagingOn(): string {
  const leaves = Object.entries(PAGES).map(([name, { index, flags }]) =>
    setEntry('leaves', index, name === 'user' ? 'user_code' : 'page', flags),
  );
  return [
    setEntry('root', 1, 'middle', V),
    `la t1, root
li t0, ${RAM_ENTRY}
sd t0, 16(t1)`,
    setEntry('middle', 0, 'leaves', V),
    ...leaves,
    'la t0, root\n srli t0, t0, 12\n li t1, 8 << 60\n or t0, t0, t1\n csrw satp, t0\n sfence.vma',
  ].join('\n');
}

/** stval of a breakpoint is left out: it may be zero or the address. [Privileged ISA, stval] */
function printed({ cause }: Scenario): string {
  const figures = cause === CAUSE_BREAKPOINT ? [0, 16] : [0, 8, 16];
  const moves = figures.map((offset, place) => `ld t1, ${offset}(t0)\nsd t1, ${8 * place}(t2)`);
  return `la t0, kept\nla t2, results\n${moves.join('\n')}\nli a1, ${figures.length}\n`;
}

export function causesProgram(): string {
  const body = SCENARIOS.map(
    (scenario, index) => `la s10, 77f
la t0, kept
sd zero, 0(t0)
${scenario.body}
77:
${printed(scenario)}la a0, name_${index}
call report`,
  );
  const calls = SBI_CALLS.map(
    ({ body: call }, index) => `${call}\nla t0, results\nsd a0, 0(t0)\nla a0, call_${index}\nli a1, 1\ncall report`,
  );
  const names = [
    ...SCENARIOS.map(({ name }, index) => `name_${index}: .asciz "${name}:"`),
    ...SBI_CALLS.map(({ name }, index) => `call_${index}: .asciz "${name}:"`),
  ];
  return guest(
    `${pagingOn()}\n${[...body, ...calls].join('\n')}`,
    `${HANDLER}.section .rodata\n${names.join('\n')}\n.text\n${USER_CODE}`,
  );
}

export interface Outside {
  readonly name: string;
  readonly cause: bigint;
  readonly body: string;
  /** How the machine says that it stops; undefined where the guest gets the fault. */
  readonly stop?: string;
}

/** No RAM and no device is here, on QEMU's virt machine and on ours. */
const OUTSIDE = '0x7000000000';

/**
 * Accesses to physical addresses where nothing is. On hardware they are access faults, which OpenSBI hands to S level.
 * A guest of a hypervisor has no physical memory but what second-stage translation gives it: there they are guest-page
 * faults, which go to the hypervisor. [Privileged ISA, Hypervisor, Two-Stage Address Translation] KVM gives the guest
 * the access fault for a fetch, and makes loads and stores exits to user space, whose devices then have to answer.
 */
export const ACCESS_FAULTS: readonly Outside[] = [
  { name: 'fetch', cause: 1n, body: `li s3, ${OUTSIDE}\njr s3` },
  { name: 'load', cause: 5n, body: `li s3, ${OUTSIDE}\nld t0, 0(s3)`, stop: 'load of 8 bytes at 0x7000000000' },
  { name: 'store', cause: 7n, body: `li s3, ${OUTSIDE}\nsd t0, 0(s3)`, stop: 'store of 8 bytes at 0x7000000000' },
];

export function accessFaultProgram({ name, body }: Outside): string {
  return guest(
    `la s10, 77f\n${body}\n77:\n${printed({ name, body, cause: 0n })}la a0, name\ncall report`,
    `${HANDLER}.section .rodata\nname: .asciz "${name}:"\n.text\n`,
  );
}
