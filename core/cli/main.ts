/** The command line: `ecall run|asm|disasm|link|check|explain|export|matrix|replay`, as a process. */
import { ecall } from './commands.ts';

/** A reader that has gone (`| head`) is no failure of a command; `run` looks at its output itself. */
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await ecall(process.argv.slice(2));
