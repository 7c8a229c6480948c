import { describe, expect, it } from 'vitest';
import { SlottedMemory } from '../memory/guest-memory.ts';
import { PlainError, readPlain } from '../schema/plain.ts';
import type { HartSnapshot } from './api.ts';
import { HartClock, Timebase } from './clock.ts';
import { HENVCFG_PMM_7 } from './environment.ts';
import { ReferenceHart } from './reference.ts';
import { HART_SHAPE } from './snapshot.ts';

function make(extensions = ['C', 'Sstc']): ReferenceHart {
  const memory = new SlottedMemory(new Uint8Array(4096));
  const options = {
    id: 0,
    extensions: new Set(extensions),
    hcounteren: 2,
    delegatesIllegal: true,
    satpMode: 10,
  } as const;
  return new ReferenceHart(options, memory, new HartClock(new Timebase(10)));
}

const changed = (change: (saved: HartSnapshot) => unknown): unknown => change(make().save());

describe('the snapshot of a hart', () => {
  it('has the shape that its reader asks for', () => {
    const saved = make().save();
    expect(readPlain(HART_SHAPE, JSON.parse(JSON.stringify(saved)))).toEqual(saved);
  });

  it.each([
    [(s: HartSnapshot) => ({ ...s, pc: '0x80000001' }), 'pc: 0x80000001 is odd'],
    [(s: HartSnapshot) => ({ ...s, x: s.x.slice(1) }), 'x: has 31 items where 32 are expected'],
    [(s: HartSnapshot) => ({ ...s, x: s.x.map(() => '0x1') }), 'x.0: 0x1 is not 0'],
    [(s: HartSnapshot) => ({ ...s, csrs: { ...s.csrs, mstatus: '0x0' } }), 'csrs.mstatus: there is no such register'],
    [
      (s: HartSnapshot) => ({ ...s, csrs: { ...s.csrs, satp: '0x5000000000000000' } }),
      'csrs.satp: 0x5000000000000000 is not a value that this hart can hold',
    ],
    [(s: HartSnapshot) => ({ ...s, pending: '0x1000' }), 'pending: 0x1000 has bits of no interrupt'],
    [(s: HartSnapshot) => ({ ...s, fcsr: '0x0' }), 'f: this hart has no floating-point registers'],
    [(s: HartSnapshot) => ({ ...s, f: ['0x0'] }), 'f: has 1 items where 32 are expected'],
    [(s: HartSnapshot) => ({ ...s, henvcfg: '0x20' }), 'henvcfg: 0x20 is not a value that this hart can hold'],
    [
      (s: HartSnapshot) => ({ ...s, triggers: [{ tdata1: '0x0', tdata2: '0x0', tdata3: '0x0' }] }),
      'triggers: has 1 items where 4 are expected',
    ],
    [
      (s: HartSnapshot) => ({
        ...s,
        triggers: Array(4).fill({ tdata1: '0x6000000000200001', tdata2: '0x0', tdata3: '0x0' }),
      }),
      'triggers.0: is not a setting that this hart can hold',
    ],
    [(s: HartSnapshot) => ({ ...s, waited: 2 ** 53 - 1, retired: 1 }), 'waited: the clock is beyond 2^53 units'],
    [
      (s: HartSnapshot) => ({ ...s, reservation: { offset: 4096, bytes: 4, value: '0x0' } }),
      'reservation.offset: 4096 is not that of 4 aligned bytes of memory',
    ],
  ])('is refused with the place of what the hart cannot hold, and the hart stays as it was', (change, message) => {
    const hart = make();
    hart.writeX(5, 7n);
    hart.pc = 0x100n;
    const before = hart.save();
    expect(() => hart.load(readPlain(HART_SHAPE, changed(change)))).toThrow(new PlainError('', message).message);
    expect(hart.save()).toEqual(before);
  });

  it('has triggers when one is set', () => {
    const hart = make();
    expect(hart.save().triggers).toBeUndefined();
    const set = { tdata1: (6n << 60n) | (1n << 24n) | 2n, tdata2: 0x80n, tdata3: 0n };
    hart.writeTrigger(3, set);
    const other = make();
    other.writeTrigger(1, set);
    other.load(readPlain(HART_SHAPE, JSON.parse(JSON.stringify(hart.save()))));
    expect(other.save()).toEqual(hart.save());
    expect(other.readTrigger(3)).toEqual(set);
  });

  it('keeps what the hypervisor changed of henvcfg', () => {
    const hart = make(['Ssnpm', 'Svadu']);
    expect(hart.save().henvcfg).toBeUndefined();
    hart.henvcfg = HENVCFG_PMM_7;
    const again = make(['Ssnpm', 'Svadu']);
    again.load(hart.save());
    expect(again.henvcfg).toBe(HENVCFG_PMM_7);
  });

  it('holds fcsr to the bits that there are, and FS to a hart that has F', () => {
    const saved = make(['F']).save();
    const dirty = { ...saved, fcsr: '0xff', csrs: { ...saved.csrs, sstatus: '0x6000' } };
    expect(() => make(['F']).load({ ...dirty, fcsr: '0x100' })).toThrow('fcsr: 0x100 has bits that do not exist');
    const hart = make(['F']);
    hart.load(dirty);
    expect(hart.save()).toEqual(dirty);
    const { f, fcsr, ...rest } = dirty;
    expect(() => make(['C']).load({ ...rest, csrs: { sstatus: dirty.csrs.sstatus ?? '' } })).toThrow('csrs.sstatus');
    expect([f?.length, fcsr]).toEqual([32, '0xff']);
  });

  it('is refused by a hart that lacks a register which it sets', () => {
    const saved = make().save();
    const timed = { ...saved, csrs: { ...saved.csrs, stimecmp: '0x5' } };
    expect(() => make().load(timed)).not.toThrow();
    expect(() => make(['C']).load(timed)).toThrow('csrs.stimecmp');
  });
});
