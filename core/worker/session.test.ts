import { afterEach, describe, expect, it } from 'vitest';
import { type Config, defaultConfig, withExample } from '../config/index.ts';
import {
  type Client,
  createClient,
  type Events,
  localTransports,
  type MachineView,
  type Result,
  serve,
} from '../protocol/index.ts';
import { fromJsonLines } from '../trace/format.ts';
import { TRACE_FORMATS, toTraceText } from '../trace/formats.ts';
import { machineHandlers } from './server.ts';
import type { HostTime } from './session.ts';

/** Timers of the host, but a clock that only the test moves: each look at it costs a little, so that slices end. */
class TestTime implements HostTime {
  ms = 0;
  perLook = 0.5;
  /** What was waited for: each wait is over at once, and the clock then shows its end. */
  readonly waits: number[] = [];

  now(): number {
    this.ms += this.perLook;
    return this.ms;
  }

  defer(callback: () => void): void {
    setImmediate(callback);
  }

  after(ms: number, callback: () => void): () => void {
    const timer = setImmediate(() => {
      this.waits.push(ms);
      this.ms += ms;
      callback();
    });
    return () => clearImmediate(timer);
  }
}

class Page {
  readonly time = new TestTime();
  readonly client: Client;
  readonly views: MachineView[] = [];
  readonly traces: Events['trace'][] = [];
  console = '';

  constructor() {
    const [near, far] = localTransports(structuredClone);
    serve(far, (events) => machineHandlers(events, this.time));
    this.client = createClient(near);
    this.client.on('view', (view) => this.views.push(view));
    this.client.on('trace', (trace) => this.traces.push(trace));
    this.client.on('console', ({ bytes }) => {
      this.console += new TextDecoder().decode(bytes);
    });
  }

  get last(): MachineView {
    return this.views.at(-1)!;
  }

  async until(holds: (view: MachineView) => boolean): Promise<MachineView> {
    while (this.views.length === 0 || !holds(this.last)) await new Promise((resolve) => setImmediate(resolve));
    return this.last;
  }

  stopped(): Promise<MachineView> {
    return this.until((view) => view.state === 'stopped' || view.state === 'paused');
  }

  async load(config: Config): Promise<void> {
    expect(value(await this.client.load({ config }))).toMatchObject({ ok: true });
  }

  async run(config: Config): Promise<MachineView> {
    await this.load(config);
    value(await this.client.run({ until: 'forever' }));
    return this.stopped();
  }
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const example = (id: string): Config => withExample(defaultConfig(), id)!.config;
const source = (text: string): Config => ({ ...defaultConfig(), guest: { kind: 'source', text } });
const ENDLESS = '_start: addi t0, t0, 1\n j _start\n';
const POWER_OFF = ' li a7, 0x53525354\n li a6, 0\n li a0, 0\n li a1, 0\n ecall\n';
/** Prints a mark, then looks for a key every 2 s until there is one, and powers off. */
const POLLED = `_start: li a7, 1
 li a0, '>'
 ecall
 li t0, 1 << 5
 csrs sie, t0
poll: rdtime t0
 li t1, 20000000
 add t0, t0, t1
 csrw stimecmp, t0
 wfi
 li a7, 2
 ecall
 bltz a0, poll
${POWER_OFF}`;
const ECHO_ONE = `_start: li a7, 2
1: ecall
 bltz a0, 1b
 li a7, 1
 ecall
${POWER_OFF}`;

let page: Page;
afterEach(() => page.client.close());

describe('a session', () => {
  it('ends with every event that the ring still has, in order, and says how many left it before', async () => {
    page = new Page();
    const calls = 130_000;
    const view = await page.run(
      source(
        `_start: li s0, ${calls}\n li a7, 0x10\n li a6, 0\n1: ecall\n addi s0, s0, -1\n bnez s0, 1b\n${POWER_OFF}`,
      ),
    );
    expect(view.counts.calls.BASE?.kvm).toBe(calls);
    const seen = () =>
      page.traces.reduce((sum, { calls, ioctls, dropped }) => sum + calls.length + ioctls.length + dropped, 0);
    while (page.traces.at(-1)?.calls.at(-1)?.fid !== 0n || seen() < calls + 1)
      await new Promise((done) => setImmediate(done));
    const events = page.traces.flatMap((trace) => trace.calls);
    expect(seen()).toBeGreaterThanOrEqual(calls + 1);
    expect(events.length).toBeGreaterThanOrEqual(99_000);
    const sequence = events.map((call) => call.seq);
    expect(sequence).toEqual([...sequence].sort((a, b) => a - b));
  });

  it('runs a guest to its end: console, trace, counts and the reason in words', async () => {
    page = new Page();
    const view = await page.run(example('hello'));
    expect(view).toMatchObject({ state: 'stopped', stop: { code: 'powered-off' } });
    expect(page.console).toBe('Hello from VS-mode!\n');
    const calls = page.traces.flatMap((trace) => trace.calls);
    expect(calls.map((call) => call.by)).toEqual(['vmm', 'kvm']);
    expect(view.counts.calls).toMatchObject({ DBCN: { vmm: 1 }, SRST: { kvm: 1 } });
    expect(view.harts[0]).toMatchObject({ id: 0, privilege: 'S' });
  });

  it('stops an endless loop when it is told to pause, goes on, and can be reset', async () => {
    page = new Page();
    await page.load(source(ENDLESS));
    value(await page.client.run({ until: 'forever' }));
    await page.until((view) => view.instructions > 0);
    value(await page.client.pause());
    const paused = await page.until((view) => view.state === 'paused');
    expect(paused.stop).toEqual({ code: 'paused', words: 'paused' });
    value(await page.client.run({ until: 'forever' }));
    await page.until((view) => view.instructions > paused.instructions);
    expect(value(await page.client.reset())).toMatchObject({ ok: true });
    expect(await page.until((view) => view.state === 'ready')).toMatchObject({ instructions: 0 });
  });

  it('steps one instruction at a time', async () => {
    page = new Page();
    await page.load(source(ENDLESS));
    const before = (await page.until((view) => view.state === 'ready')).harts[0]!;
    value(await page.client.step({ hart: 0 }));
    const after = (await page.until((view) => view.state === 'paused')).harts[0]!;
    expect(after.retired).toBe(before.retired + 1);
    expect(after.x[5]).toBe(1n);
    expect(page.last.stop?.code).toBe('stepped');
  });

  it('steps over an ecall that exits to the VMM and no further', async () => {
    page = new Page();
    await page.load(source('_start: li a7, 1\n li a0, 65\n ecall\n li t0, 7\n1: j 1b\n'));
    for (let step = 0; step < 3; step++) value(await page.client.step({ hart: 0 }));
    await page.until((view) => view.harts[0]?.pc === 0x8020_000an);
    expect(page.console).toBe('A');
    expect(page.last.harts[0]?.x[5]).toBe(0n);
  });

  it('runs to the next SBI call and to the next exit', async () => {
    page = new Page();
    await page.load(source(`_start: li a7, 0x10\n li a6, 0\n ecall\n li a7, 1\n li a0, 66\n ecall\n${POWER_OFF}`));
    value(await page.client.run({ until: 'call' }));
    const call = await page.until((view) => view.stop?.code === 'reached-call');
    expect(call.stop?.words).toContain('BASE get_spec_version');
    value(await page.client.run({ until: 'exit' }));
    const exit = await page.until((view) => view.stop?.code === 'reached-exit');
    expect(exit.stop?.words).toContain('KVM_EXIT_RISCV_SBI');
    expect(page.console).toBe('B');
  });

  it('takes input while it runs, and an exported log of it replays', async () => {
    page = new Page();
    await page.load(source(ECHO_ONE));
    value(await page.client.run({ until: 'forever' }));
    await page.until((view) => view.instructions > 1000);
    value(await page.client.input({ bytes: Uint8Array.of(81) }));
    expect((await page.stopped()).stop?.code).toBe('powered-off');
    expect(page.console).toBe('Q');
    expect(value(await page.client.exportInputLog())).toMatch(
      /^\{"format":"ecall-input","version":1\}\n\{"time":\d+,"bytes":"51"\}\n$/,
    );
  });

  it('reads guest memory, and less where there is none', async () => {
    page = new Page();
    await page.load(source(ENDLESS));
    const read = async (address: bigint, length: number) =>
      value(await page.client.readMemory({ hart: 0, address, length }));
    expect([...(await read(0x8020_0000n, 2))]).toEqual([0x85, 0x02]);
    expect(await read(0x8000_0000n + (64n << 20n) - 3n, 16)).toHaveLength(3);
    expect(await read(0n, 16)).toHaveLength(0);
  });

  it('paces idle time by the wall clock when asked, and skips it otherwise', async () => {
    for (const paced of [false, true]) {
      page = new Page();
      value(await page.client.setPacing({ paced }));
      await page.run(example('suspend'));
      const waited = page.time.waits.reduce((sum, ms) => sum + ms, 0);
      if (paced) expect(waited).toBeGreaterThan(4_900);
      else expect(waited).toBe(0);
      page.client.close();
    }
  });

  it('wakes from a paced sleep when a key is pressed', async () => {
    page = new Page();
    value(await page.client.setPacing({ paced: true }));
    page.time.after = () => () => undefined;
    await page.load(example('suspend'));
    value(await page.client.run({ until: 'forever' }));
    await page.until(() => page.console.includes('sleep'));
    value(await page.client.input({ bytes: Uint8Array.of(32) }));
    const view = await page.stopped();
    expect(view.stop?.code).toBe('powered-off');
    expect(view.time).toBeLessThan(5_000_000_000);
  });

  it('jumps to where a guest that polls its console looks for the key that was pressed', async () => {
    page = new Page();
    value(await page.client.setPacing({ paced: true }));
    page.time.after = () => () => undefined;
    await page.load(source(POLLED));
    value(await page.client.run({ until: 'forever' }));
    await page.until(() => page.console.includes('>'));
    value(await page.client.input({ bytes: Uint8Array.of(32) }));
    const view = await page.stopped();
    expect(view.stop?.code).toBe('powered-off');
    expect(view.time).toBeLessThan(4_100_000_000);
  });

  it('does not jump on and on for input that the guest never reads', async () => {
    page = new Page();
    value(await page.client.setPacing({ paced: true }));
    await page.load(source(POLLED.replace(' li a7, 2\n ecall\n bltz a0, poll', ' j poll')));
    value(await page.client.run({ until: 'forever' }));
    await page.until(() => page.console.includes('>'));
    value(await page.client.input({ bytes: Uint8Array.of(32) }));
    await page.until((view) => view.time > 20_000_000_000);
    const waited = page.time.waits.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThan(15_000);
  });

  it('says when every hart waits for what cannot come', async () => {
    page = new Page();
    const view = await page.run(source('_start: wfi\n j _start\n'));
    expect(view).toMatchObject({ state: 'stopped', stop: { code: 'idle-forever' } });
  });
});

describe('a state file', () => {
  it('goes on in another session with console, counts and program as if it had not been left', async () => {
    page = new Page();
    const whole = await page.run(example('timer'));
    const printed = page.console;
    page.client.close();
    page = new Page();
    await page.load(example('timer'));
    value(await page.client.run({ until: 'call' }));
    await page.stopped();
    const text = value(await page.client.saveState());
    const before = page.console;
    page.client.close();
    page = new Page();
    const report = value(await page.client.loadState({ text }));
    expect(report).toMatchObject({ ok: true, config: example('timer'), entry: 0x8020_0000n });
    expect(page.last).toMatchObject({ state: 'paused', stop: null });
    value(await page.client.run({ until: 'forever' }));
    const view = await page.until(({ state }) => state === 'stopped');
    expect(before + page.console).toBe(printed);
    expect(view).toMatchObject({ time: whole.time, instructions: whole.instructions, harts: whole.harts });
    expect(view.counts.calls).toEqual(whole.counts.calls);
    expect(page.traces.every(({ dropped }) => dropped === 0)).toBe(true);
    expect(value(await page.client.reset())).toMatchObject({ ok: true });
  });

  it('that is refused leaves the machine that there is', async () => {
    page = new Page();
    await page.load(source(ENDLESS));
    value(await page.client.step({ hart: 0 }));
    const text = value(await page.client.saveState());
    const newer = text.replace(/"version":\d+/, '"version":777');
    for (const bad of ['', newer, text.slice(0, -50), text.replace('"harts":1', '"harts":2')]) {
      const report = value(await page.client.loadState({ text: bad }));
      expect(report).toMatchObject({ ok: false, failure: { code: 'snapshot' } });
    }
    value(await page.client.step({ hart: 0 }));
    expect((await page.until((view) => view.instructions === 2)).harts[0]?.x[5]).toBe(1n);
  });

  it('of a running machine is taken between two slices, and of none there is none', async () => {
    page = new Page();
    expect(await page.client.saveState()).toMatchObject({ ok: false, failure: { code: 'empty' } });
    await page.load(source(ENDLESS));
    value(await page.client.run({ until: 'forever' }));
    await page.until((view) => view.instructions > 1000);
    const text = value(await page.client.saveState());
    expect(page.last.state).toBe('running');
    expect(value(await page.client.loadState({ text }))).toMatchObject({ ok: true });
    expect(page.last.state).toBe('paused');
    expect(page.last.instructions).toBeGreaterThan(1000);
  });
});

describe('what cannot be done is a value', () => {
  it('before a machine is loaded', async () => {
    page = new Page();
    expect(await page.client.run({ until: 'forever' })).toMatchObject({ ok: false, failure: { code: 'empty' } });
    expect(await page.client.reset()).toMatchObject({ ok: false, failure: { code: 'empty' } });
    expect(await page.client.exportTrace({ format: 'json' })).toMatchObject({ ok: false });
  });

  it('after the machine has ended', async () => {
    page = new Page();
    await page.run(example('hello'));
    expect(await page.client.run({ until: 'forever' })).toMatchObject({ ok: false, failure: { code: 'state' } });
    expect(await page.client.step({ hart: 0 })).toMatchObject({ ok: false, failure: { code: 'state' } });
  });

  it('for a configuration that is not valid, with the field', async () => {
    page = new Page();
    const report = value(await page.client.load({ config: { ...defaultConfig(), harts: 99 } }));
    expect(report).toMatchObject({ ok: false, failure: { code: 'config', field: 'harts' } });
  });

  it('for source that does not assemble, with its diagnostics', async () => {
    page = new Page();
    const report = value(await page.client.load({ config: source('_start: nonsense\n') }));
    expect(report).toMatchObject({ ok: false, assembled: { diagnostics: [{ line: 1, severity: 'error' }] } });
    expect(page.last.state).toBe('empty');
  });

  it('for an image that is missing or bad', async () => {
    page = new Page();
    const config: Config = { ...defaultConfig(), guest: { kind: 'image', name: 'Image' } };
    expect(value(await page.client.load({ config }))).toMatchObject({ ok: false, failure: { code: 'image' } });
    const image = Uint8Array.of(0x1f, 0x8b, 8, 0);
    expect(value(await page.client.load({ config, image }))).toMatchObject({ ok: false, failure: { code: 'image' } });
  });
});

describe('the other commands', () => {
  it('assemble source with the extensions that are on', async () => {
    page = new Page();
    const small = value(await page.client.assemble({ source: 'addi a0, a0, 1\n', isa: ['C'] }));
    expect(small).toMatchObject({ bytes: 2, diagnostics: [], lines: [{ address: 0x8020_0000n, line: 1, length: 2 }] });
    expect(value(await page.client.assemble({ source: 'addi a0, a0, 1\n', isa: [] })).bytes).toBe(4);
  });

  it('probe a configuration without touching the machine', async () => {
    page = new Page();
    const config: Config = { ...defaultConfig(), mvendorid: 0x489n, sbi: { ...defaultConfig().sbi, TIME: 'off' } };
    const { rows } = value(await page.client.probe({ config }));
    expect(rows.filter((row) => !row.agrees)).toEqual([]);
    expect(rows.find((row) => row.name === 'mvendorid')?.guestSees).toBe('0x489');
    expect(rows.find((row) => row.name === 'TIME')).toMatchObject({ configured: 'off', guestSees: '0x0' });
  });

  it('survey a combination without touching the machine, and refuse one that there is not', async () => {
    page = new Page();
    await page.run(example('hello'));
    const before = page.last;
    const platform = { interface: 'upstream', host: 'linux-7.2-nov01', vmm: 'crosvm' } as const;
    const found = value(await page.client.survey({ platform, choice: 'default' }));
    expect(found).toMatchObject({ starts: true, version: '3.0', findings: { DBCN: { kind: 'absent' } } });
    const old = { interface: 'userspace', host: 'linux-5.17', vmm: 'ecall' } as const;
    expect(value(await page.client.survey({ platform: old, choice: 'most' }))).toMatchObject({ version: '3.0' });
    expect(page.last).toBe(before);
    const refused = await page.client.survey({ platform: { ...platform, host: 'linux-1.0' }, choice: 'default' });
    expect(refused).toMatchObject({ ok: false, failure: { code: 'config', field: 'host' } });
  });

  it('export the trace that the run made, in every format', async () => {
    page = new Page();
    await page.run(example('hello'));
    const lines = value(await page.client.exportTrace({ format: 'json' }))
      .trim()
      .split('\n');
    expect(lines.filter((line) => line.includes('"kind":"call"'))).toHaveLength(2);
    const events = fromJsonLines(`${lines.join('\n')}\n`);
    for (const format of TRACE_FORMATS) {
      expect(value(await page.client.exportTrace({ format })), format).toBe(toTraceText(format, events));
    }
  });
});
