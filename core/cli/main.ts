/** The command line: `ecall run|asm|disasm|link|check|explain|export|matrix|replay`. Each command is a function of its arguments that gives the exit code. */
import { ASM_HELP, asm } from './asm.ts';
import { CHECK_HELP, check } from './check.ts';
import { DISASM_HELP, disasm } from './disasm.ts';
import { EXPLAIN_HELP, explain } from './explain.ts';
import { EXPORT_HELP, exportConfig } from './export.ts';
import { LINK_HELP, link } from './link.ts';
import { MATRIX_HELP, matrix } from './matrix.ts';
import { REPLAY_HELP, replay } from './replay/index.ts';
import { RUN_HELP, run } from './run.ts';
import { EXIT, isArgumentError, UsageError } from './usage.ts';

interface Command {
  readonly help: string;
  readonly run: (args: readonly string[]) => Promise<number> | number;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  run: { help: RUN_HELP, run },
  asm: { help: ASM_HELP, run: asm },
  disasm: { help: DISASM_HELP, run: disasm },
  link: { help: LINK_HELP, run: link },
  check: { help: CHECK_HELP, run: check },
  explain: { help: EXPLAIN_HELP, run: explain },
  export: { help: EXPORT_HELP, run: exportConfig },
  matrix: { help: MATRIX_HELP, run: matrix },
  replay: { help: REPLAY_HELP, run: replay },
};

const HELP = `Usage: ecall COMMAND [OPTIONS]

  run FILE      Run a guest: ELF, Linux Image, flat binary, or assembly source (.s).
  asm FILE      Assemble source.
  disasm FILE   Disassemble an image.
  link          Make a link to the page, or read one.
  check         Tell where a configuration contradicts itself.
  explain NAME  Tell what a call, an error, an exit or a register is.
  export        Write a C program for /dev/kvm, or a command line of kvmtool or QEMU.
  matrix        Tell what a guest meets on every Linux release under every VMM.
  replay DIR    Compare with recordings of the real Linux KVM.

ecall COMMAND --help tells more of each.`;

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${HELP}\n`);
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new UsageError(`there is no command ${name}`, 'Try ecall --help.');
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${command.help}\n`);
    return EXIT.done;
  }
  return command.run(rest);
}

/** A reader that has gone (`| head`) is no failure of a command; `run` looks at its output itself. */
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof UsageError) && !isArgumentError(error)) throw error;
    const advice = error instanceof UsageError ? error.hint : 'Try ecall --help.';
    const hint = advice === undefined ? '' : `\n  ${advice}`;
    process.stderr.write(`ecall: ${error.message}${hint}\n`);
    process.exitCode = EXIT.usage;
  },
);
