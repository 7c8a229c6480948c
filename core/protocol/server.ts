/** The machine's half: dispatches commands to handlers and keeps each event to its lane. */
import { LANES, LaneSender } from './lanes.ts';
import { type CommandName, type Commands, type EventName, type Events, PROTOCOL_VERSION } from './messages.ts';
import type { Transport } from './transport.ts';
import { failed, type Result, succeeded, type ToServer } from './wire.ts';

/** One for each command but `hello`, which the server answers itself. */
export type Handlers = {
  readonly [N in Exclude<CommandName, 'hello'>]: (
    payload: Commands[N][0],
  ) => Result<Commands[N][1]> | Promise<Result<Commands[N][1]>>;
};

export interface EventSink {
  emit<N extends EventName>(name: N, payload: Events[N]): void;
  /** Whether an event would be sent at once, neither kept back nor lost. */
  room(name: EventName): boolean;
  /** Whether the client is too far behind with what must not be lost: the producer should wait. */
  readonly congested: boolean;
}

type Senders = { readonly [N in EventName]: LaneSender<N> };

/** Serves `transport` until it is closed. A handler that throws fails its command with code `internal`. */
export function serve(transport: Transport, handlersFor: (events: EventSink) => Handlers): void {
  const sender = <N extends EventName>(name: N): LaneSender<N> =>
    new LaneSender<N>(LANES[name], (payload) => transport.send({ kind: 'event', name, payload }));
  const senders: Senders = {
    console: sender('console'),
    log: sender('log'),
    trace: sender('trace'),
    view: sender('view'),
    fault: sender('fault'),
  };
  const handlers = handlersFor({
    emit: (name, payload) => senders[name].emit(payload),
    room: (name) => senders[name].room,
    get congested() {
      return Object.values(senders).some((lane) => lane.congested);
    },
  });
  transport.listen((message) => {
    const received = message as ToServer;
    if (received.kind === 'ack') {
      senders[received.name].acknowledge();
      return;
    }
    const { id, name } = received;
    answer(handlers, name, received.payload).then((result) => transport.send({ kind: 'response', id, result }));
  });
}

async function answer(handlers: Handlers, name: CommandName, payload: unknown): Promise<Result<unknown>> {
  if (name === 'hello') return greet((payload as Commands['hello'][0]).version);
  if (!Object.hasOwn(handlers, name)) return failed('command', `There is no command ${String(name)}.`);
  const handler = handlers[name] as (payload: unknown) => Result<unknown> | Promise<Result<unknown>>;
  try {
    return await handler(payload);
  } catch (error) {
    return failed('internal', error instanceof Error ? error.message : String(error), 'Reset the machine.');
  }
}

function greet(version: number): Result<Commands['hello'][1]> {
  if (version === PROTOCOL_VERSION) return succeeded({ version: PROTOCOL_VERSION });
  return failed(
    'version',
    `The page speaks version ${version} of the protocol, the machine ${PROTOCOL_VERSION}.`,
    'Reload the page.',
  );
}
