/**
 * Shapes of plain data that come from outside, such as a saved machine: strict, so that what is missing, of another
 * type or unknown is refused with its place. Numbers of 64 bits are hexadecimal text, as JSON has none.
 */
import * as v from 'valibot';
import { shown } from './field.ts';

export type Shape<T> = v.GenericSchema<unknown, T>;

/** Data that do not have the shape, or that fit nobody; `message` begins with the place. */
export class PlainError extends Error {
  /** `place` is a path such as `vcpus.0.hart.pc`. */
  constructor(
    readonly place: string,
    readonly problem: string,
  ) {
    super(place === '' ? problem : `${place}: ${problem}`);
  }
}

/** Gives `data` back with its type. Throws PlainError; `place` begins the path that it names. */
export function readPlain<T>(shape: Shape<T>, data: unknown, place = ''): T {
  const parsed = v.safeParse(shape, data, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const inner = v.getDotPath(issue);
  throw new PlainError([place, inner].filter((part) => part !== null && part !== '').join('.'), issue.message);
}

/** Runs `load` and puts `place` before that of its PlainError. */
export function at<T>(place: string, load: () => T): T {
  try {
    return load();
  } catch (error) {
    if (!(error instanceof PlainError)) throw error;
    throw new PlainError(error.place === '' ? place : `${place}.${error.place}`, error.problem);
  }
}

const is = (what: string) => (issue: { readonly input: unknown }) => `${shown(issue.input)} is not ${what}`;

/** Every key is needed unless it is `optional`, and there is no other. */
export const record = <const Entries extends v.ObjectEntries>(entries: Entries) =>
  v.strictObject(entries, (issue) => {
    if (issue.expected === 'never') return 'is not known here';
    return issue.received === 'undefined' ? 'is missing' : `${issue.received} is not an object`;
  });
export const optional = v.exactOptional;
export const nullable = v.nullable;
export const variant = <const Key extends string, const Options extends v.VariantOptions<Key>>(
  key: Key,
  options: Options,
) => v.variant(key, options, (issue) => `${shown(issue.input)} is not one of ${issue.expected}`);

/** Names that only the reader of the record knows. */
export const named = <const Item extends v.GenericSchema>(item: Item) => v.record(v.string(), item, is('an object'));
export const listOf = <const Item extends v.GenericSchema>(item: Item) => v.array(item, is('a list'));
/** A list of exactly so many. */
export const listOfLength = <const Item extends v.GenericSchema>(item: Item, length: number) =>
  v.pipe(
    v.array(item, is('a list')),
    v.length(length, (issue) => `has ${issue.received} items where ${length} are expected`),
  );

/** What another reader checks. */
export const anything = v.unknown();
export const flag = v.boolean(is('true or false'));
export const text = v.string(is('text'));
export const oneOf = <const Values extends readonly (string | number)[]>(...values: Values) =>
  v.picklist(values, is(`one of ${values.join(', ')}`));

/** A whole number from 0 on that a double holds exactly. */
export const count = v.pipe(
  v.number(is('a number')),
  v.check((value) => Number.isSafeInteger(value) && value >= 0, is('a whole number from 0 to 2^53 - 1')),
);
/** A whole number from 0 to `max`. */
export const upTo = (max: number) =>
  v.pipe(
    v.number(is('a number')),
    v.check((value) => Number.isInteger(value) && value >= 0 && value <= max, is(`a whole number from 0 to ${max}`)),
  );
/** A number from 0 on, such as virtual nanoseconds. */
export const amount = v.pipe(
  v.number(is('a number')),
  v.check((value) => Number.isFinite(value) && value >= 0, is('a number from 0 on')),
);
/** An unsigned number of at most 64 bits. */
export const hex64 = v.pipe(
  v.string(is('a hexadecimal number')),
  v.regex(/^0x[0-9a-f]{1,16}$/, is('a hexadecimal number of at most 64 bits')),
);
/** Bytes, two digits each. */
export const hexBytes = v.pipe(
  v.string(is('bytes in hexadecimal')),
  v.regex(/^([0-9a-f]{2})*$/, is('bytes in hexadecimal')),
);
