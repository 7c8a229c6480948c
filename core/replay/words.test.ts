import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openOracle } from '../cli/replay/recordings.ts';
import { aboutHost } from './about.ts';
import { normalised, volatileIn } from './normalise.ts';
import type { Recordings } from './recordings.ts';
import { parseRuns } from './script.ts';
import { runWords } from './words.ts';

const folder = fileURLToPath(new URL('../kvm/testdata/recorded', import.meta.url));
const oracle = openOracle(folder);
const script = readFileSync(`${folder}/runs.sh`, 'utf8');
const words = (name: string) => runWords(parseRuns(script).get(name) ?? []);

describe('what a run does', () => {
  it('is told from its command, the mode of the payload and the options', () => {
    expect(words('misuse')).toContain('right and wrong values');
    expect(words('dis-TIME')).toBe('calls every extension, with right and wrong arguments; off: TIME');
    expect(words('loop-hsmstatus')).toBe('calls HSM hart_get_status 10000 times');
    expect(words('srst-0-1')).toBe('calls SRST system_reset with type 0 and reason 1');
    expect(words('multi-susp')).toContain('second hart; on: SUSP; 2 vcpus');
    expect(words('en-all-fwdret-err')).toBe(
      'calls VENDOR 0x9000000 fid 0x3 with 1, 2, 3, 4; on: DBCN SUSP MPXY; calls that exit are answered with -5, 0x77',
    );
  });

  it('is told of every recorded run without an option left over', () => {
    const left = [...oracle.runs].filter(([, args]) => /--|runs mode|undefined/.test(runWords(args)));
    expect(left).toEqual([]);
  });

  it('leaves what it does not know as it is written', () => {
    expect(runWords(['run', '--new', '--arg', '77'])).toBe('runs mode 77 of the payload; --new');
    expect(runWords(['other', 'x'])).toBe('other x');
  });
});

describe('what a folder says', () => {
  const about = (name: string, log: string | null) => {
    const recordings: Recordings = {
      name,
      files: [],
      runs: ['default'],
      text: (file) => (file === 'host-dmesg.txt' ? log : null),
    };
    return aboutHost(recordings, 'r default --arg 0');
  };

  it('is kernel, machine, firmware and what each run does', () => {
    for (const host of oracle.hosts) {
      const { kernel, machine, firmware, model, runs } = aboutHost(host, script);
      expect(kernel).toMatch(/^Linux \d+\.\d+\.\d+/);
      expect(machine).toBe('riscv-virtio,qemu');
      expect(firmware).toMatch(/^OpenSBI 1\.\d+, SBI \d\.\d$/);
      expect(model).toHaveProperty('profile');
      expect(runs.map(({ name }) => name)).toEqual(host.runs);
    }
  });

  it('is left open where it was not recorded', () => {
    expect(about('x', null)).toMatchObject({ kernel: null, machine: null, firmware: null });
    expect(about('x', 'SBI implementation ID=0x9 Version=0x7')).toMatchObject({ firmware: 'coreboot 0x7' });
    expect(about('x', 'Linux version 5.4.1')).toMatchObject({ model: { refusal: expect.stringContaining('5.4.1') } });
  });
});

describe('what is not compared of a line', () => {
  const marked = (line: string) => volatileIn(line).map(({ start, end }) => line.slice(start, end));

  it('is the volatile value alone', () => {
    expect(marked('slept ticks 77928')).toEqual(['77928']);
    expect(marked('vmm: end: guest done after 0.31 s; exits per vcpu: 5 (print-channel 4)')).toEqual(['0.31']);
    expect(marked('csr 0xc01 time = 0x1234')).toEqual(['0x1234']);
    expect(marked('stats vcpu0: ecall_exit_stat=7 halt_wakeup=3 exits=12')).toEqual([' halt_wakeup=3', ' exits=12']);
    expect(marked('probe 0x10 0x3 0x0 -> 0 1')).toEqual([]);
  });

  it('is marked in every recorded line that a rule changes, and in no other', () => {
    const lines = oracle.hosts.flatMap((host) =>
      host.runs.flatMap((run) => host.text(`${run}.txt`)?.split('\n') ?? []),
    );
    expect(lines.filter((line) => volatileIn(line).length > 0 !== (normalised(line) !== line))).toEqual([]);
  });
});
