/** The measuring VMM: entry point. */
import { caps } from './caps.ts';
import { misuse } from './misuse.ts';
import { registers, registersOfSecond } from './registers.ts';
import { parseRun, run } from './run.ts';
import { Lines, type ProbeHost, type Steps } from './vm.ts';

export { strtoul } from './strtoul.ts';
export { Lines, type ProbeHost, type ProbeMachine, type ProbeThread, RAM_BYTES, type Steps } from './vm.ts';

export interface ProbeResult {
  /** Standard output. */
  readonly output: string;
  /** Lines of the log of ioctls and exits. */
  readonly log: readonly string[];
}

type Command = (host: ProbeHost, lines: Lines, args: readonly string[]) => Steps;

const COMMANDS: Readonly<Record<string, Command>> = {
  caps: atOnce(caps),
  regs: atOnce(registers),
  regs2: atOnce(registersOfSecond),
  misuse,
  run: (host, lines, args) => run(host, lines, parseRun(args)),
};

/** A command of a few ioctls, which is left only at its end. */
function atOnce(command: (host: ProbeHost, lines: Lines) => void): Command {
  return function* (host, lines) {
    command(host, lines);
    yield;
  };
}

/** Carries out a command as the C program does. Throws SyntaxError for one that it does not have. */
export function kvmprobe(host: ProbeHost, args: readonly string[]): ProbeResult {
  const steps = kvmprobeSteps(host, args);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** As `kvmprobe`, to be left and gone on with wherever the machine of `host` yields. */
export function* kvmprobeSteps(host: ProbeHost, [command = '', ...args]: readonly string[]): Steps<ProbeResult> {
  const carryOut = COMMANDS[command];
  if (carryOut === undefined) throw new SyntaxError(`kvmprobe has no command ${command}`);
  const lines = new Lines();
  yield* carryOut(host, lines, args);
  return { output: lines.output, log: lines.log };
}
