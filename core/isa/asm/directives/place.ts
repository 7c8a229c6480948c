/** Directives that choose the section and the place in it. */

import type { Cursor } from '../cursor.ts';
import { MAX_ALIGN_POWER } from '../limits.ts';
import { Problem } from '../problem.ts';
import { type FillPattern, kindByName, type Section, type SectionKind } from '../program.ts';
import { bounded, type Call, constant, cursorOf, type Handler, nothing } from './call.ts';

const section =
  (name: string): Handler =>
  (call) => {
    nothing(call);
    call.unit.enter(call.unit.sectionNamed(name));
  };

const SECTION_NAME = /^\s*("?)([\w.$-]+)\1\s*/;
/** Sections that compilers write for tools and that no program loads. */
const FOR_TOOLS = /^\.(comment|note|debug|riscv\.attributes|stab|gnu|eh_frame|llvm)/;

function kindByFlags(flags: string, type: string): SectionKind {
  if (!flags.includes('a')) return 'unloaded';
  if (type === 'nobits') return 'zero';
  if (flags.includes('x')) return 'code';
  return flags.includes('w') ? 'data' : 'readonly';
}

interface SectionOperands {
  readonly flags: string | null;
  readonly type: string;
}

function readFlags(cursor: Cursor): SectionOperands {
  if (!cursor.accept(',')) return { flags: null, type: '' };
  const flags = new TextDecoder().decode(cursor.expectString('the flags'));
  if (!/^[awxMSGTIo?]*$/.test(flags))
    cursor.fail(`"${flags}" are not section flags`, 'known are a (loaded), w (writable), x (code), M, S');
  let type = '';
  if (cursor.accept(',')) {
    if (!cursor.accept('@')) cursor.accept('%');
    type = cursor.expectName('a section type such as @progbits or @nobits').text;
  }
  // What may follow (entry size, group) says nothing to us.
  while (!cursor.atEnd) cursor.next();
  return { flags, type };
}

function namedSection(call: Call): Section {
  const { unit, statement, from, place } = call;
  const found = SECTION_NAME.exec(statement.text.slice(from));
  const name = found?.[2];
  if (found === null || name === undefined)
    throw new Problem(place, `${call.name} needs the name of a section`, 'for example .section .rodata');
  const cursor = unit.cursor(statement, from + found[0].length);
  const { flags, type } = readFlags(cursor);
  cursor.end();
  const known = unit.sections.get(name);
  if (known !== undefined) return known;
  const byName = kindByName(name);
  const kind = byName === 'unloaded' && flags !== null ? kindByFlags(flags, type) : byName;
  if (kind === 'unloaded' && !FOR_TOOLS.test(name)) {
    unit.reporter.warning(
      place,
      `the section ${name} will not be in memory`,
      `give it the flag a: .section ${name}, "aw"`,
    );
  }
  return unit.sectionNamed(name, kind);
}

const pushSection: Handler = (call) => {
  const { unit } = call;
  if (unit.sectionStack.length >= MAX_PUSHED)
    throw new Problem(call.place, 'too many .pushsection without .popsection');
  const entered = namedSection(call);
  unit.sectionStack.push(unit.section);
  unit.enter(entered);
};
const MAX_PUSHED = 1000;

const popSection: Handler = (call) => {
  nothing(call);
  const back = call.unit.sectionStack.pop();
  if (back === undefined) throw new Problem(call.place, '".popsection" without ".pushsection"');
  call.unit.enter(back);
};

const previous: Handler = (call) => {
  nothing(call);
  call.unit.enter(call.unit.previous);
};

/** `fill` widths: the letter at the end of `.balignw` and `.balignl`. */
function align(call: Call, toBytes: (written: number) => number, limit: number): void {
  const { unit, place } = call;
  const cursor = cursorOf(call);
  const from = cursor.position;
  const written = cursor.atEnd ? 0 : bounded(call, cursor, 'the alignment', 0, limit);
  const alignment = toBytes(written);
  if (!Number.isInteger(Math.log2(alignment))) {
    throw new Problem(
      cursor.placeFrom(from),
      `the alignment ${alignment} is not a power of two`,
      'for example .balign 8 or .align 3',
    );
  }
  let fill: FillPattern | null = null;
  let max = 0;
  if (cursor.accept(',')) {
    if (!cursor.is(',') && !cursor.atEnd) fill = { value: constant(call, cursor, 'the fill value'), size: 1 };
    if (cursor.accept(',')) max = bounded(call, cursor, 'the most bytes to skip', 0, 2 ** MAX_ALIGN_POWER);
  }
  cursor.end();
  const { section: current } = unit;
  const code = current.kind === 'code';
  if (fill === null && !code) fill = { value: 0n, size: 1 };
  current.alignment = Math.max(current.alignment, alignment);
  if (alignment === 1) return;
  unit.claim(0, place);
  unit.close({ kind: 'align', alignment, fill, max, length: 0 });
}

const alignPower: Handler = (call) => align(call, (power) => 2 ** power, MAX_ALIGN_POWER);
const alignBytes: Handler = (call) => align(call, (bytes) => Math.max(1, bytes), 2 ** MAX_ALIGN_POWER);

const org: Handler = (call) => {
  const { unit } = call;
  const cursor = cursorOf(call);
  const from = cursor.position;
  const to = cursor.expression();
  const place = cursor.placeFrom(from);
  const fill = cursor.accept(',') ? Number(BigInt.asUintN(8, constant(call, cursor, 'the fill value'))) : 0;
  cursor.end();
  unit.close({ kind: 'org', to, fill, place, length: 0 });
};

export const PLACE = {
  '.text': section('.text'),
  '.data': section('.data'),
  '.rodata': section('.rodata'),
  '.bss': section('.bss'),
  '.sdata': section('.sdata'),
  '.sbss': section('.sbss'),
  '.section': (call) => call.unit.enter(namedSection(call)),
  '.pushsection': pushSection,
  '.popsection': popSection,
  '.previous': previous,
  '.align': alignPower,
  '.p2align': alignPower,
  '.balign': alignBytes,
  '.org': org,
} satisfies Record<string, Handler>;
