/** `ecall asm`: assembly source to a flat binary or an ELF file. */
import { assemble, type Diagnostic, type Image } from '../isa/asm/index.ts';
import { elfImage } from '../machine/elf-image.ts';
import { extensionsOf } from '../machine/guest.ts';
import { argumentsOf } from './arguments.ts';
import { CONFIG_OPTIONS, configurationOf } from './configuration.ts';
import { readText, writeBytes } from './files.ts';
import { EXIT, type ExitCode, type OptionHelp, optionLines, UsageError } from './usage.ts';

const FORMATS = ['elf', 'flat'] as const;

const OPTIONS: readonly OptionHelp[] = [
  { name: 'output', value: 'FILE', says: 'Where to write the image; without it only problems and symbols are shown.' },
  { name: 'format', value: 'NAME', says: 'elf, which keeps the entry (default), or flat.' },
  { name: 'base', value: '0xHEX', says: 'Address of the first byte; 0x80200000, where flat binaries are loaded.' },
  { name: 'isa', value: 'LIST', says: 'ISA string (rv64gc_zba), or changes, as in --isa=-C,+Sstc.' },
  { name: 'symbols', says: 'Print the symbols, one `address name` a line.' },
];

export const ASM_HELP = `Usage: ecall asm FILE.s [OPTIONS]

Assembles source in the syntax of GNU as. FILE may be - for standard input.

${optionLines(OPTIONS)}

Exit status: 0, or 2 when the source has an error.`;

export async function asm(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = argumentsOf(args, {
    options: {
      output: { type: 'string', short: 'o' },
      format: { type: 'string' },
      base: { type: 'string' },
      isa: CONFIG_OPTIONS.isa,
      symbols: { type: 'boolean' },
    },
    allowPositionals: true,
  });
  const [path] = positionals;
  if (path === undefined || positionals.length > 1)
    throw new UsageError('give one source file', 'Try ecall asm --help.');
  const format = FORMATS.find((known) => known === (values.format ?? 'elf'));
  if (format === undefined)
    throw new UsageError(`there is no format ${values.format}`, `One of ${FORMATS.join(', ')}.`);
  const extensions = extensionsOf(await configurationOf({ isa: values.isa }));
  const base = values.base === undefined ? {} : { base: addressOf(values.base, 'base') };
  const { diagnostics, image } = assemble(readText(path), { extensions, ...base });
  if (diagnostics.length > 0) process.stderr.write(`${diagnosticLines(path, diagnostics)}\n`);
  if (image === null) return EXIT.usage;
  if (values.symbols === true) process.stdout.write(symbolLines(image));
  if (values.output !== undefined) writeBytes(values.output, format === 'flat' ? image.bytes : elfImage(image));
  return EXIT.done;
}

function symbolLines(image: Image): string {
  return image.symbols.map(({ name, address }) => `${address.toString(16).padStart(16, '0')} ${name}\n`).join('');
}

/** `file:line:column: error: message`, hints indented below, as compilers write them. */
export function diagnosticLines(path: string, diagnostics: readonly Diagnostic[]): string {
  return diagnostics
    .map(({ line, column, severity, message, hint }) => {
      return `${path}:${line}:${column}: ${severity}: ${message}${hint === undefined ? '' : `\n  ${hint}`}`;
    })
    .join('\n');
}

export function addressOf(text: string, name: string): bigint {
  if (!/^(0x[0-9a-f]{1,16}|\d{1,19})$/i.test(text))
    throw new UsageError(`--${name} ${text}: give an address, as in 0x80200000`);
  return BigInt(text);
}
