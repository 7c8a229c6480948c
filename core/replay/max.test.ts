import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { composeHost, MAX, RELEASES } from '../kvm/profiles/index.ts';
import { kvmprobe } from '../vmm/kvmprobe/index.ts';
import { compareLines } from './compare.ts';
import { executable, replayHost } from './machine.ts';
import { excuseFor } from './reasons.ts';

const file = (path: string): URL => new URL(`../kvm/testdata/${path}`, import.meta.url);
const payload = new Uint8Array(readFileSync(file('payload/guest.bin')));

/** The lines of a section of the payload's output. */
function section(lines: readonly string[], title: string): readonly string[] {
  const start = lines.indexOf(title);
  const length = lines.slice(start + 1).findIndex((line) => /^(#|vmm:)/.test(line));
  return lines.slice(start, length < 0 ? undefined : start + 1 + length);
}

/** The excerpt names addresses in the payload by a word. */
const withoutAddresses = (line: string): string => line.replace(/ 0x8003[0-9a-f]{4}(?= )/, ' PTR');

it.each([['7.2', '7.2.13']])(
  'counters and firmware features on the largest machine, Linux %s: as recorded',
  (name, linux) => {
    const release = RELEASES.find((candidate) => candidate.name === name)!;
    const profile = composeHost({ ...release, linux }, MAX, { sbiV01: false }, { name: 'max', label: 'max' });
    const { output } = kvmprobe(replayHost(profile, payload), ['run', '--arg', '0']);
    const recorded = readFileSync(file(`max/${linux}-max.txt`), 'utf8')
      .trimEnd()
      .split('\n');
    const excuse = excuseFor({ profile, executable: executable(profile), recorded: '', args: [] });
    for (const title of ['# FWFT', '# PMU']) {
      const ours = section(output.split('\n'), title).map(withoutAddresses);
      const { equal, differences } = compareLines(section(recorded, title), ours, excuse);
      expect(differences.filter(({ reason }) => reason === null)).toEqual([]);
      expect(differences.length).toBeLessThan(4);
      expect(equal).toBeGreaterThan(70);
    }
  },
);
