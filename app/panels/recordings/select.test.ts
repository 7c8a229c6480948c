import { beforeAll, describe, expect, it } from 'vitest';
import { cardOf } from '../../../core/reference/index.ts';
import type { RunReport } from '../../../core/replay/report.ts';
import { cardInLine, countWords, type ListRow, lineWords, listOf, piecesOf, standingOf } from './select.ts';
import { recordedSource } from './source.ts';

const row = (recorded: string | null, ours: string | null, reason: string | null = null, equal = false) => {
  return { line: 1, recorded, ours, reason, equal };
};
const linked = (line: string) => {
  const found = cardInLine(line);
  return found === null ? null : [found.card, line.slice(found.start, found.end)];
};

let lines: readonly string[] = [];
beforeAll(async () => {
  const { hosts } = await recordedSource();
  const loaded = await Promise.all(hosts.map(({ load }) => load()));
  lines = loaded.flatMap(({ files }) => Object.values(files).flatMap((text) => text.split('\n')));
});

describe('a line', () => {
  it('is equal, equal but for what is not compared, different on purpose, or different', () => {
    expect(standingOf(row('a', 'a', null, true))).toBe('equal');
    expect(standingOf(row('slept ticks 5', 'slept ticks 6', null, true))).toBe('volatile');
    expect(standingOf(row('a', 'b', 'the hart is older'))).toBe('purpose');
    expect(standingOf(row(null, 'b'))).toBe('different');
  });

  it('says what of it is not compared, or why it differs', () => {
    const words = (one: ReturnType<typeof row>) =>
      lineWords({ kind: 'line', row: one, standing: standingOf(one), card: null, same: false });
    expect(words(row('slept ticks 5', 'slept ticks 6', null, true))).toBe(
      'Equal. Not compared: time that a sleep, a loop or two reads of time took.',
    );
    expect(words(row('a', 'b', 'the hart is older'))).toBe('Differs on purpose: the hart is older.');
    expect(words(row('a', null))).toContain('defect');
  });

  it('leads to the card of the call that guest or VMM tells of', () => {
    expect(linked('probe 0x10 0x3 0x0 -> 0 0')).toEqual(['function/BASE.probe_extension', '0x10 0x3']);
    expect(linked('fw_read 5 0x504d55 0x5 0x12 -> 0 0')).toEqual(['function/PMU.counter_fw_read', '0x504d55 0x5']);
    expect(linked('leg.putchar fid9 0x1 0x9 0x42 -> -2 0')?.[0]).toBe('function/V01.console_putchar');
    expect(linked('sta.1 0x535441 0x1 0x0 0x0 0x0 -> -2 0')?.[0]).toBe('extension/STA');
    expect(linked('base eid high bits 0x100000010 0x0 -> -2 0')).toBeNull();
    expect(
      linked('vcpu0 EXIT_RISCV_SBI ext=0x4442434e fid=0x2 args=0x41,0,0,0,0,0 prefilled=-2,0 reply=0,0 (x)'),
    ).toEqual(['function/DBCN.console_write_byte', 'ext=0x4442434e fid=0x2']);
    expect(linked('vcpu0 EXIT_MMIO R addr=0x10001000 len=1 data=0')).toEqual(['exit/KVM_EXIT_MMIO', 'EXIT_MMIO']);
    expect(linked('KVM_CREATE_VM -> OK')).toEqual(['ioctl/KVM_CREATE_VM', 'KVM_CREATE_VM']);
    expect(linked('csr 0x100 sstatus = 0x200002220')).toBeNull();
  });

  it('leads to a card that there is, in all that was recorded', () => {
    const cards = new Set(lines.flatMap((line) => cardInLine(line)?.card ?? []));
    expect([...cards].filter((card) => cardOf(card) === undefined)).toEqual([]);
    expect(cards.size).toBeGreaterThan(30);
  });

  it('is the same text in pieces, in all that was recorded', () => {
    expect(
      lines.filter(
        (line) =>
          piecesOf(line)
            .map(({ text }) => text)
            .join('') !== line,
      ),
    ).toEqual([]);
    const pieces = piecesOf('vmm: end: guest done after 0.31 s; exits per vcpu: 5 (print-channel 4)');
    expect(pieces.filter(({ notCompared }) => notCompared !== null)).toEqual([
      { text: '0.31', notCompared: 'seconds that the run took', card: null },
    ]);
  });
});

describe('the lines of a run', () => {
  const report: RunReport = {
    run: 'x',
    refusal: null,
    files: [
      { file: 'x.txt', rows: [row('a', 'a', null, true), row('b', 'c', 'why')] },
      { file: 'x.ioctl.log', rows: [row('d', 'd', null, true)] },
    ],
  };
  const shown = (rows: readonly ListRow[]) => rows.map((one) => (one.kind === 'head' ? one.title : one.row.recorded));

  it('stand under the file that they were recorded in', () => {
    expect(shown(listOf(report, false))).toEqual(['what guest and VMM printed', 'a', 'b', 'ioctls and exits', 'd']);
  });

  it('are narrowed to those that differ, without files that have none', () => {
    expect(shown(listOf(report, true))).toEqual(['what guest and VMM printed', 'b']);
  });

  it('tell a reason once where it is that of several lines in a row', () => {
    const rows = [row('a', 'b', 'why'), row('c', 'd', 'why'), row('e', 'e', null, true), row('f', 'g', 'why')];
    const listed = listOf({ run: 'x', refusal: null, files: [{ file: 'x.txt', rows }] }, false);
    expect(listed.map((one) => one.kind === 'line' && one.same)).toEqual([false, false, true, false, false]);
  });

  it('are counted in words', () => {
    expect(countWords({ lines: 1_234, equal: 1_230, purpose: 4, different: 0 })).toBe(
      '1,234 lines: 1,230 equal, 4 different on purpose, 0 different',
    );
  });
});
