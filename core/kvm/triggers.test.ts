import { describe, expect, it } from 'vitest';
import { RESET_TRIGGER, TRIGGER_COUNT } from '../hart/triggers.ts';
import { composeHost, MAX, RELEASES } from './profiles/index.ts';
import { bench } from './testdata/bench.ts';
import { NO_TRIGGER, triggerAnswer } from './triggers.ts';
import { EINVAL, ENOENT, ENOTTY, ICOUNT, type KvmTriggerCommand, MCONTROL6 } from './uapi.ts';

const NEW = composeHost(RELEASES[0]!, MAX, { sbiV01: false }, { name: 'max', label: 'max' });
const TYPE6 = 6n << 60n;
const WATCH = { tdata1: TYPE6 | MCONTROL6.store | MCONTROL6.vs, tdata2: 0x8000_1000n, tdata3: 0n };

function machine() {
  const made = bench(NEW, 'accelerator', { extensions: MAX.isa });
  const trigger = (command: KvmTriggerCommand) => made.vcpus[0]!.trigger(command);
  const write = (index: number, registers: typeof WATCH) => trigger({ op: 'write', index, registers }).errno;
  return { made, hart: made.harts[0]!, trigger, write };
}

describe('the ioctl for debug triggers of a vcpu', () => {
  it('is unknown to Linux, with or without the capability proposed in 2025', () => {
    for (const kvmInterface of ['upstream', 'userspace'] as const) {
      const { vcpus, ioctls } = bench(NEW, kvmInterface, { extensions: MAX.isa });
      expect(vcpus[0]!.trigger({ op: 'count' })).toEqual(triggerAnswer(ENOTTY));
      expect(ioctls.at(-1)).toMatchObject({ name: 'DEBUG_TRIGGER', args: 'count triggers', ret: -ENOTTY });
    }
  });

  it('counts, sets and reads the triggers of the hart, which stay over a reset of the vcpu', () => {
    const { made, hart, trigger, write } = machine();
    expect(trigger({ op: 'count' })).toEqual(triggerAnswer(0, NO_TRIGGER, TRIGGER_COUNT));
    expect(write(1, WATCH)).toBe(0);
    expect(made.ioctls.at(-1)?.args).toBe('write trigger 1: tdata1 0x6000000001000002, tdata2 0x80001000, tdata3 0x0');
    expect(hart.readTrigger(1)).toEqual(WATCH);
    expect(trigger({ op: 'read', index: 1 })).toEqual(triggerAnswer(0, WATCH));
    expect(write(1, NO_TRIGGER)).toBe(0);
    expect(hart.readTrigger(1)).toEqual(RESET_TRIGGER);
  });

  it('has none behind the last', () => {
    const { trigger, write } = machine();
    for (const index of [TRIGGER_COUNT, -1, 0.5]) {
      expect([trigger({ op: 'read', index }).errno, write(index, WATCH)]).toEqual([ENOENT, ENOENT]);
    }
  });

  it.each([
    ['what the hart cannot hold', { tdata1: WATCH.tdata1 | MCONTROL6.select }],
    ['a kind that it has not', { tdata1: (5n << 60n) | 1n }],
    ['a condition that it has not', { tdata3: 1n }],
    ['machine level', { tdata1: WATCH.tdata1 | MCONTROL6.m }],
    ['the level of the host', { tdata1: WATCH.tdata1 | MCONTROL6.s }],
    ['user level of the host', { tdata1: WATCH.tdata1 | MCONTROL6.u }],
    ['the level of the host for counting', { tdata1: (3n << 60n) | ICOUNT.s }],
    ['an external debugger', { tdata1: WATCH.tdata1 | (1n << 59n) }],
  ])('refuses %s and leaves the trigger as it was', (_, change) => {
    const { hart, trigger, write } = machine();
    write(0, WATCH);
    const registers = { ...WATCH, tdata2: 0n, ...change };
    expect([write(0, registers), trigger({ op: 'check', index: 0, registers }).errno]).toEqual([EINVAL, EINVAL]);
    expect(hart.readTrigger(0)).toEqual(WATCH);
  });

  it('can check without a change', () => {
    const { hart, trigger } = machine();
    expect(trigger({ op: 'check', index: 0, registers: WATCH })).toEqual(triggerAnswer(0));
    expect(hart.readTrigger(0)).toEqual(RESET_TRIGGER);
  });
});
