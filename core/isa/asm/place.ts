/** Puts the sections one after the other from the base address: our linker script. */
import type { Section, SectionKind } from './program.ts';

const ORDER: readonly SectionKind[] = ['code', 'readonly', 'data', 'zero'];
/** Named sections inside their kind; others follow in order of appearance. The zero-filled ones end with .bss. */
const FIRST = ['.text', '.rodata', '.data', '.sdata', '.sbss', '.bss'];

function rank(section: Section): number {
  const named = FIRST.indexOf(section.name);
  return ORDER.indexOf(section.kind) * (FIRST.length + 1) + (named < 0 ? FIRST.length : named);
}

export function alignUp(value: bigint, alignment: number): bigint {
  const step = BigInt(alignment);
  return ((value + step - 1n) / step) * step;
}

/** The sections that are loaded, in order of address; sets their addresses. */
export function placeSections(sections: Iterable<Section>, base: bigint): Section[] {
  const loaded = [...sections].filter((section) => section.kind !== 'unloaded');
  loaded.sort((a, b) => rank(a) - rank(b));
  let address = base;
  for (const section of loaded) {
    if (section.size === 0 && section.name !== '.text') {
      section.address = alignUp(address, section.alignment);
      continue;
    }
    address = alignUp(address, section.alignment);
    section.address = address;
    address += BigInt(section.size);
  }
  return loaded;
}

/** Symbols that the linker defines when the program uses and does not define them. */
export const LINKER_SYMBOLS: Readonly<Record<string, (placed: readonly Section[]) => bigint>> = {
  _etext: (placed) => endOf(placed, ['code']),
  _edata: (placed) => endOf(placed, ['code', 'readonly', 'data']),
  __bss_start: (placed) => startOf(placed, 'zero'),
  _end: (placed) => endOf(placed, ORDER),
  __global_pointer$: (placed) => startOf(placed, 'data') + GLOBAL_POINTER_OFFSET,
};

/** Middle of the 12-bit offsets, so that gp reaches the 4 KiB of small data. */
const GLOBAL_POINTER_OFFSET = 0x800n;

function endOf(placed: readonly Section[], kinds: readonly SectionKind[]): bigint {
  const within = placed.filter((section) => kinds.includes(section.kind));
  const last = within[within.length - 1] ?? placed[0];
  return last === undefined ? 0n : last.address + BigInt(last.size);
}

function startOf(placed: readonly Section[], kind: SectionKind): bigint {
  return placed.find((section) => section.kind === kind)?.address ?? endOf(placed, ORDER);
}
