/**
 * What is typed, or piped in, as console input of the guest. While the machine idles, virtual time follows the
 * wall clock, so that a guest at its prompt costs nothing; once the pipe has ended, idle time is skipped.
 */
import type { Machine } from '../machine/index.ts';
import { Pace, waitMs } from '../machine/pace.ts';

/** Ctrl-], as in telnet: no shell or editor is used to it. */
const QUIT = 0x1d;

export class Keyboard {
  readonly #pace = new Pace();
  readonly #typed: Uint8Array[] = [];
  readonly #terminal = process.stdin.isTTY === true;
  #open = true;
  #quit = false;
  #wake: () => void = () => undefined;

  constructor() {
    const { stdin } = process;
    // Keys come one by one and unprinted, Ctrl-C among them: it is the guest's.
    if (this.#terminal) stdin.setRawMode(true);
    stdin.on('data', (bytes: Buffer) => this.#take(bytes));
    stdin.on('end', () => this.#end());
    stdin.on('error', () => this.#end());
    this.#pace.anchor(performance.now(), 0);
  }

  /** Said before the run, when somebody sits there. */
  get words(): string | null {
    return this.#terminal ? 'keys go to the guest, Ctrl-] ends' : null;
  }

  /** Whether input may still come. */
  get open(): boolean {
    return this.#open;
  }

  /** Whether the user asked to end the run. */
  get quit(): boolean {
    return this.#quit;
  }

  /** Hands over what came since the last time. */
  feed(machine: Machine): void {
    const now = performance.now();
    this.#pace.busy(now, machine.time);
    if (this.#typed.length === 0) return;
    for (const bytes of this.#typed.splice(0)) machine.addInput(bytes, this.#pace.reached(now));
    this.#pace.input(machine.time);
  }

  /** Virtual ns up to which idle time is skipped. */
  idleUntil(): number {
    return this.#open ? this.#pace.reached(performance.now()) : Number.POSITIVE_INFINITY;
  }

  /** Waits until the wall clock has reached `until` in virtual ns, or until input comes. */
  async wait(machine: Machine, until: number): Promise<void> {
    if (this.#typed.length > 0 || this.#quit) return;
    const now = performance.now();
    if (machine.hasUnreadInput && this.#pace.hurry(now, until)) return;
    const ms = until === Number.POSITIVE_INFINITY ? null : waitMs(until, this.#pace.reached(now));
    await new Promise<void>((resolve) => {
      const timer = ms === null ? undefined : setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => undefined;
  }

  /** Gives the terminal back. */
  close(): void {
    if (this.#terminal) process.stdin.setRawMode(false);
    process.stdin.pause();
  }

  #take(bytes: Buffer): void {
    const quit = this.#terminal ? bytes.indexOf(QUIT) : -1;
    if (quit !== 0) this.#typed.push(new Uint8Array(quit < 0 ? bytes : bytes.subarray(0, quit)));
    this.#quit ||= quit >= 0;
    this.#wake();
  }

  #end(): void {
    this.#open = false;
    this.#wake();
  }
}
