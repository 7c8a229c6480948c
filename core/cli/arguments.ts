/** The words of a command line: read by `parseArgs` of Node, refused in our words. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './usage.ts';

/** What a command understands. */
type Understood = ParseArgsConfig & { readonly options: NonNullable<ParseArgsConfig['options']> };

/** Values of the options, and the words that belong to none. Throws UsageError. */
export function argumentsOf<const T extends Understood>(
  args: readonly string[],
  understood: T,
): ReturnType<typeof parseArgs<T>> {
  return parseArgs<T>({ ...understood, args: checked(args, understood) });
}

/** Node takes it for an option, but it may be the value of one: whether it will do is for the field to say. */
const NEGATIVE = /^-\d/;

function checked(args: readonly string[], { options, allowPositionals = false }: Understood): string[] {
  const tokens = parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
  const joined = new Map<number, string>();
  for (const token of tokens) {
    if (token.kind === 'positional' && !allowPositionals) throw refused(`there is no place for ${token.value}`);
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue, index } = token;
    const type = Object.hasOwn(options, name) ? options[name]?.type : undefined;
    if (type === undefined) throw refused(`there is no option ${rawName}`);
    if (type === 'boolean' && value !== undefined) throw refused(`${rawName} takes no value`);
    if (type === 'string' && value === undefined) throw refused(`${rawName} needs a value`);
    if (value === undefined || inlineValue === true || !/^-./.test(value)) continue;
    const whole = `--${name}=${value}`;
    if (!NEGATIVE.test(value))
      throw refused(`${rawName} needs a value`, `If ${value} is meant as its value, write ${whole}.`);
    joined.set(index, whole);
  }
  return args.flatMap((word, at) => joined.get(at) ?? (joined.has(at - 1) ? [] : word));
}

function refused(message: string, hint = 'Try --help.'): UsageError {
  return new UsageError(message, hint);
}
