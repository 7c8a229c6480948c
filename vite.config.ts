import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { recordingsPlugin } from './core/cli/replay/plugin.ts';

const WORKER = '/core/worker/entry.ts';
const MODULE = 'virtual:machine-worker';

/**
 * Gives the address of the worker's program as `virtual:machine-worker`. The worker is a chunk of the
 * same build as the page, so that what both need (the SBI tables, the configuration) is loaded once;
 * Vite's own worker bundling would put a second copy into the worker.
 */
function machineWorker(): Plugin {
  let building = false;
  return {
    name: 'machine-worker',
    configResolved: (config) => {
      building = config.command === 'build';
    },
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    load(id) {
      if (id !== `\0${MODULE}`) return null;
      if (!building) return `export const machineWorkerUrl = new URL('${WORKER}', location.origin);`;
      const chunk = this.emitFile({ type: 'chunk', id: `.${WORKER}`, name: 'machine-worker' });
      return `export const machineWorkerUrl = new URL(import.meta.ROLLUP_FILE_URL_${chunk});`;
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [react(), machineWorker(), recordingsPlugin()],
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 4000,
    modulePreload: {
      // Browsers whose workers take modules, which the machine needs, have it themselves.
      polyfill: false,
      // A worker has no document to put hints into.
      resolveDependencies: (_file, chunks, { hostId }) => (/machine-worker/.test(hostId) ? [] : chunks),
    },
  },
});
