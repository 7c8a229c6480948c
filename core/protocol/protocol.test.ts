import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../config/index.ts';
import type { CallEvent, IoctlEvent } from '../trace/events.ts';
import {
  type Client,
  type CommandName,
  type Commands,
  connect,
  createClient,
  type EventName,
  type EventSink,
  type Events,
  failed,
  type Handlers,
  localTransports,
  type PortLike,
  portTransport,
  serve,
  succeeded,
} from './index.ts';
import { LOSSY_CREDIT, ORDERED_CREDIT } from './lanes.ts';

const call: CallEvent = {
  kind: 'call',
  seq: 0,
  hart: 1,
  time: 12,
  pc: 0x8020_0000n,
  eid: 0x10n,
  fid: 3n,
  args: [1n, 2n, 3n, 4n, 5n, 6n],
  by: 'kvm',
  error: 0n,
  value: 1n,
  cost: 900,
  exited: false,
  kernel: 'BASE is answered by KVM',
};
const ioctl: IoctlEvent = {
  kind: 'ioctl',
  seq: 1,
  time: 13,
  fd: 'vcpu 0',
  name: 'KVM_RUN',
  args: '',
  ret: 0,
  exit: 'RISCV_SBI',
};
const config = { ...defaultConfig(), guest: { kind: 'source', text: 'ecall\n' } } as const;
const report = {
  diagnostics: [],
  symbols: [{ name: '_start', address: 0x8020_0000n }],
  lines: [{ address: 1n, line: 1, length: 4 }],
  bytes: 4,
};
const loaded = { ok: true, assembled: report, entry: 0x8020_0000n, warnings: [] } as const;
const counts = { calls: { BASE: { guest: 0, kvm: 1, vmm: 0, none: 0 } }, traps: { ecall: 1 }, exits: {}, dropped: 0 };
const hart = {
  id: 0,
  pc: 1n,
  privilege: 'S',
  x: [0n, 1n],
  float: { f: [1n << 63n], fcsr: 1 },
  csrs: [{ name: 'stvec', value: 0n }],
  hsm: 'STARTED',
  activity: 'running',
  retired: 1,
  time: 1,
} as const;

const commands: { readonly [N in CommandName]: Commands[N] } = {
  hello: [{ version: 1 }, { version: 1 }],
  load: [{ config, image: Uint8Array.of(1), initrd: Uint8Array.of(2) }, loaded],
  run: [{ until: 'forever' }, null],
  pause: [null, null],
  step: [{ hart: 0 }, null],
  reset: [null, { ok: false, failure: { code: 'image', message: 'no' }, assembled: null }],
  input: [{ bytes: Uint8Array.of(65) }, null],
  assemble: [{ source: 'nop', isa: ['I'] }, report],
  readMemory: [{ hart: 0, address: 0x8000_0000n, length: 4 }, Uint8Array.of(1, 2, 3, 4)],
  survey: [
    { platform: { interface: 'upstream', host: 'linux-7.2', vmm: 'qemu' }, choice: 'most' },
    { starts: false, words: 'it does not start', hint: '' },
  ],
  replay: [
    { host: { name: '7.2', files: { 'a.txt': 'x' } }, script: 'r a', payload: Uint8Array.of(1), run: 'a' },
    { run: 'a', refusal: null, files: [{ file: 'a.txt', rows: [] }] },
  ],
  stopReplay: [null, null],
  probe: [{ config }, { rows: [{ name: 'a', configured: '1', guestSees: '1', agrees: true }], output: 'a=1\n' }],
  exportTrace: [{ format: 'json' }, '{}\n'],
  exportInputLog: [null, '{}\n'],
  saveState: [null, '{}\n'],
  loadState: [{ text: '{}\n' }, { ok: true, config, assembled: report, entry: 0x8020_0000n }],
  setPacing: [{ paced: true }, null],
};
const events: { readonly [N in EventName]: Events[N] } = {
  console: { bytes: Uint8Array.of(72, 105), by: 'kvm' },
  log: { words: 'send_ipi failed' },
  trace: { calls: [call], ioctls: [ioctl], dropped: 0 },
  view: {
    state: 'stopped',
    stop: { code: 'powered-off', words: 'off' },
    time: 5,
    instructions: 4,
    wall: 1.5,
    harts: [hart],
    counts,
  },
  fault: { code: 'internal', message: 'it broke' },
};

const echo: Handlers = Object.fromEntries(
  Object.entries(commands).map(([name, [, response]]) => [name, () => succeeded(response)]),
) as unknown as Handlers;

function pair(handlers: Handlers = echo): { client: Client; sink: EventSink } {
  const [near, far] = localTransports(structuredClone);
  let sink: EventSink | undefined;
  serve(far, (given) => {
    sink = given;
    return handlers;
  });
  return { client: createClient(near), sink: sink! };
}
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('the messages', () => {
  it.each(Object.entries(commands))('%s survives structured clone both ways', async (name, [request, response]) => {
    const seen = vi.fn((_payload: unknown) => succeeded(response));
    const { client } = pair({ ...echo, [name]: seen });
    const method = client[name as CommandName] as (payload: unknown) => Promise<unknown>;
    expect(await method(request)).toEqual({ ok: true, value: response });
    if (name !== 'hello') expect(seen).toHaveBeenCalledWith(request);
  });

  it.each(Object.entries(events))('the event %s survives structured clone', async (name, payload) => {
    const { client, sink } = pair();
    const seen = vi.fn();
    client.on(name as EventName, seen);
    sink.emit(name as EventName, payload);
    await settle();
    expect(seen).toHaveBeenCalledExactlyOnceWith(payload);
  });

  it('travel over real message ports', async () => {
    const { port1, port2 } = new MessageChannel();
    serve(portTransport(port2 as unknown as PortLike), () => echo);
    const connected = await connect(portTransport(port1 as unknown as PortLike));
    expect(connected.ok).toBe(true);
    if (connected.ok) {
      expect(await connected.value.load(commands.load[0])).toEqual({ ok: true, value: loaded });
      connected.value.close();
    }
  });
});

describe('the client', () => {
  it('is refused by a server of another version', async () => {
    const [near, far] = localTransports(structuredClone);
    serve(far, () => echo);
    const client = createClient(near);
    expect(await client.hello({ version: 99 })).toMatchObject({ ok: false, failure: { code: 'version' } });
  });

  it('gets failures as values, those of handlers that throw too', async () => {
    const { client } = pair({
      ...echo,
      pause: () => failed('state', 'nothing runs'),
      run: () => {
        throw new Error('broken');
      },
    });
    expect(await client.pause()).toEqual(failed('state', 'nothing runs'));
    expect(await client.run({ until: 'call' })).toMatchObject({
      ok: false,
      failure: { code: 'internal', message: 'broken' },
    });
  });

  it('fails what waits for an answer when it is closed, and everything after', async () => {
    const { client } = pair({ ...echo, pause: () => new Promise(() => undefined) });
    const waiting = client.pause();
    client.close();
    expect(await waiting).toMatchObject({ ok: false, failure: { code: 'closed' } });
    expect(await client.reset()).toMatchObject({ ok: false, failure: { code: 'closed' } });
  });

  it('hears nothing more after it stopped listening', async () => {
    const { client, sink } = pair();
    const seen = vi.fn();
    const stop = client.on('view', seen);
    stop();
    sink.emit('view', events.view);
    await settle();
    expect(seen).not.toHaveBeenCalled();
  });
});

describe('the lanes', () => {
  it('deliver ordered events all and in order, and report congestion until they are read', async () => {
    const { client, sink } = pair();
    const seen: number[] = [];
    client.on('console', ({ bytes }) => seen.push(bytes[0] ?? -1));
    for (let i = 0; i < ORDERED_CREDIT; i++) sink.emit('console', { bytes: Uint8Array.of(i), by: 'vmm' });
    expect(sink.congested).toBe(true);
    await settle();
    expect(sink.congested).toBe(false);
    expect(seen).toEqual([...Array(ORDERED_CREDIT).keys()]);
  });

  it('deliver the first and the newest view, and none between', async () => {
    const { client, sink } = pair();
    const seen: number[] = [];
    client.on('view', ({ time }) => seen.push(time));
    for (let time = 0; time < 100; time++) sink.emit('view', { ...events.view, time });
    await settle();
    expect(seen).toEqual([0, 99]);
  });

  it('count what they drop of the trace, and deliver the newest batch', async () => {
    const { client, sink } = pair();
    const seen: (readonly [number, number])[] = [];
    client.on('trace', ({ calls, dropped }) => seen.push([calls[0]?.seq ?? -1, dropped]));
    const batches = LOSSY_CREDIT + 3;
    for (let seq = 0; seq < batches; seq++) sink.emit('trace', { ...events.trace, calls: [{ ...call, seq }] });
    await settle();
    expect(seen).toEqual([...Array(LOSSY_CREDIT).keys()].map((seq) => [seq, 0]).concat([[batches - 1, 4]]));
  });
});
