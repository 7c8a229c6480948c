/** The assembler: GNU as syntax to an image in memory. Pure: text in, bytes and diagnostics out. */

import { closure, EXTENSIONS } from '../defs/index.ts';
import { buildImage } from './image.ts';
import { type LayoutReporter, layOut } from './layout.ts';
import { DEFAULT_MAX_BYTES, MAX_SOURCE } from './limits.ts';
import { Linker } from './link.ts';
import { placeSections } from './place.ts';
import { Problem } from './problem.ts';
import type { Section } from './program.ts';
import { Reader } from './reader.ts';
import { readStatements } from './statements.ts';
import { indexTable } from './table.ts';
import { StatementSource } from './text.ts';
import type { Assembled, AssembleOptions } from './types.ts';
import { reportUndefined } from './undefined.ts';
import { Unit } from './unit.ts';

export type {
  Assembled,
  AssembleOptions,
  Diagnostic,
  Image,
  ImageSection,
  ImageSymbol,
  LineEntry,
  SymbolKind,
} from './types.ts';

/** Where a guest of KVM is loaded: 2 MiB above the start of memory, where a kernel goes. */
const DEFAULT_BASE = 0x80200000n;

const TABLE = indexTable(EXTENSIONS);

/** Assembles a program. Never throws: what is wrong with the source is in the diagnostics. */
export function assemble(source: string, options: AssembleOptions = {}): Assembled {
  if (source.length > MAX_SOURCE) {
    const message = `the source has ${source.length} characters; at most ${MAX_SOURCE} are read`;
    return { diagnostics: [{ line: 1, column: 1, length: 1, severity: 'error', message }], image: null };
  }
  const base = BigInt.asUintN(64, options.base ?? DEFAULT_BASE);
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const extensions = closure(options.extensions ?? EXTENSIONS.map((extension) => extension.name));
  const text = new StatementSource(source);
  const unit = new Unit(TABLE, new Reader(text), { compress: extensions.has('Zca'), extensions }, maxBytes);
  readStatements(unit);
  checkEnds(unit, text);
  if (unit.reporter.errors > 0) reportUndefined(unit);
  const image = unit.reporter.errors > 0 ? null : link(unit, base, maxBytes);
  return { diagnostics: unit.reporter.sorted(), image: unit.reporter.errors > 0 ? null : image };
}

function checkEnds(unit: Unit, text: StatementSource): void {
  const comment = text.unterminatedComment;
  if (comment !== null) unit.reporter.error({ ...comment, length: 2 }, 'the comment is not closed', 'close it with */');
  for (const place of unit.ended ? [] : unit.conditions.unclosed()) {
    unit.reporter.error(place, 'the conditional is not closed', 'close it with .endif');
  }
}

function link(unit: Unit, base: bigint, maxBytes: number): Assembled['image'] {
  placeCommons(unit);
  const first = { line: 1, column: 1, length: 1 };
  const reporter: LayoutReporter = {
    noValue: (outcome, place) => unit.reporter.report(unit.noValue(outcome, place)),
    error: (place, message, hint) => unit.reporter.error(place, message, hint),
  };
  for (const section of unit.sections.values()) {
    padCode(section);
    if (!layOut(section, reporter, maxBytes)) {
      unit.reporter.error(
        first,
        `the lengths of branches in ${section.name} do not settle`,
        'remove .org or .align between far branches',
      );
    }
  }
  const placed = placeSections(unit.sections.values(), base);
  const last = placed.reduce(
    (end, section) => (section.address + BigInt(section.size) > end ? section.address + BigInt(section.size) : end),
    base,
  );
  if (last - base > BigInt(maxBytes)) {
    unit.reporter.error(
      first,
      `the program is ${last - base} bytes long; at most ${maxBytes} fit`,
      'make it smaller, or build a larger one elsewhere and load it as an ELF',
    );
    return null;
  }
  return buildImage(unit, new Linker(unit, placed), placed, base, Number(last - base));
}

/** GNU as fills code sections up to their alignment, so that what a linker puts behind them starts aligned. */
function padCode(section: Section): void {
  if (section.kind !== 'code' || section.alignment === 1) return;
  section.close({ kind: 'align', alignment: section.alignment, fill: null, max: 0, length: 0 });
}

/** What .comm asked for goes behind everything else in .bss, as the linker does it. */
function placeCommons(unit: Unit): void {
  unit.section = unit.sectionNamed('.bss');
  for (const { symbol, size, alignment, place } of unit.commons) {
    try {
      if (symbol.definition === null) unit.reserve(symbol, size, alignment, place);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      unit.reporter.report(error);
    }
  }
}
