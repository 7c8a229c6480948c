/** The probe report: what a guest finds out about its SBI on a configuration, beside what was configured. */
import { type Config, withExample } from '../config/index.ts';
import { errorText } from '../sbi/codec.ts';
import { SBI } from '../sbi/spec/index.ts';
import { SBI_ERRORS, SBI_NAMES, type SbiName } from '../sbi/types.ts';
import { encodeVersion, hasVersion } from '../sbi/version.ts';
import type { ProbeReport, ProbeRow } from '../trace/views.ts';
import type { MachineFailure } from './api.ts';
import { prepareGuest } from './guest.ts';
import { createMachine } from './machine.ts';

/** The example whose output is `name=value` lines: hexadecimal, or a signed SBI error. */
const PROBE_EXAMPLE = 'probe';
/** Hundred times what the report takes. */
const INSTRUCTION_LIMIT = 1_000_000;
/** MiB: the least there is, since the machine beside it may have taken much. */
const PROBE_MEMORY = 16;

export type ProbeResult =
  | { readonly ok: true; readonly report: ProbeReport }
  | { readonly ok: false; readonly failure: MachineFailure };

/** Runs the probe example in a machine of its own. `agrees` is false where the guest does not see what was chosen. */
export function probe(config: Config): ProbeResult {
  const guest = withExample({ ...config, input: '', memory: PROBE_MEMORY }, PROBE_EXAMPLE)?.config ?? config;
  const prepared = prepareGuest(guest, undefined);
  if (!prepared.ok) return { ok: false, failure: prepared.failure };
  let output = '';
  const decoder = new TextDecoder();
  const created = createMachine({
    config: guest,
    image: prepared.image,
    hooks: {
      console: (bytes) => {
        output += decoder.decode(bytes, { stream: true });
      },
    },
  });
  if (!created.ok) return created;
  created.machine.run({ until: 'forever', instructions: INSTRUCTION_LIMIT });
  return { ok: true, report: { rows: rowsOf(config, output), output } };
}

function rowsOf(config: Config, output: string): readonly ProbeRow[] {
  const answers = new Map(output.split('\n').map((line) => splitAt(line, '=')));
  const row = (name: string, configured: string, expected: bigint): ProbeRow => {
    const answer = answerOf(answers.get(name));
    const agrees = answer !== null && (name in SBI ? answer > 0n === expected > 0n : answer === expected);
    return { name, configured, guestSees: wordsOf(answer), agrees };
  };
  const refused = BigInt(SBI_ERRORS.NOT_SUPPORTED);
  const identity = (name: string, value: bigint): ProbeRow =>
    row(name, hex(value), answersBase(config) ? value : refused);
  return [
    identity('spec_version', encodeVersion(config.sbiVersion)),
    identity('impl_id', config.implId),
    identity('impl_version', config.implVersion),
    identity('mvendorid', config.mvendorid),
    identity('marchid', config.marchid),
    identity('mimpid', config.mimpid),
    ...SBI_NAMES.map((name) => {
      const chosen = config.probes[name];
      const mode = config.sbi[name];
      if (chosen !== undefined) return row(name, `${mode}, probe answers ${hex(chosen)}`, chosen);
      return row(name, mode, answersBase(config) && isThere(config, name) ? 1n : 0n);
    }),
  ];
}

function answersBase(config: Config): boolean {
  return config.sbi.BASE !== 'off' && hasVersion(SBI.BASE, config.sbiVersion);
}

/** Id ranges hold nothing that could be found, whoever answers them. */
function isThere(config: Config, name: SbiName): boolean {
  return (
    config.sbi[name] !== 'off' &&
    hasVersion(SBI[name], config.sbiVersion) &&
    Object.keys(SBI[name].functions).length > 0
  );
}

/** Null when the guest said nothing that can be read. */
function answerOf(text: string | undefined): bigint | null {
  return text !== undefined && /^(0x[0-9a-f]+|-?\d+)$/.test(text) ? BigInt(text) : null;
}

function wordsOf(answer: bigint | null): string {
  if (answer === null) return 'no answer';
  return answer < 0n ? errorText(BigInt.asUintN(64, answer)) : hex(answer);
}

function splitAt(line: string, separator: string): readonly [string, string] {
  const at = line.indexOf(separator);
  return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).trim()];
}

function hex(value: bigint): string {
  return `0x${value.toString(16)}`;
}
