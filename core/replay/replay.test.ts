import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openOracle } from '../cli/replay/recordings.ts';
import { compareLines } from './compare.ts';
import { hostOf } from './host.ts';
import type { Recordings } from './recordings.ts';
import { replayRun, replaySteps } from './replay.ts';
import { countsOf, differencesOf } from './report.ts';
import { parseRuns } from './script.ts';

const oracle = openOracle(fileURLToPath(new URL('../kvm/testdata/recorded', import.meta.url)));
const payload = new Uint8Array(readFileSync(new URL('../kvm/testdata/payload/guest.bin', import.meta.url)));

describe.each(oracle.hosts)('the model of $name', (host) => {
  const found = hostOf(host);
  it.each(host.runs)('does what was recorded in %s', (run) => {
    if ('refusal' in found) throw new Error(found.refusal);
    const report = replayRun({ recordings: host, runs: oracle.runs, profile: found.profile, payload, run });
    expect(report.refusal).toBeNull();
    expect(differencesOf(report).filter(({ reason }) => reason === null)).toEqual([]);
    expect(countsOf([report]).lines).toBeGreaterThan(5);
  });
});

describe('a replay in steps', () => {
  const host = oracle.hosts.find(({ name }) => name === '7.2.13-plain');
  const found = host === undefined ? undefined : hostOf(host);
  if (host === undefined || found === undefined || 'refusal' in found) throw new Error('there is no host to replay');
  const replay = { recordings: host, runs: oracle.runs, profile: found.profile, payload };

  it.each(['default', 'multi', 'misuse'])('finds the same when it is left after every turn, in %s', (run) => {
    const steps = replaySteps({ ...replay, run, shouldYield: () => true });
    let left = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) left++;
    expect(left).toBeGreaterThan(0);
    expect(step.value).toEqual(replayRun({ ...replay, run }));
  });

  it('gives every line of both sides, and counts them', () => {
    const report = replayRun({ ...replay, run: 'default' });
    const [output, log] = report.files;
    const recorded = (file = output) => file?.rows.flatMap((row) => (row.recorded === null ? [] : [row.recorded]));
    expect(`${recorded()?.join('\n')}\n`).toBe(host.text('default.txt'));
    expect(`${recorded(log)?.join('\n')}\n`).toBe(host.text('default.ioctl.log'));
    const { lines, equal, purpose, different } = countsOf([report]);
    expect(lines).toBe(equal + purpose + different);
    expect(lines - equal).toBe(differencesOf(report).length);
  });
});

describe('the comparison', () => {
  const none = () => null;

  it('takes times for equal and anything else for different', () => {
    const recorded = ['slept ticks 77928', 'probe 0x10 0x3 0x0 -> 0 0', 'end'];
    expect(compareLines(recorded, ['slept ticks 5', 'probe 0x10 0x3 0x0 -> 0 0', 'end'], none)).toMatchObject({
      lines: 3,
      equal: 3,
    });
    const { equal, differences } = compareLines(recorded, ['slept ticks 5', 'probe 0x10 0x3 0x0 -> 0 1', 'end'], none);
    expect(equal).toBe(2);
    expect(differences).toEqual([
      { line: 2, recorded: 'probe 0x10 0x3 0x0 -> 0 0', ours: 'probe 0x10 0x3 0x0 -> 0 1', reason: null },
    ]);
  });

  it('goes on after a line that one side lacks', () => {
    const { equal, differences } = compareLines(['a', 'b', 'c', 'd'], ['a', 'c', 'd', 'e'], none);
    expect(equal).toBe(3);
    expect(differences.map(({ line, recorded, ours }) => [line, recorded, ours])).toEqual([
      [2, 'b', null],
      [5, null, 'e'],
    ]);
  });

  it('counts a line too many as a difference, with its reason when there is one', () => {
    const { differences } = compareLines(['a'], ['a', 'b'], (recorded, ours) => `${recorded} ${ours}`);
    expect(differences.map(({ reason }) => reason)).toEqual(['null b']);
  });
});

describe('runs.sh', () => {
  it('says how each run was started, through variables and nested loops', () => {
    const runs = parseRuns(`P=./kvmprobe
r() { n=$1; shift; $P run $G "$@"; }
ALL="V01 TIME"
c misuse misuse guest.bin
for e in $ALL; do r dis-$e --disable $e --arg 0; done
A=""; for e in $ALL; do A="$A --disable $e"; done
r dis-all $A --arg 0
for t in 0 1; do for x in 2 3; do r srst-$t-$x --arg 3 --arg $t --arg $x; done; done
`);
    expect(Object.fromEntries([...runs].map(([name, args]) => [name, args.join(' ')]))).toEqual({
      misuse: 'misuse',
      'dis-V01': 'run --disable V01 --arg 0',
      'dis-TIME': 'run --disable TIME --arg 0',
      'dis-all': 'run --disable V01 --disable TIME --arg 0',
      'srst-0-2': 'run --arg 3 --arg 0 --arg 2',
      'srst-0-3': 'run --arg 3 --arg 0 --arg 3',
      'srst-1-2': 'run --arg 3 --arg 1 --arg 2',
      'srst-1-3': 'run --arg 3 --arg 1 --arg 3',
    });
  });

  it('may have comments, long lines, single quotes, sequences and sums', () => {
    const runs = parseRuns(`# r none --arg 0; r none2
r a --arg 1 # --arg 2
r b --arg 1 \\
  --arg '0x2' --arg "3#4"
for i in $(seq 0 2 4); do
  r c-$i --arg $((i + 0x10)) --arg $(($i - 1))
done
`);
    expect(Object.fromEntries([...runs].map(([name, args]) => [name, args.join(' ')]))).toEqual({
      a: 'run --arg 1',
      b: 'run --arg 1 --arg 0x2 --arg 3#4',
      'c-0': 'run --arg 16 --arg -1',
      'c-2': 'run --arg 18 --arg 1',
      'c-4': 'run --arg 20 --arg 3',
    });
  });

  it('shares the name of a run with the caller, as the shell does', () => {
    expect(parseRuns('for n in 1 2; do r a-$n --arg $n; r b-$n --arg $n; done')).toEqual(
      new Map(
        ['1', '2'].flatMap((n): [string, string[]][] => [
          [`a-${n}`, ['run', '--arg', n]],
          [`b-a-${n}`, ['run', '--arg', `a-${n}`]],
        ]),
      ),
    );
  });

  it('is refused with the line of a loop that does not end', () => {
    expect(() => parseRuns('\nfor e in a b; do r $e x\n')).toThrow('line 2');
  });
});

describe('the host of a folder', () => {
  const folder = (name: string, files: Readonly<Record<string, string>>): Recordings => {
    return { name, files: Object.keys(files), runs: [], text: (file) => files[file] ?? null };
  };

  /** The host whose ids were chosen. */
  const MARCHID: Readonly<Record<string, bigint>> = { '7.2.13-one': 0x8000_0000_0000_0007n };
  const LINUX = ['7.2.13', '6.12.107', '6.1.192'];

  it.each(oracle.hosts.map((host) => [host.name, host] as const))('%s is found from what it records', (name, host) => {
    const found = hostOf(host);
    if ('refusal' in found) throw new Error(found.refusal);
    expect(found.profile.sbiV01).toBe(name.includes('v01'));
    expect(found.profile.marchid).toBe(MARCHID[name] ?? (name.includes('q72') ? 0x70216n : 42n));
    expect(found.profile.linux).toBe(LINUX.find((linux) => linux.startsWith(name.split(/v|-/)[0]!)));
  });

  it('is refused with a reason when the release, or what it can do, is not known', () => {
    const dmesg = { 'host-dmesg.txt': 'Linux version 5.4.1 (x)' };
    expect(hostOf(folder('old', dmesg))).toMatchObject({ refusal: expect.stringContaining('Linux 5.4.1') });
    expect(hostOf(folder('7.2.13-x', {}))).toMatchObject({ refusal: expect.stringContaining('host-isa.txt') });
    expect(hostOf(folder('nameless', {}))).toMatchObject({ refusal: expect.stringContaining('which Linux') });
  });
});
