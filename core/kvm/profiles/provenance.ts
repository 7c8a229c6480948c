/** Where the figures of a host come from, in words for people. */
import type { HostProfile, Provenance, ReleaseProvenance } from './types.ts';

const HOW: Readonly<Record<Provenance, string>> = {
  measured: 'Measured on a real kernel',
  source: 'Read in its source and release notes',
  inference: 'Inferred from the releases around it',
};
const WHAT: Readonly<Record<keyof ReleaseProvenance, string>> = {
  extensions: 'extensions and version',
  answers: 'answers to calls',
  counters: 'counters with Sscofpmf',
  registers: 'registers and errno values',
  legacy: 'legacy calls',
  timerState: 'TIMER.state without Sstc',
};

/** `measured on a real kernel` */
export function provenanceText(provenance: Provenance): string {
  return `${HOW[provenance][0]?.toLowerCase()}${HOW[provenance].slice(1)}`;
}

/** `Linux 7.2.13. Measured on a real kernel: extensions and version, answers to calls. ...` */
export function provenanceWords({ linux, provenance }: HostProfile): string {
  const parts = (Object.keys(HOW) as Provenance[]).flatMap((how) => {
    const topics = (Object.keys(WHAT) as (keyof ReleaseProvenance)[]).filter((topic) => provenance[topic] === how);
    return topics.length === 0 ? [] : [`${HOW[how]}: ${topics.map((topic) => WHAT[topic]).join(', ')}.`];
  });
  return [`Linux ${linux}.`, ...parts].join(' ');
}
