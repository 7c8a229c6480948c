import { describe, expect, it } from 'vitest';
import * as uapi from '../kvm/uapi.ts';
import { readPlain } from '../schema/plain.ts';
import { type FakeVcpu, sbiExit } from '../testing/fake-kvm.ts';
import { AT, running } from '../testing/fake-machine.ts';
import { CSR } from './registers.ts';
import { VMM_SHAPE, type VmmSnapshot } from './snapshot.ts';

const CPPC = 0x43505043;
const HSM = 0x48534d;
const carried = (saved: VmmSnapshot): VmmSnapshot => readPlain(VMM_SHAPE, JSON.parse(JSON.stringify(saved)));

function seedOf(cpu: FakeVcpu, turn: () => void): bigint {
  cpu.script.push((run) => {
    run.exit_reason = uapi.KVM_EXIT_RISCV_CSR;
    run.riscv_csr = { csr_num: 0x15, new_value: 0n, write_mask: 0n, ret_value: 0n };
  });
  turn();
  return cpu.run.riscv_csr.ret_value;
}

describe('the state of the VMM', () => {
  it('goes on in the stream of entropy where it was left', () => {
    const one = running();
    seedOf(one.cpu(0), one.turn);
    const saved = carried(one.vmm.save());
    const next = seedOf(one.cpu(0), one.turn);
    const two = running({}, undefined, saved);
    expect(seedOf(two.cpu(0), two.turn)).toBe(next);
    expect(seedOf(running().cpu(0), () => {})).not.toBe(next);
  });

  it('keeps a hart asleep that the VMM suspended, with what follows, and boots nothing', () => {
    const options = { interface: 'userspace', harts: 2, modes: { HSM: 'vmm' } } as const;
    const one = running(options);
    one.cpu(0).values.set(CSR.sie.id, 1n << 1n);
    one.cpu(0).script.push(sbiExit(HSM, 3, 0x8000_0000, AT, 0x55));
    one.turn();
    const two = running(options, undefined, carried(one.vmm.save()));
    expect(two.vmm.threads[0]?.sleepingUntil).toBe(one.vmm.threads[0]?.sleepingUntil);
    expect([two.vmm.deviceTree, two.vmm.entry]).toEqual([null, one.vmm.entry]);
    two.cpu(1).script.push(sbiExit(HSM, 2, 0));
    two.turn(1);
    two.turn(1);
    expect(two.cpu(1).returned).toEqual([[0n, 4n]]);
    two.cpu(0).values.set(CSR.sip.id, 1n << 1n);
    two.state.now = 2_000_000;
    two.turn();
    expect(two.kvm.log).toContain('set 0 CORE.a1 0x55');
    expect(two.vmm.save().suspended).toEqual([]);
  });

  it('keeps what extensions keep, and takes null for one that is as new', () => {
    const options = { interface: 'userspace', modes: { CPPC: 'vmm' } } as const;
    const one = running(options);
    expect(one.call(CPPC, 3, 5, 60)).toEqual([0n, 0n]);
    const saved = carried(one.vmm.save());
    expect(running(options, undefined, saved).call(CPPC, 1, 5)).toEqual([0n, 60n]);
    const fresh = { ...saved, sbi: { ...saved.sbi, CPPC: null } };
    expect(running(options, undefined, fresh).call(CPPC, 1, 5)).toEqual([0n, 100n]);
  });

  it.each<[string, (saved: VmmSnapshot) => VmmSnapshot, string]>([
    ['other threads', (s) => ({ ...s, threads: [] }), 'threads: there are 0 where the VM has 1'],
    ['another vcpu', (s) => ({ ...s, threads: s.threads.map((t) => ({ ...t, vcpu: 3 })) }), 'threads.0.vcpu: 3'],
    ['a device that is not there', (s) => ({ ...s, devices: { ...s.devices, disk: {} } }), 'devices.disk: the machine'],
    ['no state of a device', (s) => ({ ...s, devices: {} }), 'devices.ns16550: is missing'],
    [
      'an extension of which nothing is kept',
      (s) => ({ ...s, sbi: { ...s.sbi, TIME: {} } }),
      'sbi.TIME: the VMM keeps',
    ],
    ['no state of an extension', (s) => ({ ...s, sbi: {} }), 'sbi.PMU: is missing'],
    ['a bad state of an extension', (s) => ({ ...s, sbi: { ...s.sbi, CPPC: 5 } }), 'sbi.CPPC: 5 is not an object'],
    ['an extension of other harts', (s) => ({ ...s, sbi: { ...s.sbi, CPPC: { harts: [] } } }), 'sbi.CPPC.harts: there'],
    ['a bad state of a device', (s) => ({ ...s, devices: { ns16550: null } }), 'devices.ns16550: ns16550: ier is not'],
  ])('with %s is refused with its place', (_, change, message) => {
    const saved = change(running().vmm.save());
    expect(() => running({}, undefined, saved)).toThrow(message);
  });
});
