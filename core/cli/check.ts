/** `ecall check`: where a configuration contradicts itself, and what Linux makes of it. */
import { coherenceOf, type Warning } from '../config/coherence.ts';
import { argumentsOf } from './arguments.ts';
import { CONFIG_HELP, CONFIG_OPTIONS, configurationOf } from './configuration.ts';
import { EXIT, type ExitCode, optionLines } from './usage.ts';

export const CHECK_HELP = `Usage: ecall check [OPTIONS]

Tells where a configuration contradicts itself, what Linux makes of that, and the way out.
Ends with 0 when it agrees with itself, with 1 when there are warnings.

${optionLines(CONFIG_HELP)}`;

export async function check(args: readonly string[]): Promise<ExitCode> {
  const { values } = argumentsOf(args, { options: CONFIG_OPTIONS });
  const warnings = coherenceOf(await configurationOf(values));
  process.stdout.write(warnings.map(warningText).join(''));
  return warnings.length === 0 ? EXIT.done : EXIT.incoherent;
}

function warningText({ id, fields, says, linux, wayOut }: Warning): string {
  return `${fields.join(', ')}: ${says} [${id}]\n  Linux: ${linux}\n  Way out: ${wayOut}\n`;
}
