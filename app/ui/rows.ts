/** A window over a long list of rows of one height: only those near what is seen are drawn. */
import { useLayoutEffect, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';

/** Heights in CSS pixels. */
export interface RowSizes {
  readonly row: number;
  /** Of the column heads, which scroll as the first line of the content and stay above the rows. */
  readonly head: number;
}

export interface RowWindow {
  /** For the element that scrolls, as its ref. */
  readonly attach: (element: HTMLElement | null) => void;
  /** The element that scrolls, once it is there. */
  readonly element: HTMLElement | null;
  /** Rows to draw, the heads aside: index, and distance from the top of all rows. */
  readonly rows: readonly { readonly index: number; readonly top: number }[];
  /** Height of all rows together. */
  readonly height: number;
  /** Scrolls no more than it takes to see a row as a whole. */
  readonly reveal: (index: number) => void;
}

/** Rows drawn beyond the edges, so that fast scrolling does not show gaps. */
const OVERSCAN = 12;

/** First row to draw, and the row after the last. `scrolled` and `seen` are in rows: above the window, and in it. */
export function rowsShown(count: number, scrolled: number, seen: number): readonly [first: number, end: number] {
  const end = Math.min(count, scrolled + seen + OVERSCAN);
  return [Math.max(0, Math.min(scrolled - OVERSCAN, end)), end];
}

/** Where to scroll to so that a row is seen whole, from where the window of `height` stands now. */
export function scrollFor(index: number, from: number, height: number, { row, head }: RowSizes): number {
  const top = index * row;
  return Math.min(Math.max(from, top + row + head - height), top);
}

export function useRowWindow(count: number, sizes: RowSizes): RowWindow {
  const [element, attach] = useState<HTMLElement | null>(null);
  const [scrolled, setScrolled] = useState(0);
  const [seen, setSeen] = useState(0);

  useLayoutEffect(() => {
    if (element === null) return;
    const scroll = (): void => setScrolled(Math.floor(element.scrollTop / sizes.row));
    const measure = (): void => setSeen(Math.ceil(element.clientHeight / sizes.row));
    // Drawn before the browser paints what was scrolled to.
    const onScroll = (): void => flushSync(scroll);
    const observer = new ResizeObserver(measure);
    scroll();
    measure();
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [element, sizes]);

  const [first, end] = rowsShown(count, scrolled, seen);
  const rows = useMemo(
    () => Array.from({ length: end - first }, (_, at) => ({ index: first + at, top: (first + at) * sizes.row })),
    [first, end, sizes],
  );
  const reveal = (index: number): void => {
    if (element === null) return;
    const to = scrollFor(index, element.scrollTop, element.clientHeight, sizes);
    if (to !== element.scrollTop) element.scrollTop = to;
  };
  return { attach, element, rows, height: count * sizes.row, reveal };
}
