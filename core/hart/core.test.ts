import { describe, expect, it } from 'vitest';
import { makeCore, RAM, trapOf } from '../testing/hart-core.ts';
import { IRQ_S_EXT, IRQ_S_SOFT, IRQ_S_TIMER } from './api.ts';

describe('the reset state of a KVM vcpu', () => {
  it('is S level, MMU off, every register zero', () => {
    const core = makeCore();
    core.pc = 5n;
    core.registers.write(7, 9n);
    core.writeCsr(0x180, (8n << 60n) | 1n);
    core.setPending(IRQ_S_EXT, true);
    core.privilege = 'U';
    core.reset();
    expect(core.save()).toMatchObject({ pc: '0x0', privilege: 'S', pending: '0x0' });
    expect(core.registers.values.every((value) => value === 0n)).toBe(true);
    expect(core.translation.context).toMatchObject({ levels: 0, user: false });
    expect(core.readCsr(0x100)).toBe(0x2_0000_0000n);
    expect(core.readCsr(0x14d)).toBe(0xffff_ffff_ffff_ffffn);
  });
});

describe('exceptions', () => {
  it('enter the guest at stvec with cause, value and the interrupted level', () => {
    const core = makeCore();
    core.writeCsr(0x105, 0x8000_4001n);
    core.writeCsr(0x100, 2n);
    core.pc = RAM + 8n;
    core.privilege = 'U';
    expect(core.raise(13n, 0x1234n)).toBeNull();
    const entered = { pc: 0x8000_4000n, privilege: 'S', sepc: RAM + 8n, scause: 13n, stval: 0x1234n, sstatus: 0x20n };
    expect(trapOf(core)).toEqual(entered);
  });

  it('cost one unit of time and retire nothing', () => {
    const core = makeCore();
    core.raise(3n, 0n);
    expect([core.clock.waited, core.clock.retired]).toEqual([1, 0]);
  });

  it('leave illegal instructions to a KVM that does not delegate them', () => {
    const core = makeCore({ delegatesIllegal: false });
    core.pc = RAM;
    expect(core.illegal(0xffff_ffff)).toEqual({ kind: 'illegal', word: 0xffff_ffff });
    expect(core.pc).toBe(RAM);
    expect(makeCore().illegal(0xffff_ffff)).toBeNull();
  });

  it('and returns and exits drop the reservation', () => {
    const core = makeCore();
    const reserved = { offset: 0, bytes: 4, value: 0n } as const;
    const acts = [() => core.raise(3n, 0n), () => core.returnFromTrap(), () => core.leave({ kind: 'wfi' })];
    for (const act of acts) {
      core.privilege = 'S';
      core.reservation = reserved;
      act();
      expect(core.reservation).toBeNull();
    }
  });

  it('keep the guest going when KVM redirects one, at no cost in guest time', () => {
    const core = makeCore();
    core.writeCsr(0x105, RAM);
    core.pc = RAM + 0x100n;
    core.trap(2n, 7n);
    expect(trapOf(core)).toMatchObject({ pc: RAM, sepc: RAM + 0x100n, scause: 2n, stval: 7n, sstatus: 0x100n });
    expect(core.clock.waited).toBe(0);
  });
});

describe('exits of memory accesses', () => {
  const access = { bytes: 2, signed: true, rd: 9, length: 4, word: 0x7483, value: 0x1_2345n } as const;

  it('describe a load outside RAM', () => {
    const core = makeCore();
    const va = 0x1000_0006n;
    expect(
      core.dataFault(core.translation.translate(va, 'load'), va, { ...access, store: false, atomic: false }),
    ).toEqual({
      kind: 'mmio',
      store: false,
      gpa: va,
      va,
      bytes: 2,
      value: 0n,
      signed: true,
      rd: 9,
      length: 4,
      word: 0x7483,
    });
  });

  it('carry the low bytes of a stored value, and say when KVM could not decode it', () => {
    const core = makeCore();
    const va = 0x1000_0006n;
    const page = core.translation.translate(va, 'store');
    const exit = core.dataFault(page, va, { ...access, store: true, atomic: true });
    expect(exit).toMatchObject({ kind: 'mmio', store: true, value: 0x2345n, atomic: true });
  });

  it('name the guest-physical address of a translated one', () => {
    const core = makeCore();
    core.writeCsr(0x180, (8n << 60n) | (RAM >> 12n));
    const va = 0x1234n;
    core.memory.view.setBigUint64(0, (0x4000_0000n >> 2n) | 0xcfn, true);
    expect(core.fetchFault(core.translation.translate(va, 'fetch'), va)).toEqual({
      kind: 'fetch-fault',
      gpa: 0x4000_1234n,
      va,
    });
  });

  it('name the table entry when the walk itself leaves RAM', () => {
    const core = makeCore();
    core.writeCsr(0x180, (8n << 60n) | 0x4_0000n);
    const va = 0x4000_0000n;
    const exit = core.dataFault(core.translation.translate(va, 'load'), va, { ...access, store: false, atomic: false });
    expect(exit).toMatchObject({ kind: 'mmio', gpa: 0x4000_0008n, va });
  });
});

describe('interrupts', () => {
  it('come external first, then software, then timer', () => {
    const core = makeCore();
    core.writeCsr(0x104, 0x222n);
    core.writeCsr(0x100, 2n);
    core.writeCsr(0x14d, 0n);
    core.setPending(IRQ_S_SOFT, true);
    core.setPending(IRQ_S_EXT, true);
    expect(core.nextInterrupt()).toBe(IRQ_S_EXT);
    core.setPending(IRQ_S_EXT, false);
    expect(core.nextInterrupt()).toBe(IRQ_S_SOFT);
    core.setPending(IRQ_S_SOFT, false);
    expect(core.nextInterrupt()).toBe(IRQ_S_TIMER);
  });

  it('enter at their vector with no value', () => {
    const core = makeCore();
    core.writeCsr(0x105, RAM + 1n);
    core.writeCsr(0x104, 0x200n);
    core.writeCsr(0x100, 2n);
    core.setPending(IRQ_S_EXT, true);
    core.pc = 0x44n;
    expect(core.takeInterrupt()).toBe(true);
    expect(trapOf(core)).toMatchObject({ pc: RAM + 36n, sepc: 0x44n, scause: (1n << 63n) | 9n, stval: 0n });
    expect(core.takeInterrupt()).toBe(false);
  });

  it('wake a waiting hart whatever sstatus.SIE says, if sie has them', () => {
    const core = makeCore();
    core.setPending(IRQ_S_TIMER, true);
    expect(core.hasWakeup()).toBe(false);
    core.writeCsr(0x104, 0x20n);
    expect(core.hasWakeup()).toBe(true);
    expect(core.nextInterrupt()).toBe(-1);
  });

  it('of the timer are due when the clock of the hart reaches stimecmp', () => {
    const core = makeCore();
    expect(core.timerDeadline()).toBe(Number.POSITIVE_INFINITY);
    core.writeCsr(0x14d, 5n);
    expect(core.timerDeadline()).toBe(50);
    core.writeCsr(0x104, 0x20n);
    core.clock.skipTo(49);
    expect(core.hasWakeup()).toBe(false);
    core.clock.skipTo(50);
    expect(core.hasWakeup()).toBe(true);
    expect(makeCore({ extensions: new Set() }).timerDeadline()).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('a snapshot', () => {
  it('holds everything, as plain data', () => {
    const core = makeCore();
    core.pc = RAM + 6n;
    for (let index = 1; index < 32; index++) core.registers.write(index, BigInt(index) << 40n);
    for (const csr of [0x104, 0x105, 0x106, 0x140, 0x141, 0x142, 0x143, 0x14d])
      core.writeCsr(csr, BigInt(csr) * 0x1001n);
    core.writeCsr(0x100, 0xc0122n);
    core.writeCsr(0x180, (10n << 60n) | 77n);
    core.setPending(IRQ_S_SOFT, true);
    core.privilege = 'U';
    core.clock.retired = 123;
    core.clock.waited = 45;
    core.reservation = { offset: 64, bytes: 8, value: 1n << 63n };
    const saved = structuredClone(core.save());
    const other = makeCore();
    other.load(saved);
    expect(other.save()).toEqual(saved);
    expect(other.translation.context).toEqual(core.translation.context);
    expect(JSON.parse(JSON.stringify(saved))).toEqual(saved);
  });

  it('gives registers that it does not name their reset value', () => {
    const core = makeCore();
    const saved = core.save();
    core.writeCsr(0x140, 5n);
    core.load({ ...saved, csrs: {} });
    expect([core.readCsr(0x140), core.readCsr(0x14d)]).toEqual([0n, 0xffff_ffff_ffff_ffffn]);
  });

  it('with a number that is none is refused as a whole', () => {
    const core = makeCore();
    core.registers.write(1, 5n);
    expect(() => core.load({ ...makeCore().save(), pc: 'somewhere' })).toThrow(SyntaxError);
    expect(core.registers.read(1)).toBe(5n);
  });
});
