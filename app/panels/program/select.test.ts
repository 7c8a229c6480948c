import { describe, expect, it } from 'vitest';
import type { CallEvent } from '../../../core/trace/events.ts';
import { callEvent } from '../../testing/fake-machine.ts';
import { callsByLine, noteText, programNotes } from './select.ts';

const lines = [
  { address: 0x1000n, line: 4, length: 4 },
  { address: 0x1004n, line: 6, length: 2 },
  { address: 0x1006n, line: 6, length: 4 },
];

describe('notes beside the program', () => {
  it('stand at the line of each call, newest call first told', () => {
    const last = new Map<bigint, CallEvent>([
      [0x1004n, callEvent(8, { pc: 0x1004n })],
      [0x1006n, callEvent(3, { pc: 0x1006n })],
      [0x1000n, callEvent(5, { pc: 0x1000n, by: 'kvm' })],
      [0x9999n, callEvent(9, { pc: 0x9999n })],
    ]);
    const times = new Map([
      [0x1004n, 2],
      [0x1006n, 3],
      [0x1000n, 1],
    ]);
    const notes = programNotes(callsByLine(last, times, lines));
    expect(notes.map(({ line, by, seq }) => [line, by, seq])).toEqual([
      [4, 'kvm', 5],
      [6, 'vmm', 8],
    ]);
    expect(notes[1]?.text).toMatch(/ · 5 times · /);
  });

  it('say call, result, who answered and at what cost', () => {
    expect(noteText(callEvent(1), 1)).toBe(
      'DBCN console_write → SUCCESS, value 20 · VMM 6.1 µs · num_bytes=20, base_addr_lo=0x80200080, base_addr_hi=0x0',
    );
  });
});
