/** The worker: the machine's server on the worker's own port, with the clock and timers of a browser. */
import { type PortLike, portTransport, serve } from '../protocol/index.ts';
import { machineHandlers } from './server.ts';
import type { HostTime } from './session.ts';

declare const self: DedicatedWorkerGlobalScope;

/** A message to oneself comes back after those that wait, without the 4 ms that nested timers are held back. */
const turn = new MessageChannel();
const deferred: (() => void)[] = [];
turn.port1.onmessage = () => deferred.shift()?.();

const time: HostTime = {
  now: () => performance.now(),
  defer: (callback) => {
    deferred.push(callback);
    turn.port2.postMessage(null);
  },
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

serve(portTransport(self as unknown as PortLike), (events) => {
  self.addEventListener('error', ({ message }) => events.emit('fault', { code: 'internal', message }));
  return machineHandlers(events, time);
});
