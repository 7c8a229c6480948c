/** What the page is told of an assembled program. */
import type { Assembled } from '../isa/asm/index.ts';
import type { AssembleReport } from '../protocol/index.ts';

/** Bytes of code that are sent along: far more than a program that is read line by line. */
const CODE_LIMIT = 256 * 1024;

export function assembleReport({ diagnostics, image }: Assembled): AssembleReport {
  return {
    diagnostics,
    symbols: (image?.symbols ?? []).map(({ name, address }) => ({ name, address })),
    lines: image?.lines ?? [],
    bytes: image?.bytes.length ?? 0,
    ...(image === null || image.bytes.length > CODE_LIMIT ? {} : { code: { base: image.base, bytes: image.bytes } }),
  };
}
