/** `ecall link`: configuration to link, link to configuration. */
import { type Config, describeConfig, toFile, toLink } from '../config/index.ts';
import { argumentsOf } from './arguments.ts';
import { CONFIG_HELP, CONFIG_OPTIONS, configurationOf } from './configuration.ts';
import { readText } from './files.ts';
import { EXIT, type ExitCode, optionLines, UsageError } from './usage.ts';

export const LINK_HELP = `Usage: ecall link [FILE.s] [OPTIONS]

Prints the part of a link after the page's address; with FILE.s it carries that source.

${optionLines([
  { name: 'fields', says: 'List the fields of a configuration file, with their keys in links.' },
  { name: 'json', says: 'Print the configuration in JSON instead, for --config.' },
  ...CONFIG_HELP,
])}`;

export async function link(args: readonly string[]): Promise<ExitCode> {
  const { values, positionals } = argumentsOf(args, {
    options: { ...CONFIG_OPTIONS, json: { type: 'boolean' }, fields: { type: 'boolean' } },
    allowPositionals: true,
  });
  if (positionals.length > 1) throw new UsageError('give one source file at most', 'Try ecall link --help.');
  if (values.fields === true) {
    process.stdout.write(fieldLines());
    return EXIT.done;
  }
  const [path] = positionals;
  const options = await configurationOf(values);
  const config: Config = path === undefined ? options : { ...options, guest: { kind: 'source', text: readText(path) } };
  process.stdout.write(values.json === true ? toFile(config) : `${await toLink(config)}\n`);
  return EXIT.done;
}

function fieldLines(): string {
  const lines = describeConfig().map(({ field, key, help, allowed, initial }) => {
    return `${field} (${key}): ${help}\n  ${allowed}\n  Default: ${JSON.stringify(initial)}\n`;
  });
  return lines.join('');
}
