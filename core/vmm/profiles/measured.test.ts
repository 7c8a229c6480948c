/** What guests met under programs on real kernels, beside what they meet here under the profiles of these programs. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { latin1 } from '../../base/bytes.ts';
import { combined } from '../../config/combination.ts';
import { PROBE_QUESTIONS, probeProgram } from '../../guests/programs/probe.ts';
import { prepareGuest } from '../../machine/guest.ts';
import { createMachine } from '../../machine/machine.ts';
import type { VmmName } from './index.ts';

const folder = new URL('testdata/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, folder), 'utf8');

/** Hosts by the kernel in the name of a recording; neither was built with the legacy calls. */
const HOSTS: Readonly<Record<string, string>> = { '7.2.13': 'linux-7.2-nov01', '6.12.107': 'linux-6.12-nov01' };
const DBCN = 0x4442434e;

const asked = (...left: readonly string[]): string =>
  probeProgram(
    PROBE_QUESTIONS.filter((name) => !left.includes(name)),
    0,
  );
const call = (...values: readonly number[]): string =>
  `${['EID', 'FID', 'ARG0', 'ARG1'].map((name, at) => `.equ ${name}, ${values[at] ?? 0}\n`).join('')}${guest('call')}`;
const reset = (type: number): string => `.equ TYPE, ${type}\n${guest('reset')}`;
const guest = (name: string): string => `${read(`${name}.s`)}${read('uart.inc.s')}`;

/** By the names of the runs; `harts` when more than one. */
const RUNS: Readonly<Record<string, { readonly text: string; readonly harts?: number }>> = {
  probe: { text: asked() },
  probe2: { text: asked('EXPERIMENTAL') },
  probe3: { text: asked('EXPERIMENTAL', 'VENDOR') },
  calls: { text: guest('calls') },
  'call-exp': { text: call(0x0800_0000) },
  'call-ven': { text: call(0x0900_0000) },
  'dbcn-max': { text: call(DBCN, 0, -1) },
  'reset-cold': { text: reset(1) },
  'reset-warm': { text: reset(2) },
  'reset-2': { text: reset(1), harts: 2 },
  harts: { text: guest('harts'), harts: 2 },
  nowhere: { text: guest('nowhere') },
  jump: { text: guest('jump') },
  seed: { text: guest('seed') },
};

/** What a stop of a machine is in a program: it exits, stays with a VM that is paused, or dies of SIGABRT. */
const ENDS: Readonly<Record<string, RegExp>> = {
  'powered off': /^powered-off: /,
  'paused (internal-error)': /^(unhandled-exit: .* QEMU has no code for it|vmm-error: .*KVM_RUN failed)/,
  aborted: /^vmm-error: .* aborts: /,
};

/** Some times what two harts take that wait for each other. */
const INSTRUCTION_LIMIT = 10_000_000;

/** Lines that tell of the kernel's build and of the hardware. */
const OF_THE_HOST = /^(impl_version|mvendorid|marchid|mimpid)=/;
const lines = (output: string): readonly string[] =>
  output
    .trimEnd()
    .split('\n')
    .filter((line) => !OF_THE_HOST.test(line));

function escaped(output: string): string {
  return output.replaceAll(/[^\n -~]/g, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function run(vmm: VmmName, host: string, name: string): { readonly output: string; readonly end: string } {
  const { text, harts = 1 } = RUNS[name] ?? { text: '' };
  const standard = combined({ interface: 'upstream', host, vmm });
  const isa = [...standard.isa, 'Zkr'] as typeof standard.isa;
  const config = { ...standard, guest: { kind: 'source', text }, memory: 16, harts, isa } as const;
  const prepared = prepareGuest(config, undefined);
  if (!prepared.ok) throw new Error(prepared.failure.message);
  let output = '';
  const created = createMachine({
    config,
    image: prepared.image,
    hooks: {
      console: (bytes) => {
        output += latin1(bytes);
      },
    },
  });
  if (!created.ok) throw new Error(created.failure.message);
  const status = created.machine.run({ until: 'forever', instructions: INSTRUCTION_LIMIT });
  return {
    output: escaped(output),
    end: status.kind === 'stopped' ? `${status.stop.code}: ${status.stop.words}` : status.kind,
  };
}

const recordings = readdirSync(folder).flatMap((file) => {
  const [, vmm, version = '', kernel = ''] = /^([a-z-]+)-([\d.]+)\.linux-([\d.]+)\.txt$/.exec(file) ?? [];
  if (vmm === undefined) return [];
  return read(file)
    .split(/^== /m)
    .slice(1)
    .map((part) => {
      const [, name = '', end = '', output = ''] = /^([^:]+): ([^\n]+)\n(.*)\n?$/s.exec(part) ?? [];
      return { vmm: vmm as VmmName, version, kernel, name, end, output };
    });
});

describe('a guest', () => {
  it.each(recordings.filter(({ name }) => name in RUNS))(
    'meets in run $name under $vmm what it met under $vmm $version on Linux $kernel',
    ({ vmm, kernel, name, end, output }) => {
      const here = run(vmm, HOSTS[kernel] ?? '', name);
      expect(lines(here.output)).toEqual(lines(output));
      expect(here.end).toMatch(ENDS[end] ?? /^$/);
    },
  );
});
