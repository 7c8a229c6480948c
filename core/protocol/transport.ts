/** How messages travel: a port of a worker, or a pair of ends inside one process for tests. */

export interface Transport {
  /** Structured clone of `message`; buffers in `transfer` are moved, not copied. */
  send(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** One listener; messages that came before it was set are kept for it. */
  listen(receive: (message: unknown) => void): void;
  close(): void;
}

/** What Worker, MessagePort and the global scope of a dedicated worker have in common. */
export interface PortLike {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  onmessage: ((event: { readonly data: unknown }) => unknown) | null;
  close?(): void;
  terminate?(): void;
}

export function portTransport(port: PortLike): Transport {
  return {
    send: (message, transfer = []) => port.postMessage(message, [...transfer]),
    listen(receive) {
      port.onmessage = (event) => receive(event.data);
    },
    close() {
      port.onmessage = null;
      if (port.terminate) port.terminate();
      else port.close?.();
    },
  };
}

/** Two connected ends. `clone` stands for structured clone; delivery is in order and never within `send`. */
export function localTransports(clone: <T>(message: T) => T): readonly [Transport, Transport] {
  const ends = [new LocalEnd(clone), new LocalEnd(clone)] as const;
  ends[0].peer = ends[1];
  ends[1].peer = ends[0];
  return ends;
}

class LocalEnd implements Transport {
  peer: LocalEnd | null = null;
  #receive: ((message: unknown) => void) | null = null;
  #waiting: unknown[] = [];
  #closed = false;

  constructor(readonly clone: <T>(message: T) => T) {}

  send(message: unknown): void {
    const copy = this.clone(message);
    const { peer } = this;
    if (peer !== null && !this.#closed) Promise.resolve().then(() => peer.#deliver(copy));
  }

  listen(receive: (message: unknown) => void): void {
    this.#receive = receive;
    for (const message of this.#waiting.splice(0)) receive(message);
  }

  close(): void {
    this.#closed = true;
    this.#receive = null;
  }

  #deliver(message: unknown): void {
    if (this.#closed) return;
    if (this.#receive === null) this.#waiting.push(message);
    else this.#receive(message);
  }
}
