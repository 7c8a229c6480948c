import { describe, expect, it } from 'vitest';
import { latin1, utf8 } from '../../base/bytes.ts';
import * as uapi from '../../kvm/uapi.ts';
import { sbiExit } from '../../testing/fake-kvm.ts';
import { AT, MIB, running } from '../../testing/fake-machine.ts';
import { RAM_BASE } from '../layout.ts';
import { CORE, CSR, SBI_EXT, TIMER } from '../registers.ts';
import { SUSPEND_NS } from './susp.ts';

const DBCN = 0x4442434e;
const BASE = 0x10;
const TIME = 0x54494d45;
const IPI = 0x735049;
const RFENCE = 0x52464e43;
const HSM = 0x48534d;
const SRST = 0x53525354;
const SUSP = 0x53555350;
const STA = 0x535441;
const FORWARD_ALL = {
  V01: 'vmm',
  BASE: 'vmm',
  TIME: 'vmm',
  IPI: 'vmm',
  RFENCE: 'vmm',
  HSM: 'vmm',
  SRST: 'vmm',
  STA: 'vmm',
} as const;

describe('SBI calls in the VMM', () => {
  it('refuses an extension that is off, an unknown one, and an unknown function [SBI 3.0 §3]', () => {
    const { call } = running({ interface: 'userspace', modes: { TIME: 'off' } });
    expect([call(TIME, 0, 0), call(0x12345, 0), call(DBCN, 9), call(0x0800_0000, 0)]).toEqual(Array(4).fill([-2n, 0n]));
  });

  it('hides extensions and functions that are newer than the SBI version', () => {
    const { call } = running({ interface: 'userspace', sbiVersion: '1.0', modes: { BASE: 'vmm' } });
    expect(call(DBCN, 2, 0x41)).toEqual([-2n, 0n]);
    expect([call(BASE, 0), call(BASE, 3, DBCN), call(BASE, 3, SRST)]).toEqual([
      [0n, 0x100_0000n],
      [0n, 0n],
      [0n, 1n],
    ]);
  });

  it('answers BASE with the configured identity and a probe that agrees with the modes', () => {
    const { call } = running({
      interface: 'userspace',
      implId: 9n,
      identity: { mvendorid: 0x123456789abcdef0n, marchid: 42n, mimpid: 1n },
      modes: { BASE: 'vmm', TIME: 'kvm', IPI: 'vmm', STA: 'off' },
    });
    expect([1, 2, 4, 5, 6].map((fid) => call(BASE, fid)?.[1])).toEqual([9n, 0x70200n, 0x123456789abcdef0n, 42n, 1n]);
    const probe = (eid: number) => call(BASE, 3, eid)?.[1];
    expect([TIME, IPI, STA, 0, 8, 9, 0x0800_0000, 0x0900_0001, BASE].map(probe)).toEqual([
      1n,
      1n,
      0n,
      1n,
      1n,
      0n,
      0n,
      0n,
      1n,
    ]);
  });

  it('writes and reads the console through guest memory [SBI 3.0 §12]', () => {
    const { call, poke, memory, output, type } = running();
    poke(AT, utf8('hello'));
    expect(call(DBCN, 0, 5, AT, 0)).toEqual([0n, 5n]);
    expect(call(DBCN, 2, 0x121)).toEqual([0n, 0n]);
    expect(output()).toBe('hello!');
    expect(call(DBCN, 1, 8, AT, 0)).toEqual([0n, 0n]);
    type('typed');
    expect(call(DBCN, 1, 3, AT, 0)).toEqual([0n, 3n]);
    expect(latin1(memory(AT, 5))).toBe('typlo');
  });

  it.each([
    [5, 0x4000_0000n, 0n],
    [5, AT, 1n],
    [2, RAM_BASE + BigInt(16 * MIB) - 1n, 0n],
    [2n ** 64n - 1n, AT, 0n],
  ])('answers INVALID_PARAM for %i bytes at %s, %s, which are not all RAM', (length, lo, hi) => {
    const { call, output } = running();
    expect([call(DBCN, 0, length, lo, hi), call(DBCN, 1, length, lo, hi), output()]).toEqual([
      [-3n, 0n],
      [-3n, 0n],
      '',
    ]);
  });

  it('takes a part when one console_write asks for more than the limit', () => {
    const { call, output } = running();
    expect(call(DBCN, 0, 100_000, AT, 0)).toEqual([0n, 65536n]);
    expect(output().length).toBe(65536);
  });

  it('serves the legacy console also when KVM answers the other legacy calls, and leaves a1 alone', () => {
    const { call, output, type } = running();
    expect(call(1, 9, 0x41, 0x5a51)).toEqual([0n, 0x5a51n]);
    expect(call(2, 0)).toEqual([-1n, 0n]);
    type('z');
    expect([call(2, 0)?.[0], output()]).toEqual([0x7an, 'A']);
  });

  it('sets the timer through TIMER.compare and TIMER.state', () => {
    const { call, kvm, cpu } = running({ interface: 'userspace', modes: { TIME: 'vmm', V01: 'vmm' } });
    expect([call(TIME, 0, 1234), kvm.log]).toEqual([
      [0n, 0n],
      ['set 0 TIMER.compare 0x4d2', 'set 0 TIMER.state 0x1', 'complete 0'],
    ]);
    expect(call(0, 0, 99)?.[0]).toBe(0n);
    expect(cpu(0).values.get(TIMER.compare.id)).toBe(99n);
  });

  it('carries out IPI and fences with the accelerator, and fails them where no ioctl can', () => {
    const able = running({ interface: 'accelerator', harts: 2, modes: FORWARD_ALL });
    expect([able.call(IPI, 0, 2, 0), able.call(IPI, 0, 0, -1)]).toEqual([
      [0n, 0n],
      [0n, 0n],
    ]);
    expect(able.call(RFENCE, 1, 1, 1, 0x1000, 0x2000)).toEqual([0n, 0n]);
    expect(able.kvm.log.filter((line) => !line.startsWith('complete'))).toEqual([
      'softwareInterrupt 1',
      'softwareInterrupt 0',
      'softwareInterrupt 1',
      'remoteFence sfence_vma [1] 0x1000 0x2000 0x0',
    ]);
    const unable = running({ interface: 'userspace', harts: 2, modes: FORWARD_ALL });
    expect([unable.call(IPI, 0, 1, 0), unable.call(RFENCE, 0, 1, 0)]).toEqual([
      [-1n, 0n],
      [-1n, 0n],
    ]);
    expect(unable.state.said.join('\n')).toContain('this KVM interface has no such ioctl');
  });

  it('answers INVALID_PARAM for harts that do not exist and NOT_SUPPORTED for the fences of a hypervisor', () => {
    const { call, kvm } = running({ interface: 'accelerator', harts: 2, modes: FORWARD_ALL });
    expect([call(IPI, 0, 4, 0), call(IPI, 0, 1, 2), call(RFENCE, 0, 5, 0), call(RFENCE, 4, 1, 0, 0, 0)]).toEqual([
      [-3n, 0n],
      [-3n, 0n],
      [-3n, 0n],
      [-2n, 0n],
    ]);
    expect(kvm.log.filter((line) => !line.startsWith('complete'))).toEqual([]);
  });

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

  it('refuses reserved suspend types [SBI 3.0 §9.4]', () => {
    const { call } = running({ interface: 'userspace', modes: { HSM: 'vmm' } });
    expect([call(HSM, 3, 1, 0, 0), call(HSM, 3, 0x8000_0001, AT, 0), call(HSM, 3, 0x8000_0000, 0, 0)]).toEqual([
      [-3n, 0n],
      [-3n, 0n],
      [-5n, 0n],
    ]);
  });

  it('ends the VM on SRST, but not for reserved types and reasons [SBI 3.0 §10.1]', () => {
    const { call, vmm } = running({ interface: 'userspace', modes: { SRST: 'vmm' } });
    expect([call(SRST, 0, 3, 0), call(SRST, 0, 0, 2)]).toEqual([
      [-3n, 0n],
      [-3n, 0n],
    ]);
    call(SRST, 0, 1, 0xe000_0000);
    expect(vmm.ended).toEqual({ kind: 'reset', reason: 0xe000_0000n });
  });

  it('zeroes the area of STA and checks it as the specification orders [SBI 3.0 §16]', () => {
    const { call, poke, memory } = running({ interface: 'userspace', modes: { STA: 'vmm' } });
    poke(AT, new Uint8Array(65).fill(0xff));
    expect(call(STA, 0, AT, 0, 0)).toEqual([0n, 0n]);
    expect([...memory(AT, 65)]).toEqual([...Array(64).fill(0), 0xff]);
    expect([
      call(STA, 0, -1, -1, 0),
      call(STA, 0, -1, -1, 1),
      call(STA, 0, AT + 8n, 0, 0),
      call(STA, 0, AT, 1, 0),
      call(STA, 0, 0x4000_0000, 0, 0),
    ]).toEqual([
      [0n, 0n],
      [-3n, 0n],
      [-3n, 0n],
      [-5n, 0n],
      [-5n, 0n],
    ]);
  });

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

  it('follows the hart mask pointer of legacy calls through the page tables of the guest', () => {
    const { call, cpu, kvm, poke } = running({ interface: 'accelerator', harts: 2, modes: FORWARD_ALL });
    const table = (gpa: bigint, index: number, entry: bigint) => {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setBigUint64(0, entry, true);
      poke(gpa + BigInt(8 * index), bytes);
    };
    const [root, middle, leaf, page] = [0n, 1n, 2n, 3n].map((i) => AT + i * 0x1000n) as [
      bigint,
      bigint,
      bigint,
      bigint,
    ];
    table(root, 1, (middle >> 2n) | 1n);
    table(middle, 0, (leaf >> 2n) | 1n);
    table(leaf, 3, (page >> 2n) | 0xcfn);
    poke(page + 8n, Uint8Array.of(2));
    cpu(0).values.set(CSR.satp.id, (8n << 60n) | (root >> 12n));
    expect(call(4, 0, 0x4000_3008)?.[0]).toBe(0n);
    expect(kvm.log).toContain('softwareInterrupt 1');
    expect(kvm.log).not.toContain('softwareInterrupt 0');
    expect(call(5, 0, 0x4000_0000)?.[0]).toBe(-5n);
    expect(call(6, 0, 0, 0x1000, 0x2000)?.[0]).toBe(0n);
    expect(kvm.log).toContain('remoteFence sfence_vma [0 1] 0x1000 0x2000 0x0');
  });

  it('clears the software interrupt and powers off by legacy calls', () => {
    const { call, cpu, vmm } = running({ interface: 'userspace', modes: { V01: 'vmm' } });
    cpu(0).values.set(CSR.sip.id, 0x22n);
    expect(call(3, 0)?.[0]).toBe(0n);
    expect(cpu(0).values.get(CSR.sip.id)).toBe(0x20n);
    call(8, 0);
    expect(vmm.ended).toEqual({ kind: 'shutdown', reason: 0n });
  });
});
