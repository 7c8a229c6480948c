/** `ecall export`: a configuration as a C program for /dev/kvm, or as a command line of kvmtool or QEMU. */
import { EXPORT_FORMATS, EXPORTS } from '../export/index.ts';
import { argumentsOf } from './arguments.ts';
import { CONFIG_HELP, CONFIG_OPTIONS, configurationOf } from './configuration.ts';
import { EXIT, type ExitCode, optionLines, UsageError } from './usage.ts';

export const EXPORT_HELP = `Usage: ecall export --as FORMAT [OPTIONS]

Prints the configuration as something that runs on a RISC-V host with KVM. What it cannot express goes to standard error.

${optionLines([{ name: 'as', value: 'FORMAT', says: `One of ${EXPORT_FORMATS.join(', ')}.` }, ...CONFIG_HELP])}`;

export async function exportConfig(args: readonly string[]): Promise<ExitCode> {
  const { values } = argumentsOf(args, { options: { ...CONFIG_OPTIONS, as: { type: 'string' } } });
  const format = EXPORT_FORMATS.find((known) => known === values.as);
  if (format === undefined) {
    const message = values.as === undefined ? 'say what to export as' : `there is no format ${values.as}`;
    throw new UsageError(message, `--as takes one of ${EXPORT_FORMATS.join(', ')}.`);
  }
  const { text, cannot } = EXPORTS[format](await configurationOf(values));
  process.stdout.write(text);
  for (const sentence of cannot) process.stderr.write(`ecall: not expressed: ${sentence}\n`);
  return EXIT.done;
}
