/** The page's half: a method for each command, and subscriptions to events. */
import { type CommandName, type Commands, type EventName, type Events, PROTOCOL_VERSION } from './messages.ts';
import type { Transport } from './transport.ts';
import { failed, type Result, type ToClient } from './wire.ts';

type Arguments<P> = [P] extends [null] ? [] : [payload: P];

/** A method for each command. None rejects: what goes wrong is the result. */
export type ClientCommands = {
  readonly [N in CommandName]: (...payload: Arguments<Commands[N][0]>) => Promise<Result<Commands[N][1]>>;
};

export interface Client extends ClientCommands {
  /** Calls `listener` for each event of that name, in order; gives the function that ends it. */
  on<N extends EventName>(name: N, listener: (payload: Events[N]) => void): () => void;
  /** Ends the connection; commands without an answer fail with code `closed`. */
  close(): void;
}

/** What is said of each command, so that the client's methods can be made from the table. */
const COMMANDS: { readonly [N in CommandName]: true } = {
  hello: true,
  load: true,
  run: true,
  pause: true,
  step: true,
  reset: true,
  input: true,
  assemble: true,
  readMemory: true,
  probe: true,
  survey: true,
  replay: true,
  stopReplay: true,
  exportTrace: true,
  exportInputLog: true,
  saveState: true,
  loadState: true,
  setPacing: true,
};

type Listeners = { [N in EventName]: Set<(payload: Events[N]) => void> };

/** A client over `transport`, which it alone listens to from now on. */
export function createClient(transport: Transport): Client {
  const waiting = new Map<number, (result: Result<unknown>) => void>();
  const listeners: Listeners = {
    console: new Set(),
    log: new Set(),
    trace: new Set(),
    view: new Set(),
    fault: new Set(),
  };
  let nextId = 0;
  let closed = false;

  const dispatch = <N extends EventName>(name: N, payload: Events[N]): void => {
    for (const listener of [...listeners[name]]) listener(payload);
  };
  transport.listen((message) => {
    const received = message as ToClient;
    if (received.kind === 'response') {
      waiting.get(received.id)?.(received.result);
      waiting.delete(received.id);
      return;
    }
    // Acknowledged even when a listener throws, else the lane would stop for good.
    try {
      dispatch(received.name, received.payload as Events[typeof received.name]);
    } finally {
      transport.send({ kind: 'ack', name: received.name });
    }
  });

  const request = (name: string, payload: unknown): Promise<Result<unknown>> => {
    if (closed) return Promise.resolve(failed('closed', 'The connection to the machine is closed.'));
    const id = nextId++;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      transport.send({ kind: 'request', id, name, payload });
    });
  };
  const methods = Object.fromEntries(
    Object.keys(COMMANDS).map((name) => [name, (payload: unknown = null) => request(name, payload)]),
  ) as unknown as ClientCommands;

  return {
    ...methods,
    on(name, listener) {
      listeners[name].add(listener);
      return () => {
        listeners[name].delete(listener);
      };
    },
    close() {
      closed = true;
      transport.close();
      for (const resolve of waiting.values()) resolve(failed('closed', 'The connection to the machine was closed.'));
      waiting.clear();
    },
  };
}

/** A client whose server speaks this version of the protocol, or code `version` when it does not. */
export async function connect(transport: Transport): Promise<Result<Client>> {
  const client = createClient(transport);
  const hello = await client.hello({ version: PROTOCOL_VERSION });
  if (!hello.ok) {
    client.close();
    return hello;
  }
  return { ok: true, value: client };
}
