import { describe, expect, it } from 'vitest';
import { EINTR, KVM_EXIT_MMIO, KVM_MP_STATE_STOPPED } from '../../../kvm/uapi.ts';
import { sbiExit } from '../../../testing/fake-kvm.ts';
import { AT } from '../../../testing/fake-machine.ts';
import { CONSOLE_INPUT, GLOBAL_SOFTWARE, LOCAL_SOFTWARE, sseMachine as machine } from '../../../testing/sse-machine.ts';
import { CORE, CSR } from '../../registers.ts';

const SIE = 0x2n;
const SPIE = 0x20n;
const SPP = 0x100n;
const HANDLER = AT + 0x100n;
const REGISTERS = { ...CORE, ...CSR };
type Name = keyof typeof REGISTERS;
type Machine = ReturnType<typeof machine>;

const set = (it: Machine, hart: number, values: Partial<Record<Name, bigint>>) => {
  for (const [name, value] of Object.entries(values)) it.cpu(hart).values.set(REGISTERS[name as Name].id, value);
};
const get = (it: Machine, hart: number, ...names: readonly Name[]) =>
  names.map((name) => it.cpu(hart).values.get(REGISTERS[name].id));
const state = (it: Machine, event: number, hart = 0) => it.readOn(hart, event, 'STATUS') & 7n;
const [REGISTERED, ENABLED, RUNNING, PENDING] = [1n, 2n, 3n, 4n];
/** A hart leaves KVM_RUN because its thread got a signal, and enters it again. */
const look = (it: Machine, hart: number) => {
  it.cpu(hart).script.push(-EINTR);
  it.turn(hart);
};

describe('a handler begins [SBI 3.0 §17.5]', () => {
  it('with the registers that the specification sets, and keeps those that it had', () => {
    const it = machine({ harts: 2 });
    it.enableOn(1, LOCAL_SOFTWARE, HANDLER, 0x77n);
    it.callOn(1, 'hart_unmask');
    set(it, 1, { pc: AT, mode: 1n, a6: 6n, a7: 7n, sepc: 0x999n, sstatus: SIE | 0x2000n });
    expect(it.callOn(0, 'inject', LOCAL_SOFTWARE, 1)).toBe('SUCCESS');
    it.kvm.log.length = 0;
    look(it, 1);
    expect(it.kvm.log).toEqual([
      'set 1 CORE.a6 0x1',
      'set 1 CORE.a7 0x77',
      `set 1 CSR.sepc 0x${AT.toString(16)}`,
      'set 1 CSR.sstatus 0x2120',
      'set 1 CORE.mode 0x1',
      `set 1 CORE.pc 0x${HANDLER.toString(16)}`,
    ]);
    const kept = (['INTERRUPTED_SEPC', 'INTERRUPTED_FLAGS', 'INTERRUPTED_A6', 'INTERRUPTED_A7'] as const).map((name) =>
      it.readOn(1, LOCAL_SOFTWARE, name),
    );
    expect([kept, state(it, LOCAL_SOFTWARE, 1)]).toEqual([[0x999n, 0n, 6n, 7n], RUNNING]);
  });

  it('in supervisor mode out of user mode, with the flags of the trap that was being handled', () => {
    const it = machine();
    it.enable(LOCAL_SOFTWARE, HANDLER);
    it.call('hart_unmask');
    set(it, 0, { mode: 0n, sstatus: SPP | SPIE });
    it.call('inject', LOCAL_SOFTWARE, 0);
    expect(get(it, 0, 'mode', 'sstatus')).toEqual([1n, 0n]);
    expect(it.read(LOCAL_SOFTWARE, 'INTERRUPTED_FLAGS')).toBe(3n);
    expect(it.callOn(0, 'complete', 5, 6)).toBe(5n);
    expect(get(it, 0, 'mode', 'sstatus')).toEqual([0n, SPP | SPIE]);
  });

  it('after the call or the access that was open is completed with its own answer', () => {
    const it = machine({ harts: 2 });
    it.enable(LOCAL_SOFTWARE, HANDLER);
    it.call('hart_unmask');
    expect(it.call('inject', LOCAL_SOFTWARE, 0)).toBe('SUCCESS');
    it.call('complete');
    const cpu = it.cpu(0);
    cpu.script.push((run) => {
      run.exit_reason = KVM_EXIT_MMIO;
      run.mmio = { phys_addr: 0x1000_0005n, data: new Uint8Array(8), len: 1, is_write: false };
    });
    it.turn(0);
    it.callOn(1, 'inject', LOCAL_SOFTWARE, 0);
    it.kvm.log.length = 0;
    it.turn(0);
    expect([cpu.run.mmio.data[0], it.kvm.log.length]).toEqual([0x60, 6]);
  });

  it('only once the parts of an access that need user space are done', () => {
    const it = machine({ harts: 2 });
    it.enable(LOCAL_SOFTWARE, HANDLER);
    it.call('hart_unmask');
    it.callOn(1, 'inject', LOCAL_SOFTWARE, 0);
    const cpu = it.cpu(0);
    const enter = cpu.kvmRun.bind(cpu);
    let parts = 1;
    cpu.kvmRun = () => {
      if (parts-- <= 0) return enter();
      cpu.run.exit_reason = KVM_EXIT_MMIO;
      cpu.run.mmio = { phys_addr: 0x1000_0005n, data: new Uint8Array(8), len: 1, is_write: false };
      return 0;
    };
    it.turn(0);
    expect([cpu.run.mmio.data[0], get(it, 0, 'pc')]).toEqual([0x60, [0x8020_0000n]]);
    it.turn(0);
    expect(get(it, 0, 'pc')).toEqual([HANDLER]);
  });
});

describe('a handler ends [SBI 3.0 §17.6, §17.13]', () => {
  it('with what it interrupted, or with what was written in its place; a0 and a1 stay', () => {
    const it = machine();
    it.enable(LOCAL_SOFTWARE, HANDLER);
    it.call('hart_unmask');
    set(it, 0, { pc: AT, mode: 1n, a6: 6n, a7: 7n, sepc: 0x999n, sstatus: SIE | SPP });
    it.call('inject', LOCAL_SOFTWARE, 0);
    expect(it.write(LOCAL_SOFTWARE, 'INTERRUPTED_FLAGS', 2n, 0x66n)).toBe('SUCCESS');
    it.kvm.log.length = 0;
    expect(it.callOn(0, 'complete', 0x1234, 0x5678)).toBe(0x1234n);
    expect(it.kvm.log).toEqual([
      'complete 0',
      `set 0 CORE.pc 0x${AT.toString(16)}`,
      'set 0 CORE.mode 0x1',
      'set 0 CSR.sstatus 0x22',
      'set 0 CORE.a7 0x7',
      'set 0 CORE.a6 0x66',
      'set 0 CSR.sepc 0x999',
    ]);
    expect(state(it, LOCAL_SOFTWARE)).toBe(ENABLED);
  });

  it('and leaves a one-shot event REGISTERED', () => {
    const it = machine();
    it.write(LOCAL_SOFTWARE, 'CONFIG', 1n);
    it.enable(LOCAL_SOFTWARE, HANDLER);
    it.call('hart_unmask');
    it.call('inject', LOCAL_SOFTWARE, 0);
    it.call('inject', LOCAL_SOFTWARE, 0);
    it.call('complete');
    expect(state(it, LOCAL_SOFTWARE)).toBe(REGISTERED | PENDING);
  });

  it('and is SUCCESS with nothing done when none runs', () => {
    const it = machine({ harts: 2 });
    it.enable(LOCAL_SOFTWARE, HANDLER);
    it.call('hart_unmask');
    it.call('inject', LOCAL_SOFTWARE, 0);
    it.kvm.log.length = 0;
    expect(it.callOn(1, 'complete', 9, 9)).toBe('SUCCESS');
    expect(it.kvm.log).toEqual(['complete 1']);
    expect(state(it, LOCAL_SOFTWARE)).toBe(RUNNING);
  });

  it('and begins again when the event happened meanwhile', () => {
    const it = machine();
    it.enable(LOCAL_SOFTWARE, HANDLER);
    it.call('hart_unmask');
    set(it, 0, { pc: AT });
    it.call('inject', LOCAL_SOFTWARE, 0);
    it.call('inject', LOCAL_SOFTWARE, 0);
    expect(state(it, LOCAL_SOFTWARE)).toBe(RUNNING | PENDING);
    it.call('complete');
    expect([state(it, LOCAL_SOFTWARE), ...get(it, 0, 'pc', 'sepc')]).toEqual([RUNNING, HANDLER, AT]);
  });
});

describe('priority [SBI 3.0 §17.3]', () => {
  /** The events by their arguments, which arrive in a7. */
  const twoEvents = (local: bigint, global: bigint) => {
    const it = machine();
    it.write(LOCAL_SOFTWARE, 'PRIORITY', local);
    it.write(GLOBAL_SOFTWARE, 'PRIORITY', global);
    it.enable(LOCAL_SOFTWARE, HANDLER, 0x10n);
    it.enable(GLOBAL_SOFTWARE, HANDLER, 0x20n);
    it.call('hart_unmask');
    return it;
  };

  it('lets a higher one preempt the handler that runs, and go back to it', () => {
    const it = twoEvents(2n, 1n);
    it.call('inject', LOCAL_SOFTWARE, 0);
    set(it, 0, { pc: HANDLER + 8n, a7: 0x11n });
    it.call('inject', GLOBAL_SOFTWARE, 0);
    expect([state(it, LOCAL_SOFTWARE), state(it, GLOBAL_SOFTWARE), ...get(it, 0, 'a7')]).toEqual([
      RUNNING,
      RUNNING,
      0x20n,
    ]);
    it.call('complete');
    expect([state(it, LOCAL_SOFTWARE), state(it, GLOBAL_SOFTWARE)]).toEqual([RUNNING, ENABLED]);
    expect(get(it, 0, 'a7', 'pc')).toEqual([0x11n, HANDLER + 8n]);
    it.call('complete');
    expect(state(it, LOCAL_SOFTWARE)).toBe(ENABLED);
  });

  it('lets a lower one wait until the handler that runs is complete', () => {
    const it = twoEvents(1n, 2n);
    it.call('inject', LOCAL_SOFTWARE, 0);
    it.call('inject', GLOBAL_SOFTWARE, 0);
    expect([state(it, GLOBAL_SOFTWARE), ...get(it, 0, 'a7')]).toEqual([ENABLED | PENDING, 0x10n]);
    it.call('complete');
    expect([state(it, LOCAL_SOFTWARE), state(it, GLOBAL_SOFTWARE), ...get(it, 0, 'a7')]).toEqual([
      ENABLED,
      RUNNING,
      0x20n,
    ]);
  });

  it('goes by the lower id where it is the same, for what waits and for what runs', () => {
    const it = twoEvents(7n, 7n);
    it.call('hart_mask');
    it.call('inject', GLOBAL_SOFTWARE, 0);
    it.call('inject', LOCAL_SOFTWARE, 0);
    it.call('hart_unmask');
    expect(get(it, 0, 'a7')).toEqual([0x10n]);
    it.call('complete');
    expect(get(it, 0, 'a7')).toEqual([0x20n]);
    it.call('inject', LOCAL_SOFTWARE, 0);
    expect(get(it, 0, 'a7')).toEqual([0x10n]);
  });
});

describe('the hart that takes an event [SBI 3.0 §17.2]', () => {
  it('is not one that has masked events, until it unmasks them', () => {
    const it = machine();
    it.enable(LOCAL_SOFTWARE, HANDLER);
    it.call('inject', LOCAL_SOFTWARE, 0);
    expect(state(it, LOCAL_SOFTWARE)).toBe(ENABLED | PENDING);
    it.call('hart_unmask');
    expect(state(it, LOCAL_SOFTWARE)).toBe(RUNNING);
    it.call('hart_mask');
    it.call('inject', LOCAL_SOFTWARE, 0);
    it.call('complete');
    expect(state(it, LOCAL_SOFTWARE)).toBe(ENABLED | PENDING);
  });

  const global = (preferred: bigint) => {
    const it = machine({ harts: 3 });
    it.write(GLOBAL_SOFTWARE, 'PREFERRED_HART', preferred);
    it.enable(GLOBAL_SOFTWARE, HANDLER, 0x20n);
    return it;
  };
  const taker = (it: Machine) => {
    for (const hart of [0, 1, 2]) look(it, hart);
    return [0, 1, 2].filter((hart) => get(it, hart, 'a7')[0] === 0x20n);
  };

  it('of a global event is the preferred one', () => {
    const it = global(2n);
    for (const hart of [0, 1, 2]) it.callOn(hart, 'hart_unmask');
    it.call('inject', GLOBAL_SOFTWARE, 0);
    expect(taker(it)).toEqual([2]);
  });

  it('is another when the preferred one is masked, stopped, or runs a handler that goes before', () => {
    const masked = global(2n);
    for (const hart of [0, 1]) masked.callOn(hart, 'hart_unmask');
    masked.callOn(1, 'inject', GLOBAL_SOFTWARE, 0);
    expect(taker(masked)).toEqual([0]);

    const stopped = global(1n);
    for (const hart of [1, 2]) stopped.callOn(hart, 'hart_unmask');
    stopped.cpu(1).mpState = KVM_MP_STATE_STOPPED;
    stopped.call('inject', GLOBAL_SOFTWARE, 0);
    expect(taker(stopped)).toEqual([2]);

    const busy = global(1n);
    for (const hart of [1, 2]) busy.callOn(hart, 'hart_unmask');
    busy.enableOn(1, LOCAL_SOFTWARE, HANDLER, 0x10n);
    busy.call('inject', LOCAL_SOFTWARE, 1);
    look(busy, 1);
    busy.call('inject', GLOBAL_SOFTWARE, 0);
    expect(taker(busy)).toEqual([2]);
  });

  it('is the first that becomes ready when none is', () => {
    const it = global(0n);
    it.call('inject', GLOBAL_SOFTWARE, 0);
    expect(taker(it)).toEqual([]);
    it.callOn(1, 'hart_unmask');
    expect(taker(it)).toEqual([1]);
  });

  it('is another when the one that was signalled masks events before it has looked', () => {
    const it = global(1n);
    for (const hart of [0, 1]) it.callOn(hart, 'hart_unmask');
    it.cpu(1).script.push(sbiExit(0x535345, 9));
    it.turn(1);
    it.callOn(2, 'inject', GLOBAL_SOFTWARE, 0);
    expect(taker(it)).toEqual([0]);
  });

  it('is kept from a disabled event, even when it was signalled', () => {
    const it = global(1n);
    it.callOn(1, 'hart_unmask');
    it.call('inject', GLOBAL_SOFTWARE, 0);
    it.call('disable', GLOBAL_SOFTWARE);
    expect([taker(it), it.vmm.threads[1]?.signalledAt]).toEqual([[], null]);
  });
});

describe('a hart that sleeps', () => {
  it('in the kernel is signalled at the time of the event, and the signal is gone once it has looked', () => {
    const it = machine({ harts: 2 });
    it.enableOn(1, LOCAL_SOFTWARE, HANDLER);
    it.callOn(1, 'hart_unmask');
    const thread = it.vmm.threads[1];
    expect(thread?.signalledAt).toBeNull();
    it.state.now = 1234;
    it.call('inject', LOCAL_SOFTWARE, 1);
    it.state.now = 9999;
    it.call('inject', LOCAL_SOFTWARE, 1);
    expect(thread?.signalledAt).toBe(1234);
    look(it, 1);
    expect(thread?.signalledAt).toBeNull();
  });

  const SUSPEND = [0x48534d, 3] as const;
  it.each([
    ['retentive', [0, 0, 0], AT],
    ['non-retentive', [0x8000_0000, AT + 0x40n, 0x55], AT + 0x40n],
  ] as const)('in a %s hart_suspend of the VMM ends it and then takes the event', (_kind, args, interrupted) => {
    const it = machine({ harts: 2, modes: { HSM: 'vmm' } });
    it.enableOn(1, LOCAL_SOFTWARE, HANDLER);
    it.callOn(1, 'hart_unmask');
    set(it, 1, { pc: AT });
    it.cpu(1).script.push(sbiExit(...SUSPEND, ...args));
    it.turn(1);
    const thread = it.vmm.threads[1];
    expect(thread?.sleepingUntil).toBe(1_000_000);
    it.state.now = 5000;
    it.call('inject', LOCAL_SOFTWARE, 1);
    expect(thread?.sleepingUntil).toBe(5000);
    it.turn(1);
    expect([thread?.sleepingUntil, ...get(it, 1, 'pc', 'sepc')]).toEqual([null, HANDLER, interrupted]);
    expect(it.cpu(1).returned.at(-1)).toEqual([0n, 0n]);
    expect(it.vmm.save().suspended).toEqual([]);
  });

  it('in hart_suspend sleeps on when the event was disabled before it woke', () => {
    const it = machine({ harts: 2, modes: { HSM: 'vmm' } });
    it.write(GLOBAL_SOFTWARE, 'PREFERRED_HART', 1n);
    it.enable(GLOBAL_SOFTWARE, HANDLER);
    it.callOn(1, 'hart_unmask');
    it.cpu(1).script.push(sbiExit(...SUSPEND, 0, 0, 0));
    it.turn(1);
    it.call('inject', GLOBAL_SOFTWARE, 0);
    it.call('disable', GLOBAL_SOFTWARE);
    it.turn(1);
    expect(it.vmm.threads[1]?.sleepingUntil).toBe(1_000_000);
  });
});

describe('a hart that wakes from system_suspend', () => {
  it('takes an event once it has run, for KVM resets it only then', () => {
    const it = machine({ modes: { SUSP: 'vmm' } });
    it.enable(CONSOLE_INPUT, HANDLER);
    it.call('hart_unmask');
    it.cpu(0).script.push(sbiExit(0x53555350, 0, 0, AT, 0));
    it.turn(0);
    it.type('x');
    it.vmm.inputCame();
    it.kvm.log.length = 0;
    it.turn(0);
    expect([it.kvm.log, it.vmm.threads[0]?.sleepingUntil]).toEqual([['complete 0'], null]);
    it.turn(0);
    expect(get(it, 0, 'pc')).toEqual([HANDLER]);
  });
});

describe('a hart that stops', () => {
  it('by HSM of the VMM has its local events unused and masked, and ends a global one that it ran', () => {
    const it = machine({ harts: 2, modes: { HSM: 'vmm' } });
    it.write(GLOBAL_SOFTWARE, 'PREFERRED_HART', 1n);
    it.enable(GLOBAL_SOFTWARE, HANDLER);
    it.enableOn(1, LOCAL_SOFTWARE, HANDLER);
    it.callOn(1, 'hart_unmask');
    it.call('inject', GLOBAL_SOFTWARE, 0);
    look(it, 1);
    expect(state(it, GLOBAL_SOFTWARE)).toBe(RUNNING);
    it.cpu(1).script.push(sbiExit(0x48534d, 1));
    it.turn(1);
    expect([state(it, GLOBAL_SOFTWARE), it.readOn(1, LOCAL_SOFTWARE, 'STATUS')]).toEqual([ENABLED, 8n]);
    expect(it.callOn(1, 'hart_mask')).toBe('ALREADY_STOPPED');
  });

  it('by KVM, which tells nobody, is found out when an event would go to it', () => {
    const it = machine({ harts: 2 });
    it.enableOn(1, LOCAL_SOFTWARE, HANDLER);
    it.write(GLOBAL_SOFTWARE, 'PREFERRED_HART', 1n);
    it.enable(GLOBAL_SOFTWARE, HANDLER);
    it.callOn(1, 'hart_unmask');
    it.cpu(1).mpState = KVM_MP_STATE_STOPPED;
    it.call('inject', GLOBAL_SOFTWARE, 0);
    expect([it.readOn(1, LOCAL_SOFTWARE, 'STATUS'), state(it, GLOBAL_SOFTWARE)]).toEqual([8n, ENABLED | PENDING]);
  });
});

describe('console input', () => {
  it('is a global event of the platform: it stays pending until it is taken', () => {
    const it = machine();
    it.vmm.inputCame();
    expect([state(it, CONSOLE_INPUT), it.vmm.wakesForInput]).toEqual([PENDING, false]);
    it.enable(CONSOLE_INPUT, HANDLER);
    it.call('hart_unmask');
    expect(state(it, CONSOLE_INPUT)).toBe(RUNNING);
    it.call('complete');
    expect([state(it, CONSOLE_INPUT), it.vmm.wakesForInput]).toEqual([ENABLED, true]);
    it.vmm.inputCame();
    look(it, 0);
    expect(state(it, CONSOLE_INPUT)).toBe(RUNNING);
  });

  it('is nothing while SSE is off', () => {
    const it = machine({ modes: { SSE: 'off' } });
    const before = it.vmm.save().sbi;
    it.vmm.inputCame();
    expect(it.vmm.save().sbi).toEqual(before);
  });
});

describe('an ioctl that fails', () => {
  it('ends the VM with the register, on the way into a handler and back', () => {
    const into = machine();
    into.enable(LOCAL_SOFTWARE, HANDLER);
    into.call('hart_unmask');
    into.cpu(0).values.delete(CORE.mode.id);
    into.call('inject', LOCAL_SOFTWARE, 0);
    expect(into.vmm.ended).toMatchObject({
      kind: 'error',
      words: expect.stringContaining('KVM_GET_ONE_REG CORE.mode'),
    });

    const refused = machine();
    refused.enable(LOCAL_SOFTWARE, HANDLER);
    refused.call('hart_unmask');
    refused.kvm.refused.set('CSR.sepc', 22);
    refused.call('inject', LOCAL_SOFTWARE, 0);
    expect(refused.vmm.ended).toMatchObject({
      kind: 'error',
      words: expect.stringContaining('KVM_SET_ONE_REG CSR.sepc'),
    });

    const back = machine();
    back.enable(LOCAL_SOFTWARE, HANDLER);
    back.call('hart_unmask');
    back.call('inject', LOCAL_SOFTWARE, 0);
    back.cpu(0).values.delete(CSR.sstatus.id);
    back.call('complete');
    expect(back.vmm.ended).toMatchObject({
      kind: 'error',
      words: expect.stringContaining('KVM_GET_ONE_REG CSR.sstatus'),
    });
  });
});
