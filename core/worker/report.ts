/** What the page is told of an assembled program. */
import type { Assembled } from '../isa/asm/index.ts';
import type { AssembleReport } from '../protocol/index.ts';

export function assembleReport({ diagnostics, image }: Assembled): AssembleReport {
  return {
    diagnostics,
    symbols: (image?.symbols ?? []).map(({ name, address }) => ({ name, address })),
    lines: image?.lines ?? [],
    bytes: image?.bytes.length ?? 0,
  };
}
