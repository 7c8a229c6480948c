import { describe, expect, it } from 'vitest';
import type { Client } from '../../../core/protocol/client.ts';
import type { Survey } from '../../../core/protocol/messages.ts';
import { failed, type Result, succeeded } from '../../../core/protocol/wire.ts';
import { keyOf, Surveys } from './surveys.ts';

const FOUND: Survey = { starts: false, words: 'it does not start', hint: '' };
const at = (host: string) => ({ interface: 'upstream', host, vmm: 'qemu', choice: 'most' }) as const;
const settled = () => new Promise((resolve) => setTimeout(resolve));

/** Threads that answer when they are told to. */
function threads() {
  const asked: string[] = [];
  const answers: ((result: Result<Survey>) => void)[] = [];
  const made: { closed: boolean; crash: (words: string) => void }[] = [];
  const surveys = new Surveys((onCrash) => {
    const thread = { closed: false, crash: onCrash };
    made.push(thread);
    const client: Pick<Client, 'survey' | 'close'> = {
      survey: ({ platform }) => {
        asked.push(platform.host);
        return new Promise((resolve) => answers.push(resolve));
      },
      close: () => {
        thread.closed = true;
      },
    };
    return client as Client;
  });
  const answer = async (result: Result<Survey> = succeeded(FOUND)) => {
    answers.shift()?.(result);
    await settled();
  };
  return { surveys, asked, made, answer };
}

describe('surveys', () => {
  it('are made one after the other in a thread of their own, which ends with the last', async () => {
    const { surveys, asked, made, answer } = threads();
    surveys.ask([at('a'), at('b')]);
    expect([asked, surveys.state.running]).toEqual([['a'], true]);
    await answer();
    expect([asked, surveys.state.found.get(keyOf(at('a')))]).toEqual([['a', 'b'], FOUND]);
    await answer();
    expect([surveys.state.running, made.length, made[0]?.closed]).toEqual([false, 1, true]);
  });

  it('are asked for once: what is known is not found out again', async () => {
    const { surveys, asked, answer } = threads();
    surveys.ask([at('a')]);
    await answer();
    surveys.ask([at('a')]);
    expect([asked, surveys.state.running]).toEqual([['a'], false]);
    surveys.ask([{ ...at('a'), choice: 'default' }]);
    expect([asked, surveys.state.running]).toEqual([['a', 'a'], true]);
  });

  it('turn to what is asked for last, and keep what they were at', async () => {
    const { surveys, asked, answer } = threads();
    surveys.ask([at('a'), at('b')]);
    surveys.ask([at('c')]);
    await answer();
    expect([asked, [...surveys.state.found.keys()]]).toEqual([['a', 'c'], [keyOf(at('a'))]]);
  });

  it('end when they are stopped, keep what was found, and go on from there', async () => {
    const { surveys, asked, made, answer } = threads();
    surveys.ask([at('a'), at('b')]);
    await answer();
    surveys.stop();
    await answer();
    expect([made[0]?.closed, surveys.state.running, surveys.state.found.size]).toEqual([true, false, 1]);
    surveys.ask([at('a'), at('b')]);
    expect(asked).toEqual(['a', 'b', 'b']);
  });

  it('tell why they could not go on', async () => {
    const { surveys, made, answer } = threads();
    surveys.ask([at('a')]);
    await answer(failed('config', 'There is no such combination.'));
    expect(surveys.state).toMatchObject({ running: false, failure: 'There is no such combination.' });
    surveys.ask([at('b')]);
    made[1]?.crash('out of memory');
    expect(surveys.state).toMatchObject({ running: false, failure: 'The guests could not be run: out of memory.' });
  });
});
