/** The finished image: bytes, symbols, and which line each address comes from. */

import { addressOf, type Linker } from './link.ts';
import type { AsmSymbol, Fragment, Section } from './program.ts';
import type { Image, ImageSymbol, LineEntry, SymbolKind } from './types.ts';
import type { Unit } from './unit.ts';

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);

function contentsEnd(placed: readonly Section[], base: bigint): number {
  return placed.reduce((end, section) => {
    if (section.kind === 'zero' || section.size === 0) return end;
    return Math.max(end, Number(section.address - base) + section.size);
  }, 0);
}

function isLocal(name: string): boolean {
  return name.startsWith('.L') || /^\d/.test(name);
}

function symbolOf(symbol: AsmSymbol, linker: Linker): ImageSymbol | null {
  const { definition, name } = symbol;
  if (definition === null || isLocal(name)) return null;
  if (definition.kind === 'label') {
    const { fragment, offset } = definition;
    if (fragment.section.kind === 'unloaded') return null;
    const kind: SymbolKind = symbol.type === 'notype' ? 'label' : symbol.type;
    return { name, address: u64(addressOf(fragment, offset)), section: fragment.section.name, kind };
  }
  const value = linker.value(definition.expression, symbol.definedAt ?? { line: 1, column: 1, length: 1 });
  if (value === null) return null;
  const kind: SymbolKind = value.base === null ? 'constant' : symbol.type === 'notype' ? 'label' : symbol.type;
  return { name, address: u64(value.offset), section: '*ABS*', kind };
}

function byAddress<T extends { readonly address: bigint }>(a: T, b: T): number {
  return a.address < b.address ? -1 : a.address > b.address ? 1 : 0;
}

function symbolsOf(unit: Unit, linker: Linker): ImageSymbol[] {
  const symbols: ImageSymbol[] = [];
  for (const symbol of unit.symbols.all()) {
    const found = symbolOf(symbol, linker);
    if (found !== null) symbols.push(found);
  }
  return symbols.sort((a, b) => byAddress(a, b) || (a.name < b.name ? -1 : 1));
}

function linesOf(unit: Unit): LineEntry[] {
  const lines: LineEntry[] = [];
  const at = (fragment: Fragment, offset: number): bigint => addressOf(fragment, offset);
  for (const { line, from, fromOffset, to, toOffset } of unit.extents) {
    if (from.section.kind === 'unloaded') continue;
    const address = at(from, fromOffset);
    const length = Number(at(to, toOffset) - address);
    if (length > 0) lines.push({ address: u64(address), line, length });
  }
  return lines.sort(byAddress);
}

/** Writes the bytes and collects what there is to know about them. Errors go to the unit's reporter. */
export function buildImage(
  unit: Unit,
  linker: Linker,
  placed: readonly Section[],
  base: bigint,
  memorySize: number,
): Image {
  const bytes = new Uint8Array(contentsEnd(placed, base));
  linker.write(bytes, base);
  const symbols = symbolsOf(unit, linker);
  const start = unit.symbols.find('_start')?.definition;
  const entry = start?.kind === 'label' ? addressOf(start.fragment, start.offset) : base;
  const sections = placed
    .filter((section) => section.size > 0)
    .map(({ name, address, size }) => ({ name, address: u64(address), size }));
  return { base, bytes, memorySize, entry: u64(entry), symbols, lines: linesOf(unit), sections };
}
