/** What every command shares: its help, its exit codes, and how bad usage is reported. */

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

/** parseArgs reports bad usage by errors with such codes. */
export function isArgumentError(error: unknown): error is Error {
  return error instanceof Error && String((error as NodeJS.ErrnoException).code ?? '').startsWith('ERR_PARSE_ARGS');
}

export interface OptionHelp {
  readonly name: string;
  readonly value?: string;
  readonly says: string;
}

/** Lines of `  --name VALUE   says`, aligned. */
export function optionLines(options: readonly OptionHelp[]): string {
  const heads = options.map(({ name, value }) => `  --${name}${value === undefined ? '' : ` ${value}`}`);
  const width = Math.max(...heads.map((head) => head.length)) + 2;
  return options.map(({ says }, at) => `${(heads[at] ?? '').padEnd(width)}${says}`).join('\n');
}
