/** What guests met under programs on real kernels, beside what they meet here under the profiles of these programs. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { latin1 } from '../../base/bytes.ts';
import { combined } from '../../config/combination.ts';
import { PROBE_QUESTIONS, probeProgram } from '../../guests/programs/probe.ts';
import { prepareGuest } from '../../machine/guest.ts';
import { createMachine } from '../../machine/machine.ts';
import { survey } from '../../machine/survey.ts';
import { SBI_NAMES } from '../../sbi/types.ts';
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

/** Runs in which an older program differs from the one that its profile follows; `testdata/README.md` says how. */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = { '10.0.13': ['seed', 'dbcn-max'] };

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

/** What probes found, run by run, of each extension: its answer, or the stop where its line is open. */
function foundBy(probes: readonly { readonly end: string; readonly output: string }[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { end, output } of probes) {
    for (const [, name = '', value = ''] of output.matchAll(/^(\w+)=(\w*)$/gm)) {
      if (value !== '') found.set(name, value === '0x0' ? 'absent' : 'present');
      else if (end === 'paused (internal-error)') found.set(name, 'stops');
    }
  }
  return found;
}

describe('a survey', () => {
  it.each(
    [...new Set(recordings.map(({ vmm, version, kernel }) => `${vmm} ${version} ${kernel}`))].map((file) =>
      file.split(' '),
    ),
  )('finds under %s what its version %s let a guest find on Linux %s', (vmm, version, kernel) => {
    const of = recordings.filter((one) => one.vmm === vmm && one.version === version && one.kernel === kernel);
    const real = foundBy(of.filter(({ name }) => name.startsWith('probe')));
    const found = survey({ interface: 'upstream', host: HOSTS[kernel ?? ''] ?? '', vmm: vmm as VmmName }, 'default');
    if (!found.starts) throw new Error(found.words);
    expect(SBI_NAMES.map((name) => [name, found.findings[name].kind])).toEqual(
      SBI_NAMES.map((name) => [name, real.get(name)]),
    );
  });
});

describe('a guest', () => {
  it.each(recordings.filter(({ version, name }) => name in RUNS && !OTHERWISE[version]?.includes(name)))(
    'meets in run $name under $vmm what it met under $vmm $version on Linux $kernel',
    ({ vmm, kernel, name, end, output }) => {
      const here = run(vmm, HOSTS[kernel] ?? '', name);
      expect(lines(here.output)).toEqual(lines(output));
      expect(here.end).toMatch(ENDS[end] ?? /^$/);
    },
  );

  it('met something else under an older program where it is said to', () => {
    const older = recordings.filter(({ version, name }) => OTHERWISE[version]?.includes(name));
    expect(older.map(({ name }) => name).sort()).toEqual(Object.values(OTHERWISE).flat().sort());
    for (const { vmm, kernel, name, end, output } of older) {
      const here = run(vmm, HOSTS[kernel] ?? '', name);
      const same = lines(here.output).join('\n') === lines(output).join('\n') && ENDS[end]?.test(here.end) === true;
      expect([name, same]).toEqual([name, false]);
    }
  });
});
