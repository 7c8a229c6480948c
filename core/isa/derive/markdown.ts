/** Hover texts in Markdown, for an instruction and for a CSR. Layout only: every fact comes from the tables. */
import { hex } from '../../base/bits.ts';
import type { Csr } from '../csr/index.ts';
import type { Instruction } from '../dsl/types.ts';
import { type EncodingRun, instructionDocs } from './docs.ts';

function bitRange({ hi, lo }: { readonly hi: number; readonly lo: number }): string {
  return hi === lo ? String(hi) : `${hi}:${lo}`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function table(rows: readonly (readonly string[])[]): readonly string[] {
  const [head = [], ...body] = rows;
  return [row(head), row(head.map(() => '---')), ...body.map(row)];
}

function picture(runs: readonly EncodingRun[]): readonly string[] {
  return table([runs.map(bitRange), runs.map((run) => (run.field === null ? `\`${run.text}\`` : run.text))]);
}

/** Meaning, semantics, operands, encoding and source of an instruction. */
export function instructionMarkdown(instruction: Instruction): string {
  const docs = instructionDocs(instruction);
  const standsFor = docs.standsFor === null ? [] : ['', `Stands for \`${docs.standsFor}\`.`];
  const operands = docs.operands.map(({ name, says }) => `- \`${name}\`: ${says}`);
  const examples = docs.examples.map((example) => `- \`${example}\``);
  return [
    `**\`${docs.syntax}\`**`,
    '',
    docs.says,
    ...standsFor,
    '',
    '```text',
    ...docs.pseudoCode,
    '```',
    '',
    ...operands,
    '',
    ...picture(docs.encoding),
    '',
    ...examples,
    ...(examples.length > 0 ? [''] : []),
    `${docs.extension} · ${docs.spec}`,
  ].join('\n');
}

const LEVELS: Readonly<Record<Csr['privilege'], string>> = {
  U: 'user',
  S: 'supervisor',
  H: 'hypervisor',
  M: 'machine',
};

/** Meaning, number, level, fields and source of a CSR. */
export function csrMarkdown(csr: Csr): string {
  const access = csr.readOnly ? 'read-only' : 'read and write';
  const guest = csr.guest ? 'a guest of KVM can have it' : 'not for a guest of KVM';
  const requires = csr.requires === undefined ? '' : `, with ${csr.requires}`;
  const fields = csr.fields.map((field) => [field.name, bitRange(field), field.says]);
  return [
    `**\`${csr.name}\`** (${hex(csr.number, 3)})`,
    '',
    csr.says,
    '',
    `${LEVELS[csr.privilege]} level, ${access}; ${guest}${requires}.`,
    '',
    ...(fields.length > 0 ? [...table([['Field', 'Bits', 'Meaning'], ...fields]), ''] : []),
    csr.spec,
  ].join('\n');
}
