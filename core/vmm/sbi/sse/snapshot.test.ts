import { describe, expect, it } from 'vitest';
import { readPlain } from '../../../schema/plain.ts';
import { AT } from '../../../testing/fake-machine.ts';
import { GLOBAL_SOFTWARE, LOCAL_SOFTWARE, sseMachine as machine } from '../../../testing/sse-machine.ts';
import { CORE } from '../../registers.ts';
import { VMM_SHAPE, type VmmSnapshot } from '../../snapshot.ts';
import { SseEvents } from './state.ts';

const carried = (saved: VmmSnapshot): VmmSnapshot => readPlain(VMM_SHAPE, JSON.parse(JSON.stringify(saved)));

function busy() {
  const it = machine({ harts: 2 });
  it.write(LOCAL_SOFTWARE, 'PRIORITY', 9n, 1n);
  it.write(GLOBAL_SOFTWARE, 'PREFERRED_HART', 1n);
  it.enable(LOCAL_SOFTWARE, AT, 0x77n);
  it.enable(GLOBAL_SOFTWARE, AT, 0x20n);
  it.callOn(0, 'hart_unmask');
  it.cpu(0).values.set(CORE.pc.id, AT + 0x40n);
  it.call('inject', LOCAL_SOFTWARE, 0);
  it.callOn(1, 'hart_unmask');
  it.state.now = 77;
  it.call('inject', GLOBAL_SOFTWARE, 0);
  return it;
}

describe('the state of software events', () => {
  it('goes on in the middle of a handler, with what is pending and who was signalled', () => {
    const one = busy();
    const saved = carried(one.vmm.save());
    const two = machine({ harts: 2 }, saved);
    expect(two.vmm.save().sbi).toEqual(saved.sbi);
    expect(two.vmm.threads.map(({ signalledAt }) => signalledAt)).toEqual([null, 77]);
    two.cpu(1).values.set(CORE.pc.id, AT);
    two.turn(1);
    expect(two.cpu(1).values.get(CORE.a7.id)).toBe(0x20n);
    two.cpu(0).values.set(CORE.pc.id, 0n);
    two.call('complete');
    expect(two.read(LOCAL_SOFTWARE, 'STATUS')).toBe(9n);
    expect(two.vmm.threads.map(({ signalledAt }) => signalledAt)).toEqual([null, null]);
  });

  type Saved = ReturnType<SseEvents['save']>;
  const first = (saved: Saved, change: object): Saved => ({
    ...saved,
    harts: saved.harts.map((hart) => ({ ...hart, local: hart.local.map((event) => ({ ...event, ...change })) })),
  });
  it.each<[string, (saved: Saved) => unknown, string]>([
    ['other harts', (s) => ({ ...s, harts: s.harts.slice(1) }), 'harts: there are 1 where the VM has 2'],
    ['other events', (s) => ({ ...s, global: [] }), 'global: there are 0 events where the VM has 2'],
    ['another event', (s) => first(s, { id: '0x1' }), 'harts.0.local.0.id: 0x1 where event 0xffff0000 is'],
    ['an unknown state', (s) => first(s, { state: 'IDLE' }), 'harts.0.local.0.state'],
    ['a running event that no hart runs', (s) => first(s, { state: 'RUNNING' }), 'runningOn: does not agree'],
    ['a local event elsewhere', (s) => first(s, { preferredHart: 1 }), 'preferredHart: hart 1 cannot have this event'],
    ['a priority of 33 bits', (s) => first(s, { priority: 2 ** 32 }), 'harts.0.local.0.priority'],
    [
      'a hart that is not there',
      (s) => ({ ...s, global: s.global.map((event) => ({ ...event, preferredHart: 2 })) }),
      'global.0.preferredHart: hart 2',
    ],
    ['a signal to none', (s) => ({ ...s, signals: [{ hart: 2, time: 0 }] }), 'signals.0.hart: there is no hart 2'],
    ['no object', () => null, 'null'],
  ])('with %s is refused with its place', (_, change, message) => {
    const saved = new SseEvents({ harts: 2 }).save();
    expect(() => new SseEvents({ harts: 2 }).load(change(saved))).toThrow(message);
  });

  it('is as new in a machine that was saved before the VMM served SSE', () => {
    const saved = carried(machine().vmm.save());
    const old = { ...saved, sbi: { ...saved.sbi, SSE: null } };
    expect(machine({}, old).vmm.save().sbi).toEqual(saved.sbi);
  });
});
