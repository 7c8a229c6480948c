/** `ecall explain`: the card of an extension, function, error, exit, register, ioctl or errno value. */
import { byKind, CARDS, findCards, KIND_TITLES, namedCards } from '../reference/index.ts';
import { cardText } from '../reference/text.ts';
import { argumentsOf } from './arguments.ts';
import { EXIT, type ExitCode, type OptionHelp, optionLines, UsageError } from './usage.ts';

const OPTIONS: readonly OptionHelp[] = [
  { name: 'list', says: 'Print the names of what can be explained, or of what fits NAME.' },
];

export const EXPLAIN_HELP = `Usage: ecall explain NAME [OPTIONS]

Tells what an SBI extension, function or error, or an exit, ONE_REG register, ioctl or errno value of KVM
is: meaning, arguments, errors, since which SBI version and Linux release, and who can answer it.
NAME is a name or a number: hart_start, HSM, INVALID_PARAM, -3, KVM_EXIT_MMIO, 0x8030000002000020, EBUSY.

${optionLines(OPTIONS)}`;

/** Names that are offered when none fits exactly. */
const OFFERED = 8;

export function explain(args: readonly string[]): ExitCode {
  const { values, positionals } = argumentsOf(numbersAsNames(args), {
    options: { list: { type: 'boolean' } },
    allowPositionals: true,
  });
  const name = positionals.join(' ');
  if (values.list === true) return list(name);
  if (name === '')
    throw new UsageError('give a name or a number', 'Try ecall explain --list, or ecall explain --help.');
  const named = namedCards(CARDS, name);
  const found = named.length > 0 ? named : findCards(CARDS, name);
  const [only, ...more] = found;
  if (only === undefined) throw new UsageError(`nothing here is called ${name}`, 'Try ecall explain --list.');
  if (named.length === 0 && more.length > 0) throw new UsageError(`${name} is not the name of one thing`, offer(found));
  process.stdout.write(`${found.map(cardText).join('\n\n')}\n`);
  return EXIT.done;
}

function list(name: string): ExitCode {
  const found = findCards(CARDS, name);
  if (found.length === 0) throw new UsageError(`nothing here fits ${name}`, 'Without a name, --list prints all.');
  const lines = byKind(found).flatMap(([kind, cards]) => [KIND_TITLES[kind], ...cards.map((card) => `  ${card.name}`)]);
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return EXIT.done;
}

function offer(found: readonly { readonly name: string }[]): string {
  const names = found.slice(0, OFFERED).map((card) => card.name);
  const rest = found.length > names.length ? `, and ${found.length - names.length} more` : '';
  return `Did you mean ${names.join(', ')}${rest}?`;
}

/** A negative number is a name here, not an option. */
function numbersAsNames(args: readonly string[]): string[] {
  const numbers = args.filter((arg) => /^-\d+$/.test(arg));
  const others = args.filter((arg) => !numbers.includes(arg));
  return numbers.length === 0 ? [...others] : [...others, '--', ...numbers];
}
