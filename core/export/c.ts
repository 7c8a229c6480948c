/** A configuration as a C program that makes the same ioctls on a real /dev/kvm. */
import { hex } from '../base/bits.ts';
import type { Config } from '../config/index.ts';
import { NS16550_OPTIONS } from '../devices/ns16550/options.ts';
import { FLAT_OFFSET } from '../guests/load.ts';
import { SBI } from '../sbi/spec/index.ts';
import { SBI_ERRORS } from '../sbi/types.ts';
import { RAM_BASE, treeAddress } from '../vmm/layout.ts';
import { CORE, TIMER } from '../vmm/registers.ts';
import { SUSPEND_NS } from '../vmm/sbi/susp.ts';
import { CSR_SEED, SEED_ES16 } from '../vmm/thread.ts';
import { type Exported, type Plan, planOf, type RangeProbe, type Setting, stuckExtensions } from './plan.ts';
import { PROGRAM, PROGRAM_HEADERS } from './program.ts';
import { type ExportedTree, treeOf } from './tree.ts';

const MIB = 1024 * 1024;
const NS_PER_MS = 1_000_000;
const BYTES_PER_LINE = 16;
/** Column at which a comment wraps. */
const COMMENT_WIDTH = 100;

/** Compiles with `riscv64-linux-gnu-gcc -Wall -Wextra -static`; its comment and `cannot` name what Linux cannot do. */
export function toC(config: Config): Exported {
  const plan = planOf(config);
  const tree = treeOf(config, plan.profile);
  const stuck = stuckExtensions(config);
  const cannot = [
    ...plan.cannot,
    ...(config.vmm === 'ecall' ? [] : [`vmm ${config.vmm}: this program serves calls as the VMM of Ecall does.`]),
    ...(stuck.length === 0
      ? []
      : [`Off, but Linux cannot take them away where the host has them: ${stuck.join(', ')}.`]),
  ];
  const text = [heading(plan, cannot), PROGRAM_HEADERS, macros(config, tree), tables(plan), treeArray(tree), PROGRAM];
  return { text: text.join('\n'), cannot };
}

function heading({ profile }: Plan, cannot: readonly string[]): string {
  const lines = [
    'A virtual machine on /dev/kvm, as configured in Ecall.',
    `Made for ${profile.label} on riscv64. Build it: riscv64-linux-gnu-gcc -Wall -Wextra -static -o vm vm.c`,
    'Run it on a RISC-V host with the hypervisor extension: ./vm GUEST (with --exits it shows what comes to user space)',
    '',
    cannot.length === 0
      ? 'Linux can do all that the configuration asks.'
      : 'What Linux cannot do of the configuration:',
    ...cannot.map((sentence) => `- ${sentence}`),
  ];
  // No sentence may end the comment.
  const safe = lines.flatMap(wrapped).map((line) => ` * ${line.replaceAll('*/', '* /')}`.trimEnd());
  return ['/*', ...safe, ' */'].join('\n');
}

function wrapped(line: string): readonly string[] {
  const indent = line.startsWith('- ') ? '  ' : '';
  const rows = [''];
  for (const word of line.split(' ')) {
    const last = rows.at(-1) ?? '';
    if (last.trim() === '') rows[rows.length - 1] = last + word;
    else if (last.length + 1 + word.length <= COMMENT_WIDTH) rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(indent + word);
  }
  return rows;
}

function macros({ harts, memory }: Config, tree: ExportedTree): string {
  const { console_write, console_read, console_write_byte } = SBI.DBCN.functions;
  const { console_putchar, console_getchar } = SBI.V01.functions;
  const values: Readonly<Record<string, string>> = {
    HARTS: `${harts}`,
    RAM_BASE: wide(RAM_BASE),
    RAM_SIZE: wide(BigInt(memory * MIB)),
    FLAT_OFFSET: wide(FLAT_OFFSET),
    TREE_ADDRESS: wide(treeAddress(memory * MIB)),
    TREE_FREQUENCY_OFFSET: `${tree.frequencyOffset}`,
    UART_BASE: wide(NS16550_OPTIONS.base),
    CORE_PC: wide(CORE.pc.id),
    CORE_A0: wide(CORE.a0.id),
    CORE_A1: wide(CORE.a1.id),
    TIMER_FREQUENCY: wide(TIMER.frequency.id),
    CSR_SEED: hex(CSR_SEED, 3),
    SEED_ES16: `${hex(SEED_ES16)}UL`,
    SUSPEND_MS: `${SUSPEND_NS / NS_PER_MS}`,
    V01_CONSOLE_PUTCHAR: hex(console_putchar.eid),
    V01_CONSOLE_GETCHAR: hex(console_getchar.eid),
    SBI_BASE: hex(SBI.BASE.eid[0]),
    BASE_PROBE_EXTENSION: `${SBI.BASE.functions.probe_extension.fid}`,
    SBI_DBCN: hex(SBI.DBCN.eid[0]),
    SBI_SUSP: hex(SBI.SUSP.eid[0]),
    DBCN_CONSOLE_WRITE: `${console_write.fid}`,
    DBCN_CONSOLE_READ: `${console_read.fid}`,
    DBCN_CONSOLE_WRITE_BYTE: `${console_write_byte.fid}`,
    SBI_SUCCESS: `${SBI_ERRORS.SUCCESS}`,
    SBI_NOT_SUPPORTED: `(${SBI_ERRORS.NOT_SUPPORTED})`,
    SBI_INVALID_PARAM: `(${SBI_ERRORS.INVALID_PARAM})`,
  };
  const lines = Object.entries(values).map(([name, value]) => `#define ${name} ${value}\n`);
  return lines.join('');
}

function wide(value: bigint): string {
  return `UINT64_C(${hex(value)})`;
}

function tables({ settings, isa, probes }: Plan): string {
  return `struct setting {
	uint64_t id;
	const char *name;
	uint64_t value;
};

/* Machine ids and SBI extensions: 1 enables, 0 disables. */
${table('settings', settings)}
/* ISA extensions. A host without one of them has no such register. */
${table('isa', isa)}
struct probe {
	uint64_t first;
	uint64_t last;
	uint64_t answer;
};

/* Extension ids of which the kernel hands probes over, with the answer. */
static const struct probe probes[] = {
${probes.map(probeRow).join('')}};
`;
}

function probeRow({ name, first, last, answer }: RangeProbe): string {
  return `\t{ ${hex(first)}, ${hex(last)}, ${wide(answer)} }, /* ${name} */\n`;
}

function table(name: string, settings: readonly Setting[]): string {
  const rows = settings.map(
    ({ register, value }) => `\t{ ${wide(register.id)}, "${register.name}", ${wide(value)} },\n`,
  );
  return `static const struct setting ${name}[] = {\n${rows.join('')}\t{ 0, NULL, 0 },\n};\n`;
}

function treeArray({ blob }: ExportedTree): string {
  const rows: string[] = [];
  for (let at = 0; at < blob.length; at += BYTES_PER_LINE) {
    const bytes = [...blob.subarray(at, at + BYTES_PER_LINE)].map((byte) => hex(byte, 2));
    rows.push(`\t${bytes.join(', ')},\n`);
  }
  return `/* The flattened device tree. */\nstatic const uint8_t tree[] = {\n${rows.join('')}};\n`;
}
