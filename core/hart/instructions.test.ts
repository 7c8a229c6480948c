import { describe, expect, it } from 'vitest';
import { makeCore, RAM, recordingCaches, trapOf } from '../testing/hart-core.ts';
import { IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER } from './api.ts';
import { PrivilegedInstructions } from './instructions.ts';

const SRET = 0x10200073;

function make(more: Parameters<typeof makeCore>[0] = {}) {
  const core = makeCore(more);
  return { core, instructions: new PrivilegedInstructions(core) };
}

describe('system instructions', () => {
  it('put the address of an ebreak in stval', () => {
    const { core, instructions } = make();
    core.pc = RAM + 2n;
    expect(instructions.system('ebreak', [], 0x9002, 2)).toBeNull();
    expect(trapOf(core)).toMatchObject({ sepc: RAM + 2n, scause: 3n, stval: RAM + 2n });
  });

  it.each(['sret', 'wfi'] as const)('drop the reservation: %s', (name) => {
    const { core, instructions } = make();
    core.reservation = { offset: 0, bytes: 4, value: 0n };
    instructions.system(name, [], SRET, 4);
    expect(core.reservation).toBeNull();
  });

  it('hand an ecall from S level to KVM and one from U level to the guest', () => {
    const { core, instructions } = make();
    expect(instructions.system('ecall', [], 0x73, 4)).toEqual({ kind: 'ecall' });
    expect(core.pc).toBe(0n);
    core.privilege = 'U';
    expect(instructions.system('ecall', [], 0x73, 4)).toBeNull();
    expect(trapOf(core)).toMatchObject({ scause: 8n, stval: 0n });
  });

  it.each(['S', 'U'] as const)('hand wfi at %s level to KVM', (privilege) => {
    const { core, instructions } = make();
    core.privilege = privilege;
    expect(instructions.system('wfi', [], 0x10500073, 4)).toEqual({ kind: 'wfi' });
  });

  it.each(['sret', 'sfence.vma'] as const)('make %s at U level a virtual-instruction exception', (name) => {
    const { core, instructions } = make();
    core.privilege = 'U';
    expect(instructions.system(name, [0n, 0n], SRET, 4)).toEqual({ kind: 'illegal', word: SRET });
  });

  it('return by sret to the level and the interrupt state that were kept', () => {
    const { core, instructions } = make();
    core.writeCsr(0x141, RAM + 0x40n);
    core.writeCsr(0x100, 0x20n);
    instructions.system('sret', [], SRET, 4);
    expect(trapOf(core)).toMatchObject({ pc: RAM + 0x40n, privilege: 'U', sstatus: 0x22n });
  });

  it('tell the engine which translations a fence names', () => {
    const { core, instructions } = make();
    const caches = recordingCaches();
    core.attach(caches);
    core.registers.write(5, 0x1_0000_5000n);
    core.registers.write(6, 0x1_0007n);
    const fence = (rs1: number, rs2: number): void => {
      instructions.system('sfence.vma', [], 0x12000073 | (rs1 << 15) | (rs2 << 20), 4);
    };
    fence(0, 0);
    fence(5, 0);
    fence(0, 6);
    fence(5, 6);
    instructions.system('fence.i', [], 0x100f, 4);
    expect(caches.seen).toEqual([
      'sfence undefined undefined undefined',
      'page 1 20480 undefined',
      'sfence undefined undefined 7',
      'page 1 20480 7',
      'fence.i',
    ]);
    expect(core.pc).toBe(20n);
  });
});

describe('CSR instructions', () => {
  const csr = { csr: 0x140, access: 'rw', rd: 5, source: 7n, hasSource: true, word: 0x14039373 } as const;

  it('read, write and go on', () => {
    const { core, instructions } = make();
    core.writeCsr(0x140, 3n);
    expect(instructions.csr(csr)).toBeNull();
    expect([core.registers.read(5), core.readCsr(0x140), core.pc]).toEqual([3n, 7n, 4n]);
    instructions.csr({ ...csr, access: 'rc', source: 5n });
    expect(core.readCsr(0x140)).toBe(2n);
    instructions.csr({ ...csr, access: 'rs', source: 0n, hasSource: false });
    expect(core.registers.read(5)).toBe(2n);
  });

  it('exit with what they would do when the hypervisor must answer', () => {
    const { core, instructions } = make();
    const cycle = { ...csr, csr: 0xc00, access: 'rs', source: 0n, hasSource: false } as const;
    expect(instructions.csr(cycle)).toEqual({
      kind: 'csr',
      csr: 0xc00,
      access: 'rs',
      source: 0n,
      writes: false,
      rd: 5,
      word: csr.word,
    });
    expect(core.pc).toBe(0n);
  });

  it('tell who asked of each write to stimecmp, with what it holds', () => {
    const seen: unknown[] = [];
    const { instructions } = make({ onStimecmp: (hart, value) => seen.push([hart, value]) });
    instructions.csr({ ...csr, csr: 0x14d });
    instructions.csr({ ...csr, csr: 0x14d, access: 'rs', source: 8n });
    instructions.csr({ ...csr, csr: 0x14d, access: 'rs', source: 0n, hasSource: false });
    expect(seen).toEqual([
      [3, 7n],
      [3, 15n],
    ]);
  });

  it('do not write sip bits other than SSIP, which the hypervisor sees', () => {
    const { core, instructions } = make();
    core.setPending(IRQ_S_EXT, true);
    instructions.csr({ ...csr, csr: 0x144, source: 0xffffn });
    expect(core.readCsr(0x144)).toBe(0x202n);
    expect([IRQ_S_SOFT, IRQ_S_TIMER, IRQ_S_EXT].map((irq) => core.isPending(irq as 1))).toEqual([true, false, true]);
  });
});
