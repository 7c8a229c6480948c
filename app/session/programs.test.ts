import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig } from '../../core/config/index.ts';
import { exampleById } from '../../core/guests/catalogue.ts';
import { PROGRAMS } from '../../core/guests/programs/index.ts';
import { awaitedExample, draftOf, isArrival, machineConfig, withExample, withMode } from '../state/draft.ts';
import { isChanged } from '../state/machine.ts';
import { Rings } from '../state/rings.ts';
import { createPageStore } from '../state/store.ts';
import { emptyView, fakeMachine } from '../testing/fake-machine.ts';
import { programSource } from './programs.ts';
import { createSession } from './session.ts';
import { systemSource } from './systems.ts';

const timer: Config = { ...defaultConfig(), guest: { kind: 'example', id: 'timer' } };
const program = PROGRAMS.get('timer') ?? '';

/** A page that gets the programs, or that has no connection until `connect` is called. */
function page(config: Config = timer, connected = true) {
  let asked = 0;
  const machine = fakeMachine();
  const store = createPageStore(draftOf(config));
  const programs = programSource(async () => {
    asked += 1;
    if (!connected) throw new TypeError('Failed to fetch dynamically imported module');
    return { PROGRAMS };
  });
  const systems = systemSource(() => Promise.reject(new Error('offline')));
  const session = createSession({ store, rings: new Rings(), spawn: () => machine.client, systems, programs });
  return {
    machine,
    store,
    session,
    programs,
    draft: () => store.getState().draft,
    asked: () => asked,
    connect: () => {
      connected = true;
    },
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('programs of the examples', () => {
  it('come by themselves for the example that a link names, once for all', async () => {
    const { draft, store, asked } = page();
    const before = draft();
    expect([awaitedExample(before), before.source]).toEqual(['timer', '']);
    await settled();
    expect([awaitedExample(draft()), draft().source, isArrival(before, draft())]).toEqual([null, program, true]);
    store.setState({ draft: draftOf({ ...timer, guest: { kind: 'example', id: 'smp' } }) });
    expect(draft().source).toBe(PROGRAMS.get('smp'));
    expect(asked()).toBe(1);
  });

  it('are the same machine before and after they came', async () => {
    const { draft } = page();
    const before = machineConfig(draft());
    await settled();
    expect([before.guest, machineConfig(draft())]).toEqual([timer.guest, before]);
  });

  it('are there in the same step in which an example is chosen, when they are loaded', async () => {
    const { draft, store, programs } = page(defaultConfig());
    await programs.load();
    const before = draft();
    store.setState({ draft: withExample(before, exampleById('timer') ?? expect.fail()) });
    expect(draft().source).toBe(program);
    expect(isArrival(before, draft())).toBe(false);
  });

  it('are waited for by Run, and the machine is then not a changed one', async () => {
    const { machine, session, store, draft } = page();
    await session.run('forever');
    expect([machine.asked, machine.config?.guest]).toEqual([['load', 'run forever'], timer.guest]);
    expect([draft().source, isChanged(store.getState().machine, draft())]).toEqual([program, false]);
  });

  it('that cannot be loaded are told, cost nothing that was chosen, and can be tried again', async () => {
    const { connect, machine, session, store, draft } = page({ ...timer, harts: 3 }, false);
    await settled();
    expect(store.getState().ui.programsFailed).toBe(true);
    store.setState({ draft: withMode(draft(), 'DBCN', 'off') });
    await session.run('forever');
    expect(machine.asked).toEqual([]);
    expect(store.getState().ui.messages[0]?.text).toBe('The program of the example could not be loaded.');
    connect();
    await session.loadProgram();
    expect(store.getState().ui).toMatchObject({ programsFailed: false, messages: [] });
    expect(draft().source).toBe(program);
    expect(machineConfig(draft())).toMatchObject({ guest: timer.guest, harts: 3, sbi: { DBCN: 'off' } });
  });

  it('come with the machine of a saved state, which then goes on', async () => {
    const { machine, session, store, draft } = page(defaultConfig());
    machine.answerState({ ok: true, config: timer, assembled: null, entry: 0x80200000n });
    await session.loadState('a.json', '{}', (config) => {
      store.setState({ draft: draftOf(config) });
      return draft();
    });
    machine.emit('view', { ...emptyView, state: 'paused' });
    await session.run('forever');
    expect([machine.asked, draft().source]).toEqual([['loadState', 'run forever'], program]);
  });
});
