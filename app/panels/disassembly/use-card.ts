/** Which instruction is explained, and why: the pointer is over it, it has the focus, or it was chosen. */
import { useCallback, useEffect, useRef, useState } from 'react';

export interface OpenCard {
  readonly address: bigint;
  readonly row: HTMLElement;
  /** Stays when the pointer leaves. */
  readonly held: boolean;
}

/** The pointer rests this long before a card opens, and may be off row and card this long before it closes. */
const OPEN_MS = 250;
const CLOSE_MS = 200;

export interface CardControl {
  readonly open: OpenCard | null;
  /** Opens at once and stays. */
  hold(address: bigint, row: HTMLElement): void;
  hover(address: bigint, row: HTMLElement): void;
  /** The pointer is on the card. */
  stay(): void;
  leave(): void;
  /** The rows moved: a held card follows its row. */
  scrolled(): void;
  close(): void;
}

export function useCard(): CardControl {
  const [open, setOpen] = useState<OpenCard | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const later = useCallback((ms: number, act: () => void) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(act, ms);
  }, []);
  const stay = useCallback(() => clearTimeout(timer.current), []);
  useEffect(() => stay, [stay]);
  return {
    open,
    hold(address, row) {
      stay();
      setOpen({ address, row, held: true });
    },
    hover(address, row) {
      later(OPEN_MS, () => setOpen({ address, row, held: false }));
    },
    stay,
    leave() {
      later(CLOSE_MS, () => setOpen((card) => (card?.held === true ? card : null)));
    },
    scrolled() {
      setOpen((card) => (card?.held === true ? { ...card } : null));
    },
    close() {
      stay();
      setOpen(null);
    },
  };
}
