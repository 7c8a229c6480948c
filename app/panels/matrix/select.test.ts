import { describe, expect, it } from 'vitest';
import type { Choice } from '../../../core/config/combination.ts';
import { INTERFACES, type KvmInterface } from '../../../core/config/index.ts';
import { RELEASES } from '../../../core/kvm/profiles/index.ts';
import { SBI_NAMES } from '../../../core/sbi/types.ts';
import { VMM_NAMES } from '../../../core/vmm/profiles/index.ts';
import { surveyWith } from '../../testing/surveys.ts';
import { cellOf, combinations, groupsOf, LEGEND, lessonOf, releases, target, VMMS } from './select.ts';

const TIME = { kind: 'present', by: 'kvm' } as const;
const DBCN = { kind: 'present', by: 'vmm' } as const;
const VENDOR = { kind: 'stops', words: 'the VMM gave up' } as const;

describe('the axes of the matrix', () => {
  it('are every release, newest first, with the same names with and without legacy calls, and every VMM', () => {
    expect(releases(true).map(({ label }) => label)).toEqual(RELEASES.map(({ name }) => name));
    expect(releases(false).map(({ label }) => label)).toEqual(RELEASES.map(({ name }) => name));
    expect(releases(false)[0]?.id).toBe('linux-7.2-nov01');
    expect(VMMS.map(({ id }) => id)).toEqual(VMM_NAMES);
  });

  it('make each combination once, row by row', () => {
    const all = combinations('userspace', true, 'most');
    expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(RELEASES.length * VMM_NAMES.length);
    expect(all.slice(0, 2)).toEqual([
      { interface: 'userspace', host: 'linux-7.2', vmm: 'ecall', choice: 'most' },
      { interface: 'userspace', host: 'linux-7.2', vmm: 'qemu', choice: 'most' },
    ]);
  });
});

describe('the lesson', () => {
  it('is that an old kernel holds a new VMM back, but not where all is chosen that another interface lets be answered', () => {
    const held = (kvm: KvmInterface, choice: Choice) => lessonOf(kvm, choice).includes('no longer');
    expect(INTERFACES.map((kvm) => [held(kvm, 'default'), held(kvm, 'most')])).toEqual([
      [false, false],
      [false, true],
      [false, true],
    ]);
  });
});

describe('a cell', () => {
  const survey = surveyWith({ TIME, DBCN, VENDOR });

  it('says of an extension who answers it, that it is absent, or that it stops the VM and how', () => {
    expect(cellOf(survey, 'TIME')).toMatchObject({ look: 'kvm', text: 'KVM' });
    expect(cellOf(survey, 'DBCN')).toMatchObject({ look: 'vmm', text: 'VMM' });
    expect(cellOf(survey, 'SUSP')).toMatchObject({ look: 'absent', text: '–' });
    expect(cellOf(survey, 'VENDOR')).toEqual({ look: 'stops', text: '✕ stops', says: 'The VMM gave up.' });
  });

  it('counts all, and tells the version', () => {
    expect(cellOf(survey, 'all')).toMatchObject({
      text: '2 ✕1',
      says: '2 extensions are there, 1 of 19 stops the VM.',
    });
    expect(cellOf(surveyWith({ TIME }), 'all').text).toBe('1');
    expect(cellOf(survey, 'version').text).toBe('2.0');
  });

  it('tells what does not start and what is not known yet', () => {
    const cell = cellOf({ starts: false, words: 'crosvm does not start', hint: 'take another' }, 'DBCN');
    expect(cell).toEqual({ look: 'no-start', text: 'no start', says: 'Crosvm does not start: take another.' });
    expect(cellOf(undefined, 'all')).toMatchObject({ look: 'pending' });
  });

  it('never differs from another by colour alone', () => {
    expect(new Set(LEGEND.map(({ text }) => text)).size).toBe(LEGEND.length);
  });

  it('has all extensions by what a guest meets', () => {
    const groups = groupsOf(survey);
    expect(groups.slice(0, 3).map(({ title, names }) => [title, ...names])).toEqual([
      ['KVM answers', 'TIME'],
      ['the VMM answers', 'DBCN'],
      ['stops the VM', 'VENDOR'],
    ]);
    expect(groups.flatMap(({ names }) => names).sort()).toEqual([...SBI_NAMES].sort());
  });
});

describe('keys', () => {
  const at = { row: 1, column: 1 };
  it.each([
    ['ArrowRight', false, { row: 1, column: 2 }],
    ['ArrowLeft', false, { row: 1, column: 0 }],
    ['ArrowUp', false, { row: 0, column: 1 }],
    ['ArrowDown', false, { row: 2, column: 1 }],
    ['Home', false, { row: 1, column: 0 }],
    ['End', false, { row: 1, column: 2 }],
    ['Home', true, { row: 0, column: 0 }],
    ['End', true, { row: 2, column: 2 }],
    ['PageDown', false, { row: 2, column: 1 }],
    ['PageUp', false, { row: 0, column: 1 }],
    ['a', false, null],
  ])('%s with Ctrl %s leads to %j, and never out of the grid', (key, ctrl, to) => {
    expect(target(key, ctrl, at, 3, 3)).toEqual(to);
    const edge = target(key, ctrl, { row: 2, column: 2 }, 3, 3);
    expect(edge === null || (edge.row <= 2 && edge.column <= 2 && edge.row >= 0 && edge.column >= 0)).toBe(true);
  });
});
