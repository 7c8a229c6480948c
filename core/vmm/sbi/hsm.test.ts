import { describe, expect, it } from 'vitest';
import * as uapi from '../../kvm/uapi.ts';
import { sbiExit } from '../../testing/fake-kvm.ts';
import { AT, running } from '../../testing/fake-machine.ts';
import { CORE, CSR, TIMER } from '../registers.ts';

const HSM = 0x48534d;

describe('HSM in the VMM', () => {
  it('starts a stopped hart by registers and mp state, with every error of the specification [SBI 3.0 §9.1]', () => {
    const { call, cpu, kvm } = running({ interface: 'userspace', harts: 2, modes: { HSM: 'vmm' } });
    expect([call(HSM, 2, 1), call(HSM, 2, 0), call(HSM, 2, 2)]).toEqual([
      [0n, 1n],
      [0n, 0n],
      [-3n, 0n],
    ]);
    expect([call(HSM, 0, 5, AT, 0), call(HSM, 0, 0, AT, 0), call(HSM, 0, 1, 0x1000, 0)]).toEqual([
      [-3n, 0n],
      [-6n, 0n],
      [-5n, 0n],
    ]);
    expect(cpu(1).mpState).toBe(uapi.KVM_MP_STATE_STOPPED);
    expect(call(HSM, 0, 1, AT, 0x77)).toEqual([0n, 0n]);
    expect(kvm.log.filter((line) => !line.startsWith('complete'))).toEqual([
      'set 1 CSR.satp 0x0',
      'set 1 CSR.sstatus 0x0',
      `set 1 CORE.pc 0x${AT.toString(16)}`,
      'set 1 CORE.a0 0x1',
      'set 1 CORE.a1 0x77',
      'mp 1 0',
    ]);
    expect(call(HSM, 2, 1)).toEqual([0n, 0n]);
  });

  it('stops a hart only after KVM has finished its call, so that a later start is not overwritten', () => {
    const { cpu, turn, kvm } = running({ interface: 'userspace', modes: { HSM: 'vmm' } });
    cpu(0).script.push(sbiExit(HSM, 1));
    turn();
    expect(kvm.log).toEqual(['complete 0', 'mp 0 5']);
  });

  it('suspends a hart until its timer is due, and tells SUSPENDED meanwhile', () => {
    const { cpu, turn, vmm, state } = running({ interface: 'userspace', harts: 2, modes: { HSM: 'vmm' } });
    cpu(0).values.set(CSR.sie.id, 1n << 5n);
    cpu(0).values.set(TIMER.time.id, 1000n);
    cpu(0).values.set(TIMER.compare.id, 1000n + 5000n);
    cpu(0).script.push(sbiExit(HSM, 3, 0, 0, 0));
    cpu(1).script.push(sbiExit(HSM, 2, 0));
    turn();
    expect(vmm.threads[0]?.sleepingUntil).toBe(500_000);
    turn(1);
    turn(1);
    expect(cpu(1).returned).toEqual([[0n, 4n]]);
    state.now = 500_000;
    turn();
    expect([vmm.threads[0]?.sleepingUntil, cpu(0).returned]).toEqual([null, [[0n, 0n]]]);
  });

  it('wakes a suspended hart for an interrupt that is enabled, and resumes a non-retentive one at its address', () => {
    const { cpu, turn, state } = running({ interface: 'userspace', modes: { HSM: 'vmm' } });
    cpu(0).values.set(CSR.sie.id, 2n);
    cpu(0).script.push(sbiExit(HSM, 3, 0x8000_0000, AT, 0x55));
    turn();
    cpu(0).values.set(CSR.sip.id, 0x20n);
    state.now = 1_000_000;
    turn();
    expect(cpu(0).returned).toEqual([]);
    cpu(0).values.set(CSR.sip.id, 0x22n);
    state.now = 2_000_000;
    turn();
    expect([CORE.pc, CORE.a0, CORE.a1].map((register) => cpu(0).values.get(register.id))).toEqual([AT, 0n, 0x55n]);
  });

  it('looks at the low 32 bits of a suspend type, and refuses those of the platform, which it does not implement', () => {
    const { call, cpu, turn } = running({ interface: 'userspace', modes: { HSM: 'vmm' } });
    for (const type of [1n, 0x0fff_ffffn, 0x1000_0000n, 0x7fff_ffffn, 0x8fff_ffffn, 0x9000_0000n, 0xffff_ffffn]) {
      expect([call(HSM, 3, type, AT, 0), call(HSM, 3, (7n << 32n) | type, AT, 0)]).toEqual(Array(2).fill([-3n, 0n]));
    }
    cpu(0).values.set(CSR.sie.id, 1n << 5n);
    cpu(0).script.push(sbiExit(HSM, 3, 7n << 32n, 0, 0));
    turn();
    turn();
    expect(cpu(0).returned).toEqual([[0n, 0n]]);
  });

  it('refuses reserved suspend types [SBI 3.0 §9.4]', () => {
    const { call } = running({ interface: 'userspace', modes: { HSM: 'vmm' } });
    expect([call(HSM, 3, 1, 0, 0), call(HSM, 3, 0x8000_0001, AT, 0), call(HSM, 3, 0x8000_0000, 0, 0)]).toEqual([
      [-3n, 0n],
      [-3n, 0n],
      [-5n, 0n],
    ]);
  });
});
