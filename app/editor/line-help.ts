/** What the assembler made of a line, as Markdown for the editor's hover: each instruction with its fields. Pure. */
import type { Decoder } from '../../core/isa/derive/decode.ts';
import type { Decoded } from '../../core/isa/dsl/types.ts';
import type { ImageSymbol, LineEntry } from '../../core/protocol/messages.ts';
import { decoderOf, labelsOf } from '../panels/disassembly/select.ts';
import { type Explained, explained, type Labels } from '../state/explained.ts';
import { hex } from '../ui/format.ts';

/** The program as assembled, for as long as its text has not changed. */
export interface AssembledProgram {
  /** The text it was assembled from. */
  readonly of: string;
  readonly lines: readonly LineEntry[];
  readonly code: { readonly base: bigint; readonly bytes: Uint8Array };
  readonly symbols: readonly ImageSymbol[];
  readonly isa: readonly string[];
}

interface Reading {
  readonly labels: Labels;
  readonly decode: Decoder;
}

/** Made when a program is first asked about. */
const readings = new WeakMap<AssembledProgram, Reading>();

function readingOf(program: AssembledProgram): Reading {
  const known = readings.get(program);
  if (known !== undefined) return known;
  const reading = { labels: labelsOf(program.symbols), decode: decoderOf(program.isa) };
  readings.set(program, reading);
  return reading;
}

interface Placed {
  readonly address: bigint;
  readonly decoded: Decoded;
}

/** Instructions of a line told in full; of longer expansions the rest is only listed. */
const TOLD = 2;

/** Null for a line without instructions. */
export function lineMarkdown(program: AssembledProgram, line: number): string | null {
  const placed = program.lines
    .filter((entry) => entry.line === line)
    .flatMap((entry) => instructionsOf(program, entry));
  if (placed.length === 0) return null;
  const all = placed.map(({ address, decoded }) => ({
    address,
    ...explained(decoded, address, readingOf(program).labels, null),
  }));
  const parts = all.slice(0, TOLD).map((one) => `${heading(one)}\n\n${table(one)}\n\n${effect(one)}`);
  const expands = all.length === 1 ? 'This line' : `This line is ${all.length} instructions`;
  const rest = all.slice(TOLD).map((one) => `- ${heading(one)}`);
  return [`**${expands}**`, ...parts, ...(rest.length === 0 ? [] : [rest.join('\n')])].join('\n\n');
}

function instructionsOf(program: AssembledProgram, { address, length }: LineEntry): readonly Placed[] {
  const { code } = program;
  const { decode } = readingOf(program);
  const start = Number(address - code.base);
  const end = start + length;
  if (start < 0 || end > code.bytes.length) return [];
  const view = new DataView(code.bytes.buffer, code.bytes.byteOffset, code.bytes.byteLength);
  const found: Placed[] = [];
  for (let at = start; at + 2 <= end; ) {
    const low = view.getUint16(at, true);
    const bytes = (low & 3) === 3 ? 4 : 2;
    const decoded = at + bytes > end ? null : decode(bytes === 4 ? view.getUint32(at, true) : low);
    if (decoded === null) return [];
    found.push({ address: code.base + BigInt(at), decoded });
    at += bytes;
  }
  return found;
}

type Told = Explained & { readonly address: bigint };

function heading({ address, text, standsFor }: Told): string {
  return `\`${text}\`${standsFor === null ? '' : `, short for \`${standsFor}\``}, at ${hex(address)}`;
}

/** The bits, and under them the fields with their values. */
function table({ bits, operands }: Told): string {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const values = operands.map(({ name, text, says }) => `\`${name}\` = \`${text}\`${says === '' ? '' : ` (${says})`}`);
  return [
    row(bits.map(({ place }) => place)),
    row(bits.map(() => '---')),
    row(bits.map(({ digits }) => digits)),
    row(bits.map(({ field }) => field)),
    ...(values.length === 0 ? [] : ['', values.join('; ')]),
  ].join('\n');
}

function effect({ does }: Told): string {
  return does.length === 0 ? '' : `\`\`\`text\n${does.join('\n')}\n\`\`\``;
}
