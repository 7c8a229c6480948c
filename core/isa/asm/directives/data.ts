/** Directives that put data: numbers, strings, fills. */
import { type FloatFormat, floatOperate, ROUNDING, SHAPES } from '../../../float/index.ts';
import { lebLength } from '../layout.ts';
import { type Place, Problem } from '../problem.ts';
import type { Unit } from '../unit.ts';
import { bounded, type Call, constant, cursorOf, type Handler, list, rest } from './call.ts';

/** Warns like GNU as when bits are lost; negative and unsigned readings are both fine. */
function warnTruncated(unit: Unit, value: bigint, size: number, place: Place): void {
  const bits = BigInt(8 * size);
  if (size === 8 || (value >= -(1n << bits) / 2n - (1n << bits) / 2n && value < 1n << bits)) return;
  const kept = BigInt.asUintN(8 * size, value);
  unit.reporter.warning(
    place,
    `0x${BigInt.asUintN(64, value).toString(16)} is cut to 0x${kept.toString(16)}`,
    `${size === 1 ? 'one byte holds' : `${size} bytes hold`} -${1n << (bits - 1n)} to ${(1n << bits) - 1n}`,
  );
}

const numbers =
  (size: 1 | 2 | 4 | 8): Handler =>
  (call) => {
    const { unit } = call;
    list(cursorOf(call), (expression, place) => {
      const value = unit.constantOf(expression);
      if (value !== null) {
        warnTruncated(unit, value, size, place);
        unit.putNumber(value, size, place);
        return;
      }
      const { current } = unit.section;
      unit.fixups.push({ kind: 'data', fragment: current, offset: current.fixed, expression, place, size });
      unit.putNumber(0n, size, place);
    });
  };

const leb =
  (signed: boolean): Handler =>
  (call) => {
    const { unit } = call;
    list(cursorOf(call), (value, place) => {
      const known = unit.constantOf(value);
      unit.claim(known === null ? MAX_LEB : lebLength(known, signed), place);
      unit.close({ kind: 'leb128', value, signed, place, length: 1 });
    });
  };
/** Bytes of a 64-bit value in LEB128. */
const MAX_LEB = 10;

const strings =
  (terminated: boolean): Handler =>
  (call) => {
    const { unit, place } = call;
    const cursor = cursorOf(call);
    if (cursor.atEnd) return;
    do {
      unit.put(cursor.expectString('text'), place);
      while (cursor.peek().kind === 'string') unit.put(cursor.expectString('text'), place);
      if (terminated) unit.put(ZERO_BYTE, place);
    } while (cursor.accept(','));
    cursor.end('separate strings with commas');
  };
const ZERO_BYTE = new Uint8Array(1);

/** Counts beyond this are refused at once; the size of the image is checked besides. */
const MAX_COUNT = 0x7fff_ffff;

const skip: Handler = (call) => {
  const { unit, place } = call;
  const cursor = cursorOf(call);
  const from = cursor.position;
  const count = cursor.expression();
  const countPlace = cursor.placeFrom(from);
  const fill = cursor.accept(',') ? constant(call, cursor, 'the fill value') : 0n;
  cursor.end();
  const known = unit.constantOf(count);
  if (known === null) {
    unit.close({ kind: 'space', count, unit: 1, fill, place: countPlace, length: 0 });
    return;
  }
  if (known < 0n || known > BigInt(MAX_COUNT))
    throw new Problem(countPlace, `the count is ${known}`, 'it may not be negative, nor larger than the memory');
  putFill(unit, Number(known), 1, fill, place);
};

/** `count` numbers of `size` bytes. */
function putFill(unit: Unit, count: number, size: number, value: bigint, place: Place): void {
  if (size === 0 || count === 0) return;
  if (value === 0n || size === 1) {
    unit.putRun(count * size, Number(value & 0xffn), place);
    return;
  }
  unit.claim(0, place);
  for (let i = 0; i < count; i++) unit.putNumber(value, size, place);
}

const MAX_FILL_SIZE = 8;

const fill: Handler = (call) => {
  const cursor = cursorOf(call);
  const count = bounded(call, cursor, 'the number of repetitions', 0, MAX_COUNT);
  const size = cursor.accept(',') ? bounded(call, cursor, 'the size', 0, MAX_FILL_SIZE) : 1;
  const value = cursor.accept(',') ? constant(call, cursor, 'the value') : 0n;
  cursor.end();
  // GNU as takes the value as 32 bits, whatever the size.
  putFill(call.unit, count, size, size > 4 ? BigInt.asUintN(32, value) : value, call.place);
};

const FLOAT = /^[+-]?(\d+\.?\d*(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?|inf(inity)?|nan)$/i;

/** Bit pattern of the number, in double precision; of a NaN all bits, as GNU as puts it. */
function doubleBits(call: Call, text: string): bigint {
  const plain = text.trim().replace(/^0[fdFD]/, '');
  if (!FLOAT.test(plain))
    throw new Problem(call.place, `"${text.trim()}" is not a floating-point number`, 'write 1.5, -2e10, inf or nan');
  const negative = plain.startsWith('-') ? 1n << 63n : 0n;
  if (/nan$/i.test(plain)) return negative | SHAPES.d.infinity | (SHAPES.d.signBit - 1n);
  const view = new DataView(new ArrayBuffer(DOUBLE_BYTES));
  view.setFloat64(0, Number(plain.replace(/inf(inity)?/i, 'Infinity')));
  return view.getBigUint64(0);
}

const DOUBLE_BYTES = 8;

/** The same number in another format, to the nearest. */
function narrowed(double: bigint, format: FloatFormat): bigint {
  if (format === 'd') return double;
  const { infinity, signBit, width } = SHAPES[format];
  const magnitude = double & (SHAPES.d.signBit - 1n);
  const sign = magnitude === double ? 0n : signBit;
  if (magnitude > SHAPES.d.infinity) return sign | infinity | (signBit - 1n);
  return BigInt.asUintN(width, floatOperate('fromD', format, ROUNDING.RNE, [double]).bits);
}

const floats =
  (format: FloatFormat): Handler =>
  (call) => {
    for (const text of rest(call) === '' ? [] : rest(call).split(',')) {
      call.unit.putNumber(narrowed(doubleBits(call, text), format), SHAPES[format].width / 8, call.place);
    }
  };

export const DATA = {
  '.byte': numbers(1),
  '.half': numbers(2),
  '.hword': numbers(2),
  '.short': numbers(2),
  '.2byte': numbers(2),
  '.word': numbers(4),
  '.long': numbers(4),
  '.int': numbers(4),
  '.4byte': numbers(4),
  '.dword': numbers(8),
  '.quad': numbers(8),
  '.8byte': numbers(8),
  '.uleb128': leb(false),
  '.sleb128': leb(true),
  '.float16': floats('h'),
  '.float': floats('s'),
  '.single': floats('s'),
  '.double': floats('d'),
  '.ascii': strings(false),
  '.asciz': strings(true),
  '.string': strings(true),
  '.zero': skip,
  '.skip': skip,
  '.space': skip,
  '.fill': fill,
} satisfies Record<string, Handler>;
