import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../../core/config/index.ts';
import { SBI_NAMES } from '../../../core/sbi/types.ts';
import { linuxDoes } from './linux.ts';
import { isImplied, matrixGroups, modeReasons, modeSegments, rowCounts, titleBeside, unknownCounts } from './select.ts';

const { host } = defaultConfig();

describe('matrix', () => {
  it('has every extension in exactly one of the five groups', () => {
    const groups = matrixGroups();
    expect(groups).toHaveLength(5);
    expect(groups.flatMap(({ rows }) => rows.map(({ name }) => name)).sort()).toEqual([...SBI_NAMES].sort());
  });

  it('shows all three choices of each row, and says why one cannot be taken', () => {
    for (const name of SBI_NAMES) {
      const segments = modeSegments({ interface: 'upstream', host, vmm: 'ecall' }, name);
      expect(segments.map(({ value }) => value)).toEqual(['kvm', 'vmm', 'off']);
      expect(segments.some(({ unavailable }) => unavailable === undefined)).toBe(true);
    }
    const reason = modeSegments({ interface: 'upstream', host, vmm: 'ecall' }, 'HSM').find(
      ({ value }) => value === 'vmm',
    );
    expect(reason?.unavailable).toMatch(/HSM/);
    expect(
      modeSegments({ interface: 'accelerator', host, vmm: 'ecall' }, 'HSM').every(
        (one) => one.unavailable === undefined,
      ),
    ).toBe(true);
  });

  it('says a reason that two choices share once', () => {
    const reasons = modeReasons({ interface: 'accelerator', host, vmm: 'ecall' }, 'NACL');
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/^KVM and VMM: Its caller is a hypervisor that is itself a guest/);
  });

  it('counts nothing before a run, and keeps unknown ids apart', () => {
    const row = { guest: 0, kvm: 0, vmm: 0, none: 3 };
    const counts = { calls: { '0x123': row, DBCN: { ...row, vmm: 2 } }, traps: {}, exits: {}, dropped: 0 };
    expect(rowCounts(undefined, 'DBCN').none).toBe(0);
    expect(rowCounts(counts, 'DBCN').vmm).toBe(2);
    expect(unknownCounts(counts)).toEqual([['0x123', row]]);
  });
});

it('does not say a name twice', () => {
  expect(titleBeside('TIME', 'Timer')).toBe('Timer');
  expect(titleBeside('VENDOR', 'Vendor-specific extensions')).toBe('specific extensions');
  expect(titleBeside('IPI', 'Inter-processor interrupts')).toBe('Inter-processor interrupts');
});

it('says what the Linux of the profile does with each extension', () => {
  expect(linuxDoes(host, 'HSM')).toMatch(/in the kernel/);
  expect(linuxDoes(host, 'DBCN')).toMatch(/user space by KVM_EXIT_RISCV_SBI; .* off until/);
  expect(linuxDoes(host, 'CPPC')).toMatch(/Does not know it/);
  expect(linuxDoes(host, 'NACL')).toMatch(/Calls it itself at most/);
});

it('leaves out ISA extensions that another one stands for', () => {
  expect([isImplied('Zaamo', ['A']), isImplied('Zaamo', ['M']), isImplied('M', ['A', 'M'])]).toEqual([
    true,
    false,
    false,
  ]);
});
