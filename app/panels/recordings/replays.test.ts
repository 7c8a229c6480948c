import { describe, expect, it } from 'vitest';
import type { Client } from '../../../core/protocol/client.ts';
import { failed, type Result, succeeded } from '../../../core/protocol/wire.ts';
import type { RunReport } from '../../../core/replay/report.ts';
import { keyOf, Replays } from './replays.ts';
import type { RecordedSource } from './source.ts';

const report = (run: string): RunReport => ({ run, refusal: null, files: [] });
const at = (run: string, host = 'b') => ({ host, run });
const settled = () => new Promise((resolve) => setTimeout(resolve));

const host = (name: string) => {
  return { name, load: async () => ({ name, files: { 'one.txt': 'x', 'two.txt': 'y' } }) };
};
const source: RecordedSource = { hosts: [host('b'), host('a')], script: 'r one --arg 0', payload: new Uint8Array() };

/** Threads that answer when they are told to. */
async function threads(load = () => Promise.resolve(source)) {
  const asked: string[] = [];
  const answers: ((result: Result<RunReport>) => void)[] = [];
  const made: { closed: boolean; crash: (words: string) => void }[] = [];
  const replays = new Replays(load, (onCrash) => {
    const thread = { closed: false, crash: onCrash };
    made.push(thread);
    const client: Pick<Client, 'replay' | 'stopReplay' | 'close'> = {
      replay: (payload) => {
        asked.push(`${payload.host.name}/${payload.run}`);
        return new Promise((resolve) => answers.push(resolve));
      },
      stopReplay: () => {
        answers.shift()?.(failed('stopped', 'The replay was stopped.'));
        return Promise.resolve(succeeded(null));
      },
      close: () => {
        thread.closed = true;
      },
    };
    return client as Client;
  });
  await replays.open();
  const answer = async (result: Result<RunReport> = succeeded(report('one'))) => {
    answers.shift()?.(result);
    await settled();
  };
  return { replays, asked, made, answer };
}

describe('the recorded hosts', () => {
  it('are loaded once, and stand in the order of their names with what each run does', async () => {
    const { replays } = await threads();
    await replays.open();
    expect(replays.state.hosts.map(({ about }) => about.name)).toEqual(['a', 'b']);
    expect(replays.state.hosts[0]?.about.runs.map(({ says }) => says)).toEqual([
      'calls every extension, with right and wrong arguments',
      'runs.sh does not say how it was started',
    ]);
    expect(replays.state.loading).toBe(false);
  });

  it('that could not be loaded are told, and can be tried again', async () => {
    let broken = true;
    const { replays } = await threads(() => (broken ? Promise.reject(new Error('offline')) : Promise.resolve(source)));
    expect([replays.state.hosts, replays.state.failure]).toEqual([[], 'The recordings could not be loaded.']);
    broken = false;
    await replays.open();
    expect([replays.state.hosts.length, replays.state.failure]).toEqual([2, null]);
  });
});

describe('replays', () => {
  it('are made one after the other in a thread of their own, which ends with the last', async () => {
    const { replays, asked, made, answer } = await threads();
    replays.ask([at('one'), at('two')]);
    expect([asked, replays.state.current, replays.state.asked]).toEqual([['b/one'], at('one'), 2]);
    await answer();
    expect([asked, replays.state.done, replays.state.found.has(keyOf(at('one')))]).toEqual([
      ['b/one', 'b/two'],
      1,
      true,
    ]);
    await answer(succeeded(report('two')));
    expect([replays.state.current, made.length, made[0]?.closed]).toEqual([null, 1, true]);
    expect(replays.state.found.get('b/two')).toEqual(report('two'));
  });

  it('turn to what is asked for last, and then go on with what was left', async () => {
    const { replays, asked, answer } = await threads();
    replays.ask([at('one'), at('two')]);
    replays.ask([at('one', 'a')]);
    expect(replays.state.asked).toBe(3);
    for (let i = 0; i < 3; i++) await answer();
    expect(asked).toEqual(['b/one', 'a/one', 'b/two']);
    expect([replays.state.current, replays.state.done]).toEqual([null, 3]);
  });

  it('are stopped: what was found stays, and the thread ends', async () => {
    const { replays, asked, made, answer } = await threads();
    replays.ask([at('one'), at('two'), at('one', 'a')]);
    await answer();
    replays.stop();
    await settled();
    expect([asked, replays.state.current, replays.state.failure, made[0]?.closed]).toEqual([
      ['b/one', 'b/two'],
      null,
      null,
      true,
    ]);
    expect([...replays.state.found.keys()]).toEqual(['b/one']);
  });

  it('that fail, or whose thread crashes, end with words', async () => {
    const { replays, made, answer } = await threads();
    replays.ask([at('one'), at('two')]);
    await answer(failed('internal', 'it broke'));
    expect([replays.state.current, replays.state.failure]).toEqual([null, 'it broke']);
    replays.ask([at('one')]);
    expect(replays.state.failure).toBeNull();
    made.at(-1)?.crash('out of memory');
    expect([replays.state.current, replays.state.failure]).toEqual([
      null,
      'The recordings could not be replayed: out of memory.',
    ]);
  });
});
