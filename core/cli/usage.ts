/** What every command shares: its help, its exit codes, and how bad usage is reported. */

import { wrapped } from '../base/wrap.ts';

/** Exit codes of `ecall run`; the other commands use 0, 2 and, for a program that does not assemble, 2; `check` also 1. */
export const EXIT = {
  /** The guest powered off, or asked for a reset. */
  done: 0,
  /** The guest reported a failure (SRST reason 1). */
  guestFailed: 1,
  /** `ecall check`: the configuration contradicts itself. */
  incoherent: 1,
  /** Bad usage, configuration or image. */
  usage: 2,
  /** A limit of instructions or of time was reached. */
  limit: 3,
  /** The VM stopped: unhandled exit, VMM error, nothing left that could wake it. */
  vmStopped: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Reported on standard error; the process then ends with code 2. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

export interface OptionHelp {
  readonly name: string;
  readonly value?: string;
  readonly says: string;
}

/** Columns of a help: most terminals have them, and text stays easy to read. */
const HELP_WIDTH = 110;

/** Lines of `  --name VALUE   says`, aligned; what is said goes on in its own column. */
export function optionLines(options: readonly OptionHelp[]): string {
  const heads = options.map(({ name, value }) => `  --${name}${value === undefined ? '' : ` ${value}`}`);
  const indent = Math.max(...heads.map((head) => head.length)) + 2;
  const next = `\n${' '.repeat(indent)}`;
  return options
    .map(({ says }, at) => (heads[at] ?? '').padEnd(indent) + wrapped(says, HELP_WIDTH - indent).join(next))
    .join('\n');
}
