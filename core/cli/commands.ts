/** The commands by name, and how one is carried out. Each is a function of its arguments that gives the exit code. */
import { EXIT, UsageError } from './usage.ts';

interface Command {
  readonly help: string;
  readonly run: (args: readonly string[]) => Promise<number> | number;
}

/** Loaded when asked for: most of the time of a short command is that of loading. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => {
    const { RUN_HELP: help, run } = await import('./run.ts');
    return { help, run };
  },
  asm: async () => {
    const { ASM_HELP: help, asm: run } = await import('./asm.ts');
    return { help, run };
  },
  disasm: async () => {
    const { DISASM_HELP: help, disasm: run } = await import('./disasm.ts');
    return { help, run };
  },
  link: async () => {
    const { LINK_HELP: help, link: run } = await import('./link.ts');
    return { help, run };
  },
  check: async () => {
    const { CHECK_HELP: help, check: run } = await import('./check.ts');
    return { help, run };
  },
  explain: async () => {
    const { EXPLAIN_HELP: help, explain: run } = await import('./explain.ts');
    return { help, run };
  },
  export: async () => {
    const { EXPORT_HELP: help, exportConfig: run } = await import('./export.ts');
    return { help, run };
  },
  matrix: async () => {
    const { MATRIX_HELP: help, matrix: run } = await import('./matrix.ts');
    return { help, run };
  },
  replay: async () => {
    const { REPLAY_HELP: help, replay: run } = await import('./replay/index.ts');
    return { help, run };
  },
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

/** Carries out a command and gives the exit code; what it cannot use is told on standard error. */
export async function ecall(args: readonly string[]): Promise<number> {
  try {
    return await carryOut(args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const hint = error.hint === undefined ? '' : `\n  ${error.hint}`;
    process.stderr.write(`ecall: ${error.message}${hint}\n`);
    return EXIT.usage;
  }
}

async function carryOut(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(`${HELP}\n`);
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (load === undefined) throw new UsageError(`there is no command ${name}`, 'Try ecall --help.');
  const command = await load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(`${command.help}\n`);
    return EXIT.done;
  }
  return command.run(rest);
}
