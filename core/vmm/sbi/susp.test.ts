import { describe, expect, it } from 'vitest';
import * as uapi from '../../kvm/uapi.ts';
import { sbiExit } from '../../testing/fake-kvm.ts';
import { AT, running } from '../../testing/fake-machine.ts';
import { CORE, SBI_EXT } from '../registers.ts';
import { SUSPEND_NS } from './susp.ts';

const SUSP = 0x53555350;

describe('SUSP in the VMM', () => {
  it('sleeps in system_suspend until there is input, then lets KVM resume the guest', () => {
    const { cpu, turn, vmm, state, type } = running();
    cpu(0).script.push(sbiExit(SUSP, 0, 0, AT, 7));
    turn();
    expect(vmm.threads[0]?.sleepingUntil).toBe(SUSPEND_NS);
    turn();
    expect(cpu(0).returned).toEqual([]);
    state.now = 1000;
    type('x');
    expect(vmm.threads[0]?.sleepingUntil).toBe(1000);
    turn();
    expect(cpu(0).returned).toEqual([[0n, 0n]]);
  });

  it('wakes from system_suspend by itself after five seconds', () => {
    const { cpu, turn, state } = running();
    cpu(0).script.push(sbiExit(SUSP, 0, 0, AT, 7));
    turn();
    state.now = SUSPEND_NS;
    turn();
    expect(cpu(0).returned).toEqual([[0n, 0n]]);
  });

  it('checks and resumes by itself under a KVM that does not know SUSP [SBI 3.0 §13.1]', () => {
    const { call, cpu, turn, state } = running({ interface: 'userspace', harts: 2 }, (kvm) =>
      kvm.defaults.delete(SBI_EXT.SUSP.id),
    );
    expect([call(SUSP, 0, 1, AT, 0), call(SUSP, 0, 0, 0x1000, 0)]).toEqual([
      [-3n, 0n],
      [-5n, 0n],
    ]);
    cpu(1).mpState = uapi.KVM_MP_STATE_RUNNABLE;
    expect(call(SUSP, 0, 0, AT, 0)).toEqual([-4n, 0n]);
    cpu(1).mpState = uapi.KVM_MP_STATE_STOPPED;
    cpu(0).script.push(sbiExit(SUSP, 0, 0, AT, 0x99));
    turn();
    state.now = SUSPEND_NS;
    turn();
    expect([CORE.pc, CORE.a0, CORE.a1].map((register) => cpu(0).values.get(register.id))).toEqual([AT, 0n, 0x99n]);
  });
});
