/** What a folder of recordings says of its host and its runs, in words. */
import type { HostProfile } from '../kvm/profiles/index.ts';
import { SBI } from '../sbi/spec/index.ts';
import { hostOf } from './host.ts';
import type { Recordings } from './recordings.ts';
import { parseRuns } from './script.ts';
import { runWords } from './words.ts';

export interface AboutRun {
  readonly name: string;
  /** What it does; what is wrong when that is not known. */
  readonly says: string;
}

export interface AboutHost {
  readonly name: string;
  /** `Linux 7.2.13+deb14-riscv64`; null where it was not recorded, as with the others. */
  readonly kernel: string | null;
  /** The model of its device tree. */
  readonly machine: string | null;
  /** `OpenSBI 1.9, SBI 3.0` */
  readonly firmware: string | null;
  /** The model of it, or why there is none. */
  readonly model: { readonly profile: HostProfile; readonly words: readonly string[] } | { readonly refusal: string };
  readonly runs: readonly AboutRun[];
}

const IMPLEMENTATIONS: ReadonlyMap<bigint, string> = new Map(
  Object.entries(SBI.BASE.functions.get_impl_id?.returnValues ?? {}).map(([name, id]) => [BigInt(id), name]),
);

/** Throws SyntaxError for a script that cannot be read. */
export function aboutHost(recordings: Recordings, script: string): AboutHost {
  const log = recordings.text('host-dmesg.txt') ?? '';
  const runs = parseRuns(script);
  return {
    name: recordings.name,
    kernel: /(Linux) version (\S+)/.exec(log)?.slice(1).join(' ') ?? null,
    machine: /Machine model: (.+)/.exec(log)?.[1] ?? null,
    firmware: firmwareIn(log),
    model: hostOf(recordings),
    runs: recordings.runs.map((name) => {
      const args = runs.get(name);
      return { name, says: args === undefined ? 'runs.sh does not say how it was started' : runWords(args) };
    }),
  };
}

function firmwareIn(log: string): string | null {
  const version = /SBI specification v(\d+\.\d+) detected/.exec(log)?.[1];
  const [, id, code] = /SBI implementation ID=(0x[0-9a-f]+) Version=(0x[0-9a-f]+)/.exec(log) ?? [];
  const parts = [
    ...(id === undefined || code === undefined ? [] : [implementationWords(BigInt(id), BigInt(code))]),
    ...(version === undefined ? [] : [`SBI ${version}`]),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

/** OpenSBI encodes its version as major and minor in 16 bits each; what others do is given as it is. */
function implementationWords(id: bigint, code: bigint): string {
  const name = IMPLEMENTATIONS.get(id) ?? `implementation 0x${id.toString(16)}`;
  return name === 'OpenSBI' ? `${name} ${code >> 16n}.${code & 0xffffn}` : `${name} 0x${code.toString(16)}`;
}
