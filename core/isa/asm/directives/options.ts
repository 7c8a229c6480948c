/** Directives about the assembler itself: options, messages, and what is accepted and ignored. */
import { closure, extensionByName, withParts, withRequired } from '../../defs/index.ts';
import { insn } from '../insn.ts';
import { Problem } from '../problem.ts';
import { didYouMean } from '../suggest.ts';
import type { Unit } from '../unit.ts';
import { type Call, cursorOf, type Handler, nothing, rest } from './call.ts';

const COMPRESSED = 'C';
const OPTIONS = [
  'rvc',
  'norvc',
  'push',
  'pop',
  'relax',
  'norelax',
  'pic',
  'nopic',
  'arch',
  'csr-check',
  'no-csr-check',
];

function setCompression(unit: Unit, on: boolean): void {
  const { extensions, setAside = [] } = unit.options;
  if (on) {
    unit.options = { compress: true, extensions: switched(new Set([...extensions, ...setAside]), COMPRESSED, true) };
    return;
  }
  const rest = switched(extensions, COMPRESSED, false);
  const gone = [...extensions].filter((name) => !rest.has(name));
  unit.options = { compress: false, extensions: rest, setAside: new Set([...setAside, ...gone]) };
}

/** The extensions with `name` and what it needs, or without it and what needs it. */
function switched(extensions: ReadonlySet<string>, name: string, on: boolean): ReadonlySet<string> {
  if (on) return closure([...extensions, ...withRequired(name)]);
  const gone = new Set(closure([name]));
  const rest = new Set([...extensions].filter((one) => isAlways(one) || !gone.has(one)));
  for (const one of rest) {
    if (extensionByName(one)?.requires.some((needed) => !rest.has(needed)) === true) rest.delete(one);
  }
  return withParts(rest);
}

function isAlways(name: string): boolean {
  return extensionByName(name)?.always === true;
}

/** The name in the table for what is written in lower case. */
function extensionNamed(unit: Unit, text: string): string | undefined {
  return unit.table.extensions.find((extension) => extension.name.toLowerCase() === text.toLowerCase())?.name;
}

function changeArch(call: Call): void {
  const { statement, from } = call;
  const at = statement.text.indexOf('arch', from) + 'arch'.length;
  for (const part of statement.text.slice(at).split(',')) {
    const text = part.trim();
    if (text === '') continue;
    const found = /^([+-])\s*([a-z]\w*)$/i.exec(text);
    const name = found?.[2];
    if (found === null || name === undefined) {
      throw new Problem(
        call.place,
        `"${text}" does not say which extension to switch`,
        'write .option arch, +c or .option arch, -c; whole ISA strings are chosen in the machine',
      );
    }
    switchExtension(call, name, found[1] === '+');
  }
}

function switchExtension(call: Call, text: string, on: boolean): void {
  const { unit, place } = call;
  const name = extensionNamed(unit, text);
  if (name === undefined) {
    throw new Problem(
      place,
      `the extension "${text}" is not known`,
      didYouMean(
        text,
        unit.table.extensions.filter(({ follows }) => follows === null).map((extension) => extension.name),
      ),
    );
  }
  if (closure([name]).has('Zca')) {
    setCompression(unit, on);
    return;
  }
  const { extensions, setAside = [] } = unit.options;
  unit.options = {
    ...unit.options,
    extensions: switched(extensions, name, on),
    setAside: new Set([...setAside].filter((other) => other !== name)),
  };
}

/** Bound of `.option push` without `pop`. */
const MAX_PUSHED = 1000;

const option: Handler = (call) => {
  const { unit, place } = call;
  const cursor = cursorOf(call);
  const token = cursor.expectName('an option');
  const name = /^[\w-]+/.exec(rest(call))?.[0] ?? '';
  switch (name) {
    case 'rvc':
      return setCompression(unit, true);
    case 'norvc':
      return setCompression(unit, false);
    case 'push':
      if (unit.optionStack.length >= MAX_PUSHED) throw new Problem(place, 'too many .option push without pop');
      unit.optionStack.push(unit.options);
      return;
    case 'pop': {
      const back = unit.optionStack.pop();
      if (back === undefined) throw new Problem(place, '".option pop" without ".option push"');
      unit.options = back;
      return;
    }
    case 'relax':
    case 'norelax':
    case 'nopic':
    case 'csr-check':
    case 'no-csr-check':
      return;
    case 'pic':
      throw new Problem(
        place,
        'position-independent code is not linked here',
        'leave .option pic out: la reaches every symbol of the program',
      );
    case 'arch':
      return changeArch(call);
    default:
      throw new Problem(cursor.place(token), `the option "${name}" is not known`, didYouMean(name, OPTIONS));
  }
};

const message =
  (severity: 'error' | 'warning'): Handler =>
  (call) => {
    const cursor = cursorOf(call);
    const text = cursor.atEnd ? `${call.name} reached` : new TextDecoder().decode(cursor.expectString('a message'));
    cursor.end();
    call.unit.reporter[severity](call.place, text);
  };

const unavailable: Handler = (call) => {
  throw new Problem(
    call.place,
    `${call.name} is not available: a program here is one text`,
    'paste the text, or put the bytes with .byte',
  );
};

const end: Handler = (call) => {
  nothing(call);
  call.unit.ended = true;
};

const ignored: Handler = () => {};

export const OPTION = {
  '.option': option,
  '.insn': insn,
  '.file': ignored,
  '.ident': ignored,
  '.attribute': ignored,
  '.loc': ignored,
  '.cfi_startproc': ignored,
  '.error': message('error'),
  '.err': (call) => {
    nothing(call);
    call.unit.reporter.error(call.place, '.err reached');
  },
  '.warning': message('warning'),
  '.end': end,
  '.include': unavailable,
  '.incbin': unavailable,
} satisfies Record<string, Handler>;
