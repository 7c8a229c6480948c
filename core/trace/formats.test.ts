import { describe, expect, it } from 'vitest';
import { TRACE_FORMATS, toTraceText } from './formats.ts';
import { type CallEvent, type IoctlEvent, toGolden, toJsonLines } from './index.ts';

const call: CallEvent = {
  kind: 'call',
  seq: 0,
  hart: 1,
  time: 3_000_012_402,
  pc: 0x8020_0010n,
  eid: 0x10n,
  fid: 3n,
  args: [0x48534dn, 0n, 0n, 0n, 0n, 0n],
  by: 'kvm',
  error: 0n,
  value: 1n,
  cost: 900,
  exited: false,
  kernel: 'BASE, "answered"\nin the kernel',
};
const ioctl: IoctlEvent = {
  kind: 'ioctl',
  seq: 1,
  time: 999,
  fd: 'vcpu 2',
  name: 'KVM_RUN',
  args: '',
  ret: 0,
  exit: 'KVM_EXIT_MMIO',
};
const created: IoctlEvent = { kind: 'ioctl', seq: 2, time: 0, fd: 'kvm', name: 'KVM_CREATE_VM', args: '0', ret: 3 };
const refused: CallEvent = { ...call, seq: 3, error: 0xffff_ffff_ffff_fffen, value: 0n };
const gone: CallEvent = { ...call, seq: 4, error: null, value: null };
const write: CallEvent = { ...call, seq: 5, by: 'guest', eid: 0x14dn, fid: 0n, args: [0x99n, 0n, 0n, 0n, 0n, 0n] };
const events = [call, ioctl, created, refused, gone, write];

/** Records of RFC 4180, with newlines in quotes. */
function records(text: string): readonly (readonly string[])[] {
  const field = /(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/gy;
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(field)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('the forms of a trace', () => {
  it('as JSON lines and as golden text are the stored ones', () => {
    expect(toTraceText('json', events)).toBe(toJsonLines(events));
    expect(toTraceText('text', events)).toBe(toGolden(events));
    expect(TRACE_FORMATS).toContain('json');
  });

  it('as CSV have a record of equal length for each event, whatever the words hold', () => {
    const [head = [], ...rows] = records(toTraceText('csv', events));
    expect(rows.map((row) => row.length)).toEqual(events.map(() => head.length));
    const field = (row: number, name: string) => rows[row]?.[head.indexOf(name)];
    expect(field(0, 'kernel')).toBe(call.kernel);
    expect(['hart', 'name', 'args', 'error', 'value'].map((name) => field(0, name))).toEqual([
      '1',
      'BASE probe_extension',
      '0x48534d 0x0 0x0 0x0 0x0 0x0',
      '0',
      '0x1',
    ]);
    expect(['hart', 'fd', 'name', 'error', 'exit'].map((name) => field(1, name))).toEqual([
      '2',
      'vcpu 2',
      'KVM_RUN',
      '0',
      'KVM_EXIT_MMIO',
    ]);
    expect(field(2, 'hart')).toBe('');
    expect(field(3, 'error')).toBe('-2');
    expect([field(4, 'error'), field(4, 'value')]).toEqual(['', '']);
    expect(field(5, 'name')).toBe('csr 0x14d');
  });

  it('as ftrace have task, pid, CPU, flags, seconds and event on one line each', () => {
    const lines = toTraceText('ftrace', events)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    const layout = /^\s*(\S+)-(\d+)\s+\[(\d{3})\] ([a-zA-Z.]{4})\s+(\d+\.\d{6}): (\w+): (.+)$/;
    const parts = lines.map((line) => layout.exec(line)?.slice(1));
    expect(parts).toEqual([
      ['vcpu-1', '3', '001', '....', '3.000012', 'sbi_call', expect.stringContaining('BASE probe_extension(')],
      ['vcpu-2', '4', '002', '....', '0.000000', 'kvm_ioctl', 'vcpu 2 KVM_RUN ret=0 exit=KVM_EXIT_MMIO'],
      ['vmm', '1', '000', '....', '0.000000', 'kvm_ioctl', 'kvm KVM_CREATE_VM 0 ret=3'],
      ['vcpu-1', '3', '001', '....', '3.000012', 'sbi_call', expect.stringContaining('NOT_SUPPORTED')],
      ['vcpu-1', '3', '001', '....', '3.000012', 'sbi_call', expect.stringContaining('-> no return')],
      ['vcpu-1', '3', '001', '....', '3.000012', 'sbi_call', 'pc=0x80200010 csr 0x14d = 0x99 by=guest cost=900'],
    ]);
  });
});
