/** The measuring VMM: entry point. */
import { caps } from './caps.ts';
import { misuse } from './misuse.ts';
import { registers, registersOfSecond } from './registers.ts';
import { parseRun, run } from './run.ts';
import { Lines, type ProbeHost } from './vm.ts';

export { Lines, type ProbeHost, type ProbeMachine, type ProbeThread, RAM_BYTES } from './vm.ts';

export interface ProbeResult {
  /** Standard output. */
  readonly output: string;
  /** Lines of the log of ioctls and exits. */
  readonly log: readonly string[];
}

const COMMANDS: Readonly<Record<string, (host: ProbeHost, lines: Lines, args: readonly string[]) => void>> = {
  caps,
  regs: registers,
  regs2: registersOfSecond,
  misuse,
  run: (host, lines, args) => run(host, lines, parseRun(args)),
};

/** Carries out a command as the C program does. Throws SyntaxError for one that it does not have. */
export function kvmprobe(host: ProbeHost, [command = '', ...args]: readonly string[]): ProbeResult {
  const carryOut = COMMANDS[command];
  if (carryOut === undefined) throw new SyntaxError(`kvmprobe has no command ${command}`);
  const lines = new Lines();
  carryOut(host, lines, args);
  return { output: lines.output, log: lines.log };
}
