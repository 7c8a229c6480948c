/**
 * A plugin of Vite: the recordings as modules, so that a page loads them when it wants to show them, each host apart.
 * `virtual:recordings` lists the hosts; what it gives is declared beside the panel that imports it.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { Recordings } from '../../replay/recordings.ts';
import { openOracle } from './recordings.ts';

const MODULE = 'virtual:recordings';
const HOST = `${MODULE}/host/`;
const SHARED = `${MODULE}/shared`;

const testdata = fileURLToPath(new URL('../../kvm/testdata/', import.meta.url));
const RECORDED = join(testdata, 'recorded');
const PAYLOAD = join(testdata, 'payload/guest.bin');

export function recordingsPlugin(): Plugin {
  return {
    name: 'recordings',
    resolveId: (id) => (id === MODULE || id.startsWith(HOST) || id === SHARED ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${MODULE}`)) return null;
      const asked = id.slice(1);
      if (asked === SHARED) return sharedModule();
      const { hosts } = openOracle(RECORDED);
      if (asked === MODULE) return listModule(hosts);
      const host = hosts.find(({ name }) => asked === `${HOST}${name}`);
      if (host === undefined) throw new Error(`there is no folder ${asked.slice(HOST.length)} in ${dirname(RECORDED)}`);
      return hostModule(host);
    },
  };
}

function listModule(hosts: readonly Recordings[]): string {
  const entries = hosts.map(({ name }) => {
    return `{ name: ${JSON.stringify(name)}, load: () => import(${JSON.stringify(`${HOST}${name}`)}) }`;
  });
  return `export const hosts = [${entries.join(', ')}];\nexport const shared = () => import(${JSON.stringify(SHARED)});`;
}

/** A text is read faster from JSON than from source. */
function hostModule(host: Recordings): string {
  const files = Object.fromEntries(host.files.map((file) => [file, host.text(file)]));
  return `export const files = JSON.parse(${JSON.stringify(JSON.stringify(files))});`;
}

function sharedModule(): string {
  const script = readFileSync(join(RECORDED, 'runs.sh'), 'utf8');
  const payload = readFileSync(PAYLOAD).toString('base64');
  return `export const script = ${JSON.stringify(script)};\nexport const payload = ${JSON.stringify(payload)};`;
}
