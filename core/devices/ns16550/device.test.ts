import { describe, expect, it } from 'vitest';
import { latin1, utf8 } from '../../base/bytes.ts';
import * as chip from './device.ts';
import { Ns16550, REGISTERS, type RegisterName } from './device.ts';

function port(input = '') {
  let pending = utf8(input);
  const sent: number[] = [];
  const uart = new Ns16550(
    { write: (bytes) => sent.push(...bytes) },
    {
      read(max) {
        const taken = pending.subarray(0, max);
        pending = pending.subarray(max);
        return taken;
      },
      get pending() {
        return pending.length;
      },
    },
  );
  const offsetOf = (name: RegisterName) =>
    REGISTERS.findIndex((r) => r.read === name || r.write === name || ('dlab' in r && r.dlab === name));
  return {
    uart,
    sent: () => latin1(Uint8Array.from(sent)),
    get: (name: RegisterName) => Number(uart.read({ offset: offsetOf(name), width: 1, who: 0 })),
    put: (name: RegisterName, value: number) => uart.write({ offset: offsetOf(name), width: 1, who: 0 }, BigInt(value)),
  };
}

describe('ns16550', () => {
  it('sends what THR gets and says at once that it can take more', () => {
    const { put, get, sent } = port();
    for (const byte of utf8('hi')) {
      expect(get('LSR') & chip.LSR_THRE).toBe(chip.LSR_THRE);
      put('THR', byte);
    }
    expect(sent()).toBe('hi');
  });

  it('shows data ready until RBR took the last byte, and reads 0 after it', () => {
    const { get } = port('ab');
    expect([get('LSR') & 1, get('RBR'), get('LSR') & 1, get('RBR'), get('LSR') & 1, get('RBR')]).toEqual([
      1, 0x61, 1, 0x62, 0, 0,
    ]);
  });

  it('gives the divisor latch in place of THR, RBR and IER while DLAB is set', () => {
    const { put, get, sent } = port('x');
    put('LCR', chip.LCR_DLAB | 3);
    put('DLL', 0x34);
    put('DLM', 0x12);
    expect([get('DLL'), get('DLM')]).toEqual([0x34, 0x12]);
    put('LCR', 3);
    expect([get('LCR'), get('IER'), get('RBR'), sent()]).toEqual([3, 0, 0x78, '']);
  });

  it('tells the pending interrupts by priority, as a driver that polls IIR needs it', () => {
    const { put, get } = port('abcd');
    expect(get('IIR')).toBe(chip.IIR_NONE);
    put('IER', chip.IER_RX | chip.IER_THRE);
    put('FCR', chip.FCR_ENABLE | 0x40);
    expect(get('IIR')).toBe(chip.IIR_FIFOS | chip.IIR_RX);
    get('RBR');
    expect(get('IIR')).toBe(chip.IIR_FIFOS | chip.IIR_RX_TIMEOUT);
    for (let i = 0; i < 3; i++) get('RBR');
    expect(get('IIR')).toBe(chip.IIR_FIFOS | chip.IIR_THRE);
    expect(get('IIR')).toBe(chip.IIR_FIFOS | chip.IIR_NONE);
    put('THR', 0);
    expect(get('IIR')).toBe(chip.IIR_FIFOS | chip.IIR_THRE);
  });

  it('passes the loopback test of the Linux 8250 driver', () => {
    const { put, get, sent } = port('not this');
    put('MCR', chip.MCR_LOOP | 0x0a);
    expect(get('MSR') & 0xf0).toBe(0x90);
    put('THR', 0x55);
    expect([get('LSR') & 1, get('RBR'), get('LSR') & 1, sent()]).toEqual([1, 0x55, 0, '']);
    put('MCR', 0);
    expect(get('RBR')).toBe('n'.charCodeAt(0));
  });

  it('keeps SCR, ignores reads and writes beyond the registers', () => {
    const { put, get, uart } = port();
    put('SCR', 0xa5);
    uart.write({ offset: 9, width: 1, who: 0 }, 0xffn);
    expect([get('SCR'), uart.read({ offset: 9, width: 1, who: 0 })]).toEqual([0xa5, 0n]);
  });

  it('goes on from saved state as if nothing had happened', () => {
    const one = port();
    one.put('LCR', 0x80);
    one.put('DLL', 7);
    one.put('LCR', 3);
    one.put('MCR', chip.MCR_LOOP);
    one.put('THR', 0x41);
    const two = port();
    two.uart.load(structuredClone(one.uart.save()));
    expect(two.uart.save()).toEqual(one.uart.save());
    expect(two.get('RBR')).toBe(0x41);
  });

  it('names what is wrong with a state it cannot take, and keeps its own', () => {
    const { uart } = port();
    const before = uart.save();
    expect(() => uart.load({ ...before, lcr: 256 })).toThrow('ns16550: lcr is not a byte');
    expect(() => uart.load(null)).toThrow(TypeError);
    expect(uart.save()).toEqual(before);
  });
});
