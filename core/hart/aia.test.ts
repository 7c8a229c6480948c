import { describe, expect, it } from 'vitest';
import type { HartOptions } from './api.ts';
import { HartClock, Timebase } from './clock.ts';
import { SupervisorCsrs } from './csrs.ts';

const ALL_ONES = 0xffff_ffff_ffff_ffffn;
const SENVCFG = 0x10a;
const SSTATEEN0 = 0x10c;
const SISELECT = 0x150;
const SIREG = 0x151;
const STOPEI = 0x15c;
const STOPI = 0xdb0;
const HVIPRIO1 = 0x646;
const HVIPRIO2 = 0x647;

function make(extensions: readonly string[], hardware = extensions): SupervisorCsrs {
  const options: HartOptions = {
    id: 0,
    extensions: new Set(extensions),
    hardware: new Set(hardware),
    hcounteren: 2,
    delegatesIllegal: true,
    satpMode: 10,
  };
  return new SupervisorCsrs(options, new HartClock(new Timebase(10)));
}

/** What an access is with each value of siselect, by ranges. */
function decisions(csrs: SupervisorCsrs): readonly (readonly [number, string])[] {
  const found: [number, string][] = [];
  for (let selected = 0; selected <= 0xfff; selected++) {
    csrs.write(SISELECT, BigInt(selected));
    const decision = csrs.decideAccess(SIREG, false, 'S');
    if (found.at(-1)?.[1] !== decision) found.push([selected, decision]);
  }
  return found;
}

describe('a guest with Ssaia', () => {
  it('has siselect and stopi, and leaves to the hypervisor what an IMSIC would answer', () => {
    const csrs = make(['Ssaia']);
    expect([SISELECT, STOPI, STOPEI].map((number) => csrs.decideAccess(number, false, 'S'))).toEqual([
      'allowed',
      'allowed',
      'virtual',
    ]);
    expect(csrs.decideAccess(STOPI, true, 'S')).toBe('illegal');
    csrs.write(SISELECT, ALL_ONES);
    expect(csrs.read(SISELECT)).toBe(0xfffn);
    csrs.state.hvip = 0x222;
    csrs.write(0x104, 0x20n);
    expect(csrs.read(STOPI)).toBe(0x5_0001n);
  });

  it('reaches the hypervisor by sireg where siselect names a priority or a register of an IMSIC', () => {
    expect(decisions(make(['Ssaia']))).toEqual([
      [0, 'illegal'],
      [0x30, 'virtual'],
      [0x40, 'illegal'],
      [0x70, 'virtual'],
      [0x100, 'illegal'],
    ]);
  });

  it('reaches nothing of it from U level, and not the registers of the hypervisor', () => {
    const csrs = make(['Ssaia']);
    for (const number of [SISELECT, SIREG, STOPEI, STOPI])
      expect(csrs.decideAccess(number, false, 'U')).toBe('virtual');
    for (const number of [HVIPRIO1, HVIPRIO2, 0x250, 0x609, 0xeb0]) {
      expect(csrs.decideAccess(number, false, 'S')).toBe('virtual');
      expect(make([]).decideAccess(number, false, 'S')).toBe('illegal');
    }
  });

  it('keeps of hviprio1 the bytes of interrupts with a priority', () => {
    const csrs = make(['Ssaia']);
    csrs.write(HVIPRIO1, ALL_ONES);
    csrs.write(HVIPRIO2, ALL_ONES);
    expect([csrs.read(HVIPRIO1), csrs.read(HVIPRIO2)]).toEqual([0xffff_ff00_ff00_ff00n, ALL_ONES]);
  });
});

describe('what a hypervisor keeps of a hart from its guest', () => {
  const ALL = ['Ssaia', 'Ssstateen', 'Zicbom', 'Zicboz'];

  it('leaves the hart by a virtual-instruction exception where hstateen0 hides it', () => {
    const csrs = make([], ALL);
    for (const number of [SSTATEEN0, SISELECT, SIREG, STOPEI, STOPI]) {
      expect(csrs.decideAccess(number, false, 'S')).toBe('virtual');
    }
    expect(make(['Ssaia'], ALL).decideAccess(SSTATEEN0, false, 'S')).toBe('virtual');
    expect(make(['Ssstateen'], ALL).decideAccess(SSTATEEN0, false, 'S')).toBe('allowed');
    expect(make(['Ssstateen'], ALL).decideAccess(STOPI, false, 'S')).toBe('virtual');
  });

  it('is nothing without state enables', () => {
    expect(make([], ['Ssaia']).decideAccess(STOPI, false, 'S')).toBe('allowed');
    expect(make([], []).decideAccess(STOPI, false, 'S')).toBe('illegal');
  });

  it('leaves the fields of senvcfg, as recorded of a guest without Zicbom and Zicboz', () => {
    const csrs = make([], ALL);
    csrs.write(SENVCFG, ALL_ONES);
    expect(csrs.read(SENVCFG)).toBe(0xf1n);
    expect(csrs.state.henvcfg).toBe(0n);
  });
});
