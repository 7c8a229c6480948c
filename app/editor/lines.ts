/** Lines of a text by number. Pure. */

/** Offsets of the first character of a 1-based line and of its end; those of the last line beyond it. */
export function lineRange(text: string, line: number): readonly [number, number] {
  let start = 0;
  for (let at = 1; at < line; at++) {
    const next = text.indexOf('\n', start);
    if (next < 0) break;
    start = next + 1;
  }
  const end = text.indexOf('\n', start);
  return [start, end < 0 ? text.length : end];
}
