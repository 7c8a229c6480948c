/** A field that holds a 64-bit number for some of a fixed list of names. */
import * as v from 'valibot';
import { type Field, FieldError, type Option, shown, type Words } from './field.ts';
import { U64 } from './kinds.ts';

/**
 * Data is an object from names to numbers, or text such as `HSM=0 CPPC=0x5`. In a link: one code character for the
 * name and hexadecimal digits, joined by dots.
 */
export function numbersOf<K extends string>(
  words: Words & {
    readonly initial: Readonly<Partial<Record<K, bigint>>>;
    readonly rows: readonly Option<K>[];
    /** Some numbers as they are typed, for the hint. */
    readonly example: string;
    readonly rowCodes: Readonly<Record<K, string>>;
  },
): Field<Readonly<Partial<Record<K, bigint>>>> {
  type Value = Readonly<Partial<Record<K, bigint>>>;
  const names = words.rows.map((row) => row.value);
  const entries = (value: Value): readonly (readonly [K, bigint])[] =>
    names.flatMap((name): (readonly [K, bigint])[] => {
      const number = value[name];
      return number === undefined ? [] : [[name, number]];
    });
  const ordered = (value: Value): Value => Object.fromEntries(entries(value)) as Value;
  const record = v.record(
    v.picklist(names, (issue) => `${shown(issue.input)} is not known`),
    U64,
    (issue) => `${shown(issue.input)} is not a list of numbers by name`,
  );
  const typed = v.pipe(
    v.string(),
    v.check(
      (text) => pairsOf(text) !== null,
      (issue) => `${shown(issue.input)} is not a list of name=number`,
    ),
    v.transform((text): unknown => Object.fromEntries(pairsOf(text) ?? [])),
    record,
  );
  const list = v.never('a list where numbers by name are expected');
  return {
    ...words,
    allowed: `Numbers of at most 64 bits by name, such as ${words.example}; the names are ${names.join(', ')}.`,
    control: { kind: 'numbers', rows: words.rows },
    schema: v.pipe(
      v.lazy((value) =>
        typeof value === 'string' ? typed : Array.isArray(value) ? list : record,
      ) as unknown as v.GenericSchema<unknown, Value>,
      v.transform(ordered),
    ),
    codec: {
      encode: (value) =>
        entries(value)
          .map(([name, number]) => `${words.rowCodes[name]}${number.toString(16)}`)
          .join('.'),
      decode: (text) =>
        Object.fromEntries(
          text
            .split('.')
            .filter((part) => part !== '')
            .map((part) => {
              const name = names.find((candidate) => words.rowCodes[candidate] === part[0]);
              if (name === undefined)
                throw new FieldError(`${shown(part)} is not a number by name`, 'Copy the whole link again.');
              return [name, `0x${part.slice(1)}`];
            }),
        ),
    },
    toJson: (value) => Object.fromEntries(entries(value).map(([name, number]) => [name, `0x${number.toString(16)}`])),
    toText: (value) =>
      entries(value)
        .map(([name, number]) => `${name}=0x${number.toString(16)}`)
        .join(' '),
    same: (a, b) => names.every((name) => a[name] === b[name]),
  };
}

/** `NAME=NUMBER` separated by blanks or commas, each name once; null for anything else. */
function pairsOf(text: string): readonly (readonly [string, string])[] | null {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  const pairs = parts.map((part) => /^([^=]+)=([^=]+)$/.exec(part));
  const found = pairs.flatMap((pair) => (pair === null ? [] : [[pair[1] ?? '', pair[2] ?? ''] as const]));
  return found.length === parts.length && new Set(found.map(([name]) => name)).size === parts.length ? found : null;
}
