/** The only place that starts the machine's thread. */
import { machineWorkerUrl } from 'virtual:machine-worker';
import { type Client, createClient } from '../../core/protocol/client.ts';
import { type PortLike, portTransport } from '../../core/protocol/transport.ts';

/** `onCrash` is told when the thread itself cannot go on, in words. */
export function spawnMachine(onCrash: (words: string) => void): Client {
  const worker = new Worker(machineWorkerUrl, { type: 'module', name: 'machine' });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    onCrash(event.message === '' || event.message === undefined ? 'its program could not be loaded' : event.message);
  });
  worker.addEventListener('messageerror', () => onCrash('a message could not be read'));
  return createClient(portTransport(worker as PortLike));
}
