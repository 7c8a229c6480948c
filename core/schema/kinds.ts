/** The kinds of fields: a choice, an integer, a 64-bit hexadecimal number, a set, a record of choices, text. */
import * as v from 'valibot';
import { type Field, FieldError, type Option, shown, type Words } from './field.ts';

const U64_MAX = 0xffff_ffff_ffff_ffffn;

/**
 * One of the listed strings. `codes` gives shorter texts for links; a value without one is written as it is. `allowed`
 * says which there are, where they are too many to be listed in a sentence.
 */
export function choice<T extends string>(
  words: Words & {
    readonly initial: T;
    readonly options: readonly Option<T>[];
    readonly codes?: Record<T, string>;
    readonly allowed?: string;
  },
): Field<T> {
  const values = words.options.map((option) => option.value);
  const codes = new Map<string, string>(Object.entries(words.codes ?? {}));
  const decoded = new Map([...codes].map(([value, code]) => [code, value]));
  return {
    ...words,
    allowed: words.allowed ?? `One of ${values.join(', ')}.`,
    control: { kind: 'choice', options: words.options },
    schema: v.picklist(values, (issue) => `${shown(issue.input)} is not a choice`),
    codec: {
      encode: (value) => codes.get(value) ?? encodeURIComponent(value),
      decode: (text) => decoded.get(text) ?? text,
    },
    toJson: (value) => value,
    same: (a, b) => a === b,
  };
}

/** An integer of `min` to `max`, also accepted as decimal text. */
export function integer(
  words: Words & { readonly initial: number; readonly min: number; readonly max: number; readonly unit: string },
): Field<number> {
  const { min, max } = words;
  const inRange = (value: number): boolean => Number.isInteger(value) && value >= min && value <= max;
  return {
    ...words,
    allowed: `A whole number from ${min} to ${max}${words.unit === '' ? '' : ` (${words.unit})`}.`,
    control: { kind: 'integer', min, max, unit: words.unit },
    schema: v.pipe(
      v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number))], (issue) => {
        return `${shown(issue.input)} is not a whole number`;
      }),
      v.check(inRange, (issue) => `${shown(issue.input)} is not a whole number from ${min} to ${max}`),
    ),
    codec: { encode: String, decode: (text) => text },
    toJson: (value) => value,
    same: (a, b) => a === b,
  };
}

const digits = v.pipe(
  v.string(),
  v.regex(/^(0[xX][0-9a-fA-F]+|\d+)$/),
  v.maxLength(24),
  v.transform((text) => BigInt(text)),
);
const small = v.pipe(
  v.number(),
  v.safeInteger(),
  v.transform((value) => BigInt(value)),
);
/** An unsigned 64-bit number: a bigint, hexadecimal text with 0x, decimal text, or a safe integer. */
export const U64 = v.pipe(
  v.union([v.bigint(), digits, small], (issue) => `${shown(issue.input)} is not a number`),
  v.check(
    (value) => value >= 0n && value <= U64_MAX,
    (issue) => `${shown(issue.input)} does not fit in 64 bits`,
  ),
);

export function hex64(words: Words & { readonly initial: bigint }): Field<bigint> {
  return {
    ...words,
    allowed: 'A hexadecimal number of at most 64 bits, such as 0x5b7.',
    control: { kind: 'hex', bits: 64 },
    schema: U64,
    codec: { encode: (value) => value.toString(16), decode: (text) => `0x${text}` },
    toJson: (value) => `0x${value.toString(16)}`,
    same: (a, b) => a === b,
  };
}

/**
 * A set of names, kept in the order of `options`; a name of `groups` is taken for the names it stands for. In a link each name that differs from the base is
 * written with `_` when it was added and `-` when it was taken away.
 */
export function setOf(
  words: Words & {
    readonly initial: readonly string[];
    readonly options: readonly Option<string>[];
    readonly groups?: ReadonlyMap<string, readonly string[]>;
  },
): Field<readonly string[]> {
  const names: string[] = words.options.map((option) => option.value);
  const { groups = new Map<string, readonly string[]>() } = words;
  const ordered = (chosen: string[]): readonly string[] => names.filter((name) => chosen.includes(name));
  return {
    ...words,
    allowed: `Any of ${names.join(', ')}${groups.size === 0 ? '' : `; for several of them ${[...groups.keys()].join(', ')}`}.`,
    control: { kind: 'set', options: words.options },
    schema: v.pipe(
      v.array(
        v.picklist([...names, ...groups.keys()], (issue) => `${shown(issue.input)} is not known`),
        (issue) => `${shown(issue.input)} is not a list of names`,
      ),
      v.transform((chosen) => ordered(chosen.flatMap((name) => groups.get(name) ?? [name]))),
    ),
    codec: {
      encode: (value, base) => {
        const added = value.filter((name) => !base.includes(name)).map((name) => `_${name}`);
        const removed = base.filter((name) => !value.includes(name)).map((name) => `-${name}`);
        return [...added, ...removed].join('');
      },
      decode: (text, base) => {
        const changes = text.match(/[_-][A-Za-z0-9]+/g) ?? [];
        if (changes.join('') !== text) throw new FieldError(`${shown(text)} is not a list of changes`, 'As in _Zbb-C.');
        const dropped = changes.filter((change) => change.startsWith('-')).map((change) => change.slice(1));
        const unknown = dropped.find((name) => !names.includes(name));
        if (unknown !== undefined)
          throw new FieldError(`${shown(unknown)} is not known`, `Any of ${names.join(', ')}.`);
        const added = changes.filter((change) => change.startsWith('_')).map((change) => change.slice(1));
        return [...base.filter((name) => !dropped.includes(name)), ...added];
      },
    },
    toJson: (value) => value,
    same: (a, b) => a.length === b.length && a.every((name, i) => name === b[i]),
  };
}

/** A choice for each of a fixed list of names. In a link: one code character for the name, one for the choice. */
export function eachOf<K extends string, T extends string>(
  words: Words & {
    readonly initial: Readonly<Record<K, T>>;
    readonly rows: readonly Option<K>[];
    readonly options: readonly Option<T>[];
    readonly rowCodes: Readonly<Record<K, string>>;
    readonly codes: Readonly<Record<T, string>>;
  },
): Field<Readonly<Record<K, T>>> {
  type Value = Readonly<Record<K, T>>;
  const names = words.rows.map((row) => row.value);
  const values = words.options.map((option) => option.value);
  const one = v.picklist(values, (issue) => `${shown(issue.input)} is not one of ${values.join(', ')}`);
  const known = v.strictObject(Object.fromEntries(names.map((name) => [name, one])), (issue) =>
    issue.expected === 'never'
      ? `${issue.received} is not known`
      : `${issue.received} where a record of choices is expected`,
  );
  const list = v.never('a list where a record of choices is expected');
  const codeOf = (name: K, value: T): string => `${words.rowCodes[name]}${words.codes[value]}`;
  return {
    ...words,
    allowed: `Each of ${names.join(', ')} is one of ${values.join(', ')}.`,
    control: { kind: 'each', rows: words.rows, options: words.options },
    // A list passes for an object and would be told of every name that it lacks.
    schema: v.lazy((value) => (Array.isArray(value) ? list : known)) as unknown as v.GenericSchema<unknown, Value>,
    codec: {
      encode: (value, base) =>
        names
          .filter((name) => value[name] !== base[name])
          .map((name) => codeOf(name, value[name]))
          .join(''),
      decode: (text, base) => {
        const result: Record<K, T> = { ...base };
        for (let at = 0; at < text.length; at += 2) {
          const name = names.find((candidate) => words.rowCodes[candidate] === text[at]);
          const value = values.find((candidate) => words.codes[candidate] === text[at + 1]);
          if (name === undefined || value === undefined) {
            throw new FieldError(`${shown(text.slice(at, at + 2))} is not a change`, 'Two characters for each change.');
          }
          result[name] = value;
        }
        return result;
      },
    },
    toJson: (value) => value,
    same: (a, b) => names.every((name) => a[name] === b[name]),
  };
}

/** Text of at most `maxLength` characters, percent-encoded in links. */
export function text(
  words: Words & { readonly initial: string; readonly maxLength: number; readonly multiline: boolean },
): Field<string> {
  return {
    ...words,
    allowed: `Text of at most ${words.maxLength} characters.`,
    control: { kind: 'text', multiline: words.multiline, maxLength: words.maxLength },
    schema: v.pipe(
      v.string((issue) => `${shown(issue.input)} is not text`),
      v.maxLength(words.maxLength, (issue) => `${issue.received} characters are too many`),
      v.check(isWellFormed, 'it holds half of a surrogate pair'),
    ),
    codec: { encode: encodeURIComponent, decode: percentDecoded },
    toJson: (value) => value,
    same: (a, b) => a === b,
  };
}

/** Whether the text can be written as UTF-8. */
export function isWellFormed(value: string): boolean {
  try {
    encodeURIComponent(value);
    return true;
  } catch {
    return false;
  }
}

function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new FieldError('it is not percent-encoded UTF-8', 'Copy the whole link again.');
  }
}
