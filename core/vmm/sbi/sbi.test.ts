import { describe, expect, it } from 'vitest';
import { latin1, toLittleEndian, utf8 } from '../../base/bytes.ts';
import { AT, MIB, running } from '../../testing/fake-machine.ts';
import { RAM_BASE } from '../layout.ts';
import { CORE, CSR, TIMER } from '../registers.ts';

const DBCN = 0x4442434e;
const BASE = 0x10;
const TIME = 0x54494d45;
const IPI = 0x735049;
const RFENCE = 0x52464e43;
const SRST = 0x53525354;
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

  it('answers a probe with what the configuration says, whatever is there', () => {
    const modes = { BASE: 'vmm', TIME: 'kvm', STA: 'off' } as const;
    const probes = { TIME: 0n, STA: 2n ** 64n - 1n, VENDOR: 5n, V01: 0n, BASE: 0n };
    const { call } = running({ interface: 'userspace', modes, probes });
    const probe = (eid: number) => call(BASE, 3, eid)?.[1];
    expect([TIME, STA, 0x0900_0001, 0, 8, BASE, IPI, 0x12345].map(probe)).toEqual([0n, -1n, 5n, 0n, 0n, 0n, 1n, 0n]);
    expect(call(TIME, 0, 0)).toEqual([0n, 0n]);
    expect(call(BASE, 0)).toEqual([0n, 0x300_0000n]);
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

  it('fences the whole address space or a range of it, and refuses a range that wraps and an ASID that satp cannot hold', () => {
    const { call, kvm } = running({ interface: 'accelerator', modes: FORWARD_ALL });
    const TOP = 2n ** 64n - 0x1000n;
    expect([call(RFENCE, 1, 1, 0, 0, 0), call(RFENCE, 1, 1, 0, AT, -1), call(RFENCE, 1, 1, 0, TOP, 0x1000)]).toEqual(
      Array(3).fill([0n, 0n]),
    );
    expect([call(RFENCE, 2, 1, 0, AT, 0, 0xffff), call(RFENCE, 1, 0, 0, AT, 0x1000)]).toEqual(Array(2).fill([0n, 0n]));
    expect(kvm.log.filter((line) => line.startsWith('remoteFence')).length).toBe(4);
    expect([call(RFENCE, 1, 1, 0, TOP, 0x1001), call(RFENCE, 2, 1, 0, -1, 2, 0)]).toEqual(Array(2).fill([-5n, 0n]));
    expect([call(RFENCE, 2, 1, 0, AT, 0, 0x1_0000), call(RFENCE, 2, 1, 0, AT, 0, -1)]).toEqual(
      Array(2).fill([-3n, 0n]),
    );
    expect(call(RFENCE, 1, 3, -2)).toEqual([-3n, 0n]);
    expect(kvm.log.filter((line) => line.startsWith('remoteFence')).length).toBe(4);
  });

  it('ends the VM on SRST, but not for types and reasons that are reserved or not implemented [SBI 3.0 §10.1]', () => {
    const { call, vmm } = running({ interface: 'userspace', modes: { SRST: 'vmm' } });
    expect([call(SRST, 0, 3, 0), call(SRST, 0, 0, 2), call(SRST, 0, 0, 0xf000_0000)]).toEqual([
      [-3n, 0n],
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
    expect(call(6, 0, 0, 0x1000, 0x2000)?.[0]).toBe(0n);
    expect(kvm.log).toContain('remoteFence sfence_vma [0 1] 0x1000 0x2000 0x0');
  });

  it.each([
    ['is not mapped', 8n << 60n, 0x4000_0000n, 13n],
    ['is mapped to no memory', 0n, 0x4000_0000n, 5n],
  ])('gives the guest the fault at its ecall when the mask %s [SBI 3.0 §5]', (_, satp, pointer, cause) => {
    const { call, cpu } = running({ interface: 'accelerator', harts: 2, modes: FORWARD_ALL });
    const { values } = cpu(0);
    const [SIE, SPIE, SPP, S] = [1n << 1n, 1n << 5n, 1n << 8n, 1n];
    for (const [register, value] of [
      [CSR.satp, satp],
      [CSR.stvec, AT | 1n],
      [CSR.sstatus, SIE],
      [CORE.mode, S],
      [CORE.pc, AT + 0x100n],
    ] as const)
      values.set(register.id, value);
    expect(call(5, 0, pointer, 7)).toEqual([pointer, 7n]);
    const after = [CORE.pc, CSR.sepc, CSR.scause, CSR.stval, CSR.sstatus].map(({ id }) => values.get(id));
    expect(after).toEqual([AT, AT + 0x100n, cause, pointer, SPP | SPIE]);
  });

  it.each([
    ['at an address that is not canonical', RAM_BASE, 0xcfn, RAM_BASE | (1n << 39n)],
    ['in a superpage that is not aligned', RAM_BASE + 0x1000n, 0xcfn, RAM_BASE],
    ['behind an entry that can be written and not read', AT, 0xc5n, RAM_BASE],
  ])('gives the guest a page fault for a mask %s [privileged ISA, Sv39]', (_, page, flags, pointer) => {
    const { call, cpu, poke } = running({ interface: 'accelerator', harts: 2, modes: FORWARD_ALL });
    const put = (index: bigint, entry: bigint) => poke(AT + 8n * index, toLittleEndian(entry, 8));
    put(RAM_BASE >> 30n, (page >> 2n) | flags);
    // Would translate it if the one above were a pointer to the table itself.
    put(0n, (RAM_BASE >> 2n) | 0xcfn);
    cpu(0).values.set(CSR.satp.id, (8n << 60n) | (AT >> 12n));
    call(5, 0, pointer);
    expect([CSR.scause, CSR.stval].map(({ id }) => cpu(0).values.get(id))).toEqual([13n, pointer]);
  });

  it('clears the software interrupt, saying whether one was pending, and powers off by legacy calls', () => {
    const { call, cpu, vmm } = running({ interface: 'userspace', modes: { V01: 'vmm' } });
    cpu(0).values.set(CSR.sip.id, 0x22n);
    expect([call(3, 0)?.[0], call(3, 0)?.[0]]).toEqual([1n, 0n]);
    expect(cpu(0).values.get(CSR.sip.id)).toBe(0x20n);
    call(8, 0);
    expect(vmm.ended).toEqual({ kind: 'shutdown', reason: 0n });
  });
});
