/** `ecall disasm`: an image as instructions, with the symbols of an ELF file. */
import { viewOf } from '../base/bytes.ts';
import { place } from '../guests/load.ts';
import { isProblem } from '../guests/problem.ts';
import { createDecoder } from '../isa/derive/decode.ts';
import { disassembleWord } from '../isa/derive/disassemble.ts';
import { extensionsOf } from '../machine/guest.ts';
import { argumentsOf } from './arguments.ts';
import { CONFIG_OPTIONS, configurationOf } from './configuration.ts';
import { readBytes } from './files.ts';
import { EXIT, type ExitCode, type OptionHelp, optionLines, UsageError } from './usage.ts';

const OPTIONS: readonly OptionHelp[] = [
  { name: 'isa', value: 'LIST', says: 'ISA string (rv64gc_zba), or changes, as in --isa=-C,+Sstc.' },
  { name: 'raw', says: 'Print the instructions as they are encoded, without aliases.' },
];

export const DISASM_HELP = `Usage: ecall disasm FILE [OPTIONS]

Disassembles an ELF executable, a Linux Image or a flat binary. FILE may be - for standard input.
Data is shown as the instructions that it would be.

${optionLines(OPTIONS)}`;

const RAM_BASE = 0x8000_0000n;
/** Any address that a program can be linked at; nothing is allocated for it. */
const RAM_SIZE = 1n << 38n;

export async function disasm(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = argumentsOf(args, {
    options: { isa: CONFIG_OPTIONS.isa, raw: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new UsageError('give one image', 'Try ecall disasm --help.');
  const image = place(readBytes(path), RAM_BASE, RAM_SIZE);
  if (isProblem(image)) throw new UsageError(`${path}: ${image.problem.message}`, image.problem.hint);
  const decode = createDecoder(extensionsOf(await configurationOf({ isa: values.isa })));
  const names = new Map<bigint, string[]>();
  for (const { name, address } of image.symbols) names.set(address, [...(names.get(address) ?? []), name]);
  for (const segment of image.segments) {
    process.stdout.write(
      listing(segment.address, segment.bytes, names, (word, pc) => {
        return disassembleWord(word, pc, decode, { aliases: values.raw !== true });
      }),
    );
  }
  return EXIT.done;
}

function listing(
  start: bigint,
  bytes: Uint8Array,
  names: ReadonlyMap<bigint, readonly string[]>,
  text: (word: number, pc: bigint) => string,
): string {
  const view = viewOf(bytes);
  const lines: string[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const pc = start + BigInt(at);
    for (const name of names.get(pc) ?? []) lines.push(`${name}:`);
    const half = view.getUint16(at, true);
    const whole = (half & 3) === 3 && at + 4 <= bytes.length;
    const word = whole ? view.getUint32(at, true) : half;
    lines.push(
      `${pc.toString(16).padStart(10)}:  ${word
        .toString(16)
        .padStart(whole ? 8 : 4, '0')
        .padEnd(8)}  ${text(word, pc)}`,
    );
    at += whole ? 4 : 2;
  }
  return lines.map((line) => `${line}\n`).join('');
}
