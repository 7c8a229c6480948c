import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultConfig } from '../../core/config/index.ts';
import { PROGRAMS } from '../../core/guests/programs/index.ts';
import { draftOf, draftOfState, typed, withMode, withSource, withSystem } from '../state/draft.ts';
import { stateWords } from '../state/machine.ts';
import { Rings } from '../state/rings.ts';
import { createPageStore } from '../state/store.ts';
import { callEvent, emptyView, fakeMachine } from '../testing/fake-machine.ts';
import { type ProgramSource, programSource } from './programs.ts';
import { createSession } from './session.ts';
import { type Fetch, systemSource } from './systems.ts';

const nothing: Fetch = () => Promise.resolve(new Response('', { status: 404 }));

const programs = () => programSource(() => Promise.resolve({ PROGRAMS }));

function page(fetchFrom: Fetch = nothing, from: ProgramSource = programs()) {
  const machines = [fakeMachine(), fakeMachine()];
  const crashes: ((words: string) => void)[] = [];
  const store = createPageStore(draftOf(defaultConfig()));
  const rings = new Rings();
  const session = createSession({
    store,
    rings,
    systems: systemSource(fetchFrom),
    programs: from,
    spawn: (onCrash) => {
      crashes.push(onCrash);
      return machines[crashes.length - 1]!.client;
    },
  });
  return { store, rings, session, machine: machines[0]!, second: machines[1]!, crash: crashes[0]! };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('session', () => {
  it('builds the machine before it runs it', async () => {
    const { session, machine } = page();
    await session.run('forever');
    expect(machine.asked).toEqual(['load', 'run forever']);
  });

  it('goes on with a paused machine without building it again', async () => {
    const { session, machine } = page();
    await session.run('call');
    machine.emit('view', { ...emptyView, state: 'paused' });
    await session.run('forever');
    expect(machine.asked).toEqual(['load', 'run call', 'run forever']);
  });

  it('keeps what the VMM says until the next machine is built', async () => {
    const { session, machine, rings } = page();
    machine.emit('log', { words: 'a call could not be carried out' });
    expect(rings.log.at(0)).toBe('a call could not be carried out');
    await session.run('forever');
    expect(rings.log.size).toBe(0);
  });

  it('builds a paused machine again when the configuration changed', async () => {
    const { session, machine, store } = page();
    await session.step();
    machine.emit('view', { ...emptyView, state: 'paused' });
    store.setState(({ draft }) => ({ draft: withMode(draft, 'DBCN', 'off') }));
    await session.step();
    expect(machine.asked).toEqual(['load', 'step 0', 'load', 'step 0']);
    expect(machine.config?.sbi.DBCN).toBe('off');
  });

  it('builds a stopped machine again', async () => {
    const { session, machine } = page();
    await session.run('forever');
    machine.emit('view', { ...emptyView, state: 'stopped' });
    await session.run('forever');
    expect(machine.asked).toEqual(['load', 'run forever', 'load', 'run forever']);
  });

  it('does not run a configuration with a field that cannot be used', async () => {
    const { session, machine, store } = page();
    store.setState(({ draft }) => ({ draft: typed(draft, 'harts', 'many') }));
    await session.run('forever');
    expect(machine.asked).toEqual([]);
    expect(store.getState().ui.messages.map(({ id }) => id)).toEqual(['load']);
  });

  it('tells why a load was refused, with the field, and keeps the diagnostics', async () => {
    const { session, machine, store } = page();
    const diagnostic = { line: 3, column: 5, length: 2, severity: 'error' as const, message: 'no such instruction' };
    machine.answerLoad({
      ok: false,
      failure: { code: 'assembly', field: 'guest', message: 'The program has an error.' },
      assembled: { diagnostics: [diagnostic], symbols: [], lines: [], bytes: 0 },
    });
    await session.run('forever');
    expect(machine.asked).toEqual(['load']);
    expect(stateWords(store.getState().machine)).toEqual({ state: 'not built', reason: 'The program has an error.' });
    expect(store.getState().assembly.diagnostics).toEqual([diagnostic]);
    expect(store.getState().ui.messages[0]?.text).toContain('guest');
  });

  it('changes the store at most once for a burst of events', async () => {
    const { machine, store, rings } = page();
    let changes = 0;
    store.subscribe(() => {
      changes += 1;
    });
    for (let seq = 0; seq < 500; seq++) machine.emit('trace', { calls: [callEvent(seq)], ioctls: [], dropped: 1 });
    expect([changes, rings.calls.end]).toEqual([0, 500]);
    await vi.advanceTimersByTimeAsync(100);
    expect(changes).toBe(1);
    expect(store.getState().trace).toMatchObject({ calls: 500, dropped: 500, version: 1 });
  });

  it('forgets the events of the run before', async () => {
    const { session, machine, rings, store } = page();
    await session.run('forever');
    machine.emit('trace', { calls: [callEvent(1)], ioctls: [], dropped: 2 });
    machine.emit('view', { ...emptyView, state: 'stopped' });
    await session.run('forever');
    expect([rings.calls.end, store.getState().trace.calls, store.getState().trace.dropped]).toEqual([0, 0, 0]);
  });

  it('goes on with a machine from a file, whose configuration and program take the place of the draft', async () => {
    const { session, machine, store } = page();
    const config = { ...defaultConfig(), harts: 3, guest: { kind: 'image', name: 'vmlinux' } as const };
    machine.answerState({ ok: true, config, assembled: null, entry: 0x80200000n });
    const take = () => {
      store.setState({ draft: draftOfState(config) });
      return store.getState().draft;
    };
    await session.loadState('a.json', '{}', take);
    machine.emit('view', { ...emptyView, state: 'paused' });
    expect(store.getState().ui.messages[0]?.text).toBe('a.json was loaded: Continue goes on where it was saved.');
    await session.run('forever');
    expect(machine.asked.filter((name) => name !== 'setPacing true')).toEqual(['loadState', 'run forever']);
    await session.reset();
    expect(store.getState().ui.messages.at(-1)?.text).toContain('vmlinux is not here');
  });

  it('stays as it was when the file of a state is refused', async () => {
    const { session, machine, store } = page();
    await session.step();
    machine.emit('view', { ...emptyView, state: 'paused' });
    const { draft } = store.getState();
    await session.loadState('b.json', '{}', () => draftOfState({ ...defaultConfig(), harts: 3 }));
    expect(store.getState().draft).toBe(draft);
    expect(store.getState().ui.messages[0]?.text).toBe('b.json: version: is 9');
    await session.step();
    expect(machine.asked).toEqual(['load', 'step 0', 'loadState', 'step 0']);
  });

  it('asks to pause only a guest that runs', async () => {
    const { session, machine } = page();
    await session.pause();
    machine.emit('view', { ...emptyView, state: 'running' });
    await session.pause();
    expect(machine.asked).toEqual(['pause']);
  });

  it('offers a restart after a crash and then works with a new machine', async () => {
    const { session, machine, second, store, crash } = page();
    crash('out of memory');
    expect(stateWords(store.getState().machine)).toEqual({
      state: 'failed',
      reason: 'The machine has failed: out of memory.',
    });
    expect(store.getState().ui.messages[0]?.action).toBe('restart');
    await session.run('forever');
    expect(machine.asked).toEqual([]);
    session.restart();
    expect(machine.closed).toBe(true);
    await session.run('forever');
    expect(second.asked).toEqual(['load', 'run forever']);
    expect(store.getState().ui.messages).toEqual([]);
  });

  it('assembles once after typing has paused and drops an answer about an older text', async () => {
    const { session, machine, store } = page();
    session.assembleSoon();
    session.assembleSoon();
    await vi.advanceTimersByTimeAsync(1000);
    expect(machine.asked).toEqual(['assemble']);
    expect(store.getState().assembly.of).toBe(store.getState().draft.source);
  });

  it('keeps the line map of a load for the notes beside the program', async () => {
    const { session, machine, store } = page();
    const lines = [{ address: 0x80200000n, line: 4, length: 4 }];
    const assembled = { diagnostics: [], symbols: [], lines, bytes: 4 };
    machine.answerLoad({ ok: true, assembled, entry: 0x80200000n, warnings: [] });
    await session.reset();
    expect(machine.asked).toEqual(['load']);
    expect(store.getState().machine.loaded?.lines).toEqual(lines);
  });
});

describe('a system guest', () => {
  // The checksums are those of sha256sum.
  const file = (role: string, name: string, size: number, sha256: string) => ({
    role,
    name,
    size,
    sha256,
    origins: [],
  });
  const manifest = {
    version: 1,
    guest: 'linux',
    files: [
      file('kernel', 'Image', 3, '039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81'),
      file('initrd', 'initramfs.cpio', 2, '2fa1b377bf67309f65e5e7bc9d924345ca648dec4e601a398a9cb497dcba3765'),
    ],
  };
  const served: Readonly<Record<string, BodyInit>> = {
    'guests/linux/manifest.json': JSON.stringify(manifest),
    'guests/linux/Image': new Uint8Array([1, 2, 3]),
    'guests/linux/initramfs.cpio': new Uint8Array([4, 5]),
  };
  const server = (files: Readonly<Record<string, BodyInit>>): Fetch => {
    return (address) => {
      const body = files[address];
      return Promise.resolve(body === undefined ? new Response('', { status: 404 }) : new Response(body));
    };
  };
  const open = (files: Readonly<Record<string, BodyInit>>) => {
    const opened = page(server(files));
    opened.store.setState(({ draft }) => ({ draft: withSystem(draft, 'linux') }));
    return opened;
  };
  const words = ({ store }: ReturnType<typeof page>) =>
    store.getState().ui.messages.map(({ text, hint }) => `${text} ${hint}`);

  it('is loaded with its images, at the pace of the wall clock', async () => {
    const { session, machine, store } = open(served);
    await session.run('forever');
    expect(machine.asked).toEqual(['setPacing true', 'load', 'run forever']);
    expect(machine.images).toEqual([new Uint8Array([1, 2, 3]), new Uint8Array([4, 5])]);
    expect(machine.config?.guest).toEqual({ kind: 'system', id: 'linux' });
    expect(store.getState().systems.manifests.linux?.files).toHaveLength(2);
  });

  it('gives way to a program, which runs as fast as it can', async () => {
    const { session, machine, store } = open(served);
    await session.run('forever');
    machine.emit('view', { ...emptyView, state: 'paused' });
    store.setState(({ draft }) => ({ draft: withSource(draft, 'nop') }));
    await session.run('forever');
    expect(machine.asked.slice(3)).toEqual(['setPacing false', 'load', 'run forever']);
    expect(machine.images).toEqual([undefined, undefined]);
  });

  it.each([
    ['nothing is served', {}],
    ['a start page is served for everything', { 'guests/linux/manifest.json': '<!doctype html>' }],
    ['a manifest of another guest is served', { 'guests/linux/manifest.json': '{"version": 1, "guest": "xv6"}' }],
  ])('says how to get its images when %s', async (_, files) => {
    const opened = open(files);
    await opened.session.run('forever');
    expect(opened.machine.asked).toEqual([]);
    expect(opened.store.getState().systems.manifests).toEqual({ linux: null });
    expect(words(opened)).toEqual([expect.stringContaining('npm run guests')]);
  });

  it.each([
    ['is shorter', new Uint8Array([1, 2])],
    ['holds other bytes', new Uint8Array([1, 2, 4])],
  ])('is refused when a file %s than its manifest says', async (_, image) => {
    const opened = open({ ...served, 'guests/linux/Image': image });
    await opened.session.run('forever');
    expect(opened.machine.asked).toEqual([]);
    expect(words(opened)).toEqual([expect.stringContaining('Image of Linux 6.12')]);
  });

  it('is found when its images came since it was looked for', async () => {
    const files: Record<string, BodyInit> = {};
    const { session, machine } = open(files);
    await session.run('forever');
    Object.assign(files, served);
    await session.run('forever');
    expect(machine.asked).toEqual(['setPacing true', 'load', 'run forever']);
  });
});
