import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../config/index.ts';
import { type Client, createClient, localTransports, type MachineView, type Result, serve } from '../protocol/index.ts';
import { countsOf, differencesOf } from '../replay/report.ts';
import { machineHandlers } from './server.ts';
import type { HostTime } from './session.ts';

/** A clock that each look moves on, so that slices end whatever the speed of the machine. */
function testTime(): HostTime {
  let ms = 0;
  const now = (): number => {
    ms += 0.5;
    return ms;
  };
  const defer = (callback: () => void): void => void setImmediate(callback);
  const after = (_: number, callback: () => void) => {
    const timer = setImmediate(callback);
    return () => clearImmediate(timer);
  };
  return { now, defer, after };
}

function page(): { readonly client: Client; readonly views: readonly MachineView[] } {
  const [near, far] = localTransports(structuredClone);
  serve(far, (events) => machineHandlers(events, testTime()));
  const client = createClient(near);
  const views: MachineView[] = [];
  client.on('view', (view) => views.push(view));
  return { client, views };
}

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const folder = new URL('../kvm/testdata/', import.meta.url);
const text = (file: string): string => readFileSync(new URL(`recorded/${file}`, folder), 'utf8');
const NAME = '7.2.13-plain';

function recorded(run: string) {
  const files = ['host-dmesg.txt', 'reglist.txt', 'caps.txt', 'default.txt', `${run}.txt`, `${run}.ioctl.log`];
  const host = { name: NAME, files: Object.fromEntries(files.map((file) => [file, text(`${NAME}/${file}`)])) };
  return {
    host,
    script: text('runs.sh'),
    payload: new Uint8Array(readFileSync(new URL('payload/guest.bin', folder))),
    run,
  };
}

describe('a replay in the worker', () => {
  it('does what a real kernel did, beside a machine that runs on meanwhile', async () => {
    const { client, views } = page();
    const guest = { kind: 'source', text: '_start: j _start' } as const;
    // Slow harts have short turns, so that the replay has its own soon.
    const config = { ...defaultConfig(), guest, costs: { ...defaultConfig().costs, instructionsPerTick: 1 } };
    expect(value(await client.load({ config }))).toMatchObject({ ok: true });
    value(await client.run({ until: 'forever' }));
    const before = views.at(-1)?.instructions ?? 0;
    const report = value(await client.replay(recorded('default')));
    expect(differencesOf(report).filter(({ reason }) => reason === null)).toEqual([]);
    expect(countsOf([report]).equal).toBeGreaterThan(100);
    expect(report.files.map(({ file }) => file)).toEqual(['default.txt', 'default.ioctl.log']);
    expect(views.at(-1)).toMatchObject({ state: 'running' });
    expect(views.at(-1)?.instructions).toBeGreaterThan(before);
    value(await client.pause());
  });

  it('is stopped by a message, and by another replay', async () => {
    const { client } = page();
    const first = client.replay(recorded('multi'));
    const second = client.replay(recorded('multi'));
    expect(await first).toMatchObject({ ok: false, failure: { code: 'stopped' } });
    value(await client.stopReplay());
    expect(await second).toMatchObject({ ok: false, failure: { code: 'stopped' } });
    expect(countsOf([value(await client.replay(recorded('default')))])).toMatchObject({ different: 0 });
  });

  it('says why a recording cannot be replayed', async () => {
    const { client } = page();
    const right = recorded('default');
    const refusal = async (wrong: object) => value(await client.replay({ ...right, ...wrong })).refusal;
    expect(await refusal({ script: '' })).toContain('runs.sh does not say');
    expect(await refusal({ script: 'r default --unheard-of' })).toContain('no option --unheard-of');
    expect(await refusal({ host: { name: 'nameless', files: {} } })).toContain('which Linux');
    const failure = { message: 'line 1: a loop without done' };
    expect(await client.replay({ ...right, script: 'for e in a; do r $e' })).toMatchObject({ failure });
  });
});
