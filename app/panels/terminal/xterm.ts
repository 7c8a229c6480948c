/** The terminal itself, loaded apart from the page: bytes of the guest in, keys out. */
import { FitAddon } from '@xterm/addon-fit';
import { type ITheme, Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { matches } from '../../actions/action.ts';
import { ACTIONS } from '../../actions/index.ts';
import type { Page } from '../../session/page.ts';

const SCROLLBACK_LINES = 5000;
/** Bytes that may wait to be drawn. A guest that writes faster is shown from its newest output on. */
const PENDING_BYTES = 2 << 20;

/** Returns the function that removes it. */
export function openTerminal(element: HTMLElement, { rings, session, store }: Page): () => void {
  const terminal = new Terminal({
    convertEol: true,
    cursorBlink: false,
    fontFamily: getComputedStyle(element).getPropertyValue('--mono-family').trim(),
    fontSize: 13,
    lineHeight: 1.2,
    minimumContrastRatio: 4.5,
    scrollback: SCROLLBACK_LINES,
    theme: themeOf(element),
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(element);
  terminal.textarea?.setAttribute('aria-label', 'Terminal input: keys go to the guest, Shift+Tab leaves');
  terminal.attachCustomKeyEventHandler((event) => !belongsToPage(event));
  const encoder = new TextEncoder();
  const data = terminal.onData((text) => void session.input(encoder.encode(text)));
  let pending = 0;
  let skipped = false;
  const drawn = (bytes: number): void => {
    pending -= bytes;
    if (pending > 0 || !skipped) return;
    skipped = false;
    terminal.reset();
    for (const chunk of rings.console.kept) write(chunk);
  };
  const write = (bytes: Uint8Array): void => {
    pending += bytes.length;
    terminal.write(bytes, () => drawn(bytes.length));
  };
  const unlisten = rings.console.listen((bytes) => {
    if (bytes === null) {
      skipped = false;
      terminal.reset();
    } else if (skipped || pending > PENDING_BYTES) {
      skipped = true;
    } else {
      write(bytes);
    }
  });
  const size = new ResizeObserver(() => {
    if (element.clientHeight > 0) fit.fit();
  });
  size.observe(element);
  const theme = new MutationObserver(() => {
    terminal.options.theme = themeOf(element);
  });
  theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const unsubscribe = store.subscribe(({ machine }) => {
    terminal.options.disableStdin = machine.worker === 'failed';
  });
  return () => {
    unsubscribe();
    theme.disconnect();
    size.disconnect();
    unlisten();
    data.dispose();
    terminal.dispose();
  };
}

/** Shortcuts of the page work in the terminal too, and Shift+Tab leads out of it. */
function belongsToPage(event: KeyboardEvent): boolean {
  if (event.key === 'Tab') return event.shiftKey;
  return ACTIONS.some(({ shortcut }) => shortcut !== undefined && matches(shortcut, event));
}

function themeOf(element: HTMLElement): ITheme {
  const style = getComputedStyle(element);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  return {
    background: color('--term-ground'),
    foreground: color('--term-ink'),
    cursor: color('--term-ink'),
    cursorAccent: color('--term-ground'),
    selectionBackground: color('--guest-tint'),
  };
}
