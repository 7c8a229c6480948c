import { describe, expect, it } from 'vitest';
import type { HartOptions } from './api.ts';
import { HartClock, Timebase } from './clock.ts';
import { SupervisorCsrs } from './csrs.ts';
import { HENVCFG_ADUE, HENVCFG_PBMTE, HENVCFG_STCE } from './environment.ts';

const ALL_ONES = 0xffff_ffff_ffff_ffffn;

function make(
  extensions: readonly string[] = ['C', 'Sstc', 'Zicbom', 'Zicboz'],
  more: Partial<HartOptions> = {},
): SupervisorCsrs {
  const options: HartOptions = {
    id: 0,
    extensions: new Set(extensions),
    hcounteren: 2,
    delegatesIllegal: true,
    satpMode: 10,
    ...more,
  };
  return new SupervisorCsrs(options, new HartClock(new Timebase(10)));
}

/** Recorded from a guest of Linux 7.2.13 under QEMU 11.1 (`rv64,h=true`): numbers whose reading trapped. */
const TRAPPED = [
  0x001, 0x003, 0x008, 0x00f, 0x011, 0x015, 0x017, 0xc03, 0xc04, 0xc1f, 0xc20, 0xc21, 0xc22, 0x10c, 0x10d, 0x10e, 0x10f,
  0x114, 0x120, 0x150, 0x151, 0x154, 0x15c, 0x15d, 0x181, 0x5a8, 0x5c0, 0xda0, 0xdb0, 0x200, 0x280, 0x600, 0x602, 0x605,
  0x680, 0xe12, 0x300, 0x301, 0x304, 0x340, 0xf11, 0xf12, 0xf13, 0xf14, 0x7a0, 0x800, 0x9c0, 0xcc0, 0xdc0,
];
/** The same: what a register held after all ones and after zero were written to it. */
const WRITTEN: readonly (readonly [string, number, bigint, bigint])[] = [
  ['sie', 0x104, 0x222n, 0n],
  ['scounteren', 0x106, 0x7ffffn, 0n],
  ['senvcfg', 0x10a, 0xf1n, 0n],
  ['sscratch', 0x140, ALL_ONES, 0n],
  ['sepc', 0x141, ALL_ONES - 1n, 0n],
  ['scause', 0x142, ALL_ONES, 0n],
  ['stval', 0x143, ALL_ONES, 0n],
  ['sip', 0x144, 0x2n, 0n],
  ['stimecmp', 0x14d, ALL_ONES, 0n],
];

describe('CSRs of a guest', () => {
  it.each(TRAPPED.map((number) => [number.toString(16), number] as const))('do not have 0x%s', (_, number) => {
    expect(make().decideAccess(number, false, 'S')).not.toBe('allowed');
    expect(make().decideAccess(number, true, 'S')).not.toBe('allowed');
  });

  it.each(WRITTEN)('keep of %s what a KVM guest saw', (_, number, ones, zero) => {
    const csrs = make();
    expect(csrs.decideAccess(number, true, 'S')).toBe('allowed');
    csrs.write(number, ALL_ONES);
    expect(csrs.read(number)).toBe(ones);
    csrs.write(number, 0n);
    expect(csrs.read(number)).toBe(zero);
  });

  it('have UXL fixed at 64 bits and FS and VS only with F and V', () => {
    const plain = make();
    plain.write(0x100, ALL_ONES);
    expect(plain.read(0x100)).toBe(0x2_000c_0122n);
    const full = make(['F', 'V']);
    full.write(0x100, ALL_ONES);
    expect(full.read(0x100)).toBe(0x8000_0002_000c_6722n);
    full.write(0x100, 0n);
    expect(full.read(0x100)).toBe(0x2_0000_0000n);
  });

  it('leave stvec alone when the mode is reserved', () => {
    const csrs = make();
    csrs.write(0x105, 0x8000_0111n);
    csrs.write(0x105, ALL_ONES);
    csrs.write(0x105, 0x8000_2002n);
    expect(csrs.read(0x105)).toBe(0x8000_0111n);
  });

  it.each([
    [8, [0, 8]],
    [9, [0, 8, 9]],
    [10, [0, 8, 9, 10]],
  ] as const)('accept satp modes up to %i', (satpMode, accepted) => {
    const csrs = make([], { satpMode });
    const kept = Array.from({ length: 16 }, (_, mode) => mode).filter((mode) => {
      csrs.write(0x180, (BigInt(mode) << 60n) | BigInt(mode + 1));
      return csrs.read(0x180) === ((BigInt(mode) << 60n) | BigInt(mode + 1));
    });
    expect(kept).toEqual(accepted);
  });

  it('keep the 16 bits of the ASID, in Bare mode too', () => {
    const csrs = make();
    csrs.write(0x180, 0x0fff_f000_0000_0000n);
    expect(csrs.read(0x180)).toBe(0x0fff_f000_0000_0000n);
    csrs.write(0x180, ALL_ONES);
    expect(csrs.read(0x180)).toBe(0x0fff_f000_0000_0000n);
  });

  it('clear two bits of sepc when instructions are four bytes', () => {
    const csrs = make(['Sstc']);
    csrs.write(0x141, ALL_ONES);
    expect(csrs.read(0x141)).toBe(ALL_ONES - 3n);
  });

  it('keep the old CBIE when the new one is reserved', () => {
    const csrs = make();
    csrs.write(0x10a, 0x11n);
    csrs.write(0x10a, 0xe0n);
    expect(csrs.read(0x10a)).toBe(0xd0n);
    const without = make(['C']);
    without.write(0x10a, ALL_ONES);
    expect(without.read(0x10a)).toBe(1n);
  });

  it('have no stimecmp without Sstc', () => {
    const csrs = make([]);
    expect(csrs.decideAccess(0x14d, false, 'S')).toBe('illegal');
    expect(csrs.write(0x14d, 0n)).toBe(false);
    expect(csrs.pending()).toBe(0);
  });

  it('hide stimecmp together with time', () => {
    const csrs = make(undefined, { hcounteren: 0 });
    expect(csrs.decideAccess(0x14d, true, 'S')).toBe('virtual');
    expect(csrs.decideAccess(0xc01, false, 'S')).toBe('virtual');
  });

  it.each([
    ['time at S level', 0xc01, 'S', 0n, 'allowed'],
    ['time at U level without scounteren', 0xc01, 'U', 0n, 'virtual'],
    ['time at U level with scounteren', 0xc01, 'U', 2n, 'allowed'],
    ['cycle, which hcounteren hides', 0xc00, 'S', 7n, 'virtual'],
    ['instret at U level', 0xc02, 'U', 7n, 'virtual'],
    ['the last hpmcounter', 0xc1f, 'S', 0n, 'virtual'],
    ['a high half, which RV64 has not', 0xc80, 'S', 0n, 'illegal'],
    ['sstatus at U level', 0x100, 'U', 0n, 'virtual'],
    ['an absent CSR at U level', 0x10c, 'U', 0n, 'illegal'],
    ['a VS register', 0x200, 'S', 0n, 'virtual'],
    ['hstatus at U level', 0x600, 'U', 0n, 'virtual'],
    ['mstatus', 0x300, 'S', 0n, 'illegal'],
  ] as const)('answer a read of %s', (_, number, privilege, scounteren, decision) => {
    const csrs = make();
    csrs.write(0x106, scounteren);
    expect(csrs.decideAccess(number, false, privilege)).toBe(decision);
  });

  it('make every write to a read-only register illegal, also when hcounteren hides it', () => {
    expect(make().decideAccess(0xc01, true, 'S')).toBe('illegal');
    expect(make().decideAccess(0xc00, true, 'U')).toBe('illegal');
    expect(make().decideAccess(0xe12, true, 'S')).toBe('illegal');
  });

  it('let only writes of seed reach KVM, and only with Zkr', () => {
    expect(make().decideAccess(0x015, true, 'S')).toBe('illegal');
    expect(make(['Zkr']).decideAccess(0x015, true, 'S')).toBe('virtual');
    expect(make(['Zkr']).decideAccess(0x015, false, 'S')).toBe('illegal');
  });

  it('show the timer in sip from the unit at which time reaches stimecmp', () => {
    const csrs = make();
    csrs.write(0x14d, 3n);
    csrs.clock.spend(29);
    expect(csrs.read(0x144)).toBe(0n);
    csrs.clock.retired = 1;
    expect(csrs.read(0x144)).toBe(0x20n);
    csrs.write(0x144, 0n);
    expect(csrs.read(0x144)).toBe(0x20n);
    csrs.write(0x14d, 4n);
    expect(csrs.read(0x144)).toBe(0n);
  });

  it('have the overflow interrupt with Sscofpmf, which the guest itself can clear', () => {
    const csrs = make(['Sscofpmf', 'Zihpm']);
    csrs.write(0x104, ALL_ONES);
    expect(csrs.read(0x104)).toBe(0x2222n);
    csrs.state.hvip = 0x2000;
    expect(csrs.read(0x144)).toBe(0x2000n);
    csrs.write(0x144, 0n);
    expect(csrs.read(0x144)).toBe(0n);
    expect(csrs.decideAccess(0xda0, false, 'S')).toBe('allowed');
    expect(csrs.decideAccess(0xda0, true, 'S')).toBe('illegal');
  });

  it('have of the state enables only the first, and nothing in it, since KVM allows no more', () => {
    const csrs = make(['Ssstateen']);
    expect([0x10c, 0x10d, 0x10f].map((number) => csrs.decideAccess(number, true, 'S'))).toEqual([
      'allowed',
      'virtual',
      'virtual',
    ]);
    csrs.write(0x10c, ALL_ONES);
    expect(csrs.read(0x10c)).toBe(0n);
  });

  it('mask pointers of U level by senvcfg with Ssnpm, and keep the old PMM when the new one is reserved', () => {
    const csrs = make(['Ssnpm']);
    const kept = [2n, 1n, 3n, 1n, 0n].map((pmm) => {
      csrs.write(0x10a, pmm << 32n);
      return (csrs.read(0x10a) ?? 0n) >> 32n;
    });
    expect(kept).toEqual([2n, 2n, 3n, 3n, 0n]);
  });

  it('hide stimecmp, and the timer with it, when henvcfg takes it away', () => {
    const csrs = make();
    csrs.write(0x14d, 0n);
    expect(csrs.pending()).toBe(0x20);
    csrs.writeHenvcfg(0n);
    expect(csrs.decideAccess(0x14d, false, 'S')).toBe('virtual');
    expect(csrs.pending()).toBe(0);
    expect(csrs.read(0x14d)).toBe(0n);
  });

  it.each<[readonly string[], bigint]>([
    [['Svadu'], HENVCFG_ADUE],
    [['Svadu', 'Svade'], 0n],
    [['Svade'], 0n],
    [['Svpbmt', 'Sstc'], HENVCFG_PBMTE | HENVCFG_STCE],
    [['Zicbom', 'Zicboz', 'Ssnpm'], 0xf0n],
  ])('find henvcfg for %j as Linux KVM makes it', (extensions, henvcfg) => {
    expect(make(extensions).state.henvcfg).toBe(henvcfg);
  });
});
