import { describe, expect, it } from 'vitest';
import type { CallEvent, IoctlEvent } from '../../core/trace/events.ts';
import { withoutEscapes } from './console-log.ts';
import { callBySeq, ioctlsOf, Rings } from './rings.ts';

const call = (seq: number, more: Partial<CallEvent> = {}): CallEvent => ({
  kind: 'call',
  seq,
  hart: 0,
  time: seq * 100,
  pc: 0x80000000n,
  eid: 0x4442434en,
  fid: 0n,
  args: [0n, 0n, 0n, 0n, 0n, 0n],
  by: 'vmm',
  error: 0n,
  value: 0n,
  cost: 900,
  exited: true,
  kernel: 'forwarded',
  ...more,
});

const ioctl = (seq: number, fd: string, name: string, exit?: string): IoctlEvent => ({
  kind: 'ioctl',
  seq,
  time: seq * 100,
  fd,
  name,
  args: '',
  ret: 0,
  ...(exit === undefined ? {} : { exit }),
});

describe('rings', () => {
  it('finds a call by its running number', () => {
    const rings = new Rings();
    for (const seq of [3, 8, 9, 40]) rings.addCall(call(seq));
    expect([3, 9, 40, 10].map((seq) => callBySeq(rings.calls, seq)?.seq)).toEqual([3, 9, 40, undefined]);
  });

  it('remembers the newest call and the count of each instruction', () => {
    const rings = new Rings();
    rings.addCall(call(1));
    rings.addCall(call(2, { pc: 0x80000010n }));
    rings.addCall(call(3));
    expect(rings.lastAt.get(0x80000000n)?.seq).toBe(3);
    expect(rings.timesAt.get(0x80000000n)).toBe(2);
  });

  it('ties to an exited call the ioctls since KVM_RUN returned on its vcpu', () => {
    const rings = new Rings();
    rings.ioctls.push(ioctl(1, 'vcpu 0', 'KVM_RUN', 'KVM_EXIT_RISCV_SBI'));
    rings.ioctls.push(ioctl(2, 'vcpu 1', 'KVM_RUN', 'KVM_EXIT_RISCV_SBI'));
    rings.ioctls.push(ioctl(3, 'vcpu 0', 'KVM_RUN', 'KVM_EXIT_RISCV_SBI'));
    rings.ioctls.push(ioctl(4, 'vcpu 1', 'KVM_SET_MP_STATE'));
    rings.ioctls.push(ioctl(6, 'vcpu 0', 'KVM_RUN', 'KVM_EXIT_RISCV_SBI'));
    const seqs = (event: CallEvent): number[] => ioctlsOf(rings.ioctls, event).map(({ seq }) => seq);
    expect(seqs(call(5, { time: 250 }))).toEqual([3, 4]);
    expect(seqs(call(5, { exited: false }))).toEqual([]);
  });

  it('finds the exit of a call that does not return after the call', () => {
    const rings = new Rings();
    rings.ioctls.push(ioctl(1, 'vcpu 0', 'KVM_RUN', 'KVM_EXIT_RISCV_SBI'));
    rings.ioctls.push(ioctl(6, 'vcpu 0', 'KVM_RUN', 'KVM_EXIT_SYSTEM_EVENT'));
    const ends = call(5, { error: null, value: null });
    expect(ioctlsOf(rings.ioctls, ends).map(({ exit }) => exit)).toEqual(['KVM_EXIT_SYSTEM_EVENT']);
  });
});

describe('console transcript', () => {
  it('splits into lines across chunks and keeps characters that a chunk cuts', () => {
    const { console } = new Rings();
    const bytes = new TextEncoder().encode('grüß\ndich');
    console.push(bytes.slice(0, 3), 'kvm');
    console.push(bytes.slice(3), 'vmm');
    expect(console.transcript).toEqual([
      { number: 1, text: 'grüß' },
      { number: 2, text: 'dich' },
    ]);
    expect(console.by).toBe('vmm');
  });

  it('drops old lines but keeps counting them', () => {
    const { console } = new Rings();
    console.push(new TextEncoder().encode('line\n'.repeat(600)), 'vmm');
    expect([console.transcript[0]?.number, console.transcript.length]).toEqual([102, 500]);
  });

  it('replays what was written before listening and tells when it is cleared', () => {
    const { console } = new Rings();
    const heard: (number | null)[] = [];
    console.push(Uint8Array.of(65), 'vmm');
    console.listen((bytes) => heard.push(bytes?.[0] ?? null));
    console.push(Uint8Array.of(66), 'vmm');
    console.clear();
    expect(heard).toEqual([65, 66, null]);
  });

  it('bounds a line that never ends', () => {
    const { console } = new Rings();
    for (let n = 0; n < 10; n++) console.push(new Uint8Array(1000).fill(0x61), 'kvm');
    expect(console.transcript.map(({ text }) => text.length)).toEqual([2000]);
  });

  it('has no control sequences', () => {
    expect(withoutEscapes('\x1b[1;32mok\x1b[0m\r\n\x07\tend\x1b7!')).toBe('ok\n\tend!');
  });
});
